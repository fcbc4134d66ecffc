"""What is a section called on the page, and how does a status look?"""

from django import template

from applications.models import Collaborator, Status
from applications.papers.filing import SECTION_TITLES
from applications.workflow.admission import studio_stage
from park.models import Role
from park.templatetags.ui import badge

register = template.Library()
TONES = {
    Status.DRAFT: "neutral",
    Status.SUBMITTED: "info",
    Status.CORRECTION: "wait",
    Status.SITE_VISIT: "done",
    Status.BALLOT: "info",
    Status.WAITLISTED: "wait",
    Status.APPROVED: "done",
    Status.ON_NOTICE: "info",
    Status.ADMITTED: "done",
    Status.REJECTED: "danger",
    Status.NOT_SELECTED: "danger",
    Status.DECLINED: "danger",
}


@register.filter
def section_title(name: str) -> str:
    return SECTION_TITLES.get(name, name)


@register.simple_tag(takes_context=True)
def status_badge(context, application):
    """The status as this reader may know it: people of the studio learn a decision by letter."""
    if _is_own(context.get("user"), application) and application.is_untold:
        return badge(studio_stage(application).label, "info")
    return badge(Status(application.status).label, TONES.get(application.status, "neutral"))


def _is_own(user, application) -> bool:
    """Whether the reader is of the studio; asked once per request, and only for those who may be of one."""
    if user is None or not user.is_authenticated or not user.has_role(Role.APPLICANT):
        return False
    if not hasattr(user, "own_cases"):
        user.own_cases = set(Collaborator.objects.filter(user=user).values_list("application_id", flat=True))
    return application.pk in user.own_cases
