"""Opening a year, and what is computed for all of its cards at once [5.2][A2]."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.facts import Stay, stays_in
from assessments.models import (
    EvaluationCycle,
    Falsification,
    Grader,
    Rubric,
    Scorecard,
    ScorecardLine,
    ScorecardStatus,
)
from assessments.permissions.scorecard import manages_evaluation
from assessments.projecting import Basis, Projected, project, settings_now, sums
from assessments.scoring import CardResult, Graded, grade_cards
from park import audit, notices, rules, workdays
from park.models import Role, User
from park.templatetags.ui import date_zh
from park.workflow import Refused
from workshops.models import Studio

S = ScorecardStatus


def earliest_day(year: int) -> date:
    """The first day on which a year may be opened, as the park has decided."""
    return date(year, rules.get("cycle_earliest_month"), 1)


def possible_graders():
    """Experts with an account."""
    return User.objects.with_role(Role.EXPERT).select_related("unit").order_by("real_name", "pk")


@transaction.atomic
def open_cycle(year: int, *, rubric, by, note="", graders=(), leader=None) -> EvaluationCycle:
    """A year with a card for every studio that was in the park in it; settings and edition are kept from now on.

    Raises PermissionDenied, and Refused with a sentence for everything that is in the way.
    """
    if not manages_evaluation(by):
        raise PermissionDenied("只有管理办公室可以启动年度考核。")
    today = timezone.localdate()
    rubric = Rubric.objects.select_for_update(no_key=True).get(pk=rubric.pk)
    stays, problems = stays_in(year), []
    if EvaluationCycle.objects.filter(year=year).exists():
        raise Refused(f"{year}年度考核已经启动。")
    if today < earliest_day(year):
        problems.append(f"{year}年度考核最早在{date_zh(earliest_day(year))}启动（本园设定）。")
    if not rubric.in_force_from or rubric.in_force_from > date(year, 12, 31):
        problems.append(f"“{rubric}”在{year}年还没有施行。")
    if not stays:
        problems.append(f"{year}年没有入驻的工作室。")
    problems += graders_wrong(graders, leader)
    if problems:
        raise Refused(*problems)
    days = rules.get("self_assessment_days")
    try:
        with transaction.atomic():
            cycle = EvaluationCycle.objects.create(
                year=year,
                rubric=rubric,
                rules=settings_now(),
                self_until=workdays.add_workdays(today, days),
                note=note,
                opened_by=by,
            )
    except IntegrityError:
        raise Refused(f"{year}年度考核已经启动。") from None
    _set_graders(cycle, graders, leader, by)
    basis = Basis(year, list(rubric.items.order_by("order")), cycle.rules, cycle, rubric)
    cards = _make_cards(cycle, project(basis, stays, today), basis, by)
    audit.record("open_cycle", cycle, by=by, after=f"{len(cards)}个工作室", note=note, clause="5.2")
    return cycle


def _make_cards(cycle, projected: list[Projected], basis: Basis, by) -> list[Scorecard]:
    """Cards and their lines with what the records propose; each studio is told."""
    now, cards = timezone.now(), []
    for one in projected:
        residency = one.stay.residency
        cards.append(
            Scorecard(
                cycle=cycle,
                studio=residency.studio,
                residency=residency,
                leader_name=residency.studio.leader_name,
                since=one.stay.since,
                until=one.stay.until,
                is_partial=one.is_partial,
                computed_at=now,
                due_on=cycle.self_until,
            )
        )
    cards = Scorecard.objects.bulk_create(cards)
    ScorecardLine.objects.bulk_create(
        ScorecardLine(
            card=card,
            item=item,
            order=item.order,
            max_points=item.max_points,
            is_bonus=item.is_bonus,
            proposed_points=one.results[item.code].points,
            finding=one.results[item.code].said(),
        )
        for card, one in zip(cards, projected, strict=True)
        for item in basis.items
    )
    people: dict[int, list] = {}
    links = Studio.people.through.objects.filter(
        studio__in=[c.studio_id for c in cards], user__is_active=True
    )
    for link in links.select_related("user"):
        people.setdefault(link.studio_id, []).append(link.user)
    for card in cards:
        text = f"{card}开始自评，请在{date_zh(cycle.self_until)}前逐项核对并提交。"
        told = [user for user in people.get(card.studio_id, ()) if user != by]
        notices.notify(told, text, url=card.get_absolute_url(), subject=card)
    return cards


# ── who grades ──────────────────────────────────────────────────────────────────────────────────
def graders_wrong(graders, leader) -> list[str]:
    """No names: refusals go on the trail."""
    if not graders:
        return []
    wrong, wanted = [], rules.get("panel_graders")
    if len(graders) < wanted:
        wrong.append(f"评等的专家至少{wanted}人（本园设定），现在选了{len(graders)}人。")
    if leader not in graders:
        wrong.append("请从所选专家中确定组长。")
    return wrong


def _set_graders(cycle, graders, leader, by):
    Grader.objects.bulk_create(
        Grader(cycle=cycle, user=user, is_leader=user == leader, added_by=by) for user in graders
    )
    text = f"{cycle}：请对留待评等的项目评等。"
    notices.notify([u for u in graders if u != by], text, url=cycle.get_absolute_url(), subject=cycle)


@transaction.atomic
def change_graders(cycle, graders, leader, *, by) -> EvaluationCycle:
    """Others grade. What was graded already stays on its sheet and counts as long as its expert is in the panel.
    Raises PermissionDenied, Refused."""
    cycle = EvaluationCycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if not manages_evaluation(by):
        raise PermissionDenied("只有管理办公室可以确定评等的专家。")
    if cycle.status != "open":
        raise Refused(f"{cycle}现在是“{cycle.get_status_display()}”，不能更换专家。")
    if wrong := graders_wrong(graders, leader):
        raise Refused(*wrong)
    before = cycle.graders.count()
    cycle.graders.all().delete()
    _set_graders(cycle, graders, leader, by)
    audit.record(
        "change_graders", cycle, by=by, before=f"{before}人", after=f"{len(graders)}人", clause="A2.B4"
    )
    return cycle


# ── sums and grades ─────────────────────────────────────────────────────────────────────────────
def sum_up(card) -> None:
    """基础分, 附加分 and 总分 of the judged lines, on the instance."""
    card.base, card.bonus = sums(list(card.lines.values_list("is_bonus", "points")))
    card.total = card.base + card.bonus


def _grades(cycle, cards) -> dict[int, Graded]:
    falsified = set(
        Falsification.objects.filter(card__cycle=cycle, lifted_at=None).values_list("card", flat=True)
    )
    return grade_cards(
        [CardResult(c.pk, c.base, c.bonus, c.is_partial, c.pk in falsified) for c in cards], cycle.rules
    )


def _take(card, graded: Graded):
    card.grade, card.grade_basis, card.place = graded.grade, graded.basis, graded.place


GRADE_FIELDS = ["grade", "grade_basis", "place"]


def regrade(cycle) -> list[Scorecard]:
    """Grades and places of all standing cards of the year by what they are worth now; the cards, locked and written.
    Raises Refused where one was opened again in this very moment."""
    cards = list(cycle.cards.standing().select_for_update(no_key=True).order_by("pk"))
    if any(card.total is None for card in cards):
        raise Refused("有工作室的核验刚刚退回，请刷新后再办理。")
    graded = _grades(cycle, cards)
    for card in cards:
        _take(card, graded[card.pk])
    Scorecard.objects.bulk_update(cards, GRADE_FIELDS)
    return cards


def grade_alone(card) -> None:
    """The provisional grade of one card whose worth has changed, among the others as they stand. What the others were
    told stays until the year is closed; so nobody who holds this card waits for theirs."""
    others = card.cycle.cards.standing().exclude(pk=card.pk)
    _take(card, _grades(card.cycle, [card, *others])[card.pk])
    card.save(update_fields=GRADE_FIELDS)


def stay_of(card) -> Stay:
    return Stay(card.residency, card.since, card.until)
