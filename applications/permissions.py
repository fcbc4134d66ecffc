"""Who may do what to an application: plain (user, application) -> bool, read by views, table and tests."""

from applications.models import Collaborator, Status
from park.models import Role


def is_of_studio(user, application) -> bool:
    """The applicant and the people they let in."""
    return (
        user is not None
        and user.is_authenticated
        and user.is_active
        and Collaborator.objects.filter(application=application, user=user).exists()
    )


def is_applicant(user, application) -> bool:
    """The account that began the application: only it files, withdraws and lets others in."""
    return user is not None and user.is_active and application.applicant_id == user.pk


def is_officer(user, application) -> bool:
    """The park office [5.1]; nobody acts in office on an application of their own."""
    return (
        user is not None
        and user.is_authenticated
        and user.has_role(Role.OFFICE, Role.LEAD_DIVISION)
        and not is_of_studio(user, application)
    )


def is_system(user, application) -> bool:
    """No person: a deadline has passed."""
    return user is None


def may_edit_section(user, application, section: str) -> bool:
    """The studio edits its draft, and in a correction only the named sections."""
    if not is_of_studio(user, application):
        return False
    return section in open_sections(application)


def may_edit_on_behalf(user, application, section: str) -> bool:
    """The office may type for the studio during a correction, with a reason that everybody sees."""
    return (
        application.status == Status.CORRECTION
        and is_officer(user, application)
        and section in open_sections(application)
    )


def open_sections(application) -> set[str]:
    """Names of the sections that may be changed now; `recommendation` is one of them."""
    if application.status == Status.DRAFT:
        return {"leader", "unit", "members", "intro", "plan", "profile", "conditions", "recommendation"}
    if application.status == Status.CORRECTION and (correction := application.open_correction()):
        # Box 10 is stamped on the very text, so it may always be renewed in a correction.
        return set(correction.items.values_list("section", flat=True)) | {"recommendation"}
    return set()


def may_read_in_office(user, application) -> bool:
    return is_officer(user, application) and application.status != Status.DRAFT
