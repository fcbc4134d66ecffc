"""What must be true before and after a round of the ballot [3.2.2]."""

from applications import tally
from applications.actions import balloting
from applications.actions.deliberating import assents_missing, open_item
from applications.models import BallotRound, Conflict, PanelStatus, RoundOutcome


def session_sits(application):
    """The case is the one that the panel deliberates on now."""
    item = open_item(application)
    if item is None:
        return "这一项不在任何评议会的议程上。"
    if item.session.status != PanelStatus.SITTING:
        return "评议会不在进行中，不能投票。"
    if item.session.current_item_id != item.pk:
        return "请先开始评议这一项，再开始投票。"
    return ""


def conflicts_settled(application):
    """Nobody in the room waits to hear whether they have to leave it."""
    item = open_item(application)
    if item is None:
        return ""
    waiting = Conflict.objects.filter(
        item=item, state=Conflict.State.PROPOSED, seat__in=item.session.seats.present()
    ).count()
    return f"还有 {waiting} 项回避没有处理，请管理办公室先确认或排除。" if waiting else ""


def opinion_agreed(application):
    """The 专家组评估意见 is there and agreed by the rule of the session [A1]."""
    item = open_item(application)
    return assents_missing(item) if item else ""


def round_allowed(application):
    """One round at a time; another one after a tie or where all abstained, only as often as the rule allows."""
    item = open_item(application)
    if item is None:
        return ""
    if item.rounds.filter(closed_at=None).exists():
        return "这一项正在投票。"
    last = item.rounds.order_by("number").last()
    if last is None or last.outcome in tally.INCONCLUSIVE:
        return ""
    return f"这一项已经表决（{last.get_outcome_display()}），不再重新投票。"


def enough_present(application):
    """到会人数 and 最少表决人数 of the session; the sentence says what to do."""
    item = open_item(application)
    if item is None:
        return ""
    heads = balloting.heads_now(item)
    _, line, advice = tally.obstacle(heads, balloting.rules_for(item))
    return f"{advice}（{line}）" if line else ""


def _last_outcome(application):
    item = open_item(application)
    last = item and BallotRound.objects.filter(item=item).order_by("number").last()
    return last.outcome if last else ""


def came_to_passed(application):
    return "" if _last_outcome(application) == RoundOutcome.PASSED else "表决结果不是通过。"


def came_to_failed(application):
    return "" if _last_outcome(application) == RoundOutcome.FAILED else "表决结果不是不通过。"


def came_to_nothing(application):
    return "" if _last_outcome(application) in tally.INCONCLUSIVE else "本轮已有结果，或投票还没有结束。"
