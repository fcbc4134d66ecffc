"""What did a round of the ballot come to, and by which arithmetic? Pure: figures and rules in, verdict out [3.2.2].

All fractions are exact. The denominator of the threshold is everybody with a vote: present and not recused for the
case. Who did not vote, abstained or handed in an invalid slip therefore counts as one who did not approve.
"""

from dataclasses import dataclass
from fractions import Fraction

# What of the panel must be in the room (以上 includes the figure itself).
QUORUMS = {"half": Fraction(1, 2), "two_thirds": Fraction(2, 3), "all": Fraction(1)}
# What of the voters must approve; the first must be passed, the others reached.
THRESHOLDS = {
    "more_than_half": Fraction(1, 2),
    "two_thirds": Fraction(2, 3),
    "three_quarters": Fraction(3, 4),
}
MUST_EXCEED = {"more_than_half"}
SIGNS = {
    Fraction(1, 2): "½",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 4): "¼",
    Fraction(3, 4): "¾",
}
INCONCLUSIVE = ("tie", "all_abstain", "no_quorum", "too_few", "void")


@dataclass(frozen=True)
class Heads:
    """应到, 实到, 回避 of those present."""

    seats: int
    present: int
    recused: int

    @property
    def eligible(self) -> int:
        """有表决权."""
        return self.present - self.recused


@dataclass(frozen=True)
class Rules:
    """The rules of the session, by the codes of the settings; `reballots_left` may still be held after this round."""

    quorum: str = "two_thirds"
    threshold: str = "two_thirds"
    min_voters: int = 3
    reballot_on: tuple = ("tie", "all_abstain")
    reballots_left: int = 1


@dataclass(frozen=True)
class Counts:
    approve: int
    oppose: int = 0
    abstain: int = 0
    invalid: int = 0

    @property
    def total(self) -> int:
        return self.approve + self.oppose + self.abstain + self.invalid


@dataclass(frozen=True)
class Verdict:
    """`outcome` is one of RoundOutcome; `arithmetic` stands on every page and paper; `advice` says what to do next."""

    outcome: str
    arithmetic: str
    advice: str


def written(number: Fraction) -> str:
    """3⅓, ⅔, 4: as one writes it by hand."""
    whole, rest = divmod(Fraction(number), 1)
    if not rest:
        return str(whole)
    sign = SIGNS.get(rest, f"{rest.numerator}/{rest.denominator}")
    return f"{whole or ''}{'又' if whole and rest not in SIGNS else ''}{sign}"


def has_quorum(heads: Heads, quorum: str) -> bool:
    return heads.present > 0 and heads.present >= QUORUMS[quorum] * heads.seats


def has_carried(approve: int, eligible: int, threshold: str) -> bool:
    needed = THRESHOLDS[threshold] * eligible
    return approve > needed if threshold in MUST_EXCEED else approve >= needed


def obstacle(heads: Heads, rules: Rules) -> tuple[str, str, str]:
    """Why there can be no vote: (outcome, its line of arithmetic, what to do next); three times "" where there can."""
    if not has_quorum(heads, rules.quorum):
        needed = QUORUMS[rules.quorum]
        line = f"实到 {heads.present} ＜ {written(needed)}×{heads.seats}＝{written(needed * heads.seats)}"
        return "no_quorum", line, "到会人数不足，不能表决：请等专家到会；等不到的请休会，另行安排会议。"
    if heads.eligible >= max(1, rules.min_voters):
        return "", "", ""
    least = max(1, rules.min_voters)
    line = f"有表决权 {heads.eligible} ＜ 最少 {least}"
    if heads.eligible == 0:
        who = "到会专家全部回避，没有人可以表决"
    elif heads.eligible == 1:
        who = "回避后只有 1 位专家有表决权，不能由一人决定"
    else:
        who = f"回避后有表决权的专家只有 {heads.eligible} 位，少于 {least} 位，不能表决"
    return "too_few", line, f"{who}：请休会，另行组织专家评议这一项。"


def verdict(heads: Heads, counts: Counts, rules: Rules) -> Verdict:
    """Raises ValueError where there are more votes than voters: such figures are no result."""
    if (
        counts.total > heads.eligible
        or min(counts.approve, counts.oppose, counts.abstain, counts.invalid) < 0
    ):
        raise ValueError("more votes than voters")
    start = f"应到 {heads.seats} · 实到 {heads.present} · 回避 {heads.recused} · 有表决权 {heads.eligible}"
    outcome, line, advice = obstacle(heads, rules)
    if outcome:
        return Verdict(outcome, f"{start} · {line} → 不能表决", advice)
    share = THRESHOLDS[rules.threshold]
    carried = has_carried(counts.approve, heads.eligible, rules.threshold)
    if rules.threshold in MUST_EXCEED:
        sign = "＞" if carried else ("＝" if counts.approve == share * heads.eligible else "＜")
    else:
        sign = "≥" if carried else "＜"
    needed = f"{written(share)}×{heads.eligible}"
    if sign != "＝":
        needed += f"＝{written(share * heads.eligible)}"
    sums = f"{start} · 同意 {counts.approve} {sign} {needed}"
    if carried:
        return Verdict("passed", f"{sums} → 通过", "这一项办结，转入候选名单；请开始下一项。")
    why = _stalemate(heads, counts)
    if why and why in rules.reballot_on and rules.reballots_left > 0:
        said = "同意与不同意相等" if why == "tie" else "全部弃权"
        advice = f"{said}，按规则可以重新投票（还可 {rules.reballots_left} 次）：请继续评议，再开始投票。"
        return Verdict(why, f"{sums}，{said} → 可重新投票", advice)
    note = ""
    if why:
        said = "同意与不同意相等" if why == "tie" else "全部弃权"
        note = f"，{said}，{'重新投票次数已用完' if why in rules.reballot_on else '按规则不重新投票'}"
    return Verdict("failed", f"{sums}{note} → 不通过", "这一项办结，由管理办公室书面告知；请开始下一项。")


def heads_of(round_) -> Heads:
    return Heads(round_.seats, round_.present, round_.recused)


def rules_of(round_) -> Rules:
    """The rules as they were copied into the round; those of voting again stand with the session."""
    return Rules(
        round_.quorum,
        round_.threshold,
        round_.min_voters,
        tuple(round_.item.session.reballot_on),
        round_.reballots_left(),
    )


def of(round_) -> Verdict:
    """The verdict of a closed round, computed again from its figures; of a voided one there is only the advice."""
    if round_.outcome == "void":
        return Verdict("void", round_.arithmetic, "本轮作废：请继续评议，再开始投票；不能继续的请休会。")
    counts = Counts(round_.approve, round_.oppose, round_.abstain, round_.invalid)
    return verdict(heads_of(round_), counts, rules_of(round_))


def _stalemate(heads, counts) -> str:
    """`tie`: as many for as against, at least one each. `all_abstain`: every voter abstained."""
    if counts.approve == counts.oppose and counts.approve:
        return "tie"
    return "all_abstain" if counts.abstain == heads.eligible else ""
