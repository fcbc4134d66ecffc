"""Rooms: registered, assigned, released, swapped, to be handed back [5.3]. Each room has one occupant at a time."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from park import audit, documents, rules
from park.templatetags.ui import date_zh
from park.workflow import Conflict, Refused
from workshops.actions import handing_meters
from workshops.actions.standing import locked, officers_of, people_of, tell
from workshops.models import STANDING, Handover, HandoverItem, Occupancy, Residency, Room
from workshops.models.handover import parse_items
from workshops.papers.handover import standing_paper
from workshops.permissions.residency import registers_rooms, serves_residency

ROOM_FIELDS = ("building", "floor", "number", "area", "order", "note", "is_active")


# ── the register ────────────────────────────────────────────────────────────────────────────────
def _keeper(by):
    if not registers_rooms(by):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以登记房间。")


def _same_number(building, number, besides=None):
    if Room.objects.filter(building=building, number=number).exclude(pk=besides).exists():
        raise Refused(f"{building}已有房号{number}，请核对。")


@transaction.atomic
def register_room(*, by, **fields) -> Room:
    """A room that can be let. `fields` are those of ROOM_FIELDS."""
    _keeper(by)
    _same_number(fields["building"], fields["number"])
    room = Room.objects.create(**fields)
    audit.record("register_room", room, by=by, after=f"{room.area}平方米", clause="5.3")
    return room


@transaction.atomic
def change_room(room, *, by, version, **fields) -> Room:
    """Raises Conflict when another page changed it, Refused when an occupied room is to be closed."""
    _keeper(by)
    room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if room.version != version:
        raise Conflict("这个房间的登记已在别处修改过，您现在填的还没有保存。")
    _same_number(fields["building"], fields["number"], besides=room.pk)
    if not fields["is_active"] and room.occupancies.filter(until=None).exists():
        raise Refused(f"{room}正在使用，交还后才能停用。")
    before = [str(getattr(room, name)) for name in ROOM_FIELDS]
    for name in ROOM_FIELDS:
        setattr(room, name, fields[name])
    room.version += 1
    room.save(update_fields=[*ROOM_FIELDS, "version"])
    audit.record(
        "change_room",
        room,
        by=by,
        before="，".join(before),
        after="，".join(str(getattr(room, name)) for name in ROOM_FIELDS),
        clause="5.3",
    )
    return room


# ── who is where ────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def assign_room(residency, room, *, since, by) -> Occupancy:
    """The room is this residency's from the day of the hand-over; its list is opened. Raises Refused when it is not free."""
    residency = locked(residency.pk, by=by, may=serves_residency)
    return _assign(residency, room, since=since, by=by)


def _assign(residency, room, *, since, by):
    room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    _refuse_unfit(residency, room, since)
    occupancy = Occupancy.objects.create(residency=residency, room=room, since=since)
    handover = Handover.objects.create(occupancy=occupancy, kind=Handover.Kind.IN, day=since)
    _open_list(handover, _template(), room)
    audit.record("assign_room", residency, by=by, after=f"{room}，{date_zh(since)}交付", clause="5.3")
    _history_of_room(room, "assign_room", residency, by=by)
    tell(people_of(residency), residency, f"{residency.studio}：已安排{room}，{date_zh(since)}交付。", by=by)
    return occupancy


def _template() -> list[dict]:
    """The lines that the park lists for every hand-over."""
    rows = parse_items(rules.get("handover_items"))
    return [{"label": label, "unit": unit, "is_reading": "底数" in label} for label, unit in rows]


def _open_list(handover, rows, room):
    rows = handing_meters.with_meters(rows, handing_meters.meters_of(room, handover.day))
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, order=order, **row) for order, row in enumerate(rows, 1)
    )


def _history_of_room(room, verb, residency, *, by):
    audit.record(verb, room, by=by, note=residency.studio.name, clause="5.3")


def _refuse_unfit(residency, room, since):
    if residency.status not in STANDING:
        raise Refused(f"入驻现在是“{residency.get_status_display()}”，不能安排房间。")
    if since < residency.admitted_on:
        raise Refused(f"交付日期不能早于确定入驻日期{date_zh(residency.admitted_on)}。")
    if not room.is_active:
        raise Refused(f"{room}已停用，不能安排。")
    last = (
        room.occupancies.select_related("residency__studio")
        .filter(Q(until=None) | Q(until__gt=since))
        .first()
    )
    if last is not None and last.until is None:
        raise Refused(f"{room}已安排给{last.residency.studio}，请选择其他房间。")
    if last is not None:
        raise Refused(f"{room}到{date_zh(last.until)}才交还，交付日期不能更早。")


