"""When does a period counted in months end, and how near is that [4.1][T6]? Days only, no database."""

from datetime import date, timedelta

RENT_FREE_MONTHS = 24  # “2年内免交房租” [4.1]: the regulation's own number, not a setting of the park


def end_of_months(start: date, months: int) -> date:
    """The last day of so many months that begin with `start`, both ends counted: the day before the corresponding
    day. A month without that day ends the period with its own last day (民法典第二百零二条): 29 February 2024 and
    24 months is 28 February 2026."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day) - timedelta(days=1)
    except ValueError:  # no corresponding day
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1) - timedelta(days=1)


def months_between(start: date, end: date) -> int | None:
    """How many whole months a period has; None where it is not one of whole months."""
    about = (end.year - start.year) * 12 + end.month - start.month
    return next((m for m in (about, about + 1) if m > 0 and end_of_months(start, m) == end), None)


def rent_free_until(start: date) -> date:
    """The last day without rent [4.1]."""
    return end_of_months(start, RENT_FREE_MONTHS)


def days_left(ends_on: date, today: date) -> int:
    """Days after today up to the last one; 0 on the last day, negative afterwards."""
    return (ends_on - today).days


def threshold_reached(left: int, thresholds) -> int | None:
    """The nearest of the thresholds (days before the end) that has come; None while none has.

    So a morning that was missed is made up for by the next one, and nobody hears three warnings at once.
    """
    return min((days for days in thresholds if left <= days), default=None)


def corresponding_day(day: date, months: int) -> date:
    """The last day of so many months that run from the day after `day`: the corresponding day of the last month, or
    that month's own last day where it has none (民法典第二百零一、二百零二条): 30 November and three months is the
    end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:  # no corresponding day
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1) - timedelta(days=1)
