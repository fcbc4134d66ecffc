"""What a round comes to, retyped as a table: attendance, recusal, abstention, ties, exact fractions [3.2.2]."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from applications import tally
from applications.tally import Counts, Heads, Rules

TWO_THIRDS, HALF, THREE_QUARTERS = "two_thirds", "more_than_half", "three_quarters"

# fmt: off
OUTCOMES = [
    # what                                  应到 实到 回避  同意 不同意 弃权 无效  threshold       rules                                     outcome        → the arithmetic, retyped
    ("the example of the design",            7,  6,  1,   4, 1, 0, 0,  TWO_THIRDS,     {},                                      "passed",      "应到 7 · 实到 6 · 回避 1 · 有表决权 5 · 同意 4 ≥ ⅔×5＝3⅓ → 通过"),
    ("one vote too few",                     7,  6,  1,   3, 2, 0, 0,  TWO_THIRDS,     {},                                      "failed",      "应到 7 · 实到 6 · 回避 1 · 有表决权 5 · 同意 3 ＜ ⅔×5＝3⅓ → 不通过"),
    ("exactly two thirds of 6",              7,  6,  0,   4, 2, 0, 0,  TWO_THIRDS,     {},                                      "passed",      "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 4 ≥ ⅔×6＝4 → 通过"),
    ("exactly two thirds of 9",              9,  9,  0,   6, 3, 0, 0,  TWO_THIRDS,     {},                                      "passed",      "应到 9 · 实到 9 · 回避 0 · 有表决权 9 · 同意 6 ≥ ⅔×9＝6 → 通过"),
    ("one below two thirds of 9",            9,  9,  0,   5, 4, 0, 0,  TWO_THIRDS,     {},                                      "failed",      "应到 9 · 实到 9 · 回避 0 · 有表决权 9 · 同意 5 ＜ ⅔×9＝6 → 不通过"),
    ("two thirds of 7 is 4⅔",                7,  7,  0,   5, 2, 0, 0,  TWO_THIRDS,     {},                                      "passed",      "应到 7 · 实到 7 · 回避 0 · 有表决权 7 · 同意 5 ≥ ⅔×7＝4⅔ → 通过"),
    ("half is not more than half",           7,  6,  0,   3, 2, 1, 0,  HALF,           {},                                      "failed",      "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 3 ＝ ½×6 → 不通过"),
    ("more than half of 5",                  5,  5,  0,   3, 2, 0, 0,  HALF,           {},                                      "passed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 3 ＞ ½×5＝2½ → 通过"),
    ("exactly three quarters of 8",          9,  8,  0,   6, 2, 0, 0,  THREE_QUARTERS, {},                                      "passed",      "应到 9 · 实到 8 · 回避 0 · 有表决权 8 · 同意 6 ≥ ¾×8＝6 → 通过"),
    ("three quarters of 5 is 3¾",            5,  5,  0,   4, 1, 0, 0,  THREE_QUARTERS, {},                                      "passed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 4 ≥ ¾×5＝3¾ → 通过"),
    ("three of five are not three quarters", 5,  5,  0,   3, 1, 1, 0,  THREE_QUARTERS, {},                                      "failed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 3 ＜ ¾×5＝3¾ → 不通过"),
    ("abstention is no approval",            5,  5,  0,   3, 0, 2, 0,  TWO_THIRDS,     {},                                      "failed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 3 ＜ ⅔×5＝3⅓ → 不通过"),
    ("who did not vote counts as voter",     5,  5,  0,   3, 0, 0, 0,  TWO_THIRDS,     {},                                      "failed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 3 ＜ ⅔×5＝3⅓ → 不通过"),
    ("invalid slips count as voters",        7,  6,  0,   3, 1, 0, 2,  TWO_THIRDS,     {},                                      "failed",      "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 3 ＜ ⅔×6＝4 → 不通过"),
    ("one invalid slip does no harm",        7,  6,  0,   4, 1, 0, 1,  TWO_THIRDS,     {},                                      "passed",      "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 4 ≥ ⅔×6＝4 → 通过"),
    ("a tie, voted on again",                7,  6,  0,   3, 3, 0, 0,  TWO_THIRDS,     {},                                      "tie",         "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 3 ＜ ⅔×6＝4，同意与不同意相等 → 可重新投票"),
    ("a tie with abstentions",               5,  5,  0,   2, 2, 1, 0,  HALF,           {},                                      "tie",         "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 2 ＜ ½×5＝2½，同意与不同意相等 → 可重新投票"),
    ("a tie, the second round used up",      7,  6,  0,   3, 3, 0, 0,  TWO_THIRDS,     {"reballots_left": 0},                   "failed",      "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 3 ＜ ⅔×6＝4，同意与不同意相等，重新投票次数已用完 → 不通过"),
    ("a tie that the rule does not excuse",  7,  6,  0,   3, 3, 0, 0,  TWO_THIRDS,     {"reballot_on": ("all_abstain",)},       "failed",      "应到 7 · 实到 6 · 回避 0 · 有表决权 6 · 同意 3 ＜ ⅔×6＝4，同意与不同意相等，按规则不重新投票 → 不通过"),
    ("all abstain",                          5,  5,  0,   0, 0, 5, 0,  TWO_THIRDS,     {},                                      "all_abstain", "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 0 ＜ ⅔×5＝3⅓，全部弃权 → 可重新投票"),
    ("all abstain for the second time",      5,  5,  0,   0, 0, 5, 0,  TWO_THIRDS,     {"reballots_left": 0},                   "failed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 0 ＜ ⅔×5＝3⅓，全部弃权，重新投票次数已用完 → 不通过"),
    ("all but one abstain",                  5,  5,  0,   0, 1, 4, 0,  TWO_THIRDS,     {},                                      "failed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 0 ＜ ⅔×5＝3⅓ → 不通过"),
    ("all slips invalid is no tie",          5,  5,  0,   0, 0, 0, 5,  TWO_THIRDS,     {},                                      "failed",      "应到 5 · 实到 5 · 回避 0 · 有表决权 5 · 同意 0 ＜ ⅔×5＝3⅓ → 不通过"),
    ("no quorum",                            7,  4,  0,   4, 0, 0, 0,  TWO_THIRDS,     {},                                      "no_quorum",   "应到 7 · 实到 4 · 回避 0 · 有表决权 4 · 实到 4 ＜ ⅔×7＝4⅔ → 不能表决"),
    ("quorum met exactly: 6 of 9",           9,  6,  0,   4, 2, 0, 0,  TWO_THIRDS,     {},                                      "passed",      "应到 9 · 实到 6 · 回避 0 · 有表决权 6 · 同意 4 ≥ ⅔×6＝4 → 通过"),
    ("all must come and one is missing",     5,  4,  0,   4, 0, 0, 0,  TWO_THIRDS,     {"quorum": "all"},                       "no_quorum",   "应到 5 · 实到 4 · 回避 0 · 有表决权 4 · 实到 4 ＜ 1×5＝5 → 不能表决"),
    ("half may come: 3 of 5",                5,  3,  0,   2, 1, 0, 0,  TWO_THIRDS,     {"quorum": "half"},                      "passed",      "应到 5 · 实到 3 · 回避 0 · 有表决权 3 · 同意 2 ≥ ⅔×3＝2 → 通过"),
    ("nobody came",                          5,  0,  0,   0, 0, 0, 0,  TWO_THIRDS,     {"quorum": "half"},                      "no_quorum",   "应到 5 · 实到 0 · 回避 0 · 有表决权 0 · 实到 0 ＜ ½×5＝2½ → 不能表决"),
    ("everyone recused",                     5,  5,  5,   0, 0, 0, 0,  TWO_THIRDS,     {},                                      "too_few",     "应到 5 · 实到 5 · 回避 5 · 有表决权 0 · 有表决权 0 ＜ 最少 3 → 不能表决"),
    ("everyone recused, no minimum",         5,  5,  5,   0, 0, 0, 0,  TWO_THIRDS,     {"min_voters": 1},                       "too_few",     "应到 5 · 实到 5 · 回避 5 · 有表决权 0 · 有表决权 0 ＜ 最少 1 → 不能表决"),
    ("one voter left",                       5,  5,  4,   1, 0, 0, 0,  TWO_THIRDS,     {},                                      "too_few",     "应到 5 · 实到 5 · 回避 4 · 有表决权 1 · 有表决权 1 ＜ 最少 3 → 不能表决"),
    ("one voter, and the rule allows it",    5,  5,  4,   1, 0, 0, 0,  TWO_THIRDS,     {"min_voters": 1},                       "passed",      "应到 5 · 实到 5 · 回避 4 · 有表决权 1 · 同意 1 ≥ ⅔×1＝⅔ → 通过"),
    ("two voters of three wanted",           5,  5,  3,   2, 0, 0, 0,  TWO_THIRDS,     {},                                      "too_few",     "应到 5 · 实到 5 · 回避 3 · 有表决权 2 · 有表决权 2 ＜ 最少 3 → 不能表决"),
]
# fmt: on


@pytest.mark.parametrize(
    (
        "seats",
        "present",
        "recused",
        "approve",
        "oppose",
        "abstain",
        "invalid",
        "threshold",
        "rules",
        "outcome",
        "text",
    ),
    [row[1:] for row in OUTCOMES],
    ids=[row[0] for row in OUTCOMES],
)
def test_outcome(seats, present, recused, approve, oppose, abstain, invalid, threshold, rules, outcome, text):
    found = tally.verdict(
        Heads(seats, present, recused),
        Counts(approve, oppose, abstain, invalid),
        Rules(threshold=threshold, **rules),
    )
    assert (found.outcome, found.arithmetic) == (outcome, text)
    assert len(found.arithmetic) <= 300


@pytest.mark.parametrize(
    ("heads", "advice"),
    [
        (Heads(7, 4, 0), "到会人数不足，不能表决：请等专家到会；等不到的请休会，另行安排会议。"),
        (Heads(5, 5, 5), "到会专家全部回避，没有人可以表决：请休会，另行组织专家评议这一项。"),
        (Heads(5, 5, 4), "回避后只有 1 位专家有表决权，不能由一人决定：请休会，另行组织专家评议这一项。"),
        (
            Heads(5, 5, 3),
            "回避后有表决权的专家只有 2 位，少于 3 位，不能表决：请休会，另行组织专家评议这一项。",
        ),
    ],
)
def test_what_to_do_where_there_can_be_no_vote(heads, advice):
    assert tally.verdict(heads, Counts(0), Rules()).advice == advice


@pytest.mark.parametrize(
    ("counts", "left", "advice"),
    [
        (Counts(4, 1), 1, "这一项办结，转入候选名单；请开始下一项。"),
        (Counts(1, 4), 1, "这一项办结，由管理办公室书面告知；请开始下一项。"),
        (Counts(2, 2), 2, "同意与不同意相等，按规则可以重新投票（还可 2 次）：请继续评议，再开始投票。"),
        (Counts(0, 0, 5), 1, "全部弃权，按规则可以重新投票（还可 1 次）：请继续评议，再开始投票。"),
    ],
)
def test_what_to_do_after_a_vote(counts, left, advice):
    assert tally.verdict(Heads(5, 5, 0), counts, Rules(reballots_left=left)).advice == advice


@pytest.mark.parametrize(
    "counts",
    [Counts(4, 2), Counts(5, 0, 0, 1), Counts(-1)],
    ids=["too many", "invalid one too many", "negative"],
)
def test_impossible_figures_are_no_result(counts):
    with pytest.raises(ValueError, match="more votes than voters"):
        tally.verdict(Heads(5, 5, 0), counts, Rules())


def test_numbers_as_one_writes_them():
    shown = [tally.written(Fraction(n)) for n in ("4", "10/3", "2/3", "5/2", "15/4", "0", "7/5")]
    assert shown == ["4", "3⅓", "⅔", "2½", "3¾", "0", "1又2/5"]


# ── what holds for all figures ──────────────────────────────────────────────────────────────────
@st.composite
def rounds(draw):
    seats = draw(st.integers(3, 35))
    present = draw(st.integers(0, seats))
    recused = draw(st.integers(0, present))
    left = present - recused
    figures = []
    for _ in range(4):
        figures.append(draw(st.integers(0, left)))
        left -= figures[-1]
    rules = Rules(
        quorum=draw(st.sampled_from(sorted(tally.QUORUMS))),
        threshold=draw(st.sampled_from(sorted(tally.THRESHOLDS))),
        min_voters=draw(st.integers(1, 7)),
        reballot_on=tuple(draw(st.sets(st.sampled_from(["tie", "all_abstain"])))),
        reballots_left=draw(st.integers(0, 2)),
    )
    return Heads(seats, present, recused), Counts(*figures), rules


@given(rounds())
def test_one_more_approval_never_turns_passed_into_anything_else(case):
    heads, counts, rules = case
    for source in ("oppose", "abstain", "invalid", "nobody"):
        taken = {} if source == "nobody" else {source: getattr(counts, source) - 1}
        figures = {name: getattr(counts, name) for name in ("oppose", "abstain", "invalid")} | taken
        more = Counts(approve=counts.approve + 1, **figures)
        if min(figures.values()) < 0 or more.total > heads.eligible:
            continue
        if tally.verdict(heads, counts, rules).outcome == "passed":
            assert tally.verdict(heads, more, rules).outcome == "passed"


@given(rounds())
def test_passed_means_the_share_in_whole_numbers(case):
    heads, counts, rules = case
    passed = tally.verdict(heads, counts, rules).outcome == "passed"
    over, under = {"more_than_half": (1, 2), "two_thirds": (2, 3), "three_quarters": (3, 4)}[rules.threshold]
    reached = counts.approve * under - heads.eligible * over
    enough = reached > 0 if rules.threshold == "more_than_half" else reached >= 0
    q_over, q_under = {"half": (1, 2), "two_thirds": (2, 3), "all": (1, 1)}[rules.quorum]
    came = heads.present > 0 and heads.present * q_under >= heads.seats * q_over
    assert passed == (came and heads.eligible >= max(1, rules.min_voters) and enough)


@given(rounds())
def test_who_does_not_approve_weighs_the_same_however(case):
    """Opposed, abstained, invalid or not voted: the case passes or does not by its approvals alone."""
    heads, counts, rules = case
    bare = tally.verdict(heads, Counts(counts.approve), rules).outcome
    assert (tally.verdict(heads, counts, rules).outcome == "passed") == (bare == "passed")


@given(rounds())
def test_voting_again_is_only_by_rule_and_never_after_passing(case):
    heads, counts, rules = case
    outcome = tally.verdict(heads, counts, rules).outcome
    if outcome in ("tie", "all_abstain"):
        assert outcome in rules.reballot_on
        assert rules.reballots_left > 0
        assert not tally.has_carried(counts.approve, heads.eligible, rules.threshold)
    assert tally.verdict(
        heads, counts, Rules(rules.quorum, rules.threshold, rules.min_voters, (), 0)
    ).outcome in {
        "passed",
        "failed",
        "no_quorum",
        "too_few",
    }


@given(rounds())
def test_obstacles_are_known_before_anybody_votes(case):
    """What refuses the opening is what the closing would find: the figures of the votes play no part in it."""
    heads, counts, rules = case
    outcome, _, advice = tally.obstacle(heads, rules)
    assume(outcome)
    assert tally.verdict(heads, counts, rules).outcome == outcome
    assert advice.endswith("。")
