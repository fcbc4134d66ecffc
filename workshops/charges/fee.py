"""Which days of a month are billed, at which price, and what comes out in fen [5.3][4.1]?

Days are inclusive on both ends. A day of the stay is either billed for rent or waived, never both and never
neither [Y1]; amounts are rounded half up, once per line.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day) -> bool:
        return self.first <= day <= self.last


def month_of(day: date) -> Span:
    """The calendar month a day is in."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1), day.replace(day=last))


def next_month(day: date) -> date:
    return month_of(day).last + ONE_DAY


def previous_month(day: date) -> date:
    return (month_of(day).first - ONE_DAY).replace(day=1)


def common(*spans: tuple[date | None, date | None] | Span) -> Span | None:
    """The days that all spans have in common; None as an end means without end. None where there are none."""
    pairs = [(s.first, s.last) if isinstance(s, Span) else s for s in spans]
    first = max(first for first, _ in pairs if first is not None)
    last = min(last for _, last in pairs if last is not None)
    return Span(first, last) if first <= last else None


def outside(span: Span, hole: Span | None) -> list[Span]:
    """What is left of `span` without the days of `hole`."""
    if hole is None or hole.last < span.first or hole.first > span.last:
        return [span]
    parts = []
    if span.first < hole.first:
        parts.append(Span(span.first, hole.first - ONE_DAY))
    if hole.last < span.last:
        parts.append(Span(hole.last + ONE_DAY, span.last))
    return parts


@dataclass(frozen=True)
class RentDays:
    """One stay in one month: which days are billed for rent and which are waived [4.1]."""

    billed: list[Span]
    waived: Span | None

    @property
    def billed_days(self) -> int:
        return sum(span.days for span in self.billed)

    @property
    def waived_days(self) -> int:
        return self.waived.days if self.waived else 0


def rent_days(stay: Span | None, waiver: Span | None) -> RentDays:
    """Every day of the stay is billed or waived. `stay` is the part of the period in which the room is held."""
    if stay is None:
        return RentDays([], None)
    waived = common(stay, waiver) if waiver else None
    return RentDays(outside(stay, waived), waived)


@dataclass(frozen=True)
class Price:
    """A rate: fen per unit from a day on, until a day or without end. `key` is whatever the caller knows it by."""

    key: int
    fen: Decimal
    since: date
    until: date | None = None


def price_on(prices: Iterable[Price], day: date) -> Price | None:
    return next((p for p in prices if p.since <= day and (p.until is None or day <= p.until)), None)


def priced(span: Span, prices: Iterable[Price]) -> tuple[list[tuple[Span, Price]], int]:
    """The span cut where the price changes, in order; and how many of its days have no price."""
    parts = [(days, p) for p in prices if (days := common(span, (p.since, p.until)))]
    parts.sort(key=lambda part: part[0])
    return parts, span.days - sum(days.days for days, _ in parts)


def half_up(amount: Fraction) -> int:
    """Nearest integer, halves away from zero: 0.5 fen is one fen."""
    sign = -1 if amount < 0 else 1
    return sign * int(abs(amount) + Fraction(1, 2))


def metered_amount(quantity: Decimal, fen: Decimal) -> int:
    """What was used, in units of the rate × fen per unit."""
    return half_up(Fraction(quantity) * Fraction(fen))


def monthly_amount(quantity: Decimal, fen: Decimal, days: Span) -> int:
    """Square metres (or 1) × fen a month, by the days of the month in which they are used."""
    return half_up(Fraction(quantity) * Fraction(fen) * days.days / month_of(days.first).days)
