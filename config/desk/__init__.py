"""What does each procedure want from this person next? The sections of 待办, one per list that somebody keeps."""

from dataclasses import replace

from django.urls import reverse

from config.desk import (
    admission,
    benefit,
    evaluation,
    facilities,
    fee,
    inspection,
    leaders,
    ledger,
    projection,
    rectification,
    residency,
    returns,
    revocation,
)
from config.desk.rows import Row, drawn
from park.models import Role
from workshops.models import Studio

__all__ = ["Row", "calendars_of", "sections_for"]

SHORT = 8  # rows of a section of life in the park
PASSING = (
    residency, revocation, rectification, ledger, returns, fee, evaluation, projection, inspection, facilities, benefit, leaders,
)  # fmt: skip


def sections_for(user) -> list[dict]:
    """{title, rows, is_cut, more (address of the whole list), empty}; a list without rows is left out unless it is
    somebody's main one. Of what is looked after in passing, the first few; the whole list is a click away."""
    passing = (section for part in PASSING for section in part.sections_for(user))
    return drawn([*admission.sections_for(user), *(replace(one, most=SHORT) for one in passing)], user)


def calendars_of(user) -> list[tuple[str, str]]:
    """(name, address) of the duty calendars that are this person's own: the park's, or those of one's studios."""
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS):
        return [("全园待办日历", reverse("workshops:duties"))]
    if not user.has_role(Role.APPLICANT):
        return []
    return [
        (f"{studio.name}待办日历", reverse("workshops:studio_duties", args=[studio.key]))
        for studio in Studio.objects.of(user).order_by("name")
    ]