@transaction.atomic
def release_room(occupancy, *, by) -> Residency:
    """Take an assignment back before the room was handed over: it is free again, the trail keeps what was meant."""
    residency = locked(occupancy.residency_id, by=by, may=serves_residency)
    occupancy = Occupancy.objects.select_related("room").get(pk=occupancy.pk)
    if not is_only_assigned(occupancy):
        raise Refused(f"{occupancy.room}已经交付，请办理交还。")
    let_go(occupancy, by=by)
    return residency


def is_only_assigned(occupancy) -> bool:
    """Assigned, and its list not confirmed by both sides yet."""
    return occupancy.handovers.filter(kind=Handover.Kind.IN).unsettled().exists()


def let_go(occupancy, *, by):
    """Remove an assignment that never took effect; under the lock of the residency."""
    room, residency = occupancy.room, occupancy.residency
    for handover in occupancy.handovers.all():
        if paper := standing_paper(handover):
            documents.withdraw(paper, by=by, reason="房间安排已取消")
        if handover.office_confirmed_at:  # its list is closed until that is taken back
            handover.office_confirmed_at = handover.office_confirmed_by = None
            handover.save(update_fields=["office_confirmed_at", "office_confirmed_by"])
        handover.delete()
    audit.record("release_room", residency, by=by, before=str(room), clause="5.3")
    _history_of_room(room, "release_room", residency, by=by)
    occupancy.delete()


@transaction.atomic
def start_hand_back(occupancy, *, day, by) -> Handover:
    """Open the list of what comes back with the room, from what went over with it."""
    residency = locked(occupancy.residency_id, by=by, may=serves_residency)
    return hand_back(Occupancy.objects.get(pk=occupancy.pk), residency, day=day, by=by)


def hand_back(occupancy, residency, *, day, by) -> Handover:
    """The list itself; the caller holds the lock and the right."""
    if occupancy.until is not None:
        raise Refused(f"{occupancy.room}已于{date_zh(occupancy.until)}交还。")
    if is_only_assigned(occupancy):
        raise Refused(f"{occupancy.room}还没有交付，取消安排即可。")
    if day < occupancy.since:
        raise Refused(f"交还日期不能早于交付日期{date_zh(occupancy.since)}。")
    if occupancy.handovers.filter(kind=Handover.Kind.OUT).exists():
        raise Refused(f"{occupancy.room}的交还已经安排，请在交接清单中办理。")
    handover = Handover.objects.create(occupancy=occupancy, kind=Handover.Kind.OUT, day=day)
    came = HandoverItem.objects.filter(handover__occupancy=occupancy, handover__kind=Handover.Kind.IN)
    _open_list(handover, _what_came(came) or _template(), occupancy.room)
    audit.record("start_hand_back", residency, by=by, after=f"{occupancy.room}，{date_zh(day)}", clause="5.3")
    tell(
        [*people_of(residency), *officers_of(residency, "logistics")],
        residency,
        f"{residency.studio}：{occupancy.room}定于{date_zh(day)}交还。",
        by=by,
    )
    return handover


def _what_came(items) -> list[dict]:
    """The lines that went over, with what was there."""
    return [
        {
            "label": item.label,
            "unit": item.unit,
            "is_reading": item.is_reading,
            "meter": item.meter,
            "expected": item.quantity,
        }
        for item in items.select_related("meter")
    ]


@transaction.atomic
def swap_room(occupancy, room, *, day, by) -> Occupancy:
    """Another room instead: it is assigned, and the present one is to be handed back the same day."""
    residency = locked(occupancy.residency_id, by=by, may=serves_residency)
    occupancy = Occupancy.objects.select_related("room").get(pk=occupancy.pk)
    if is_only_assigned(occupancy):
        let_go(occupancy, by=by)
    else:
        hand_back(occupancy, residency, day=day, by=by)
    return _assign(residency, room, since=day, by=by)
