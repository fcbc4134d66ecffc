"""The meters on the list of a hand-over: which line stands for which meter, and what it showed becomes its reading [5.3].

A room with registered meters gets one line per meter; what both sides confirmed is the first reading of whoever moves
in, the last of whoever leaves. Lines without a meter stay on the sheet alone.
"""

from park import audit
from park.templatetags.ui import date_zh
from workshops.actions.metering import Entry, check_readings, lock_meters, write_readings
from workshops.models import Meter, MeterKind, Reading


def kind_of(label) -> str:
    """水表 or 电表, where the label names one."""
    return next((kind for kind in MeterKind if kind.label in label), "")


def meters_of(room, day) -> list[Meter]:
    """What hangs there on that day."""
    return list(room.meters.in_use(day, day).order_by("kind", "pk"))


def with_meters(rows, meters) -> list[dict]:
    """The lines of a new list: instead of one that asks for what a meter shows, one line for each that hangs there.
    `rows`: label, unit, is_reading; on a hand-back also `expected` and the `meter` of the day when it went over. A meter
    that was taken down meanwhile has its last reading already."""
    went = {row["meter"].pk: row["expected"] for row in rows if row.get("meter")}
    found, listed = [], set()
    for row in rows:
        kind = kind_of(row["label"]) if row["is_reading"] else ""
        mine = [meter for meter in meters if meter.kind == kind]
        if kind not in listed:
            found += [
                row | {"label": _label(m), "unit": m.unit, "meter": m, "expected": went.get(m.pk)}
                for m in mine
            ]
        if mine:
            listed.add(kind)
        elif not row.get("meter"):
            found.append(row)
    return found


def _label(meter) -> str:
    return f"{meter.get_kind_display()}底数 {meter.number}"


def linked(rows, known, meters) -> list[dict]:
    """The lines of a list as it was typed. `known`: label -> meter so far. A line that was typed, or stood there before
    the meter was registered, finds its own where no other line has it and no second one could be meant."""
    rows = [row | {"meter": known.get(row["label"]) if row["is_reading"] else None} for row in rows]
    taken = {row["meter"].pk for row in rows if row["meter"]}
    for row in rows:
        if row["is_reading"] and row["meter"] is None:
            mine = [m for m in meters if m.kind == kind_of(row["label"]) and m.pk not in taken]
            mine = [m for m in mine if m.number in row["label"]] or mine
            if len(mine) == 1:
                row["meter"] = mine[0]
                taken.add(mine[0].pk)
    return rows


def _entries(handover) -> list[Entry]:
    lines = handover.items.filter(quantity__isnull=False).exclude(meter=None).select_related("meter")
    return [Entry(line.label, line.meter, handover.day, line.quantity) for line in lines]


def same_day(handover) -> dict:
    """Meter -> what is written down already for the day of the hand-over."""
    meters = handover.items.exclude(meter=None).values("meter")
    return dict(Reading.objects.filter(meter__in=meters, read_on=handover.day).values_list("meter", "value"))


def faults_of(handover, *, by) -> list[str]:
    """Why what was counted cannot be a reading; a figure of the same day is neither doubled nor overwritten."""
    entries, known = _entries(handover), same_day(handover)
    faults = [
        f"{e.meter}在{date_zh(e.day)}已有读数 {known[e.meter.pk]:f}，与清单上的 {e.value:f} 不一致。"
        "请核对后修改清单，或者先在抄表中更正读数。"
        for e in entries
        if known.get(e.meter.pk, e.value) != e.value
    ]
    return faults or [f"{label}：{text}" for label, text in check_readings(entries, by=by)[1].items()]


def read(handover, *, by) -> int:
    """What the list shows becomes readings, taken by whoever counted for the park; how many are new. The list is free of
    faults, the meters are locked."""
    outcomes, _ = check_readings(_entries(handover), by=handover.office_confirmed_by)
    count = write_readings(outcomes, by=by, note=str(handover))
    if len(outcomes) > count:
        audit.record(
            "keep_reading", handover.occupancy.residency, by=by, clause="5.3",
            after=f"{handover}：{len(outcomes) - count} 只表当天已有相同的读数",
        )  # fmt: skip
    return count


def hold(handover):
    """The meters of the list, until the end of the transaction."""
    lock_meters(handover.items.exclude(meter=None).values("meter"))


def words_on(handover, items, meters) -> dict:
    """Item -> what its reading is good for, for the page; and under "" the meters that are not on the list."""
    known, found = same_day(handover), {}
    for item in items:
        if not item.is_reading:
            continue
        if item.meter is None:
            kind = kind_of(item.label)
            found[item.pk] = f"这间房没有登记{MeterKind(kind).label if kind else '对应的表'}，只留在交接单上"
        elif handover.is_settled:
            found[item.pk] = f"已记为表 {item.meter.number} 的读数"
        elif item.meter_id not in known:
            found[item.pk] = f"双方确认后记为表 {item.meter.number} 的读数"
        elif item.quantity in (None, known[item.meter_id]):
            found[item.pk] = f"当天已有读数 {known[item.meter_id]:f}，不重复登记"
        else:
            found[item.pk] = f"当天已有读数 {known[item.meter_id]:f}，与清单不一致"
    listed = {item.meter_id for item in items}
    found[""] = [meter for meter in meters if meter.pk not in listed]
    return found
