"""What the calendar and the office do to all returns at once: open a period, remind, urge [5.3][T10]."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from park import audit, notices, rules, workdays
from park.models import User
from park.templatetags.ui import date_zh
from park.workflow import Refused
from workshops.kinds.returns import Period, ended_periods
from workshops.models import (
    FILLING,
    Residency,
    ReturnDefinition,
    ReturnStatus,
    ReturnValue,
    StatisticalReturn,
    Studio,
)
from workshops.sources import known_figures

CLAUSE = "5.3"
# How many periods back a late run of the day still opens; older ones the office opens itself.
LOOK_BACK = {"month": 2, "quarter": 1, "year": 1}


# ── opening ─────────────────────────────────────────────────────────────────────────────────────
def deadline_of(definition, period: Period, today: date) -> date:
    """So many working days after the period; for one opened later, after the day before it was opened."""
    days = definition.due_days or rules.get("return_due_days")
    return workdays.add_workdays(max(period.last, today - timedelta(days=1)), days)


@transaction.atomic
def open_period(definition, period: Period, *, by=None, today=None) -> int:
    """One return per residency in the park that has none yet for this period, filled with what the system knows.

    Returns how many were opened: again is none. `by` is None for the calendar. Raises Refused.
    """
    today = today or timezone.localdate()
    definition = ReturnDefinition.objects.select_for_update(no_key=True).get(pk=definition.pk)
    _may_open(definition, period, today)
    residencies = list(_without_return(definition, period))
    if not residencies:
        return 0
    deadline = deadline_of(definition, period, today)
    rows = StatisticalReturn.objects.bulk_create(
        StatisticalReturn(
            residency=residency,
            definition=definition,
            definition_code=definition.code,
            first_on=period.first,
            last_on=period.last,
            deadline=deadline,
            due_on=deadline,
        )
        for residency in residencies
    )
    figures = list(definition.figures.all())
    studios = [row.residency.studio_id for row in rows]
    known = known_figures([f.source for f in figures if f.source], studios, period.first, period.last)
    ReturnValue.objects.bulk_create(
        ReturnValue(
            statistical_return=row,
            figure=figure,
            known=known.get(figure.source, {}).get(row.residency.studio_id),
        )
        for row in rows
        for figure in figures
    )
    audit.record(
        "open_return_period",
        definition,
        by=by,
        after=f"{period.label} {len(rows)}家",
        note=f"报送期限 {deadline:%Y-%m-%d}",
        clause=CLAUSE,
    )
    _tell(rows, f"已开报，请于{date_zh(deadline)}前报送。", by=by)
    return len(rows)


def _may_open(definition, period, today):
    if period.kind != definition.period:
        raise Refused(f"{definition}是{definition.get_period_display()}，不能按这个报送期开报。")
    if period.last >= today:
        raise Refused(f"{period.label}还没有结束，结束后才能开报。")
    if not definition.is_current:
        raise Refused(f"{definition}已有新版本，请用新版本开报。")
    if not is_active_for(definition, period):
        raise Refused(f"{definition}在{period.label}没有启用，请先修改启用和停用日期。")


def is_active_for(definition, period) -> bool:
    """The period ended while the definition was in use."""
    until = definition.active_until
    return definition.active_from <= period.last and (until is None or period.last <= until)


def _without_return(definition, period):
    reported = StatisticalReturn.objects.filter(
        residency=OuterRef("pk"), definition_code=definition.code, first_on=period.first
    )
    rows = Residency.objects.in_park().filter(~Exists(reported), term_starts_on__lte=period.last)
    return rows.select_related("studio").order_by("pk")


def open_ended_periods(today=None) -> int:
    """Every definition in use, every period that ended lately. Run daily; a second run opens nothing."""
    today, opened = today or timezone.localdate(), 0
    for definition in ReturnDefinition.objects.current():
        for period in ended_periods(definition.period, today, LOOK_BACK[definition.period]):
            if is_active_for(definition, period):
                opened += open_period(definition, period, today=today)
    return opened


# ── reminding ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def remind(today=None) -> int:
    """Once before the deadline and once when it has passed, to each studio that has not reported. Run daily."""
    today = today or timezone.localdate()
    near = workdays.add_workdays(today, rules.get("return_remind_days"))
    waiting = StatisticalReturn.objects.filter(status=ReturnStatus.OPEN, first_submitted_at=None)
    waiting = waiting.select_for_update(no_key=True).order_by("pk")
    early = list(waiting.filter(deadline__range=(today, near), early_reminder_on=None))
    late = list(waiting.filter(deadline__lt=today, overdue_reminder_on=None))
    for rows, mark, text in (
        (early, "early_reminder_on", "还没有报送，期限将到，请尽快报送。"),
        (late, "overdue_reminder_on", "已超过报送期限，请立即报送。"),
    ):
        StatisticalReturn.objects.filter(pk__in=[row.pk for row in rows]).update(**{mark: today})
        _tell(rows, text, by=None)
    return len(early) + len(late)


@transaction.atomic
def urge(rows, *, by) -> int:
    """The office reminds studios that have something to do; each once a day, never its own. Returns how many."""
    today = timezone.localdate()
    own = Studio.objects.of(by).values("pk")
    found = StatisticalReturn.objects.filter(pk__in=[row.pk for row in rows], status__in=FILLING)
    found = found.exclude(urged_on=today).exclude(residency__studio__in=own)
    found = list(found.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    StatisticalReturn.objects.filter(pk__in=[row.pk for row in found]).update(urged_on=today)
    _tell(found, "管理办公室催报：请尽快报送或答复。", by=by)
    for row in _with_names(found):
        audit.record("urge_return", row, by=by, clause=CLAUSE)
    return len(found)


def _with_names(rows):
    found = StatisticalReturn.objects.filter(pk__in=[row.pk for row in rows])
    return found.select_related("residency__studio", "definition").order_by("pk")


def _tell(rows, text, *, by):
    """One message to each person of each studio; the people are read once for all."""
    people = {}
    named = list(_with_names(rows))
    links = Studio.people.through.objects.filter(studio__in={row.residency.studio_id for row in named})
    users = User.objects.filter(is_active=True).in_bulk({link.user_id for link in links})
    for link in links:
        if link.user_id in users and users[link.user_id] != by:
            people.setdefault(link.studio_id, []).append(users[link.user_id])
    for row in named:
        notices.notify(
            people.get(row.residency.studio_id, []), f"{row}：{text}", url=row.get_absolute_url(), subject=row
        )
