"""Readings come in by a sheet, and go out [5.3]."""

from django.urls import reverse

from park.sheets import CHANGED, NEW, SAME, Column, Fault, ImportKind, Prepared, Sheet
from workshops.actions.metering import Entry, check_readings, lock_meters, write_readings
from workshops.models import Meter, MeterKind
from workshops.permissions.fee import keeps_fees

KINDS = {label: value for value, label in MeterKind.choices}
READINGS = Sheet(
    "readings",
    "抄表记录",
    (
        Column("kind", "种类", "choice", required=True, choices=lambda: KINDS, width=10, example="水表"),
        Column("number", "表号", required=True, max_length=30, example="W-0201"),
        Column("day", "抄表日期", "date", required=True, example="2026-03-25"),
        Column("value", "读数", "decimal", required=True, minimum=0, example="1234.5"),
    ),
)
ROUND = Sheet(
    "round",
    "抄表结果",
    (
        Column("room", "房间"),
        Column("studio", "使用工作室", width=30),
        Column("kind", "种类", "choice", choices=lambda: KINDS, width=10),
        Column("number", "表号"),
        Column("factor", "倍率", "decimal", width=8),
        Column("before_on", "上次抄表", "date"),
        Column("before", "上次读数", "decimal"),
        Column("now_on", "本次抄表", "date"),
        Column("now", "本次读数", "decimal"),
        Column("used", "用量", "decimal"),
        Column("unusual", "异常", "bool", width=8),
    ),
)


def round_rows(meters):
    for m in meters:
        yield {
            "room": str(m.room), "studio": m.held_by, "kind": m.kind, "number": m.number, "factor": m.factor,
            "before_on": m.before_on, "before": m.before, "now_on": m.now_on, "now": m.now, "used": m.used,
            "unusual": bool(m.now_unusual),
        }  # fmt: skip


class ReadingImport(ImportKind):
    """Every row is a reading of a meter that is registered; all of them or none."""

    code = "readings"
    title = "导入抄表记录"
    sheet = READINGS
    lead = "按种类和表号找到表；同一天已有的读数按表格更正，已计费的不能更正。"
    key_column = "number"

    def may(self, user, context) -> bool:
        return keeps_fees(user)

    def back(self, context):
        return reverse("workshops:readings"), "5.3"

    def _meters(self, rows) -> dict:
        wanted = Meter.objects.filter(number__in={row["number"] for row in rows}).select_related("room")
        return {(meter.kind, meter.number): meter for meter in wanted}

    def lock(self, rows, context):
        lock_meters([meter.pk for meter in self._meters(rows).values()])

    def check(self, rows, context, by):
        meters, entries, faults = self._meters(rows), [], []
        for row in rows:
            meter = meters.get((row["kind"], row["number"]))
            if meter is None:
                faults.append(Fault(row["_row"], "表号", "没有登记这只表，请先登记。"))
            else:
                entries.append(Entry(row["_row"], meter, row["day"], row["value"]))
        outcomes, wrong = check_readings(entries, by=by)
        faults += [Fault(place, "读数", text) for place, text in wrong.items()]
        return [self._prepared(outcome) for outcome in outcomes], sorted(faults, key=lambda fault: fault.row)

    def _prepared(self, outcome) -> Prepared:
        place = outcome.entry.place
        if outcome.row is None:
            return Prepared(place, SAME)
        note = "用量异常，请核对" if outcome.row.is_unusual else ""
        if outcome.before is None:
            return Prepared(place, NEW, outcome, note)
        change = f"读数 {outcome.before} → {outcome.row.value}"
        return Prepared(
            place, CHANGED, outcome, "；".join(filter(None, [change, note])), seen=str(outcome.before)
        )

    def write(self, prepared, context, by):
        write_readings([item.data for item in prepared if item.happens != SAME], by=by)
