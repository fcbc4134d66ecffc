"""Returns in and out as sheets [5.3]: one row per studio, one column per figure of the period's form.

An import is what studios handed in on paper or as a table, entered by the office: it fills figures in and hands nothing
in; the steps follow on the page.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from park import audit
from park.sheets import CHANGED, SAME, Column, Fault, ImportKind, Prepared, Sheet, import_url
from workshops.actions import returns as acts
from workshops.forms.returns import MOST, shown
from workshops.models import (
    FILLING,
    FigureKind,
    ReturnDefinition,
    ReturnFigure,
    ReturnValue,
    StatisticalReturn,
    Studio,
)
from workshops.permissions import is_office

REASON = "更正原因"
CODE = "returns"


@dataclass(frozen=True)
class Asked:
    """One period of one definition."""

    code: str
    first_on: date
    figures: tuple
    rows: object  # its returns

    @property
    def key(self) -> str:
        return f"{self.code}_{self.first_on}"

    @property
    def address(self) -> str:
        return f"{reverse('workshops:returns')}?definition={self.code}&period={self.first_on}"


def _column(figure) -> Column:
    label = f"{figure.label}（{figure.unit}）" if figure.unit else figure.label
    return Column(f"f_{figure.code}", label, figure.kind, width=14, help=figure.help, minimum=0, maximum=MOST)


def plain(value, kind):
    """A kept value as a cell takes it: fen and whole numbers as int."""
    return value if value is None or kind == FigureKind.DECIMAL else int(value)


# ── out ─────────────────────────────────────────────────────────────────────────────────────────
HEADS = (
    Column("studio", "工作室", width=28),
    Column("leader", "领衔人", width=10),
    Column("craft", "专业领域", width=14),
    Column("district", "属地", width=12),
    Column("status", "状态", width=10),
    Column("deadline", "报送期限", "date", width=12),
    Column("submitted_on", "报送日期", "date", width=12),
    Column("late", "逾期", "bool", width=8),
)


def sheet_out(title, figures) -> Sheet:
    return Sheet(f"{CODE}-out", title, (*HEADS, *(_column(figure) for figure in figures)))


def export_rows(rows):
    """One row per return, its figures in columns; two queries."""
    rows = rows.select_related(
        "residency__studio__craft_field", "residency__studio__district", "definition"
    ).order_by("residency__studio__name", "pk")
    found = list(rows)
    values = {}
    for value in ReturnValue.objects.filter(statistical_return__in=rows.order_by()).select_related("figure"):
        values.setdefault(value.statistical_return_id, {})[f"f_{value.figure.code}"] = plain(
            value.value, value.figure.kind
        )
    for row in found:
        studio, sent = row.residency.studio, row.first_submitted_at
        yield {
            "studio": studio.name,
            "leader": studio.leader_name,
            "craft": str(studio.craft_field or ""),
            "district": str(studio.district or ""),
            "status": row.get_status_display(),
            "deadline": row.deadline,
            "submitted_on": timezone.localdate(sent) if sent else None,
            "late": row.is_late,
        } | values.get(row.pk, {})


# ── in ──────────────────────────────────────────────────────────────────────────────────────────
class ReturnImport(ImportKind):
    """Figures of one period, studio by studio; a blank cell leaves what is there."""

    code, title = CODE, "导入报表数据"
    lead = "按工作室名称对应；空白的格不改动。导入只填数据，核对后再逐份登记报送。"

    def context(self, user, key):
        code, _, first = key.partition("_")
        try:
            first_on = date.fromisoformat(first)
        except ValueError:
            raise Http404 from None
        rows = StatisticalReturn.objects.visible_to(user).filter(definition_code=code, first_on=first_on)
        if not rows.exists():
            raise Http404
        return Asked(code, first_on, tuple(ReturnFigure.objects.of_period(code, first_on)), rows)

    def may(self, user, context):
        return is_office(user)

    def sheet_for(self, context):
        if context is None:
            return Sheet(CODE, "报表数据", (Column("studio", "工作室", required=True),))
        studios = Studio.objects.filter(residencies__returns__in=context.rows).order_by("name")
        return Sheet(
            CODE,
            "报表数据",
            (
                Column(
                    "studio",
                    "工作室",
                    "choice",
                    required=True,
                    width=28,
                    choices=lambda: dict(studios.values_list("name", "pk")),
                ),
                *(_column(figure) for figure in context.figures),
                Column("reason", REASON, max_length=200, width=30, help="与系统记录不同的，写明原因。"),
            ),
            max_rows=2000,
        )

    def back(self, context):
        return (context.address if context else reverse("workshops:returns")), "5.3"

    def lock(self, rows, context):
        list(context.rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))

    def check(self, rows, context, by):
        returns = {}
        for row in context.rows.select_related("residency").order_by("pk"):
            returns[row.residency.studio_id] = row
        values = {}
        for value in ReturnValue.objects.filter(
            statistical_return__in=context.rows.order_by()
        ).select_related("figure"):
            values.setdefault(value.statistical_return_id, {})[value.figure.code] = value
        own = set(Studio.objects.of(by).values_list("pk", flat=True))
        prepared, faults, seen = [], [], {}
        for row in rows:
            number, studio = row["_row"], row["studio"]
            record = returns[studio]
            if seen.setdefault(studio, number) != number:
                faults.append(Fault(number, "工作室", f"与第 {seen[studio]} 行重复。"))
            elif studio in own:
                faults.append(Fault(number, "工作室", "不能代录自己工作室的报表。"))
            elif record.status not in FILLING:
                text = f"这份报表现在是“{record.get_status_display()}”，不能修改。"
                faults.append(Fault(number, "工作室", text))
            else:
                item, wrong = self._row(row, record, values.get(record.pk, {}), context)
                faults += wrong
                prepared += [] if wrong else [item]
        return prepared, faults

    def _row(self, row, record, values, context):
        entries, notes, old, faults = {}, [], [], []
        for figure in context.figures:
            new, value = row[f"f_{figure.code}"], values.get(figure.code)
            if new is None or value is None:
                continue
            new = Decimal(new)
            if value.known is not None and new != value.known and not (row["reason"] or value.reason):
                known = shown(value.known, figure.kind, figure.unit)
                faults.append(Fault(row["_row"], figure.label, f"系统记录是 {known}，请写明“{REASON}”。"))
            if new != value.value:
                before = shown(value.value, figure.kind) or "空"
                notes.append(f"{figure.label} {before} → {shown(new, figure.kind)}")
                old.append((value.pk, str(value.value)))
                entries[value.pk] = (new, row["reason"] or value.reason)
        if not entries:
            return Prepared(row["_row"], SAME), faults
        note = "；".join(notes[:3]) + (f"；等 {len(notes)} 处" if len(notes) > 3 else "")
        seen = (record.pk, record.version, old)
        return Prepared(row["_row"], CHANGED, (record, entries), note, seen=seen), faults

    def write(self, prepared, context, by):
        for item in prepared:
            record, entries = item.data
            acts.save_values(record, entries, by=by, note=record.note)
        definition = ReturnDefinition.objects.filter(code=context.code).order_by("-version").first()
        audit.record(
            "import_return", definition, by=by, after=f"{len(prepared)}家", note=f"{context.first_on}", clause="5.3"
        )  # fmt: skip


def import_address(code, first_on) -> str:
    """The page where figures of a period are imported."""
    return import_url(CODE, f"{code}_{first_on}")
