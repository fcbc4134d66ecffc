"""How do past acts get past dates without writing them by hand? The one clock of Django is set back for a while."""

import contextlib
from datetime import datetime, time, timedelta
from unittest import mock

from django.utils import timezone

from park import workdays

TICK = timedelta(seconds=1)
LATEST = timedelta(minutes=30)  # acts of today lie at least this far back, so that ticking stays in the past


class Clock:
    """Moves on by a second with every look, and never back."""

    def __init__(self):
        self.moment = None

    def set(self, moment):
        self.moment = max(moment, self.moment or moment)

    def look(self):
        self.moment += TICK
        return self.moment


@contextlib.contextmanager
def travelling(start):
    """Everything inside that asks `timezone.now` (fields' defaults too) gets the yielded clock's time."""
    clock = Clock()
    clock.set(start)

    class Travelled(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.look().astimezone(tz)

    with mock.patch.object(timezone, "datetime", Travelled):
        yield clock


class Calendar:
    """Moments counted in working days before the day of loading."""

    def __init__(self):
        self.now = timezone.now()
        self.today = timezone.localdate()
        self._days = {}

    def at(self, days_ago, hour, minute=0):
        if days_ago not in self._days:
            self._days[days_ago] = workdays.add_workdays(self.today, -days_ago)
        moment = timezone.make_aware(datetime.combine(self._days[days_ago], time(hour, minute)))
        return min(moment, self.now - LATEST)
