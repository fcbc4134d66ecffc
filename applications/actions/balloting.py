"""How does the panel vote so that everybody votes once and nobody can be joined to what they voted [3.2.2]?

Locks, in this order: session, agenda item, round, application. Whatever touches a ballot holds the item's lock, so
that opening, casting, striking off and closing come one after another.

A secret vote marks its row of the roll and adds a slip; all slips of the round are then written anew, shuffled, under
new random keys and newly sealed, and all rows of the roll are touched, in the same transaction. Rows of one round so
carry one transaction number and an order that says nothing. docs/ballot.md says what this cannot hide.
"""

import secrets
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from applications import tally
from applications.actions.deliberating import CLAUSE, lock_item, lock_sitting, open_item, voters_of
from applications.models import (
    AgendaItem,
    Application,
    BallotRound,
    Choice,
    OpenVote,
    PaperCount,
    RollMark,
    RoundOutcome,
    Slip,
)
from applications.permissions import is_recused, may_preside, runs_panel
from park import attachments, audit, documents
from park.workflow import Refused, Workflow

STEP_OF = {RoundOutcome.PASSED: "carry", RoundOutcome.FAILED: "not_carry"}  # any other: void_ballot


# ── figures and rules ───────────────────────────────────────────────────────────────────────────
def heads_now(item) -> tally.Heads:
    """Who is in the room at this moment."""
    present = item.session.seats.present().count()
    return tally.Heads(item.session.seats_wanted, present, present - voters_of(item).count())


def rules_for(item) -> tally.Rules:
    """The rules of the session for the round that would be opened next."""
    session = item.session
    left = BallotRound(item=item, number=item.rounds.count() + 1).reballots_left()
    return tally.Rules(
        session.quorum, session.threshold, session.min_voters, tuple(session.reballot_on), left
    )  # fmt: skip


# ── opening ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def open_round_for(item, *, by) -> BallotRound:
    """Open the ballot on a case. Raises Refused with what is missing."""
    lock_sitting(item.session)
    item = lock_item(item)
    if not item.is_open:
        raise Refused("这一项已经办结，或申报人已撤回。")
    application = _application_at_once(item)
    Workflow.of(application).perform(application, "open_ballot", by=by)
    return item.rounds.get(closed_at=None)


def _application_at_once(item):
    """The case, locked without waiting: who withdraws it holds the case and waits for the item."""
    try:
        with transaction.atomic():
            return Application.objects.select_for_update(no_key=True, nowait=True).get(pk=item.application_id)
    except OperationalError:
        raise Refused("申报正在由别人办理，请稍候再开始投票。") from None


def write_round(application, *, by) -> BallotRound:
    """The round and its roll, for the effect of `open_ballot`. Who is in the room now is frozen with it."""
    item = open_item(application)
    session, heads = item.session, heads_now(item)
    round_ = BallotRound.objects.create(
        item=item, number=item.rounds.count() + 1, voting=session.voting, means=session.means,
        quorum=session.quorum, threshold=session.threshold, min_voters=session.min_voters, seats=heads.seats,
        present=heads.present, recused=heads.recused, eligible=heads.eligible, opened_by=by,
    )  # fmt: skip
    RollMark.objects.bulk_create(RollMark(round=round_, seat=seat) for seat in voters_of(item).order_by("pk"))
    if round_.means == "paper":
        documents.issue("ballot_slip", round_, by=by)
    return round_


def lock_open_round(round_) -> BallotRound:
    """The round, fresh, behind the lock of its item; Refused where it is closed."""
    AgendaItem.objects.select_for_update(no_key=True).only("pk").get(
        pk=round_.item_id
    )  # its columns come below
    row = (
        BallotRound.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__session")
        .get(pk=round_.pk)
    )
    if row.closed_at is not None:
        raise Refused("本轮投票已经结束。")
    return row


# ── voting ──────────────────────────────────────────────────────────────────────────────────────
@sensitive_variables("choice")
@transaction.atomic
def cast(round_, seat, choice, *, by):
    """One vote of one seat, by its own expert. The trail says who voted in which round, never what."""
    round_ = lock_open_round(round_)
    if round_.means != "online":
        raise Refused("本轮使用纸质选票，请在选票上填写后投入票箱。")
    if seat.expert.user_id is None or seat.expert.user_id != by.pk or not by.is_active:
        raise PermissionDenied("只能由专家本人投票，不能代投。")
    if choice not in Choice.values:
        raise Refused("请选择同意、不同意或弃权。")
    _mark(round_, seat)
    if round_.voting == "open":
        OpenVote.objects.create(round=round_, seat=seat, choice=choice)
    else:
        _rewrite_slips(round_, choice)
    audit.record("cast_vote", round_, by=by, clause=CLAUSE)


