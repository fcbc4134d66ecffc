"""Who may do what to a residency, its agreement and its rooms [5.1][5.3]."""

from park.models import Role
from park.permissions import has_role
from workshops.permissions import is_logistics, is_logistics_officer, is_of_studio, is_office, is_officer

_decides_on_evaluation = has_role(Role.WORKING_GROUP)


def manages_residency(user, residency) -> bool:
    """The office, never for a studio of one's own."""
    return is_officer(user, residency.studio)


def serves_residency(user, residency) -> bool:
    """Who hands rooms over: 镇江技师学院 or the office [5.1]."""
    return is_logistics_officer(user, residency.studio)


def is_of_residency(user, residency) -> bool:
    """The studio itself."""
    return is_of_studio(user, residency.studio)


def brings_signed_papers(user, residency) -> bool:
    """The studio uploads what it signed, or the office takes it in at the counter."""
    return is_of_residency(user, residency) or manages_residency(user, residency)


def carries_out_evaluation(user, residency) -> bool:
    """What an evaluation leads to [5.4]: the system, the office or the working group; never one's own studio."""
    if user is None:
        return True
    return is_officer(user, residency.studio) or (
        _decides_on_evaluation(user) and not is_of_studio(user, residency.studio)
    )


def registers_rooms(user, room=None) -> bool:
    """The office and 镇江技师学院 keep the register of rooms."""
    return is_office(user) or is_logistics(user)
