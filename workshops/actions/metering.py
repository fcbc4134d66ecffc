"""Meters are hung and taken down, and read [5.3]. Every reading goes through `check_readings`, typed or imported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from park import audit, rules
from park.workflow import Refused
from workshops.charges.meter import Read, falls, is_unusual
from workshops.models import BillLine, BillStatus, Meter, Reading


@dataclass(frozen=True)
class Entry:
    """A reading as it comes in. `place` is whatever names it to the caller: a row of a sheet, a field of a page."""

    place: object
    meter: Meter
    day: date
    value: Decimal


@dataclass
class Outcome:
    """What an entry would do: `row` is new or changed, or None where it is known already."""

    entry: Entry
    row: Reading | None
    before: Decimal | None = None


class BadReadings(Refused):
    """Some readings cannot be; nothing was written. `faults`: place -> sentence."""

    def __init__(self, faults: dict):
        super().__init__(f"有 {len(faults)} 个读数需要核对，全部没有保存。")
        self.faults = faults


# ── meters ──────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_meter(*, room, kind, number, factor, installed_on, value, by, note="") -> Meter:
    """A meter begins with its first reading. Raises Refused for a number that is taken."""
    try:
        with transaction.atomic():
            meter = Meter.objects.create(
                room=room, kind=kind, number=number, factor=factor, installed_on=installed_on, note=note
            )
    except IntegrityError:
        raise Refused(f"表号 {number} 已经登记过。") from None
    Reading.objects.create(meter=meter, read_on=installed_on, value=value, entered_by=by)
    audit.record("add_meter", meter, by=by, after=f"{installed_on:%Y-%m-%d} {value}", clause="5.3")
    return meter


@transaction.atomic
def remove_meter(meter, *, removed_on, value, by) -> Meter:
    """A meter ends with its last reading; the new one in its place is entered as a meter of its own."""
    meter = Meter.objects.select_for_update(no_key=True).get(pk=meter.pk)
    if meter.removed_on:
        raise Refused(f"{meter}已在{meter.removed_on:%Y-%m-%d}拆除。")
    if removed_on < meter.installed_on or meter.readings.filter(read_on__gt=removed_on).exists():
        raise Refused("拆表日期早于装表日期或已有的读数，请核对。")
    record_readings([Entry("value", meter, removed_on, value)], by=by)
    meter.removed_on = removed_on
    meter.save(update_fields=["removed_on"])
    audit.record("remove_meter", meter, by=by, after=f"{removed_on:%Y-%m-%d} {value}", clause="5.3")
    return meter


# ── readings ────────────────────────────────────────────────────────────────────────────────────
def check_readings(entries: Iterable[Entry], *, by) -> tuple[list[Outcome], dict]:
    """What each entry would do, and what stands against which; in three queries, nothing is written."""
    entries = list(entries)
    meters = {entry.meter.pk for entry in entries}
    known, today = _known(meters), timezone.localdate()
    factor, billed = rules.get("reading_unusual_factor"), _billed(meters)
    merged = {pk: {r.read_on: Read(r.read_on, r.value) for r in rows.values()} for pk, rows in known.items()}
    seen, faults, outcomes = set(), {}, []
    for entry in entries:
        merged.setdefault(entry.meter.pk, {})[entry.day] = Read(entry.day, entry.value)
    for entry in entries:
        meter, rows = entry.meter, merged[entry.meter.pk]
        new, old = Read(entry.day, entry.value), known.get(entry.meter.pk, {}).get(entry.day)
        if (meter.pk, entry.day) in seen:
            faults[entry.place] = f"{meter}在{entry.day:%Y-%m-%d}有两个读数。"
        elif entry.day > today:
            faults[entry.place] = "抄表日期不能晚于今天。"
        elif entry.day < meter.installed_on or (meter.removed_on and entry.day > meter.removed_on):
            faults[entry.place] = f"{meter}在{entry.day:%Y-%m-%d}没有使用。"
        elif old is not None and old.value != entry.value and old.pk in billed:
            faults[entry.place] = f"{entry.day:%Y-%m-%d}的读数已用于账单，不能更改；请先作废账单。"
        elif fault := falls([r for r in rows.values() if r.day != entry.day], new):
            faults[entry.place] = fault
        else:
            outcomes.append(_outcome(entry, old, rows, factor, by))
        seen.add((meter.pk, entry.day))
    return outcomes, faults


def _outcome(entry, old, rows, factor, by) -> Outcome:
    if old is not None and old.value == entry.value:
        return Outcome(entry, None)
    unusual = is_unusual(sorted(r for r in rows.values() if r.day <= entry.day), factor)
    if old is None:
        row = Reading(
            meter=entry.meter, read_on=entry.day, value=entry.value, is_unusual=unusual, entered_by=by
        )
        return Outcome(entry, row)
    before, old.value, old.is_unusual = old.value, entry.value, unusual
    old.entered_by, old.entered_at = by, timezone.now()
    return Outcome(entry, old, before)


def _known(meters) -> dict:
    found = {}
    for row in Reading.objects.filter(meter__in=meters):
        found.setdefault(row.meter_id, {})[row.read_on] = row
    return found


def _billed(meters) -> set:
    """Readings on which a bill rests that was issued."""
    lines = BillLine.objects.filter(
        meter__in=meters, charge__bill__status__in=[BillStatus.ISSUED, BillStatus.PAID]
    )
    return {pk for pair in lines.values_list("start", "end") for pk in pair}


def lock_meters(meters):
    list(Meter.objects.select_for_update(no_key=True).filter(pk__in=meters).order_by("pk").values_list("pk"))


@transaction.atomic
def record_readings(entries, *, by) -> int:
    """All of them or none; how many were new or changed. Raises BadReadings."""
    entries = list(entries)
    lock_meters({entry.meter.pk for entry in entries})
    outcomes, faults = check_readings(entries, by=by)
    if faults:
        raise BadReadings(faults)
    return write_readings(outcomes, by=by)


def write_readings(outcomes, *, by, note="") -> int:
    """In an order in which no meter runs back in between. The meters are locked."""
    changed = [o for o in outcomes if o.row is not None and o.row.pk]
    down = [o for o in changed if o.row.value < o.before]
    up = [o for o in changed if o.row.value > o.before]
    for outcome in sorted(down, key=lambda o: o.row.read_on) + sorted(
        up, key=lambda o: o.row.read_on, reverse=True
    ):
        outcome.row.save(update_fields=["value", "is_unusual", "entered_by", "entered_at"])
        audit.record(
            "correct_reading",
            outcome.row.meter,
            by=by,
            before=outcome.before,
            after=outcome.row.value,
            note=f"{outcome.row.read_on:%Y-%m-%d}",
            clause="5.3",
        )
    new = [o.row for o in outcomes if o.row is not None and not o.row.pk]
    Reading.objects.bulk_create(new)
    if new:
        audit.record("record_readings", "抄表", by=by, after=f"{len(new)} 个读数", note=note, clause="5.3")
    return len(changed) + len(new)
