"""What must be true before a session is convened, begun and closed [3.2.2]."""

from django.db.models import Q
from django.utils import timezone

from applications import tally
from applications.models import Application, BallotRound, Status
from park import rules


def agenda_not_empty(session):
    cases = session.agenda.filter(is_open=True)
    if not cases.exists():
        return "议程上还没有申报，请先列入。"
    elsewhere = cases.exclude(application__status=Status.DELIBERATION)
    numbers = "、".join(elsewhere.values_list("application__number", flat=True))
    return f"{numbers}已不在集中评议阶段，请先移出议程。" if numbers else ""


def seats_filled(session):
    """As many as wanted, odd, no fewer than the park has decided, all of them still in the pool."""
    seats = session.seats.taken()
    taken, wanted, least = seats.count(), session.seats_wanted, rules.get("panel_min_seats")
    if wanted < least:
        return f"专家组人数定为 {wanted} 人，少于本园设定的 {least} 人，请修改会议安排。"
    if taken != wanted:
        return f"专家组应为 {wanted} 人，现有 {taken} 人，请{'补足' if taken < wanted else '减少'}。"
    if gone := seats.filter(expert__is_active=False).count():
        return f"有 {gone} 位专家已出库，请撤换。"
    return ""


def has_chair(session):
    return "" if session.seats.taken().filter(is_chair=True).exists() else "还没有指定专家组组长。"


def day_has_come(session):
    """A meeting is not begun ahead of its invitation."""
    if session.meets_on > timezone.localdate():
        return f"会议定于 {session.meets_on:%Y年%m月%d日}，当日才能宣布开会；改期的请先修改会议安排。"
    return ""


def chair_is_present(session):
    if session.seats.present().filter(is_chair=True).exists():
        return ""
    return "组长还没有签到；组长不能到会的，请另行指定组长。"


def quorum_is_present(session):
    """The share of the panel that must be in the room, by the rule of this session."""
    present, seats = session.seats.present().count(), session.seats_wanted
    if tally.has_quorum(tally.Heads(seats, present, 0), session.quorum):
        return ""
    return f"专家组 {seats} 人，签到 {present} 人，没有达到到会人数要求（本次会议规则）。"


def no_round_open(session):
    """Nothing is being voted on, and no closed round waits for its case to be moved on."""
    voting = BallotRound.objects.filter(item__session=session, closed_at=None)
    waiting = Application.objects.filter(
        Q(agenda_items__session=session, agenda_items__is_open=True), status=Status.BALLOT
    )
    return "还有正在进行的投票，请先结束投票。" if voting.exists() or waiting.exists() else ""


def every_item_settled(session):
    left = session.agenda.filter(is_open=True).count()
    return f"还有 {left} 项没有办结；需另行安排的，请用“休会”。" if left else ""
