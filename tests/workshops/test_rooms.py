"""Rooms: the register, who gets which, the lists of hand-over and hand-back [5.3]."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from park import documents
from park.models import AuditEntry, Document, Role
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops import fees, staying
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, RoomFactory
from tests.workshops.staying import quiet  # noqa: F401
from workshops.actions import handing, metering, rooming
from workshops.invariants.residency import INVARIANTS
from workshops.models import BillLine, Handover, HandoverItem, Occupancy, Room
from workshops.models.handover import parse_items
from workshops.tables.room import floors, free_rooms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
ROOM = {"building": "创新楼", "floor": 3, "number": "301", "area": Decimal("48.50"), "order": 1, "note": ""}


@pytest.fixture
def keeper():
    return UserFactory(roles=["logistics"])


def today():
    return timezone.localdate()


# ── the register ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", Role)
def test_office_and_logistics_register_rooms(role):
    person = UserFactory(roles=[role])
    if role in (Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS):
        assert rooming.register_room(by=person, is_active=True, **ROOM).number == "301"
    else:
        with pytest.raises(PermissionDenied):
            rooming.register_room(by=person, is_active=True, **ROOM)


def test_a_number_stands_once_and_two_editors_lose_nothing(keeper):
    room = rooming.register_room(by=keeper, is_active=True, **ROOM)
    with pytest.raises(Refused, match="已有房号301"):
        rooming.register_room(by=keeper, is_active=True, **ROOM)
    rooming.change_room(room, by=keeper, version=0, is_active=True, **(ROOM | {"area": Decimal("50")}))
    with pytest.raises(Conflict):
        rooming.change_room(room, by=keeper, version=0, is_active=True, **ROOM)


def test_an_occupied_room_is_not_closed(keeper):
    room = rooming.register_room(by=keeper, is_active=True, **ROOM)
    OccupancyFactory(room=room)
    with pytest.raises(Refused, match="交还后才能停用"):
        rooming.change_room(room, by=keeper, version=0, is_active=False, **ROOM)


# ── who gets which ──────────────────────────────────────────────────────────────────────────────
def test_a_taken_or_closed_room_is_refused(keeper):
    residency = staying.pending()
    taken, closed = OccupancyFactory().room, RoomFactory(is_active=False)
    with pytest.raises(Refused, match="已安排给"):
        rooming.assign_room(residency, taken, since=today(), by=keeper)
    with pytest.raises(Refused, match="已停用"):
        rooming.assign_room(residency, closed, since=today(), by=keeper)
    with pytest.raises(Refused, match="不能早于确定入驻日期"):
        rooming.assign_room(residency, RoomFactory(), since=today() - timedelta(days=99), by=keeper)
    assert not residency.occupancies.exists()


def test_logistics_serves_no_studio_of_its_own(keeper):
    residency = staying.pending(people=[keeper])
    with pytest.raises(PermissionDenied):
        rooming.assign_room(residency, RoomFactory(), since=today(), by=keeper)


def test_an_assignment_opens_the_list_of_the_park_and_can_be_taken_back(keeper):
    residency = staying.pending()
    occupancy = rooming.assign_room(residency, RoomFactory(), since=today(), by=keeper)
    items = occupancy.handovers.get().items
    assert items.first().label == "房门钥匙"
    assert list(items.filter(is_reading=True).values_list("label", "unit")) == [
        ("水表底数", "吨"),
        ("电表底数", "度"),
    ]
    handing.confirm_handover(staying.count(occupancy.handovers.get(), by=keeper), by=keeper)
    rooming.release_room(occupancy, by=keeper)
    assert (Occupancy.objects.count(), Handover.objects.count()) == (0, 0)
    assert Document.objects.get(kind="handover_sheet").state == "withdrawn"


def test_what_was_handed_over_is_handed_back_not_released(keeper):
    occupancy = staying.with_room(staying.pending(), by=keeper)
    with pytest.raises(Refused, match="请办理交还"):
        rooming.release_room(occupancy, by=keeper)


def test_a_swap_gives_one_room_and_takes_the_other_back(keeper):
    residency = staying.pending()
    old = staying.with_room(residency, by=keeper)
    new = rooming.swap_room(old, RoomFactory(), day=today(), by=keeper)
    for handover in (new.handovers.get(kind="in"), old.handovers.get(kind="out")):
        staying.settle(handover, by=keeper)
    old.refresh_from_db()
    assert (old.until, new.until) == (today(), None)
    assert list(residency.occupancies.filter(until=None)) == [new]


# ── lists ───────────────────────────────────────────────────────────────────────────────────────
def test_the_template_is_read_as_written():
    assert parse_items("房门钥匙（把）；空调(台);水表底数（吨）\n灯具；；空调（台）") == [
        ("房门钥匙", "把"),
        ("空调", "台"),
        ("水表底数", "吨"),
        ("灯具", ""),
    ]


def test_both_sides_confirm_and_the_room_changes_hands(keeper):
    person = UserFactory(roles=["applicant"])
    residency = staying.pending(people=[person])
    occupancy = rooming.assign_room(residency, RoomFactory(), since=today() - timedelta(days=3), by=keeper)
    handover = occupancy.handovers.get()
    with pytest.raises(Refused, match="还没有填写数量或读数"):
        handing.confirm_handover(handover, by=keeper)
    handing.confirm_handover(staying.count(handover, by=keeper), by=keeper)
    with pytest.raises(PermissionDenied):
        handing.answer_handover(handover, agrees=True, by=keeper)
    with pytest.raises(Refused, match="不能再改"):
        staying.count(Handover.objects.get(), by=keeper)
    handing.answer_handover(handover, agrees=False, remark="空调只有一台", by=person)
    handover.refresh_from_db()
    assert (handover.office_confirmed_at, handover.studio_remark) == (None, "空调只有一台")
    staying.settle(handover, by=keeper, studio=person)
    occupancy.refresh_from_db()
    assert occupancy.since == today()  # the day it really changed hands
    with pytest.raises(Refused, match="双方都已确认"):
        handing.confirm_handover(handover, by=keeper)


def test_two_people_at_one_list(keeper):
    occupancy = rooming.assign_room(staying.pending(), RoomFactory(), since=today(), by=keeper)
    stale = occupancy.handovers.get()
    staying.count(occupancy.handovers.get(), by=keeper)
    with pytest.raises(Conflict):
        staying.count(stale, by=keeper)


def test_differences_are_named_on_the_way_back(keeper):
    occupancy = staying.with_room(staying.pending(), by=keeper)
    back = rooming.start_hand_back(occupancy, day=today(), by=keeper)
    changes = {
        "房门钥匙": {"quantity": Decimal(0), "condition": "missing", "note": "遗失一把"},
        "空调": {"condition": "damaged", "note": "外机异响"},
        "水表底数": {"quantity": Decimal("12.5")},
        "电表底数": {"quantity": Decimal("0.5")},
    }
    back = staying.count(back, by=keeper, **changes)
    found = {item.label: item.difference for item in back.items.all() if item.difference}
    assert found == {
        "房门钥匙": "少 1把，缺失",
        "空调": "损坏",
        "电表底数": "读数小于交付时",
    }
    handing.confirm_handover(back, by=keeper)
    html = documents.render_html(Document.objects.filter(kind="handover_sheet").latest("pk"))
    for words in ("房间交接单（交还）", "少 1把", "外机异响", "12.5"):
        assert words in html


def test_what_is_broken_needs_a_word(keeper):
    occupancy = rooming.assign_room(staying.pending(), RoomFactory(), since=today(), by=keeper)
    handover = staying.count(occupancy.handovers.get(), by=keeper, 空调={"condition": "damaged"})
    with pytest.raises(Refused, match="请写明说明：空调"):
        handing.confirm_handover(handover, by=keeper)


def test_a_settled_list_stands_still_in_the_database(keeper):
    staying.with_room(staying.pending(), by=keeper)
    with pytest.raises(DatabaseError), transaction.atomic():
        HandoverItem.objects.update(quantity=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover.objects.update(remark="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover.objects.all().delete()


# ── the plan ────────────────────────────────────────────────────────────────────────────────────
def test_the_plan_tells_free_taken_ending_and_closed(keeper):
    free, closed = RoomFactory(number="201"), RoomFactory(number="204", is_active=False)
    taken = OccupancyFactory(room__number="202").room
    soon = OccupancyFactory(room__number="203")
    soon.residency.term_ends_on = today() + timedelta(days=10)
    soon.residency.save()
    (level,) = floors()
    assert {p.room.number: p.state for p in level.places} == {
        "201": "free",
        "202": "taken",
        "203": "ending",
        "204": "closed",
    }
    assert (level.area, level.taken_area) == (Decimal(240), Decimal(120))
    assert list(free_rooms()) == [free]
    assert taken in Room.objects.all()
    assert closed not in free_rooms()


def test_boxes_stand_in_order_and_do_not_overlap():
    for n in range(7):
        RoomFactory(number=f"21{n}", order=7 - n)
    (level,) = floors()
    drawing = level.drawing(5)
    assert [b["place"].room.order for b in drawing["boxes"]] == [1, 2, 3, 4, 5, 6, 7]
    assert len({(b["x"], b["y"]) for b in drawing["boxes"]}) == 7
    assert all(b["x"] + drawing["box"] <= drawing["width"] for b in drawing["boxes"])
    assert all(b["y"] + drawing["tall"] <= drawing["height"] for b in drawing["boxes"])


# ── the meters of the room ──────────────────────────────────────────────────────────────────────
def hung(room, keeper, kind="water", number="S301", since=200, value=100):
    return metering.add_meter(
        room=room, kind=kind, number=number, factor=Decimal(1), value=Decimal(value), by=keeper,
        installed_on=today() - timedelta(days=since),
    )  # fmt: skip


def read_of(meter):
    return [(r.read_on, r.value, r.entered_by) for r in meter.readings.exclude(read_on=meter.installed_on)]


def test_what_the_list_shows_becomes_the_first_and_the_last_reading(keeper):
    person, room = UserFactory(roles=["applicant"]), RoomFactory()
    water, spare = hung(room, keeper), hung(room, keeper, number="S302")
    occupancy = rooming.assign_room(staying.pending(people=[person]), room, since=today(), by=keeper)
    items = occupancy.handovers.get().items.filter(is_reading=True)
    assert list(items.values_list("label", "unit", "meter")) == [
        ("水表底数 S301", "立方米", water.pk),
        ("水表底数 S302", "立方米", spare.pk),
        ("电表底数", "度", None),
    ]
    given = {"水表底数 S301": {"quantity": Decimal("112.5")}, "水表底数 S302": {"quantity": Decimal(100)}}
    handover = staying.count(occupancy.handovers.get(), by=keeper, **given)
    handing.confirm_handover(handover, by=keeper)
    assert read_of(water) == []
    handing.answer_handover(handover, agrees=True, by=person)
    assert read_of(water) == [(today(), Decimal("112.5"), keeper)]
    occupancy.refresh_from_db()
    back = rooming.start_hand_back(occupancy, day=today(), by=keeper)
    assert list(back.items.filter(is_reading=True).values_list("label", "expected")) == [
        ("水表底数 S301", Decimal("112.5")),
        ("水表底数 S302", Decimal(100)),
        ("电表底数", Decimal(1)),
    ]
    staying.settle(back, by=keeper, studio=person)
    assert len(read_of(water)) == 1  # the same figure of the same day stands once
    assert AuditEntry.objects.filter(verb="keep_reading").count() == 1
    assert [i.name for i in INVARIANTS if i.offenders()] == []


def test_the_first_bill_counts_from_the_list_and_the_last_one_up_to_it(reference, keeper):
    fees.set_prices(keeper)
    room, (first, last) = RoomFactory(), (date(2026, 1, 10), date(2026, 2, 20))
    water = hung(room, keeper, since=(today() - date(2025, 12, 1)).days)
    stay = ResidencyFactory(active=True, term_starts_on=first, admitted_on=date(2026, 1, 1))
    for kind, day, value in (("in", first, 130), ("out", last, 150)):
        if kind == "in":
            occupancy = rooming.assign_room(stay, room, since=day, by=keeper)
        else:
            occupancy.refresh_from_db()
            rooming.start_hand_back(occupancy, day=day, by=keeper)
        handover = occupancy.handovers.get(kind=kind)
        items = staying.listed(handover, **{"水表底数 S301": {"quantity": Decimal(value)}})
        handing.save_handover(handover, day=day, remark="", items=items, version=handover.version, by=keeper)
        handover.refresh_from_db()
        handing.confirm_handover(handover, by=keeper)
        handing.sign_handover(handover, staying.scan(), same_sheet=True, by=keeper)
    fees.read(water, date(2026, 1, 31), 141, keeper)
    for month in (1, 2):
        fees.draft(date(2026, month, 1), keeper, stay)
    lines = BillLine.objects.filter(meter=water).order_by("last")
    assert list(lines.values_list("first", "last", "start_value", "end_value")) == [
        (first, date(2026, 1, 31), 130, 141),
        (date(2026, 1, 31), last, 141, 150),
    ]


@pytest.mark.parametrize(
    ("days_ago", "words"), [(0, "已有读数 120.00，与清单上的 95.00 不一致"), (5, "水表底数 S301：读数小于")]
)
def test_a_figure_that_cannot_be_is_refused_before_the_studio_is_asked(keeper, days_ago, words):
    room = RoomFactory()
    water = hung(room, keeper)
    fees.read(water, today() - timedelta(days=days_ago), 120, keeper)
    occupancy = rooming.assign_room(staying.pending(), room, since=today(), by=keeper)
    handover = staying.count(
        occupancy.handovers.get(), by=keeper, **{"水表底数 S301": {"quantity": Decimal(95)}}
    )
    with pytest.raises(Refused, match=re.escape(words)):
        handing.confirm_handover(handover, by=keeper)


def test_a_reading_that_came_between_is_not_overwritten(keeper):
    person, room = UserFactory(roles=["applicant"]), RoomFactory()
    water = hung(room, keeper)
    occupancy = rooming.assign_room(staying.pending(people=[person]), room, since=today(), by=keeper)
    handover = occupancy.handovers.get()
    handing.confirm_handover(staying.count(handover, by=keeper, quantity=105), by=keeper)
    fees.read(water, today(), 106, keeper)
    with pytest.raises(Refused, match="清单上的 105"):
        handing.answer_handover(handover, agrees=True, by=person)
    assert read_of(water) == [(today(), Decimal(106), keeper)]


def test_a_meter_registered_late_finds_its_line(keeper):
    room = RoomFactory()
    occupancy = rooming.assign_room(staying.pending(), room, since=today(), by=keeper)
    water = hung(room, keeper, since=3)
    handover = staying.count(occupancy.handovers.get(), by=keeper, quantity=101)
    assert list(handover.items.exclude(meter=None).values_list("label", "meter")) == [("水表底数", water.pk)]


def test_the_page_says_what_becomes_of_each_reading(client, keeper):
    room = RoomFactory()
    water, power = hung(room, keeper), hung(room, keeper, "electricity", "D301")
    occupancy = rooming.assign_room(staying.pending(), room, since=today(), by=keeper)
    handover = occupancy.handovers.get()
    fees.read(power, today(), 140, keeper)
    client.force_login(keeper)
    address = reverse("workshops:handover", args=[handover.key])
    page = client.get(address).content.decode()
    assert "双方确认后记为表 S301 的读数" in page
    assert "当天已有读数 140.00，不重复登记" in page
    edit = client.get(f"{address}edit/").content.decode()
    assert 'value="140"' in edit
    HandoverItem.objects.filter(meter=water).delete()
    page = client.get(address).content.decode()
    assert "这间房的水表 S301没有列入清单" in page
