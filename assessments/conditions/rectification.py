"""What must be true before a rectification is served, extended, found wanting, or closed [5.4.4][T11][T12]."""

from django.utils import timezone

from assessments.papers.rectification import service_of_notice
from park import rules
from park.templatetags.ui import date_zh
from workshops.models import STANDING


def not_served(order):
    served = service_of_notice(order)
    return f"通知书已于{date_zh(served.served_on)}送达。" if served else ""


def time_is_left(order):
    """The last day still counts."""
    if timezone.localdate() <= order.deadline:
        return ""
    return f"整改期限已于{date_zh(order.deadline)}届满。"


def time_is_over(order):
    """[T11]: what is found wanting earlier is sent back; it has not failed."""
    if order.deadline < timezone.localdate():
        return ""
    return f"整改期限到{date_zh(order.deadline)}为止，还没有届满。"


def extension_is_left(order):
    """Once, and as far as the park allows."""
    if order.extended_at is not None:
        return "整改期限已经延长过一次，不能再延长。"
    return "" if rules.get("rectification_extension_months") else "本园设定整改期限不能延长。"


def residency_is_over(order):
    return "" if order.residency.status not in STANDING else "入驻还没有结束。"
