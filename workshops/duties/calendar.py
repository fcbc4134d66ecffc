"""How do duties stand on a page: what is late, the weeks to come, the days of a month?"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from park.tables import Month
from workshops.duties.definition import Duty


@dataclass
class Week:
    """The duties of one week, Monday to Sunday."""

    first: date
    rows: list[Duty]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(found: list[Duty]) -> list[Week]:
    """Those with a day, by week; the order is kept."""
    dated = [duty for duty in found if duty.due is not None]
    return [Week(first, list(rows)) for first, rows in groupby(dated, lambda duty: monday(duty.due))]


@dataclass
class Calendar:
    """What the page of a studio shows: late whatever the month, then the days of the month and of the next."""

    overdue: list[Duty]
    weeks: list[Week]
    later: int  # beyond what the weeks show
    undated: list[Duty]
    until: date
    by_day: dict


def calendar_of(found: list[Duty], month: Month) -> Calendar:
    """`found` is sorted by day. What has passed and is no event stands under `overdue` and nowhere else in the list."""
    overdue = [duty for duty in found if duty.is_overdue]
    first, last = month.first, _last_of(month.first)
    if first <= month.today <= last:  # the present month: from today, and the next one with it
        first, last = month.today, _last_of(last + timedelta(days=1))
    ahead = [duty for duty in found if duty.due is not None and not duty.is_overdue]
    by_day = {}
    for duty in found:
        if duty.due is not None:
            by_day.setdefault(duty.due, []).append(duty)
    return Calendar(
        overdue=overdue,
        weeks=weeks([duty for duty in ahead if first <= duty.due <= last]),
        later=sum(duty.due > last for duty in ahead),
        undated=[duty for duty in found if duty.due is None],
        until=last,
        by_day=by_day,
    )


def _last_of(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
