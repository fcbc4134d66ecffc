"""Who may do what in the park: plain (user, obj) -> bool. One file per concept; those of every concept stand here."""

from park.models import Role
from park.permissions import has_role
from workshops.models import READERS

is_office = has_role(Role.OFFICE, Role.LEAD_DIVISION)
is_logistics = has_role(Role.LOGISTICS)
is_attraction = has_role(Role.ATTRACTION)
reads_registers = has_role(*READERS)


def is_of_studio(user, studio) -> bool:
    """One of the people who act for the studio.

    `visible_studio` leaves the answer with the row of its request, for a page asks once per tab.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    known = studio.__dict__.get("known_people", {})
    return known[user.pk] if user.pk in known else studio.people.filter(pk=user.pk).exists()


def is_officer(user, studio) -> bool:
    """The park office [5.1]; nobody acts in office on a studio of their own."""
    return is_office(user) and not is_of_studio(user, studio)


def is_logistics_officer(user, studio) -> bool:
    """镇江技师学院, which serves the park [5.1], or the office; never for a studio of their own."""
    return (is_logistics(user) or is_office(user)) and not is_of_studio(user, studio)
