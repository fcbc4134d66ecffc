"""Who may do what on the ground floor: plain (user, obj) -> bool. Upper apps have their own module."""

from django.http import Http404

from park.models import Role


class NoLongerShown(Http404):
    """Somebody comes back by an old message to what was open to them once. The page says this sentence, and nothing
    about the record."""


def has_role(*roles):
    """A predicate: the person has one of these roles. Superusers get no exception."""

    def predicate(user, obj=None):
        return user is not None and user.is_authenticated and user.has_role(*roles)

    predicate.__name__ = "has_role_" + "_or_".join(roles)
    return predicate


is_office = has_role(Role.OFFICE, Role.LEAD_DIVISION)
is_auditor = has_role(Role.AUDITOR)


may_grant_roles = has_role(Role.SECADMIN)


def may_manage_accounts(user, account=None):
    """The system administrator, for every account but that of the emergency superuser and their own."""
    return has_role(Role.SYSADMIN)(user) and (
        account is None or not (account.is_superuser or account.pk == user.pk)
    )


def is_system(user, obj=None):
    """The system itself acts, when a deadline has passed."""
    return user is None
