"""Who may do what on the ground floor: plain (user, obj) -> bool. Upper apps have their own module."""

from park.models import Role


def has_role(*roles):
    """A predicate: the person has one of these roles. Superusers get no exception."""

    def predicate(user, obj=None):
        return user is not None and user.is_authenticated and user.has_role(*roles)

    predicate.__name__ = "has_role_" + "_or_".join(roles)
    return predicate


is_office = has_role(Role.OFFICE, Role.LEAD_DIVISION)
is_auditor = has_role(Role.AUDITOR)


def is_system(user, obj=None):
    """The system itself acts, when a deadline has passed."""
    return user is None
