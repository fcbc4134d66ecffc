"""What would the cards of a year say today? Edition and settings of the year, facts, and the points that come of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, Subquery
from django.db.models.functions import Coalesce

from assessments.facts import Stay, facts_of
from assessments.models import EvaluationCycle, Rubric, RubricItem
from assessments.scoring import CardResult, Result, YearFacts, is_failing, score
from park import rules
from park.rules.evaluation import FROZEN


@dataclass(frozen=True)
class Basis:
    """By which edition and which settings a year is counted: those it was opened with, else those that hold now."""

    year: int
    items: Sequence[RubricItem]
    rules: dict
    cycle: EvaluationCycle | None
    rubric: Rubric | None


def settings_now() -> dict:
    """The settings that a year would be opened with, as plain JSON and so as a year keeps them."""
    values = rules.get_many(FROZEN)
    return {key: rules.REGISTRY[key].to_json(value) for key, value in values.items()}


def settings_shown(values: dict) -> list[dict]:
    """The settings of a year as people read them: what each decides, what it is set to, which clause is silent."""
    shown = []
    for key in FROZEN:
        rule = rules.REGISTRY[key]
        value = rule.from_json(values[key]) if key in values else rule.default
        shown.append({"rule": rule, "value": rule.show(value)})
    return shown


def basis_of(year: int) -> Basis:
    """Two queries: the items, and the year with its settings or those that hold now. Without an edition in force there
    are no items."""
    opened = EvaluationCycle.objects.filter(year=year)
    in_force = Rubric.objects.in_force(date(year, 12, 31))
    edition = Coalesce(Subquery(opened.values("rubric")[:1]), Subquery(in_force.values("pk")[:1]))
    items = RubricItem.objects.filter(rubric=edition).annotate(is_opened=Exists(opened))
    items = list(items.select_related("rubric").order_by("order"))
    cycle = opened.first() if items and items[0].is_opened else None
    rubric = items[0].rubric if items else None
    if cycle:
        cycle.rubric = rubric
    return Basis(year, items, cycle.rules if cycle else settings_now(), cycle, rubric)


@dataclass(frozen=True)
class Projected:
    """The card of one studio as it would stand today."""

    stay: Stay
    facts: YearFacts
    results: dict[str, Result]  # item code → result
    base: Decimal
    bonus: Decimal
    is_partial: bool
    at_risk: bool

    @property
    def studio(self):
        return self.stay.residency.studio

    @property
    def total(self) -> Decimal:
        return self.base + self.bonus


def sums(pairs: Iterable[tuple[bool, Decimal]]) -> tuple[Decimal, Decimal]:
    """(基础分, 附加分) of (is bonus, points)."""
    base = bonus = Decimal(0)
    for is_bonus, points in pairs:
        if is_bonus:
            bonus += points
        else:
            base += points
    return base, bonus


def projecting(basis: Basis, stays: Iterable[Stay], today: date) -> Iterator[Projected]:
    """Every stay with its points, in the order given, one by one; queries do not grow with their number."""
    stays = list(stays)
    known = facts_of(basis.year, stays, basis.rules, today)
    for stay in stays:
        facts = known[stay.residency.studio_id]
        results = {item.code: score(item, facts, basis.rules) for item in basis.items}
        base, bonus = sums((item.is_bonus, results[item.code].points) for item in basis.items)
        partial = stay.is_partial(int(basis.rules["full_months"]))
        failing = is_failing(CardResult(stay.residency.studio_id, base, bonus), basis.rules)
        yield Projected(stay, facts, results, base, bonus, partial, failing and not partial)


def project(basis: Basis, stays: Iterable[Stay], today: date) -> list[Projected]:
    """The same as a list."""
    return list(projecting(basis, stays, today))
