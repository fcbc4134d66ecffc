"""Which days does a statistic cover: one year, or one quarter of it?"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

QUARTERS = (1, 2, 3, 4)


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def quarter_span(year: int, quarter: int) -> tuple[date, date]:
    """First and last day."""
    first = date(year, quarter * 3 - 2, 1)
    return first, (first + timedelta(days=93)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A year, or a quarter of it. What stands is told as of its last day, or of today while it runs."""

    year: int
    quarter: int | None = None
    today: date = field(default_factory=timezone.localdate)

    @property
    def first(self) -> date:
        return quarter_span(self.year, self.quarter or 1)[0]

    @property
    def last(self) -> date:
        return quarter_span(self.year, self.quarter or 4)[1]

    @property
    def as_of(self) -> date:
        return min(self.last, self.today)

    @property
    def words(self) -> str:
        return f"{self.year}年第{self.quarter}季度" if self.quarter else f"{self.year}年"

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def whole_year(self) -> tuple[date, date]:
        """The year that the drawings by quarter show."""
        return date(self.year, 1, 1), date(self.year, 12, 31)

    @property
    def months_over(self) -> list[date]:
        """First days of its months that are over."""
        first, found = self.first, []
        while first <= self.last:
            after = (first + timedelta(days=31)).replace(day=1)
            if after <= self.today:
                found.append(first)
            first = after
        return found

    def quarter_ends(self, n: int = 8) -> list[tuple[str, date]]:
        """(label, day) of the last n quarters up to this period; the running one as of today."""
        year, quarter = self.as_of.year, quarter_of(self.as_of)
        found = []
        for _ in range(n):
            found.append((f"{year % 100:02}年{quarter}季", min(quarter_span(year, quarter)[1], self.as_of)))
            year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        return found[::-1]
