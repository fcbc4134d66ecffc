"""Who reports, mends and accepts [5.3]? The logistics mend, whoever reported says whether it is mended."""

from workshops.models import Studio
from workshops.permissions import is_logistics, is_of_studio, is_office


def may_report(user, studio=None) -> bool:
    """A studio for its own rooms; the office and the logistics for public places."""
    return is_office(user) or is_logistics(user) or Studio.objects.of(user).exists()


def mends(user, ticket) -> bool:
    """镇江技师学院 [5.1], not for a studio of one's own."""
    return is_logistics(user) and not (ticket.studio_id and is_of_studio(user, ticket.studio))


def reported(user, ticket) -> bool:
    """The studio it is for; where it is for none, whoever reported it."""
    if user is None or not user.is_authenticated:
        return False
    return is_of_studio(user, ticket.studio) if ticket.studio_id else ticket.reported_by_id == user.pk


def accepts_result(user, ticket) -> bool:
    """The studio; for a public place the office, which did not mend it."""
    return is_of_studio(user, ticket.studio) if ticket.studio_id else is_office(user)
