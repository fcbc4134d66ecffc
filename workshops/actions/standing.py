"""How does an act get hold of its residency? Locked first, then asked whether this person may."""

from django.core.exceptions import PermissionDenied

from park import notices
from park.models import Role, User
from workshops.models import Residency


def locked(residency_id, *, by, may, refusal="您没有办理这一事项的权限。") -> Residency:
    """The residency under its lock, which stands before all others. Raises PermissionDenied where `may` says no."""
    residency = Residency.objects.select_for_update(no_key=True).get(pk=residency_id)
    if not may(by, residency):
        raise PermissionDenied(refusal)
    return residency


def people_of(residency):
    """The accounts that act for the studio."""
    return residency.studio.people.filter(is_active=True)


def officers_of(residency, *roles):
    """The people in office who may deal with it: none of the studio's own."""
    return User.objects.with_role(*(roles or (Role.OFFICE, Role.LEAD_DIVISION))).exclude(
        pk__in=residency.studio.people.values("pk")
    )


def tell(people, residency, text, *, by):
    notices.notify(
        [person for person in people if person != by],
        text,
        url=residency.get_absolute_url(),
        subject=residency,
    )
