"""How many days in the park does a month ask for, and how many are short? Pure arithmetic for [A2.2].

The regulation: 每月到园时间不少于10天. What a month that is only partly covered asks for is the park's own decision
[S2b]: the quota is reduced in proportion to the days that count, rounded down.
"""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

REQUIRED_DAYS = 10  # a month [A2.2]


@dataclass(frozen=True)
class MonthRecord:
    """One month of one studio; all figures are days."""

    month: date  # its first day
    quota: int
    present: int

    @property
    def short(self) -> int:
        """So many days are missing; each costs two points in [A2.2]."""
        return max(0, self.quota - self.present)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def quota(month: date, since: date | None, until: date | None, excused: Collection[date] = ()) -> int:
    """Days that the month asks for: ten, less in proportion to the days outside the term or excused.

    `since` and `until` bound the residency, both inclusive; None is open. A month wholly outside asks for nothing.
    """
    first, last = month_of(month)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    counting = sum(
        (since is None or day >= since) and (until is None or day <= until) and day not in excused
        for day in days
    )
    return REQUIRED_DAYS * counting // len(days)


def month_record(month, days: Collection[date], since, until, excused=()) -> MonthRecord:
    """The record of one month; `days` on which somebody who counts was there, once each [S2c]."""
    first, last = month_of(month)
    present = len({day for day in days if first <= day <= last})
    return MonthRecord(first, quota(first, since, until, excused), present)


def days_between(spans: Collection[tuple[date, date]]) -> set[date]:
    """Every day of these spans, both ends included."""
    return {start + timedelta(n) for start, end in spans for n in range((end - start).days + 1)}
