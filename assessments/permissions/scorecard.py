"""Who opens a year, assesses, verifies, grades and decides [5.2]? Nobody acts in office on the card of their own studio."""

from assessments.models.scorecard import VERIFIER_ROLES
from park.models import Role
from park.permissions import has_role
from workshops.permissions import is_of_studio, is_office, is_officer

may_verify = has_role(*VERIFIER_ROLES)
is_expert = has_role(Role.EXPERT)


def manages_evaluation(user, cycle=None) -> bool:
    """管理办公室, which evaluates every year [5.2]."""
    return is_office(user)


def manages_card(user, card) -> bool:
    return is_officer(user, card.studio)


def assesses_self(user, card) -> bool:
    """The studio says what it thinks of its own card."""
    return is_of_studio(user, card.studio)


def verifies(user, card) -> bool:
    """The office and the bodies that serve the park, on the spot."""
    return may_verify(user) and not is_of_studio(user, card.studio)


def grades(user, card) -> bool:
    """An expert of the year, while they are one; nobody of the studio."""
    return (
        is_expert(user)
        and card.cycle.graders.filter(user=user).exists()
        and not is_of_studio(user, card.studio)
    )


def reconsiders(user, card) -> bool:
    """Another officer than the one who closed the verification."""
    return manages_card(user, card) and user.pk != card.verified_by_id


def works_on(user, card) -> bool:
    """Whoever verifies or manages it."""
    return verifies(user, card) or manages_card(user, card)
