"""What is a section called on the page, and how does a status look?"""

from django import template

from applications.models import Status
from applications.papers.filing import SECTION_TITLES
from park.templatetags.ui import badge

register = template.Library()
TONES = {
    Status.DRAFT: "neutral",
    Status.SUBMITTED: "info",
    Status.CORRECTION: "wait",
    Status.SITE_VISIT: "done",
    Status.REJECTED: "danger",
}


@register.filter
def section_title(name: str) -> str:
    return SECTION_TITLES.get(name, name)


@register.simple_tag
def status_badge(application):
    return badge(Status(application.status).label, TONES.get(application.status, "neutral"))
