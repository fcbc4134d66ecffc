"""Who may do what when a studio loses its leader [5.4.2]."""

from park.models import Role, WorkingGroupMember
from workshops.permissions import is_of_studio, is_officer


def working_group_seat(user):
    """The person's standing seat in the working group; None for others."""
    if user is None or not user.is_authenticated or not user.has_role(Role.WORKING_GROUP):
        return None
    return WorkingGroupMember.objects.filter(user=user, left_on=None).select_related("body").first()


def reports_leader_change(user, studio) -> bool:
    """The studio itself, or the office where nobody of the studio can."""
    return is_of_studio(user, studio) or is_officer(user, studio)


def nominates(user, change) -> bool:
    """The studio names who is to follow."""
    return is_of_studio(user, change.studio)


def reviews(user, change) -> bool:
    """The office holds the nomination against [3.1.1]; not that of a studio of their own."""
    return is_officer(user, change.studio)


def decides(user, change) -> bool:
    """The leader of the working group [5.1], never on what they checked themselves, nor on a studio of their own."""
    seat = working_group_seat(user)
    if seat is None or not seat.is_leader or is_of_studio(user, change.studio):
        return False
    nomination = change.nomination()
    return nomination is None or nomination.reviewed_by_id != user.pk
