"""The day of the statistical returns [5.3]: periods that have ended are opened, then studios are reminded."""

from workshops.actions import returns_opening


def run(today=None) -> tuple[int, int]:
    """(returns opened, reminders sent). A second run on the same day does nothing."""
    return returns_opening.open_ended_periods(today), returns_opening.remind(today)
