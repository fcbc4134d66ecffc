"""Who orders, answers and re-checks a rectification [5.4.4]? Nobody in office on a studio of their own."""

from assessments.models.rectification import OrderQuerySet
from park.permissions import has_role
from workshops.permissions import is_of_studio, is_officer

reads_rectifications = has_role(*OrderQuerySet.readers)


def orders_rectification(user, residency) -> bool:
    """The park office, which evaluates [5.2]."""
    return is_officer(user, residency.studio)


def manages_rectification(user, order) -> bool:
    """The office follows it to its end."""
    return is_officer(user, order.studio)


def is_of_rectified_studio(user, order) -> bool:
    return is_of_studio(user, order.studio)
