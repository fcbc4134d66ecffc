"""How old is a debt, and what does an account say month by month [5.3]?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

BANDS = ((0, 30, "30天以内"), (31, 90, "31至90天"), (91, None, "90天以上"))


def days_over(due: date, today: date) -> int:
    """Days past the due day; the day itself is in time."""
    return (today - due).days


def band_of(days: int) -> str:
    """The heading of an overdue debt; "" where it is not overdue."""
    if days <= 0:
        return ""
    return next(label for first, last, label in BANDS if days >= first and (last is None or days <= last))


def threshold_of(days: int, thresholds: Iterable[int]) -> int | None:
    """The latest threshold (in days past the due day, negative before it) that a debt has reached."""
    return max((t for t in thresholds if days >= t), default=None)


@dataclass(frozen=True)
class Movement:
    """One line of an account: a bill adds, a payment takes off (a reversal adds again)."""

    day: date
    text: str
    number: str
    fen: int  # what it adds to the debt
    is_bill: bool = False  # or takes back a bill


@dataclass(frozen=True)
class Account:
    """What was owed at the beginning of a month, what happened, and what is owed at its end."""

    opening: int
    billed: int
    paid: int
    lines: list

    @property
    def closing(self) -> int:
        return self.opening + self.billed - self.paid


def account(movements: Iterable[Movement], first: date, last: date) -> Account:
    rows = sorted(movements, key=lambda m: (m.day, not m.is_bill, m.number))
    inside = [m for m in rows if first <= m.day <= last]
    lines, balance = [], (opening := sum(m.fen for m in rows if m.day < first))
    for movement in inside:
        balance += movement.fen
        lines.append((movement, balance))
    billed = sum(m.fen for m in inside if m.is_bill)
    return Account(opening, billed, billed - sum(m.fen for m in inside), lines)
