"""In which order do cases stand on a candidate list, and why [3.2.2]? Exact fractions, then the park's rule."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils import timezone

from applications.models import AgendaItem, Application, BallotRound, RoundOutcome, Submission

VOTES_THEN_FILED, VOTES_THEN_CONDITION, VOTES_THEN_ORDER = (
    "votes_then_filed",
    "votes_then_condition",
    "votes_then_order",
)


@dataclass(frozen=True)
class Standing:
    """One case with all that its rank may rest on."""

    application: Application
    item: AgendaItem
    round: BallotRound
    key_project: bool = False  # takes part in a key project of nation, province or city [3.1.3]

    @property
    def share(self) -> Fraction:
        """Approving votes of those entitled to vote, exactly."""
        return Fraction(self.round.approve, self.round.eligible)

    def criteria(self, rule) -> list[tuple]:
        """What decides between equal shares, in turn: (value, words when before, words when behind)."""
        filed = timezone.localtime(self.application.submitted_at)
        day = f"{filed.year}年{filed.month}月{filed.day}日 {filed:%H:%M}"
        first = (self.application.submitted_at, f"首次提交在先（{day}）", f"首次提交在后（{day}）")
        number = (self.application.pk, "申报编号在先", "申报编号在后")
        if rule == VOTES_THEN_CONDITION:
            key = (not self.key_project, "参与重点技术攻关项目，优先", "未参与重点技术攻关项目")
            return [key, first, number]
        if rule == VOTES_THEN_ORDER:
            session = self.item.session
            place = f"{session}第{self.item.order}项"
            order = (
                (session.meets_on, session.pk, self.item.order, self.item.pk),
                f"评议议程在先（{place}）",
                f"评议议程在后（{place}）",
            )
            return [order, number]
        return [first, number]


def ranked(standings, rule) -> list[Standing]:
    """Best first: the share of approving votes, then what the park's rule names."""
    return sorted(standings, key=lambda s: (-s.share, *(value for value, *_ in s.criteria(rule))))


def tie_reasons(order, rule) -> dict[int, str]:
    """Why a case with the share of its neighbour stands where it does: application pk → one phrase.

    `order` is ranked by `rule`. Cases whose share is theirs alone are left out.
    """
    reasons = {}
    for place, one in enumerate(order):
        before = order[place - 1] if place and order[place - 1].share == one.share else None
        after = order[place + 1] if place + 1 < len(order) and order[place + 1].share == one.share else None
        other = before or after
        if other is None:
            continue
        pairs = zip(one.criteria(rule), other.criteria(rule), strict=True)
        words = next(
            (behind if before else first) for (mine, first, behind), (its, *_) in pairs if mine != its
        )
        rank = place if before else place + 2
        reasons[one.application.pk] = f"同意票比例与第{rank}名相同，{words}"
    return reasons


def standings(applications, rule) -> tuple[list[Standing], list[str]]:
    """What the rank of these cases rests on, and a sentence for each that no panel has carried."""
    applications = list(applications)
    last = {}
    rounds = BallotRound.objects.filter(item__application__in=applications, closed_at__isnull=False)
    for row in rounds.select_related("item__session").order_by("closed_at", "pk"):
        last[row.item.application_id] = row
    flags = _key_projects(applications) if rule == VOTES_THEN_CONDITION else {}
    carried, faults = [], []
    for application in applications:
        row = last.get(application.pk)
        if row is None or row.outcome != RoundOutcome.PASSED:
            faults.append(f"{application}没有通过的表决，不能列入候选名单。")
        else:
            carried.append(Standing(application, row.item, row, flags.get(application.pk, False)))
    return carried, faults


def _key_projects(applications) -> dict[int, bool]:
    latest = {}
    for row in Submission.objects.filter(application__in=applications).order_by("number"):
        latest[row.application_id] = row
    return {pk: bool(row.data.get("conditions", {}).get("key_project")) for pk, row in latest.items()}


def standings_of(candidate_list, entries) -> list[Standing]:
    """The same for the rows of a list, in the order of their ranks, from what the list was compiled with."""
    flags = {}
    if candidate_list.ranking == VOTES_THEN_CONDITION:
        flags = _key_projects([entry.application for entry in entries])
    return [
        Standing(entry.application, entry.item, entry.round, flags.get(entry.application_id, False))
        for entry in entries
    ]


def reasons_of(candidate_list, entries) -> dict[int, str]:
    """Why rows of equal share stand in this order: application pk → one phrase."""
    return tie_reasons(standings_of(candidate_list, entries), candidate_list.ranking)
