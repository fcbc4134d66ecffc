"""The round of a month: every meter with what it showed before and shows now [5.3]."""

from django.db.models import OuterRef, Subquery

from workshops.models import Meter, Occupancy, Reading


def round_of(month) -> list[Meter]:
    """Meters in use in the month, by room. Each has `before`, `before_on`, `now`, `now_on`, `now_unusual` and `held_by`
    (names of the studios in its room). Two queries."""
    readings = Reading.objects.filter(meter=OuterRef("pk"))
    before = readings.filter(read_on__lt=month.first).order_by("-read_on")
    now = readings.filter(read_on__range=(month.first, month.last)).order_by("-read_on")
    rows = list(
        Meter.objects.in_use(month.first, month.last)
        .select_related("room")
        .annotate(
            before=Subquery(before.values("value")[:1]),
            before_on=Subquery(before.values("read_on")[:1]),
            now=Subquery(now.values("value")[:1]),
            now_on=Subquery(now.values("read_on")[:1]),
            now_unusual=Subquery(now.values("is_unusual")[:1]),
        )
    )
    held = {}
    holders = Occupancy.objects.filter(room__in={meter.room_id for meter in rows}, since__lte=month.last)
    for room, until, name in holders.order_by("since").values_list(
        "room", "until", "residency__studio__name"
    ):
        if until is None or until >= month.first:
            held.setdefault(room, []).append(name)
    for meter in rows:
        meter.held_by = "、".join(held.get(meter.room_id, []))
        used = meter.before is not None and meter.now is not None
        meter.used = (meter.now - meter.before) * meter.factor if used else None
    return rows


def unread(month):
    """Meters without a reading in the month, of rooms that somebody holds now."""
    rows = Meter.objects.in_use(month.first, month.last).filter(removed_on=None)
    rows = rows.filter(room__in=Occupancy.objects.filter(until=None).values("room"))
    return rows.exclude(readings__read_on__range=(month.first, month.last))
