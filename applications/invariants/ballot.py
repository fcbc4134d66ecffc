"""Do the rounds of the ballot add up, and does nobody vote twice?"""

from applications import tally
from applications.models import BallotRound
from park.invariants import Invariant
from park.triggers import Trigger

ROUND = "applications_ballotround"
NAME = "SELECT s.number || '-' || i.\"order\" || '-' || r.number"
FROM = (
    f" FROM {ROUND} r JOIN applications_agendaitem i ON i.id = r.item_id"
    " JOIN applications_panelsession s ON s.id = i.session_id"
)
MARKED = "(SELECT COUNT(*) FROM applications_rollmark m WHERE m.round_id = r.id AND m.has_voted)"


def _closed():
    return BallotRound.objects.exclude(closed_at=None).select_related("item__session")


def _wrong_verdicts() -> list[str]:
    """Closed rounds whose outcome or arithmetic does not follow from their figures and rules."""
    wrong = []
    for round_ in _closed().exclude(outcome="void").iterator(chunk_size=200):
        try:
            verdict = tally.of(round_)
        except (ValueError, KeyError):
            verdict = None
        if verdict is None or (verdict.outcome, verdict.arithmetic) != (round_.outcome, round_.arithmetic):
            wrong.append(str(round_))
    return wrong


def _wrong_counts() -> list[str]:
    """Closed online rounds whose votes, added up again, give other sums."""
    rounds = _closed().filter(means="online").exclude(outcome="void")
    return [
        str(round_)
        for round_ in rounds.iterator(chunk_size=200)
        if round_.recounted() != (round_.approve, round_.oppose, round_.abstain) or round_.invalid
    ]


INVARIANTS = (
    Invariant(
        "slips_and_roll",
        "无记名在线投票：选票张数等于名册上已投票的人数",
        f"{NAME}{FROM} WHERE (SELECT COUNT(*) FROM applications_slip p WHERE p.round_id = r.id)"
        f" <> CASE WHEN r.voting = 'secret' AND r.means = 'online' THEN {MARKED} ELSE 0 END",
    ),
    Invariant(
        "open_votes_and_roll",
        "记名投票：每一票都有已投票的标记，反之亦然",
        f"{NAME}{FROM} WHERE (SELECT COUNT(*) FROM applications_openvote v JOIN applications_rollmark m"
        " ON m.round_id = v.round_id AND m.seat_id = v.seat_id AND m.has_voted WHERE v.round_id = r.id)"
        f" <> CASE WHEN r.voting = 'open' THEN {MARKED} ELSE 0 END"
        " OR (SELECT COUNT(*) FROM applications_openvote v WHERE v.round_id = r.id)"
        f" <> CASE WHEN r.voting = 'open' THEN {MARKED} ELSE 0 END",
    ),
    Invariant(
        "roll_of_round",
        "表决名册上的人数等于有表决权的人数，都是本次会议的席位",
        f"{NAME}{FROM} WHERE (SELECT COUNT(*) FROM applications_rollmark m JOIN applications_seat t"
        " ON t.id = m.seat_id AND t.session_id = i.session_id WHERE m.round_id = r.id) <> r.eligible",
    ),
    Invariant(
        "roll_without_recused",
        "应当回避的专家不在该项的表决名册上",
        f"{NAME}{FROM} JOIN applications_rollmark m ON m.round_id = r.id JOIN applications_conflict c"
        " ON c.item_id = i.id AND c.seat_id = m.seat_id AND c.state = 'confirmed'"
        " WHERE r.closed_at IS NULL OR c.decided_at <= r.opened_at",
    ),
    Invariant(
        "counts_and_roll",
        "结束的轮次：各项合计等于（纸质选票不多于）已投票的人数",
        f"{NAME}{FROM} WHERE r.closed_at IS NOT NULL AND r.outcome <> 'void' AND"
        f" (r.approve + r.oppose + r.abstain + r.invalid > {MARKED}"
        f" OR (r.means = 'online' AND r.approve + r.oppose + r.abstain + r.invalid <> {MARKED}))",
    ),
    Invariant(
        "paper_counted_twice",
        "纸质选票由两名工作人员清点，结果一致并与登记的相同",
        f"{NAME}{FROM} WHERE r.closed_at IS NOT NULL AND r.means = 'paper'"
        f" AND r.outcome NOT IN ('void', 'too_few', 'no_quorum') AND {MARKED} > 0"
        " AND (SELECT COUNT(*) FROM applications_papercount c WHERE c.round_id = r.id AND c.approve = r.approve"
        " AND c.oppose = r.oppose AND c.abstain = r.abstain AND c.invalid = r.invalid) <> 2",
    ),
    Invariant(
        "open_round_in_ballot",
        "正在投票的轮次与处于“投票表决”的申报一一对应",
        "SELECT a.number FROM applications_application a WHERE (a.status = 'ballot') <> EXISTS"
        f" (SELECT 1 FROM {ROUND} r JOIN applications_agendaitem i ON i.id = r.item_id"
        " WHERE i.application_id = a.id AND i.is_open AND r.closed_at IS NULL)",
    ),
    Invariant(
        "decided_item_closed",
        "有表决结果的事项已经办结，每一项只有一个结果",
        f"{NAME}{FROM} WHERE r.outcome IN ('passed', 'failed') AND (i.is_open OR EXISTS (SELECT 1 FROM {ROUND} o"
        " WHERE o.item_id = r.item_id AND o.number > r.number))",
    ),
    Invariant("ballot_verdict", "表决结果和计算过程由登记的票数和规则推得", check=_wrong_verdicts),
    Invariant("ballot_recount", "在线投票重新计票，与登记的票数一致", check=_wrong_counts),
)

