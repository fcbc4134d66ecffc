"""How do past acts get past dates without writing them by hand? The one clock of Django is set back for a while."""

import contextlib
from datetime import UTC, datetime, time, timedelta
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
        """Go on to this moment, unless it is past already."""
        self.moment = max(moment, self.moment or moment)

    def look(self):
        """The time, a second later than before; never later than it really is."""
        self.moment = max(self.moment, min(self.moment + TICK, datetime.now(UTC)))
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
    """Days and moments counted in working days before the day of loading; a negative number is after it."""

    def __init__(self):
        self.now = timezone.now()
        self.today = timezone.localdate()
        self._days = {}

    def day(self, days_ago):
        if days_ago not in self._days:
            self._days[days_ago] = workdays.add_workdays(self.today, -days_ago)
        return self._days[days_ago]

    def at(self, days_ago, hour, minute=0):
        """A moment that is over: what is told of today lies before now, but on this day."""
        moment = timezone.make_aware(datetime.combine(self.day(days_ago), time(hour, minute)))
        midnight = timezone.make_aware(datetime.combine(self.today, time()))
        latest = self.now - LATEST
        return min(moment, latest if days_ago else max(latest, midnight))