def _mark(round_, seat):
    """Turn the mark of this very row, or refuse; then rewrite the others, so that none looks older or newer."""
    roll = RollMark.objects.filter(round=round_)
    if not roll.filter(seat=seat, has_voted=False).update(has_voted=True):
        if roll.filter(seat=seat).exists():
            raise Refused("您已投票，每人只投一次。")
        raise Refused("您不在本轮的表决名册上，没有表决权。")
    roll.update(touched=F("touched") + 1)


@sensitive_variables("choice", "choices", "slips")
def _rewrite_slips(round_, choice):
    """All slips of the round with the new one among them: new keys, new seals, an order drawn by lot."""
    former = Slip.objects.filter(round=round_)
    choices = [slip.choice for slip in former] + [choice]
    former.delete()
    secrets.SystemRandom().shuffle(choices)
    slips = [Slip(row_key=uuid4(), round=round_) for _ in choices]
    for slip, said in zip(slips, choices, strict=True):
        slip.choice = said
    Slip.objects.bulk_create(slips)


@transaction.atomic
def mark_paper_voter(round_, seat, *, by):
    """On the clerk's roll: this expert was handed a slip and has put it into the box."""
    round_ = lock_open_round(round_)
    if not runs_panel(by, round_.item.session):
        raise PermissionDenied("纸质选票的名册由管理办公室登记。")
    if round_.means != "paper":
        raise Refused("本轮在线投票，由专家本人投出。")
    _mark(round_, seat)
    audit.record(
        "cast_vote", round_, by=by, after=f"席位{seat.pk}", note="纸质选票，由管理办公室登记", clause=CLAUSE
    )


@transaction.atomic
def strike_from_roll(item, seat):
    """Somebody has to step aside while the ballot is open. The caller holds the locks of session and item."""
    round_ = BallotRound.objects.select_for_update(no_key=True).filter(item=item, closed_at=None).first()
    if round_ is None:
        return
    roll = RollMark.objects.filter(round=round_, seat=seat)
    if roll.filter(has_voted=True).exists():
        raise Refused("这位专家本轮已经投票，票不能收回；确需回避的，请先由主持人把本轮作废。")
    struck, _ = roll.delete()
    if struck:
        round_.recused, round_.eligible = round_.recused + 1, round_.eligible - 1
        round_.save(update_fields=["recused", "eligible"])


# ── paper slips ─────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def count_paper(round_, counts: tally.Counts, *, by) -> PaperCount:
    """What one officer counted. Two different officers count; each may correct their own figures until the close."""
    round_ = lock_open_round(round_)
    if round_.means != "paper":
        raise Refused("本轮在线投票，由系统计票。")
    if not runs_panel(by, round_.item.session):
        raise PermissionDenied("纸质选票由管理办公室两名工作人员清点。")
    others = round_.paper_counts.exclude(by=by)
    if others.count() > 1:
        raise Refused("已有两名工作人员清点。")
    handed_out = round_.roll.filter(has_voted=True).count()
    if counts.total > handed_out:
        raise Refused(f"四项合计 {counts.total} 张，多于名册上已投票的 {handed_out} 人，请重新清点。")
    row, _ = PaperCount.objects.update_or_create(
        round=round_, by=by,
        defaults={
            "approve": counts.approve, "oppose": counts.oppose, "abstain": counts.abstain,
            "invalid": counts.invalid, "at": timezone.now(),
        },
    )  # fmt: skip
    audit.record("count_paper", round_, by=by, clause=CLAUSE)
    return row


def paper_fault(round_) -> str:
    """Why the figures of the paper slips are no result yet; "" where two officers agree."""
    rows = list(round_.paper_counts.all())
    if len(rows) < 2:
        return f"纸质选票须由两名工作人员分别清点，已有 {len(rows)} 名。"
    if rows[0].figures != rows[1].figures:
        return "两名工作人员清点的结果不一致，请重新清点，各自更正。"
    if sum(rows[0].figures) > round_.roll.filter(has_voted=True).count():
        return "清点的张数多于名册上已投票的人数，请重新清点。"
    return ""