FROZEN = (
    "item_id", "number", "voting", "means", "quorum", "threshold", "min_voters", "seats", "present", "recused",
    "eligible", "opened_at", "opened_by_id", "closed_at", "closed_by_id", "approve", "oppose", "abstain",
    "invalid", "outcome", "arithmetic",
)  # fmt: skip


def _is_closed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = {row}.round_id AND r.closed_at IS NOT NULL)"


def _closed_stays(name, table, events) -> list[Trigger]:
    """Nothing of a closed round is added, changed or taken away."""
    return [
        Trigger(
            f"{name}_{event.lower()}",
            table,
            event,
            "the round is closed",
            " OR ".join(_is_closed(row) for row in rows),
        )
        for event, rows in events.items()
    ]


ALL = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
TRIGGERS = (
    Trigger(
        "ballot_round_frozen",
        ROUND,
        "UPDATE",
        "closed rounds do not change",
        "OLD.closed_at IS NOT NULL AND (NEW.closed_at IS NULL OR "
        + " OR ".join(f"OLD.{column} <> NEW.{column}" for column in FROZEN)
        + ")",
    ),
    Trigger("ballot_round_no_delete", ROUND, "DELETE", "rounds stay", "OLD.closed_at IS NOT NULL"),
    # A slip may be sealed anew under another key, also after the close; nothing else of it changes.
    *_closed_stays("slip_of_closed_round", "applications_slip", {"INSERT": ("NEW",), "DELETE": ("OLD",)}),
    Trigger(
        "slip_stays_in_round",
        "applications_slip",
        "UPDATE",
        "slips do not change",
        "OLD.row_key <> NEW.row_key OR OLD.round_id <> NEW.round_id",
    ),
    Trigger(
        "slip_of_a_voter",
        "applications_slip",
        "INSERT",
        "no more slips than voters",
        "(SELECT COUNT(*) FROM applications_slip p WHERE p.round_id = NEW.round_id) >= (SELECT COUNT(*)"
        " FROM applications_rollmark m WHERE m.round_id = NEW.round_id AND m.has_voted)",
    ),
    *_closed_stays(
        "open_vote_of_closed_round", "applications_openvote", {"INSERT": ("NEW",), "DELETE": ("OLD",)}
    ),
    Trigger(
        "open_vote_of_a_voter",
        "applications_openvote",
        "INSERT",
        "only who is on the roll votes",
        "NOT EXISTS (SELECT 1 FROM applications_rollmark m WHERE m.round_id = NEW.round_id"
        " AND m.seat_id = NEW.seat_id AND m.has_voted)",
    ),
    Trigger("open_vote_no_update", "applications_openvote", "UPDATE", "votes do not change"),
    *_closed_stays("paper_count_of_closed_round", "applications_papercount", ALL),
    *_closed_stays("roll_of_closed_round", "applications_rollmark", ALL),
    Trigger(
        "roll_no_second_vote",
        "applications_rollmark",
        "UPDATE",
        "who has voted has voted",
        "OLD.round_id <> NEW.round_id OR OLD.seat_id <> NEW.seat_id OR (OLD.has_voted AND NOT NEW.has_voted)",
    ),
    Trigger(
        "roll_no_delete_of_voter", "applications_rollmark", "DELETE", "who has voted stays", "OLD.has_voted"
    ),
    Trigger(
        "roll_begins_unvoted", "applications_rollmark", "INSERT", "nobody has voted yet", "NEW.has_voted"
    ),
)
