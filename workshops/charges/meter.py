"""How much went through a meter, and does a reading look wrong [5.3]?"""

import itertools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from park.wording import chinese_month

ENOUGH = 3  # earlier intervals before a reading can look unusual


class Read(NamedTuple):
    """What a meter showed on a day. `key` is whatever the caller knows it by."""

    day: date
    value: Decimal
    key: int = 0


def per_day(earlier: Read, later: Read) -> Decimal:
    days = max((later.day - earlier.day).days, 1)
    return (later.value - earlier.value) / days


def is_unusual(readings: Sequence[Read], factor: int) -> bool:
    """Is the use before the last reading more than `factor` times the median of what was used before it?

    Use is compared by the day, so a month that was left out looks like no leak. Few readings say nothing.
    """
    rates = [per_day(a, b) for a, b in itertools.pairwise(readings)]
    if len(rates) <= ENOUGH:
        return False
    usual = median(rates[:-1])
    return rates[-1] > usual * factor if usual else rates[-1] > 0


def falls(readings: Sequence[Read], new: Read) -> str:
    """Why a new reading cannot be: one sentence, or "". A meter only counts up; a new one begins anew."""
    before = max((r for r in readings if r.day < new.day), default=None)
    after = min((r for r in readings if r.day > new.day), default=None)
    if before and new.value < before.value:
        return f"读数小于{before.day:%Y-%m-%d}的{before.value:f}；换过表的，请先登记换表。"
    if after and new.value > after.value:
        return f"读数大于{after.day:%Y-%m-%d}的{after.value:f}，请核对日期和读数。"
    return ""


class Used(NamedTuple):
    """From one reading to another."""

    start: Read
    end: Read

    @property
    def quantity(self) -> Decimal:
        return self.end.value - self.start.value


def to_bill(readings, period, *, since, until, left_before, billed) -> Used | str:
    """What one holder of a room is billed for one meter in a period, or one sentence that says what is missing.

    `since`, `until`: from when to when the room is held (until None: still). `left_before`: when the holder before
    handed it back. `billed`: (day, day) of what is billed already for this meter. The bill goes from where the last
    one ended, or from the reading at the hand-over, to the last reading of the period; "" where there is nothing.
    """
    first, last = max(period.first, since), min(period.last, until or period.last)
    found = [r for r in readings if first <= r.day <= last]
    end = max(found, default=None)
    if end is None:
        return "" if _is_billed(billed, first, last) else f"{chinese_month(period.first)}没有读数"
    if until and until <= period.last and end.day < until:
        return "没有交还时的读数"
    ended = max((b for _, b in billed if b < end.day), default=None)
    if ended is not None and ended >= since:
        starts = [r for r in readings if r.day == ended]
    else:
        starts = [r for r in readings if (left_before or date.min) <= r.day <= since]
    start = max(starts, default=None)
    if start is None:
        return "没有交接时的读数"
    if start.day >= end.day:
        return "" if end.day == since else f"{chinese_month(period.first)}没有读数"
    if any(a < end.day and b > start.day for a, b in billed):
        return ""  # inside another bill
    return Used(start, end)


def _is_billed(billed, first, last) -> bool:
    return any(a <= first and b >= last for a, b in billed)
