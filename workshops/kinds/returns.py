"""Which months, quarters and years are reported [5.3]? Plain dates; a period has a first and a last day, both inside."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """One month, quarter or year."""

    first: date
    kind: str

    @property
    def last(self) -> date:
        return _first_after(self.first, MONTHS[self.kind]) - ONE_DAY

    @property
    def before(self) -> "Period":
        return period_of(self.kind, self.first - ONE_DAY)

    @property
    def label(self) -> str:
        """2026年3月, 2026年第1季度, 2026年."""
        year = f"{self.first.year}年"
        if self.kind == "year":
            return year
        return year + (
            f"第{(self.first.month + 2) // 3}季度" if self.kind == "quarter" else f"{self.first.month}月"
        )

    def __str__(self):
        return self.label


def period_of(kind: str, day: date) -> Period:
    """The period that a day lies in."""
    months = MONTHS[kind]
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), kind)


def last_ended(kind: str, today: date) -> Period:
    """The latest period that is over: its last day was yesterday or earlier."""
    return period_of(kind, today).before


def ended_periods(kind: str, today: date, count: int) -> list[Period]:
    """So many periods that are over, the latest first."""
    found = [last_ended(kind, today)]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def _first_after(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
