"""When does a period counted in working days end?

The day a period starts on is not counted; it ends on a working day. The calendar is the table `Workday`, which
the office edits; days without a row are working days from Monday to Friday. A computation costs one query.
"""

from datetime import date, datetime, timedelta

from django.db.models import Max

from park.models import Workday

ONE_DAY = timedelta(days=1)


def is_workday(day: date) -> bool:
    return _works(day, _exceptions(date=_checked(day)))


def add_workdays(start: date, n: int) -> date:
    """The n-th working day after `start`, before it where n is negative; `start` itself where n is 0."""
    _checked(start)
    if n == 0:
        return start
    forward = n > 0
    exceptions = _exceptions(date__gt=start) if forward else _exceptions(date__lt=start)
    day, left = start, abs(n)
    while left:
        day += ONE_DAY if forward else -ONE_DAY
        left -= _works(day, exceptions)
    return day


def workdays_between(start: date, end: date, calendar: dict[date, bool] | None = None) -> int:
    """Working days after the earlier date, up to and including the later; negative where `end` is the earlier.

    So counts add up, a deadline of today leaves 0, and workdays_between(a, add_workdays(a, n)) == n for n >= 0
    (for n < 0 where `a` is itself a working day). A page that counts to many days passes the `whole_calendar()`.
    """
    first, last = sorted((_checked(start), _checked(end)))
    if calendar is None:
        calendar = _exceptions(date__gt=first, date__lte=last)
    count = sum(_works(first + timedelta(days=i), calendar) for i in range(1, (last - first).days + 1))
    return count if start <= end else -count


def covered_until() -> date | None:
    """The last day of the last year whose official arrangement is in the table; None while it is empty.

    The State Council announces a whole year at once, so a year is known when its 1 October has a row. A single
    day that the office entered for a later year does not make that year known.
    """
    last = Workday.objects.filter(date__month=10, date__day=1).aggregate(last=Max("date"))["last"]
    return last and date(last.year, 12, 31)


def warning_if_uncovered(day: date) -> str:
    """One sentence to show beside a deadline that lies beyond the calendar, else ""."""
    known = covered_until()
    if known and _checked(day) <= known:
        return ""
    until = f"只录到{known.year}年底" if known else "还没有录入"
    return f"工作日历{until}，{day.year}年的期限暂按周一至周五推算，放假安排公布并录入后以重新核对为准。"


def whole_calendar() -> dict[date, bool]:
    """Every row of the table, in one query."""
    return _exceptions()


def _exceptions(**span) -> dict[date, bool]:
    return dict(Workday.objects.filter(**span).order_by().values_list("date", "is_workday"))


def _works(day: date, exceptions: dict[date, bool]) -> bool:
    return exceptions.get(day, day.weekday() < 5)


def _checked(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("working days count dates in local time, not moments: use timezone.localdate(moment)")
    return day
