"""All studios of a year side by side: what their cards would say, searched, filtered, sorted and summed [5.2][A2]."""

from dataclasses import dataclass
from decimal import Decimal

import django_filters
from django.db.models import F, Max, Q
from django.utils import timezone

from assessments.models import Projection
from assessments.scoring import CardResult, is_failing
from park.models import CraftField, District
from park.points import rounded, shown
from park.tables import QuickSelect
from workshops.models import LedgerRecord, Studio

TOTAL = F("base") + F("bonus")
ORDERS = {
    "": ("总分从低到高", (TOTAL.asc(), "studio__name")),
    "total": ("总分从高到低", (TOTAL.desc(), "studio__name")),
    "base": ("基础分从低到高", ("base", "studio__name")),
    "base-high": ("基础分从高到低", ("-base", "studio__name")),
    "name": ("工作室名称", ("studio__name",)),
}
HEAT = 5  # tints: nothing, and four quarters of the maximum


class ProjectionFilter(django_filters.FilterSet):
    """Everything is kept in the address."""

    q = django_filters.CharFilter(label="搜索", method="search")
    risk = django_filters.ChoiceFilter(
        label="风险",
        field_name="at_risk",
        empty_label="全部工作室",
        choices=[("1", "低于合格线")],
        method="at_risk",
        widget=QuickSelect,
    )
    field = django_filters.ChoiceFilter(
        label="专业领域", field_name="studio__craft_field__code", empty_label="全部领域", widget=QuickSelect
    )
    district = django_filters.ChoiceFilter(
        label="属地", field_name="studio__district__code", empty_label="全部属地", widget=QuickSelect
    )

    class Meta:
        model = Projection
        fields = ["q", "risk", "field", "district"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("field", CraftField), ("district", District)):
            self.filters[name].extra["choices"] = list(model.objects.values_list("code", "label"))

    def search(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(Q(studio__name__contains=value) | Q(studio__leader_name__contains=value))

    def at_risk(self, queryset, name, value):
        return queryset.filter(at_risk=True)


def found_for(user, asked, year) -> tuple[ProjectionFilter, object]:
    """(the filter, its rows in no order yet): those of the year that this person may see."""
    rows = Projection.objects.filter(year=year, studio__in=Studio.objects.visible_to(user))
    found = ProjectionFilter(asked, queryset=rows)
    return found, found.qs if found.is_valid() else rows


def order_of(asked) -> str:
    return asked.get("sort", "") if asked.get("sort") in ORDERS else ""


@dataclass(frozen=True)
class Sums:
    """Over all rows that were found, on whichever page they stand."""

    count: int
    at_risk: int
    base: str  # means
    total: str
    items: dict[str, str]
    computed_at: object  # of the oldest, None without rows


def sums_of(rows) -> Sums:
    """One query."""
    count = at_risk = 0
    base = total = Decimal(0)
    points: dict[str, Decimal] = {}
    oldest = None
    for row_base, bonus, risk, given, computed in rows.order_by().values_list(
        "base", "bonus", "at_risk", "points", "computed_at"
    ):
        count, at_risk, base, total = count + 1, at_risk + risk, base + row_base, total + row_base + bonus
        oldest = min(oldest or computed, computed)
        for code, value in given.items():
            points[code] = points.get(code, Decimal(0)) + Decimal(value)
    mean = lambda value: shown(rounded(value / count)) if count else ""  # noqa: E731
    return Sums(count, at_risk, mean(base), mean(total), {c: mean(v) for c, v in points.items()}, oldest)


def changed_since(rows) -> set[int]:
    """Studios with a record verified after their row was computed: its points are no longer those of today. One query
    for the rows of a page."""
    if not rows:
        return set()
    known = {row.studio_id: row.computed_at for row in rows}
    newer = LedgerRecord.objects.verified().filter(studio__in=known, status_since__gt=min(known.values()))
    latest = newer.order_by().values("studio").annotate(at=Max("status_since"))
    return {studio for studio, at in latest.values_list("studio", "at") if at > known[studio]}


@dataclass(frozen=True)
class Cell:
    points: str
    heat: int  # 0 for nothing, 4 for all of it


def cells_of(row: Projection, items) -> list[Cell]:
    return [cell(row.points.get(item.code), item.max_points) for item in items]


def cell(points, most) -> Cell:
    """Points with their share of the maximum; "" and no tint where the row does not know the item."""
    if points is None:
        return Cell("", 0)
    share = Decimal(points) / Decimal(most)
    heat = 0 if not share else HEAT - 1 if share >= 1 else 1 + int(share * (HEAT - 2))
    return Cell(points, heat)


def is_ungraded(row: Projection, values) -> bool:
    """Below the mark and yet not at risk: not long enough in the park to be graded [S16]."""
    return not row.at_risk and is_failing(CardResult(row.studio_id, row.base, row.bonus), values)


def is_stale(sums: Sums) -> bool:
    """Older than a day: the chore of the morning did not run."""
    return bool(sums.computed_at) and (timezone.now() - sums.computed_at).total_seconds() > 36 * 3600


def sheet_rows(rows, items):
    """The same rows for the sheet, one query."""
    for row in rows.select_related("studio__craft_field", "studio__district"):
        studio, points = row.studio, row.points
        yield {
            "studio": studio.name,
            "leader": studio.leader_name,
            "field": studio.craft_field.label if studio.craft_field else "",
            "district": studio.district.label if studio.district else "",
            **{item.code: Decimal(points[item.code]) if item.code in points else None for item in items},
            "base": row.base,
            "bonus": row.bonus,
            "total": row.total,
            "risk": row.at_risk,
            "computed_at": f"{timezone.localtime(row.computed_at):%Y-%m-%d %H:%M}",
        }
