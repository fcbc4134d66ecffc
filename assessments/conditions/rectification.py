"""What must be true before a rectification is ordered, extended, or found wanting [5.4.4][T11][T12]."""

from django.utils import timezone

from assessments.models import GradeOfYear, ScorecardStatus
from assessments.papers.rectification import service_of_notice
from park import rules
from park.templatetags.ui import date_zh
from workshops.models import STANDING, ResidencyStatus


# ── before it is ordered ────────────────────────────────────────────────────────────────────────
def studio_in_the_park(order):
    """It is in the park, its term running, and under no other order."""
    residency = order.residency
    if residency.rectifications.open().exclude(pk=order.pk).exists():
        return "这个工作室已有一件没有办结的限期整改。"
    if residency.status != ResidencyStatus.ACTIVE:
        return f"入驻现在是“{residency.get_status_display()}”，不能发出限期整改通知。"
    return ""


def ground_stands(order):
    """The final card of a year with 不合格, or a finding of 弄虚作假 that was not lifted."""
    card = order.card if order.ground == order.Ground.FAILED_CARD else None
    if order.ground == order.Ground.FAILED_CARD:
        if card is None or card.status != ScorecardStatus.FINAL or card.grade != GradeOfYear.FAIL:
            return "没有最终结果为“不合格”的考核评分表，不能据此限期整改。"
    elif order.falsification is None or order.falsification.lifted_at is not None:
        return "没有仍然有效的弄虚作假认定，不能据此限期整改。"
    else:
        card = order.falsification.card
    if card.residency_id != order.residency_id:
        return "事由不属于这一次入驻。"
    return ""


def not_ordered_before(order):
    """One ground, one order: what was passed is over, and what was failed leads to [5.4.4]."""
    rows = type(order).objects.exclude(status="withdrawn").exclude(pk=order.pk)
    before = rows.filter(card=order.card_id) if order.card_id else rows.filter(falsification=order.falsification_id)
    row = before.first()
    return f"这一事由已经发过限期整改通知（{row.number}）。" if row else ""


BEFORE_ORDERING = (studio_in_the_park, ground_stands, not_ordered_before)


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
def not_served(order):
    served = service_of_notice(order)
    return f"通知书已于{date_zh(served.served_on)}送达。" if served else ""


def time_is_left(order):
    """The last day still counts."""
    if timezone.localdate() <= order.deadline:
        return ""
    return f"整改期限已于{date_zh(order.deadline)}届满。"


def time_is_over(order):
    """[T11]: a report found wanting earlier is sent back, it has not failed."""
    if order.deadline < timezone.localdate():
        return ""
    return f"整改期限到{date_zh(order.deadline)}为止，还没有届满；不达标的请退回补充。"


def extension_left(order):
    """Once, and as long as the park allows."""
    if order.extended_at is not None:
        return "整改期限已经延长过一次，不能再延长。"
    return "" if rules.get("rectification_extension_months") else "本园设定整改期限不能延长。"


def residency_is_over(order):
    return "" if order.residency.status not in STANDING else "入驻还没有结束。"
