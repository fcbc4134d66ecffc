"""Who proposes, answers, decides and serves a revocation [5.4][T13]? Nobody in office on a studio of their own, and nobody
decides what they proposed."""

from assessments.models.revocation import RevocationQuerySet
from park.permissions import has_role, is_system
from workshops.permissions import is_of_studio, is_officer
from workshops.permissions.leader_change import working_group_seat

reads_revocations = has_role(*RevocationQuerySet.readers)


def proposes_revocation(user, residency) -> bool:
    """The office, and nothing revokes by itself."""
    return is_officer(user, residency.studio)


def manages_revocation(user, revocation) -> bool:
    return is_officer(user, revocation.studio)


def manages_or_system(user, revocation) -> bool:
    """A day has passed or a room was handed back; or the office says so."""
    return is_system(user) or manages_revocation(user, revocation)


def is_of_concerned_studio(user, revocation) -> bool:
    return is_of_studio(user, revocation.studio)


def decides_revocation(user, revocation) -> bool:
    """The leader of the working group [5.1], never on what they proposed, nor on a studio of their own."""
    seat = working_group_seat(user)
    if seat is None or not seat.is_leader or is_of_studio(user, revocation.studio):
        return False
    return revocation.proposed_by_id != user.pk
