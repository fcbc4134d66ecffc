"""When may a card, and a year, go on [5.2][A2]?"""

from django.db.models import F, Sum
from django.utils import timezone

from assessments.models import ScorecardStatus
from park.points import shown
from park.templatetags.ui import date_zh

S = ScorecardStatus


def _numbers(lines) -> list[str]:
    """How people name the items of these lines."""
    return [code.rpartition(".")[2] for code in lines.values_list("item__code", flat=True)]


# ── one card ────────────────────────────────────────────────────────────────────────────────────
def every_line_answered(card):
    left = _numbers(card.lines.filter(answer=""))
    return f"还有{len(left)}项没有自评：第{'、'.join(left)}项。" if left else ""


def self_window_is_over(card):
    if card.due_on and card.due_on < timezone.localdate():
        return ""
    return f"自评截止到{date_zh(card.due_on)}，逾期没有自评的才能按系统记录核验。"


def every_line_judged(card):
    left = _numbers(card.lines.filter(points=None))
    return f"还有{len(left)}项没有核验：第{'、'.join(left)}项。" if left else ""


def panel_has_graded(card):
    """What the form leaves to judgement is the panel's, unless nothing at all was registered for it [A2.B4][S14]."""
    alone = card.lines.filter(item__kind="grade", basis__in=["confirmed", "overridden"], points__gt=0)
    return "".join(
        f"第{line.item.code.rpartition('.')[2]}项得{shown(line.points)}分，应由专家评等得出。"
        for line in alone.select_related("item")
    )


def window_is_open(card):
    if card.due_on and card.due_on >= timezone.localdate():
        return ""
    return "申请复核的期限已过。"


def not_reconsidered_yet(card):
    return "这份考核已经申请过复核，每年一次。" if hasattr(card, "reconsideration") else ""


# ── a year ──────────────────────────────────────────────────────────────────────────────────────
def every_card_verified(cycle):
    left = cycle.cards.filter(status__in=[S.OPEN, S.SELF_ASSESSED]).count()
    if left:
        return f"还有{left}个工作室没有完成核验。"
    return "" if cycle.cards.standing().exists() else "没有参加本年度考核的工作室。"


def nobody_waits_for_an_answer(cycle):
    left = cycle.cards.filter(status=S.RECONSIDERING).count()
    return f"还有{left}个工作室的复核没有答复。" if left else ""


def windows_are_over(cycle):
    """Until the last day to ask for reconsideration has passed, except where it was asked for already."""
    today = timezone.localdate()
    waiting = cycle.cards.filter(status=S.PROVISIONAL, due_on__gte=today, reconsideration=None)
    last = waiting.order_by("-due_on").first()
    return f"申请复核的期限到{date_zh(last.due_on)}，期满后才能办结。" if last else ""


def sums_are_right(cycle):
    """The total of each card is that of its lines; the database holds the same."""
    right = cycle.cards.standing().annotate(summed=Sum("lines__points")).filter(total=F("summed"))
    wrong = cycle.cards.standing().exclude(pk__in=right.values("pk")).count()
    return f"有{wrong}份考核评分表的总分与各项得分不符，请重新核验。" if wrong else ""