# ── closing ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def close_round(round_, *, by) -> BallotRound:
    """Count, compute, freeze, and move the case on by what came out. Before this nobody has any figure."""
    round_ = lock_open_round(round_)
    item, application = round_.item, _lock_application(round_)
    if not may_preside(by, application):
        raise PermissionDenied(
            "只有主持评议的组长可以结束投票；没有账号或使用纸质选票的，由管理办公室代为操作。"
        )
    marked = round_.roll.filter(has_voted=True).count()
    heads, rules = tally.heads_of(round_), tally.rules_of(round_)
    if not marked and not tally.obstacle(heads, rules)[0]:
        raise Refused("还没有人投票，不能结束；需要停止的，请把本轮作废。")
    counts = _count(round_, marked)
    verdict = tally.verdict(heads, counts, rules)
    _freeze(round_, counts, verdict.outcome, verdict.arithmetic, by=by)
    audit.record("close_round", round_, by=by, after=verdict.arithmetic, clause=CLAUSE)
    documents.issue("count_sheet", round_, by=by)
    Workflow.of(application).perform(application, STEP_OF.get(verdict.outcome, "void_ballot"), by=by)
    item.refresh_from_db()
    return round_


@transaction.atomic
def void_round(round_, *, reason, by) -> BallotRound:
    """Stop a round without counting it: nobody learns a figure. The case is deliberated on, and voted on again."""
    round_ = lock_open_round(round_)
    application = _lock_application(round_)
    if not may_preside(by, application):
        raise PermissionDenied(
            "只有主持评议的组长可以作废本轮；没有账号或使用纸质选票的，由管理办公室代为操作。"
        )
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise Refused("作废本轮请写明理由，最多 200 字。")
    _freeze(round_, tally.Counts(0), RoundOutcome.VOID, f"本轮作废，不计票：{reason}", by=by)
    audit.record("void_round", round_, by=by, note=reason, clause=CLAUSE)
    Workflow.of(application).perform(application, "void_ballot", by=by)
    return round_


def _lock_application(round_) -> Application:
    """The case before the first entry on the trail, whose end is locked last. While a round is open its case is in
    the ballot, so whoever withdraws it is refused and never holds it and waits for the item."""
    return Application.objects.select_for_update(no_key=True).get(pk=round_.item.application_id)


def _count(round_, marked) -> tally.Counts:
    """The sums of what was handed in. Raises Refused where they do not agree with the roll."""
    if round_.means == "paper":
        if not marked:
            return tally.Counts(0)
        if fault := paper_fault(round_):
            raise Refused(fault)
        return tally.Counts(*round_.paper_counts.first().figures)
    figures = round_.recounted()
    if figures is None or sum(figures) != marked:
        raise Refused("选票与名册不符，不能计票：请把本轮作废，并联系系统管理员。")
    return tally.Counts(*figures)


def _freeze(round_, counts, outcome, arithmetic, *, by):
    round_.approve, round_.oppose = counts.approve, counts.oppose
    round_.abstain, round_.invalid = counts.abstain, counts.invalid
    round_.outcome, round_.arithmetic = outcome, arithmetic
    round_.closed_at, round_.closed_by = timezone.now(), by
    round_.save(
        update_fields=[
            "approve", "oppose", "abstain", "invalid", "outcome", "arithmetic", "closed_at", "closed_by",
        ]
    )  # fmt: skip


# ── afterwards ──────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def attach_count_sheet(round_, upload, *, by) -> BallotRound:
    """The 计票单 signed in ink, as a scan; the only thing of a closed round that may still be set."""
    lock_item(round_.item)
    round_ = BallotRound.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if not runs_panel(by, round_.item.session):
        raise PermissionDenied("计票单由管理办公室上传。")
    if round_.closed_at is None or round_.outcome == RoundOutcome.VOID:
        raise Refused("投票结束、打印计票单并签字后再上传。")
    round_.count_sheet = attachments.store(upload, by=by)
    round_.save(update_fields=["count_sheet"])
    audit.record(
        "attach_count_sheet", round_, by=by, after=f"sha256 {round_.count_sheet.sha256[:16]}", clause=CLAUSE
    )
    return round_


def may_vote(seat, round_) -> bool:
    """The seat is on the roll of an open online round and has not voted."""
    return (
        round_ is not None
        and round_.closed_at is None
        and round_.means == "online"
        and not is_recused(seat, round_.item)
        and RollMark.objects.filter(round=round_, seat=seat, has_voted=False).exists()
    )
