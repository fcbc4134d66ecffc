"""优秀, 良好, 合格, 不合格 or 不定等次: what the points of all studios of a year come to [5.2][5.4.4][S15][S16]."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from park.points import shown


@dataclass(frozen=True)
class CardResult:
    """What grading needs of one card."""

    key: int
    base: Decimal
    bonus: Decimal
    is_partial: bool = False
    is_falsified: bool = False

    @property
    def total(self) -> Decimal:
        return self.base + self.bonus


@dataclass(frozen=True)
class Graded:
    grade: str
    basis: str
    place: int | None  # among those that are graded, by the total; equal totals share it


def measured(card: CardResult, rules) -> Decimal:
    """The points that the marks are held against."""
    return card.base if rules["pass_basis"] == "base" else card.total


def is_failing(card: CardResult, rules) -> bool:
    """Below the mark, or found to have falsified [5.4.4]. Bonus points rescue nothing unless the park says so."""
    return measured(card, rules) < int(rules["pass_mark"]) or (card.is_falsified and rules["falsified_fails"])


def grade_cards(cards: Sequence[CardResult], rules) -> dict[int, Graded]:
    """The grade of every card of a year. The quota of 优秀 is counted over all that are graded; whoever shares the last
    place of the quota is in it."""
    ranked = [card for card in cards if not card.is_partial]
    totals = sorted((card.total for card in ranked), reverse=True)
    places = {card.key: 1 + sum(total > card.total for total in totals) for card in ranked}
    quota = max(len(ranked) * int(rules["excellent_quota"]) // 100, 1) if int(rules["excellent_quota"]) else 0
    words = "基础分" if rules["pass_basis"] == "base" else "总分"
    graded = {}
    for card in cards:
        points, place = measured(card, rules), places.get(card.key)
        said = f"{words}{shown(points)}分"
        if card.is_falsified and rules["falsified_fails"]:
            grade, basis = "fail", "认定弄虚作假，按本园设定为不合格"
        elif card.is_partial:
            grade, basis = "none", f"年度内在园不满{rules['full_months']}个月，不定等次"
        elif is_failing(card, rules):
            grade, basis = "fail", f"{said}，低于合格线{rules['pass_mark']}分"
        elif points >= int(rules["excellent_mark"]) and place <= quota:
            grade, basis = "excellent", f"{said}，总分第{place}名，在优秀名额{quota}个以内"
        elif points >= int(rules["good_mark"]):
            beyond = points >= int(rules["excellent_mark"])
            basis = f"{said}，总分第{place}名" + (f"，优秀名额{quota}个已满" if beyond else "")
            grade = "good"
        else:
            grade, basis = "pass", f"{said}，达到合格线{rules['pass_mark']}分"
        graded[card.key] = Graded(grade, basis, place)
    return graded
