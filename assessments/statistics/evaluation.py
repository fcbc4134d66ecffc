"""How did the years end: how many studios of each grade, and what they reached on average [5.2][A2]?"""

from decimal import Decimal

from django.db.models import Avg, Count

from assessments.models import CycleStatus, GradeOfYear, Scorecard, ScorecardStatus
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
    return Decimal(str(value)) if value is not None else Decimal(0)
