"""How did the years end: how many studios of each grade, and what they reached on average [5.2][A2]?"""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Avg, Count

from assessments.models import CycleStatus, GradeOfYear, Scorecard, ScorecardStatus
from park.points import shown as as_read
from workshops.ranking import Rank
from workshops.statistics.period import Period
from workshops.statistics.table import Measure, Table

YEARS = 5  # closed years side by side


def tables(period: Period) -> list[Table]:
    """Two queries: closed years up to the one asked for."""
    rows = Scorecard.objects.filter(
        status=ScorecardStatus.FINAL, cycle__status=CycleStatus.CLOSED, cycle__year__lte=period.last.year
    ).order_by()
    by_year: dict[int, dict[str, int]] = {}
    for year, grade, n in rows.values_list("cycle__year", "grade").annotate(n=Count("pk")):
        by_year.setdefault(year, {})[grade] = n
    shown = sorted(by_year)[-YEARS:]
    averages = rows.filter(cycle__year__in=shown).values_list("cycle__year")
    averages = averages.annotate(base=Avg("base"), bonus=Avg("bonus"))
    means = {year: (_tenths(base), _tenths(bonus)) for year, base, bonus in averages}
    grades = Table(
        "grades", "年度考核等次", "年度",
        tuple(Measure(label, unit="家") for label in GradeOfYear.labels),
        [(f"{year}年", *(by_year[year].get(code, 0) for code in GradeOfYear.values)) for year in shown],
        chart="columns", drawn=(0, 3), empty="还没有办结的年度考核。", note="已办结的考核，按最终结果。",
    )  # fmt: skip
    points = Table(
        "points", "年度考核平均分", "年度", (Measure("基础分", "percent"), Measure("附加分", "percent")),
        [(f"{year}年", *means[year]) for year in shown],
        chart="columns", empty="还没有办结的年度考核。", note="基础分、附加分满分各100分，平均分占满分的百分比。",
    )  # fmt: skip
    return [grades, points]


def _tenths(value) -> Decimal:
    """A mean of points: the database keeps them as whole tenths."""
    return Decimal(str(value)).scaleb(-1) if value is not None else Decimal(0)


# ── what follows from the results ───────────────────────────────────────────────────────────────
def last_results(studios: Collection[int], until: int | None = None) -> dict[int, Scorecard]:
    """studio → its final card of the last closed year, up to `until`; one query."""
    rows = Scorecard.objects.filter(
        studio__in=studios, status=ScorecardStatus.FINAL, cycle__status=CycleStatus.CLOSED
    )
    if until is not None:
        rows = rows.filter(cycle__year__lte=until)
    return {row.studio_id: row for row in rows.select_related("cycle").order_by("cycle__year")}


def ranks(studios: Collection[int], year: int) -> dict[int, Rank]:
    """择优 [4.5]: the place by 总分 in the last year that was closed; who was not graded in it has none."""
    closed = Scorecard.objects.filter(cycle__status=CycleStatus.CLOSED, cycle__year__lte=year)
    last = closed.order_by("-cycle__year").values_list("cycle__year", flat=True).first()
    if last is None:
        return {}
    rows = closed.filter(
        cycle__year=last, studio__in=studios, place__isnull=False, status=ScorecardStatus.FINAL
    )
    return {
        row.studio_id: Rank(
            row.place, f"{last}年度考核总分{as_read(row.total)}分，第{row.place}名，{row.get_grade_display()}"
        )
        for row in rows
    }
