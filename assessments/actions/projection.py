"""The points of all studios as they stand today, kept for the view side by side and renewed in one pass [5.2][A2]."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.facts import residencies_in, stays_in
from assessments.models import CycleStatus, EvaluationCycle, Projection
from assessments.permissions.projection import renews_projections
from assessments.projecting import Projected, basis_of, projecting
from park import daily, jobs
from park.points import shown
from park.workflow import Refused

KIND = "projections"
WRITTEN = ["points", "base", "bonus", "at_risk", "computed_at"]


def renew(year: int, today: date, advance=lambda: None) -> int:
    """Count every studio of the year anew: so many. The queries do not grow with their number, the rows are written
    in blocks. `advance` is called once per studio."""
    now, rows = timezone.now(), []
    for card in projecting(basis_of(year), stays_in(year), today):
        rows.append(_row(card, year, now))
        advance()
    rows.sort(key=lambda row: row.studio_id)  # two renewals at once lock in the same order
    with transaction.atomic():
        Projection.objects.filter(year=year).exclude(studio__in=[row.studio_id for row in rows]).delete()
        Projection.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["studio", "year"], update_fields=WRITTEN
        )
    return len(rows)


def _row(card: Projected, year, now) -> Projection:
    return Projection(
        studio_id=card.stay.residency.studio_id,
        year=year,
        points={code: shown(result.points) for code, result in card.results.items()},
        base=card.base,
        bonus=card.bonus,
        at_risk=card.at_risk,
        computed_at=now,
    )


def running_years(today: date) -> list[int]:
    """This year, and the last one until its evaluation is closed."""
    closed = EvaluationCycle.objects.filter(year=today.year - 1, status=CycleStatus.CLOSED).exists()
    return [today.year] if closed else [today.year - 1, today.year]


def renew_running_years() -> int:
    """The chore of the day."""
    today = timezone.localdate()
    return sum(renew(year, today) for year in running_years(today))


# ── on demand, as a job ─────────────────────────────────────────────────────────────────────────
def start_renewal(year: int, *, by):
    """A job that counts the year anew. Raises Refused where nobody was in the park in it."""
    total = residencies_in(year).values("studio").distinct().order_by().count()
    if not total:
        raise Refused(f"{year}年没有在园的工作室，不需要计算。")
    back = f"{reverse('assessments:projections')}?year={year}"
    return jobs.start(KIND, f"重新计算{year}年度得分预测", {"year": year, "back": back}, total, by)


def carry_out(work: jobs.Work) -> None:
    renew(work.arguments["year"], timezone.localdate(), work.advance)


def register() -> None:
    """Make the job and the chore known, in `AppConfig.ready`."""
    jobs.register(KIND, carry_out, may=renews_projections)
    daily.register("年度得分预测", renew_running_years)
