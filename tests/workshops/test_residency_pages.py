"""Pages of residencies, agreements, rooms and hand-overs: who sees what, what is refused, how often they ask [4.1][5.3]."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config import desk
from park.formkeys import new_key
from park.models import Role
from tests.factories import UserFactory
from tests.workshops import staying
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, RoomFactory
from tests.workshops.staying import quiet  # noqa: F401
from workshops.actions import agreeing, rooming
from workshops.models import Agreement, Handover, Occupancy, Residency, Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

READING = {Role.OFFICE, Role.LEAD_DIVISION, Role.ATTRACTION, Role.LOGISTICS, Role.WORKING_GROUP}
SERVING = {Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS}
OFFICE = {Role.OFFICE, Role.LEAD_DIVISION}


def post(browser, url, **data):
    return browser.post(url, {"form_key": new_key(), **data})


def status_of(browser, address):
    answer = browser.get(address)
    answer.close()
    return answer.status_code


def url(name, *args):
    return reverse(f"workshops:{name}", args=args)


# ── who sees what ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", Role)
def test_who_gets_what(client_of, role):
    office = staying.officer()
    residency = staying.active(by=office)
    agreement, handover = residency.agreements.get(), Handover.objects.get()
    room = Room.objects.get()
    browser = client_of(UserFactory(roles=[role]))
    no, reads = 404, role in READING
    expected = {
        url("residencies"): 200 if reads else 403,
        url("rooms"): 200 if reads else 403,
        url("room", room.key): 200 if reads else 403,
        url("room_new"): 200 if role in SERVING else 403,
        url("room_edit", room.key): 200 if role in SERVING else 403,
        url("residency", residency.key): 200 if reads else no,
        url("studio_residency", residency.studio.key): 200 if reads else no,
        url("agreement_draft", residency.key): 200 if role in OFFICE else 403 if reads else no,
        url("room_assign", residency.key): 200 if role in SERVING else 403 if reads else no,
        url("residency_leave", residency.key): 200 if role in OFFICE else 403 if reads else no,
        url("agreement_act", agreement.key, "void"): 200
        if role in OFFICE
        else 403
        if role == Role.WORKING_GROUP
        else no,
        url("agreement_scan", agreement.key): 200 if role in OFFICE | {Role.WORKING_GROUP} else no,
        url("handover", handover.key): 200 if role in SERVING else no,
        url("handover_signed", handover.key): 200 if role in SERVING else no,
        url("handover_edit", handover.key): 403 if role in SERVING else no,
    }
    assert {address: status_of(browser, address) for address in expected} == expected


def test_a_studio_sees_its_own_and_no_other(client_of):
    office, person = staying.officer(), UserFactory(roles=["applicant"])
    own, other = staying.active(by=office, people=[person]), staying.active(by=office)
    browser = client_of(person)
    assert browser.get(url("studio_residency", own.studio.key)).status_code == 200
    assert browser.get(own.get_absolute_url()).status_code == 200
    for address in (
        other.get_absolute_url(),
        url("studio_residency", other.studio.key),
        url("agreement_paper", other.agreements.get().key),
        url("handover", Handover.objects.get(occupancy__residency=other).key),
    ):
        assert browser.get(address).status_code == 404
    assert browser.get(url("rooms")).status_code == 403


def test_a_draft_is_the_offices_own(client_of):
    person, office = UserFactory(roles=["applicant"]), staying.officer()
    residency = staying.pending(people=[person])
    draft = agreeing.prepare_agreement(
        residency, by=office, term_starts_on=timezone.localdate(), term_months=24, no_room_reason="无"
    )
    browser = client_of(person)
    assert browser.get(url("agreement_paper", draft.key)).status_code == 404
    assert "拟稿" not in browser.get(residency.get_absolute_url()).content.decode()
    agreeing.issue_agreement(draft, by=office)
    assert "上传签字的扫描件" in browser.get(residency.get_absolute_url()).content.decode()


def test_steps_of_the_evaluation_have_no_button_and_no_page(client_of):
    residency = ResidencyFactory(active=True)
    browser = client_of(staying.officer())
    answer = browser.get(residency.get_absolute_url())
    assert [item["step"].name for item in answer.context["steps"]] == []
    for name in ("suspend", "resume", "revoke"):
        assert browser.get(url("residency_step", residency.key, name)).status_code == 404


# ── the whole way through the pages ─────────────────────────────────────────────────────────────
def test_from_admission_into_the_park_and_out_again(client_of):
    person = UserFactory(roles=["applicant"])
    office, keeper, studio = (
        client_of(staying.officer()),
        client_of(UserFactory(roles=["logistics"])),
        client_of(person),
    )
    residency = staying.pending(people=[person])
    room, day = RoomFactory(), f"{timezone.localdate()}"
    answer = post(keeper, url("room_assign", residency.key), room=room.pk, since=day)
    assert answer.status_code == 302
    handover = Handover.objects.get()
    fill_in(keeper, handover, day)
    assert post(keeper, url("handover_act", handover.key, "confirm")).status_code == 302
    assert post(studio, url("handover_act", handover.key, "answer"), agrees="no").status_code == 422
    assert post(studio, url("handover_act", handover.key, "answer"), agrees="yes").status_code == 302
    form = office.get(url("agreement_draft", residency.key)).context["form"]
    assert f"{form['term_starts_on'].value()}" == f"{form['rent_free_from'].value()}" == day
    assert form["term_months"].value() == 24
    answer = post(
        office,
        url("agreement_draft", residency.key),
        term_starts_on=day,
        term_months=24,
        with_waiver="on",
        rent_free_from=day,
        version=0,
    )
    assert answer.status_code == 302
    agreement = Agreement.objects.get()
    assert post(office, url("agreement_act", agreement.key, "issue")).status_code == 302
    scan = staying.picture()
    answer = post(studio, url("agreement_act", agreement.key, "scan"), scan=scan)
    assert answer.status_code == 409  # no code on it, and nobody says it is the paper
    scan = staying.picture()
    assert (
        post(studio, url("agreement_act", agreement.key, "scan"), scan=scan, same_copy="on").status_code
        == 302
    )
    assert post(office, url("agreement_act", agreement.key, "check"), office_signed="on").status_code == 422
    ticks = {"office_signed": "on", "studio_signed": "on", "complete": "on"}
    assert post(office, url("agreement_act", agreement.key, "check"), **ticks).status_code == 302
    assert post(office, url("residency_step", residency.key, "activate_residency")).status_code == 302
    residency.refresh_from_db()
    assert residency.status == "active"
    assert "还有" in studio.get(residency.get_absolute_url()).content.decode()
    assert (
        post(studio, url("residency_leave", residency.key), reason="迁址", leaves_on=day).status_code == 302
    )
    back = Handover.objects.get(kind="out")
    fill_in(keeper, back, day)
    assert post(keeper, url("handover_act", back.key, "confirm")).status_code == 302
    assert post(studio, url("handover_act", back.key, "answer"), agrees="yes").status_code == 302
    assert (
        post(office, url("residency_step", residency.key, "end_residency"), ended_on=day).status_code == 302
    )
    residency.refresh_from_db()
    assert (residency.status, Occupancy.objects.get().until) == ("ended", timezone.localdate())


def fill_in(browser, handover, day):
    handover.refresh_from_db()
    items = list(handover.items.all())
    data = {
        "day": day,
        "remark": "",
        "version": handover.version,
        "items-TOTAL_FORMS": len(items),
        "items-INITIAL_FORMS": 0,
    }
    for n, item in enumerate(items):
        data |= {
            f"items-{n}-label": item.label,
            f"items-{n}-unit": item.unit,
            f"items-{n}-quantity": "2",
            f"items-{n}-condition": "good",
        }
    assert post(browser, url("handover_edit", handover.key), **data).status_code == 302


def test_the_same_form_twice_is_one_write(client_of):
    residency, room = staying.pending(), RoomFactory()
    browser = client_of(staying.officer())
    data = {"form_key": new_key(), "room": room.pk, "since": f"{timezone.localdate()}"}
    assert [browser.post(url("room_assign", residency.key), data).status_code for _ in range(2)] == [302, 302]
    assert Occupancy.objects.count() == 1


def test_what_was_typed_stays_when_it_is_refused(client_of):
    residency = staying.pending()
    browser = client_of(staying.officer())
    answer = post(
        browser,
        url("agreement_draft", residency.key),
        term_starts_on="2000-01-01",
        term_months=24,
        extra="另行约定的一句话",
        version=0,
    )
    assert answer.status_code == 409
    assert "另行约定的一句话" in answer.content.decode()
    answer = post(browser, url("room_new"), building="创新楼", floor="x", number="9")
    assert answer.status_code == 422
    assert "创新楼" in answer.content.decode()


def test_a_list_with_a_wrong_number_keeps_what_was_typed(client_of):
    keeper = UserFactory(roles=["logistics"])
    occupancy = rooming.assign_room(staying.pending(), RoomFactory(), since=timezone.localdate(), by=keeper)
    handover = occupancy.handovers.get()
    answer = post(
        client_of(keeper),
        url("handover_edit", handover.key),
        **{
            "day": f"{timezone.localdate()}",
            "version": 0,
            "items-TOTAL_FORMS": 1,
            "items-INITIAL_FORMS": 0,
            "items-0-label": "大门钥匙",
            "items-0-quantity": "三把",
            "items-0-condition": "good",
        },
    )
    assert answer.status_code == 422
    assert "三把" in answer.content.decode()


# ── lists ───────────────────────────────────────────────────────────────────────────────────────
def test_search_and_filters(client_of):
    today = timezone.localdate()
    near = ResidencyFactory(active=True, studio__name="王玥陶艺工作室")
    Residency.objects.filter(pk=near.pk).update(rent_free_until=today + timedelta(days=20))
    late = ResidencyFactory(due_on=today - timedelta(days=1))
    gone = ResidencyFactory(active=True, status="ended")
    leaving_ = ResidencyFactory(active=True)
    leaving_.departures.create(ground="voluntary", reason="x", leaves_on=today, asked_by=staying.officer())
    browser = client_of(staying.officer())

    def shown(**query):
        return {row["residency"] for row in browser.get(url("residencies"), query).context["rows"]}

    assert shown(q="陶艺") == {near}
    assert shown(status="ended") == {gone}
    assert shown(ending="waiver") == {near}
    assert shown(ending="unsigned") == {late}
    assert shown(ending="leaving") == {leaving_}
    assert shown() == {near, late, gone, leaving_}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("page", ["residencies", "rooms"])
def test_lists_ask_the_database_the_same_number_of_times(client_of, django_assert_num_queries, page, rows):
    for _ in range(rows):
        OccupancyFactory()
    browser = client_of(staying.officer())
    browser.get(url(page))
    with django_assert_num_queries({"residencies": 6, "rooms": 8}[page]):
        assert browser.get(url(page)).status_code == 200


@pytest.mark.parametrize("rooms", [1, 8])
def test_the_page_of_a_residency_does_not_ask_more_for_more_rooms(
    client_of, django_assert_max_num_queries, rooms
):
    office = staying.officer()
    residency = staying.active(by=office)
    for _ in range(rooms):
        rooming.assign_room(residency, RoomFactory(), since=timezone.localdate(), by=office)
    browser = client_of(office)
    browser.get(residency.get_absolute_url())
    with django_assert_max_num_queries(15):
        browser.get(residency.get_absolute_url())


# ── the desk ────────────────────────────────────────────────────────────────────────────────────
def test_the_desk_says_what_to_do_next():
    office, person, keeper = (
        staying.officer(),
        UserFactory(roles=["applicant"]),
        UserFactory(roles=["logistics"]),
    )
    residency = staying.pending(people=[person])
    rooming.assign_room(residency, RoomFactory(), since=timezone.localdate(), by=keeper)

    def titles(user):
        return {part["title"] for part in desk.sections_for(user) if part["rows"]}

    assert titles(office) >= {"待签协议的入驻", "待填写的房间交接清单"}
    assert titles(keeper) == {"待填写的房间交接清单"}
    assert titles(person) == {"待签协议的入驻"}
    draft = agreeing.prepare_agreement(
        residency, by=office, term_starts_on=timezone.localdate(), term_months=24
    )
    agreeing.issue_agreement(draft, by=office)
    assert "请签订的协议" in titles(person)
    agreeing.receive_agreement(draft, staying.scan(), same_copy=True, by=person)
    assert "待核对的签字协议" in titles(office)
    assert "请签订的协议" not in titles(person)
