"""What has to happen because a day has passed? Every app says it once; `manage.py run_daily` does it every morning.

A chore is safe to repeat on the same day, works in transactions of its own, and returns how many records it touched.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Chore:
    """One thing of the morning; `says` stands before the count in the output: “补正到期提醒”."""

    says: str
    work: Callable[[], int]


CHORES: dict[str, Chore] = {}


def register(says: str, work: Callable[[], int]) -> None:
    """Make a chore known, in `AppConfig.ready`; they run in the order of registration. Twice is once."""
    CHORES.setdefault(says, Chore(says, work))
