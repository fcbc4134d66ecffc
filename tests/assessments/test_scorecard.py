"""One year's evaluation [5.2][A2]: who may do what when, what a year needs, and what the database refuses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.actions import evaluation as years
from assessments.actions import scorecard as acts
from assessments.invariants import INVARIANTS
from assessments.models import (
    CycleStatus,
    EvaluationCycle,
    Falsification,
    LineGrade,
    Scorecard,
    ScorecardLine,
    ScorecardStatus,
)
from assessments.workflow import CYCLE, SCORECARD
from park import attachments, rules
from park.models import Notification
from park.workflow import Conflict, Refused
from tests.assessments.evaluation import card_in, cycle_in, edition
from tests.factories import UserFactory
from tests.pictures import jpeg
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.models import LedgerRecord, LedgerStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

OFFICE = {"office", "lead_division"}
VERIFIERS = OFFICE | {"inspector", "other_logistics", "attraction"}
STUDIO = {"owner", "officer_of_studio"}
# status -> step -> who, where the office closed the verification itself
OFFERED = {
    "open": {"hand_in_self_assessment": STUDIO, "take_silence": OFFICE, "leave_out": OFFICE},
    "self_assessed": {
        "send_back_self_assessment": OFFICE,
        "close_verification": VERIFIERS,
        "leave_out": OFFICE,
    },
    "verified": {"reopen_verification": OFFICE, "announce_result": {"system"}, "leave_out": OFFICE},
    "provisional": {"ask_reconsideration": STUDIO, "finalise_result": {"system"}},
    "reconsidering": {"answer_reconsideration": {"lead_division"}},
    "final": {},
    "excluded": {},
}
CYCLE_OFFERED = {
    "open": {"announce_results": OFFICE | {"officer_of_studio"}},
    "announced": {"close_cycle": OFFICE | {"officer_of_studio"}},
    "closed": {},
}


@pytest.fixture
def everybody(people):
    return people | {"system": None}


# ── who, when ───────────────────────────────────────────────────────────────────────────────────
def test_every_status_is_in_the_table():
    assert set(OFFERED) == set(ScorecardStatus.values)
    assert set(CYCLE_OFFERED) == set(CycleStatus.values)


@pytest.mark.parametrize("status", OFFERED)
def test_steps_offered(everybody, residency, status):
    card = card_in(status, residency=residency, by=everybody["office"], owner=everybody["owner"])
    offered = {
        name: {step.name for step in SCORECARD.open_to(user, card)} for name, user in everybody.items()
    }
    wanted = {name: {s for s, who in OFFERED[status].items() if name in who} for name in everybody}
    assert offered == wanted
    for name, user in everybody.items():  # and what is not offered cannot be taken either
        for step in set(SCORECARD.steps) - wanted[name]:
            with pytest.raises((PermissionDenied, Refused)):
                SCORECARD.perform(card, step, by=user, data={})
    card.refresh_from_db()
    assert card.status == status


@pytest.mark.parametrize("status", CYCLE_OFFERED)
def test_steps_of_a_year_offered(everybody, status):
    cycle = cycle_in(status)
    offered = {name: {s.name for s in CYCLE.open_to(user, cycle)} for name, user in everybody.items()}
    assert offered == {n: {s for s, who in CYCLE_OFFERED[status].items() if n in who} for n in everybody}


def test_who_sees_cards_and_years(everybody, residency):
    cycle = cycle_in(graders=1)
    card_in("self_assessed", residency=residency, cycle=cycle)
    everybody["grader"] = cycle.graders.get().user
    seen = {n for n, user in everybody.items() if Scorecard.objects.visible_to(user).exists()}
    assert seen == VERIFIERS | STUDIO | {"working_group", "grader"}
    seen = {n for n, user in everybody.items() if EvaluationCycle.objects.visible_to(user).exists()}
    assert seen == VERIFIERS | {"working_group", "officer_of_studio", "grader"}


def test_an_expert_does_not_see_the_card_of_a_studio_of_their_own(everybody):
    cycle = cycle_in(graders=1)
    grader = cycle.graders.get().user
    card_in(
        "self_assessed",
        residency=ResidencyFactory(active=True, studio=StudioFactory(people=[grader])),
        cycle=cycle,
    )
    other = card_in("self_assessed", cycle=cycle)
    own = Scorecard.objects.visible_to(grader)
    assert set(own) == {other, *Scorecard.objects.filter(studio__people=grader)}  # as its own studio it does


# ── opening a year ──────────────────────────────────────────────────────────────────────────────
LAST = timezone.localdate().year - 1


def resident(since=date(LAST, 1, 1), **fields):
    return ResidencyFactory(active=True, term_starts_on=since, term_ends_on=date(LAST + 3, 1, 1), **fields)


def graders(n=3):
    return [UserFactory(roles=["expert"]) for _ in range(n)]


def test_a_year_is_opened_for_every_studio_that_was_in_the_park(people):
    whole = resident(studio=StudioFactory(name="甲工作室", people=[people["owner"]]))
    short = resident(since=date(LAST, 9, 1), studio=StudioFactory(name="乙工作室"))
    gone = resident(ended_on=date(LAST, 8, 31), status="ended", studio=StudioFactory(name="丙工作室"))
    resident(since=date(LAST + 1, 1, 1))
    resident(since=date(LAST - 2, 1, 1), ended_on=date(LAST - 1, 12, 31), status="ended")
    ResidencyFactory()  # waits for its agreement
    StudioFactory(is_affiliated=True)  # on the city's register only [T17]
    experts = graders()
    cycle = years.open_cycle(LAST, rubric=edition(), by=people["office"], graders=experts, leader=experts[1])
    assert list(cycle.cards.values_list("residency", "since", "until", "is_partial")) == [
        (gone.pk, date(LAST, 1, 1), date(LAST, 8, 31), False),
        (short.pk, date(LAST, 9, 1), date(LAST, 12, 31), True),
        (whole.pk, date(LAST, 1, 1), date(LAST, 12, 31), False),
    ]
    assert {card.lines.count() for card in cycle.cards.all()} == {18}
    assert cycle.rules == {
        key: rules.REGISTRY[key].to_json(v) for key, v in rules.get_many(cycle.rules).items()
    }
    assert cycle.graders.get(is_leader=True).user == experts[1]
    assert Notification.objects.filter(user=people["owner"], text__contains="开始自评").count() == 1


def test_settings_changed_later_do_not_reach_a_year_that_is_open(people):
    resident()
    cycle = years.open_cycle(LAST, rubric=edition(), by=people["office"])
    rules.set_rule("pass_mark", 70, by=people["office"], reason="下一年度起提高")
    cycle.refresh_from_db()
    assert cycle.rules["pass_mark"] == 60


def test_why_a_year_is_not_opened(people):
    office, rubric = people["office"], edition()
    with pytest.raises(PermissionDenied):
        years.open_cycle(LAST, rubric=rubric, by=people["inspector"])
    with pytest.raises(Refused, match="没有入驻的工作室"):
        years.open_cycle(LAST, rubric=rubric, by=office)
    resident()
    with pytest.raises(Refused, match="最早在"):
        years.open_cycle(LAST + 2, rubric=rubric, by=office)
    with pytest.raises(Refused, match=r"专家至少3人.*确定组长"):
        years.open_cycle(LAST, rubric=rubric, by=office, graders=graders(2))
    with pytest.raises(Refused, match="还没有施行"):
        years.open_cycle(2014, rubric=rubric, by=office)
    years.open_cycle(LAST, rubric=rubric, by=office)
    with pytest.raises(Refused, match="已经启动"):
        years.open_cycle(LAST, rubric=rubric, by=office)


# ── self-assessment ─────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def card(residency, people):
    """A card of which nothing is answered yet."""
    return card_in("open", cycle=cycle_in(year=LAST), residency=residency)


def line_of(card, code) -> ScorecardLine:
    return card.lines.select_related("item", "card").get(item__code=code)


def agree(card, *, by, but=()):
    answers = {line.pk: ("agreed", None, "") for line in card.lines.exclude(item__code__in=but)}
    return acts.answer_lines(card, answers, by=by)


def test_a_studio_confirms_or_contests_each_item(card, people):
    owner = people["owner"]
    agree(card, by=owner, but=["A2.14"])
    with pytest.raises(Refused, match="还有1项没有自评：第14项"):
        SCORECARD.perform(card, "hand_in_self_assessment", by=owner, data={})
    line = line_of(card, "A2.14")
    with pytest.raises(Refused, match="请填写自评得分并说明理由"):
        acts.answer_lines(card, {line.pk: ("contested", Decimal(5), " ")}, by=owner)
    with pytest.raises(Refused, match="0至5分"):
        acts.answer_lines(card, {line.pk: ("contested", Decimal(6), "多")}, by=owner)
    acts.answer_lines(card, {line.pk: ("contested", Decimal(5), "参加了社区活动。")}, by=owner)
    card = SCORECARD.perform(card, "hand_in_self_assessment", by=owner, data={"statement": "全年小结"})
    line.refresh_from_db()
    assert (card.status, card.self_user, card.self_statement) == ("self_assessed", owner, "全年小结")
    assert (line.answer, line.claimed_points, line.words) == ("contested", Decimal(5), "参加了社区活动。")


def test_in_time_late_or_not_at_all(residency, people):
    today = timezone.localdate()
    cycle = cycle_in(year=LAST, self_until=today)
    in_time = card_in("open", cycle=cycle, residency=residency, due_on=today)
    with pytest.raises(Refused, match="逾期没有自评的才能按系统记录核验"):
        SCORECARD.perform(in_time, "take_silence", by=people["office"])
    agree(in_time, by=people["owner"])
    assert (
        SCORECARD.perform(in_time, "hand_in_self_assessment", by=people["owner"], data={}).self_by == "online"
    )
    cycle = cycle_in(year=LAST - 1, self_until=today - timedelta(days=1))
    late = card_in("open", cycle=cycle, residency=residency, due_on=cycle.self_until)
    agree(late, by=people["owner"])
    assert SCORECARD.perform(late, "hand_in_self_assessment", by=people["owner"], data={}).self_by == "late"
    silent = card_in("open", cycle=cycle, due_on=cycle.self_until)
    silent = SCORECARD.perform(silent, "take_silence", by=people["office"])
    assert (silent.status, silent.self_by, silent.self_user) == ("self_assessed", "missing", None)


def test_records_that_change_ask_the_studio_again(card, people):
    """The card is computed anew: an agreement to another figure falls, an objection stands."""
    agree(card, by=people["owner"], but=["A2.1"])
    sign = line_of(card, "A2.1")
    acts.answer_lines(card, {sign.pk: ("contested", Decimal(5), "门牌在。")}, by=people["owner"])
    assert acts.refresh_card(card, by=people["owner"]) == 18  # nothing in the records supports this card
    sign.refresh_from_db()
    plan = line_of(card, "A2.3")
    assert (sign.answer, sign.proposed_points) == ("contested", 0)
    assert (plan.answer, plan.proposed_points) == ("", 0)
    assert line_of(card, "A2.14").answer == "agreed"  # the figure is the same, only its reasons changed
    assert acts.refresh_card(card, by=None) == 0


# ── proof ───────────────────────────────────────────────────────────────────────────────────────
def record_of(studio, people, **fields):
    values = {"kind": "media", "serial": studio.ledger.count() + 1, "title": "报道", "year": LAST} | fields
    return LedgerRecord.objects.create(
        studio=studio,
        happened_on=date(LAST, 5, 3),
        counts_from=date(LAST, 5, 3),
        counts_until=date(LAST, 5, 3),
        created_by=people["owner"],
        **values,
    )


def test_one_record_never_proves_two_bonus_items(card, people):
    """[S18]; a base item beside a bonus item is another matter."""
    record, owner = record_of(card.studio, people), people["owner"]
    row = acts.add_evidence(line_of(card, "A2.B2"), record=record, by=owner)
    with pytest.raises(Refused, match="不能用于两个加分项目"):
        acts.add_evidence(line_of(card, "A2.B3"), record=record, by=owner)
    acts.add_evidence(line_of(card, "A2.14"), record=record, by=owner)
    assert acts.remove_evidence(row, by=owner)
    assert not acts.remove_evidence(row, by=owner)  # pressed twice
    acts.add_evidence(line_of(card, "A2.B3"), record=record, by=owner)


def test_whose_proof_when(card, people):
    line = line_of(card, "A2.4")
    checked = attachments.check(jpeg())
    acts.add_evidence(line, checked=checked, by=people["owner"])
    with pytest.raises(PermissionDenied):
        acts.add_evidence(line, checked=checked, by=people["office"])
    with pytest.raises(Refused, match="本工作室"):
        acts.add_evidence(line, record=record_of(StudioFactory(), people), by=people["owner"])
    voided = record_of(card.studio, people, status=LedgerStatus.VOIDED)
    with pytest.raises(Refused, match="已经删除"):
        acts.add_evidence(line, record=voided, by=people["owner"])
    agree(card, by=people["owner"])
    SCORECARD.perform(card, "hand_in_self_assessment", by=people["owner"], data={})
    with pytest.raises(PermissionDenied):
        acts.add_evidence(line, checked=checked, by=people["owner"])
    photo = acts.add_evidence(line, checked=checked, by=people["inspector"])
    assert photo.given_by == "verifier"
    with pytest.raises(PermissionDenied):
        acts.remove_evidence(line.evidence.get(given_by="studio"), by=people["inspector"])


def test_a_phone_sends_its_picture_twice(card, people):
    line, checked = line_of(card, "A2.4"), attachments.check(jpeg())
    first = acts.add_evidence(line, checked=checked, by=people["owner"])
    again = acts.add_evidence(line, checked=checked, by=people["owner"], client_key=first.client_key)
    assert first == again


# ── verification ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def handed_in(residency, people):
    """A card that waits for those who verify; three experts, the first leads."""
    cycle = cycle_in(year=LAST, graders=3)
    for row in cycle.graders.all():
        row.user.groups.add(*UserFactory(roles=["expert"]).groups.all())
        row.user.__dict__.pop("_role_names", None)
    return card_in("self_assessed", cycle=cycle, residency=residency, owner=people["owner"])


def judge(card, code, points, *, by, reason=""):
    line = line_of(card, code)
    points = None if points is None else Decimal(points)
    return acts.judge_line(line, points=points, reason=reason, version=line.version, by=by)


def judge_all(card, *, by):
    for line in card.lines.select_related("item").filter(points=None):
        judge(card, line.item.code, line.proposed_points, by=by)


def test_confirmed_or_overridden_with_a_reason(handed_in, people):
    by = people["inspector"]
    assert judge(handed_in, "A2.1", 5, by=by).basis == "confirmed"
    with pytest.raises(Refused, match="改定得分的，请写明理由"):
        judge(handed_in, "A2.2", 15, by=by)
    line = judge(handed_in, "A2.2", 15, by=by, reason="3月签到表有涂改")
    assert (line.points, line.basis, line.judged_by) == (Decimal(15), "overridden", by)
    line = judge(handed_in, "A2.2", None, by=by)  # taken back
    assert (line.points, line.basis, line.reason) == (None, "", "")


# item, points that are refused, why
NEVER = [
    ("A2.1", "3", "只有0、5分"),
    ("A2.3", "7", "只有0、5、10分"),
    ("A2.4", "2.1", "0至2分"),
    ("A2.2", "20.1", "0至20分"),
    ("A2.2", "-0.1", "0至20分"),
    ("A2.14", "2", "只有0、5分"),
    ("A2.B4", "30", "由专家评等"),
]


@pytest.mark.parametrize(("code", "points", "why"), NEVER)
def test_no_value_is_invented(handed_in, people, code, points, why):
    with pytest.raises(Refused, match=why):
        judge(handed_in, code, points, by=people["office"], reason="现场情况")


def test_who_sees_an_old_figure_does_not_write_over_a_new_one(handed_in, people):
    old = line_of(handed_in, "A2.1")
    judge(handed_in, "A2.1", 0, by=people["office"], reason="没有标识")
    with pytest.raises(Conflict, match="刚刚有人改动过"):
        acts.judge_line(old, points=Decimal(5), reason="", version=old.version, by=people["inspector"])
    assert line_of(handed_in, "A2.1").points == 0


def test_only_verifiers_judge_and_nobody_their_own(handed_in, people):
    for name in ("owner", "officer_of_studio", "working_group", "expert", "stranger", "superuser"):
        with pytest.raises(PermissionDenied):
            judge(handed_in, "A2.1", 5, by=people[name])


def test_a_verification_is_closed_when_every_line_is_judged(handed_in, people):
    office = people["office"]
    judge(handed_in, "A2.1", 5, by=office)
    with pytest.raises(Refused, match="还有17项没有核验"):
        SCORECARD.perform(handed_in, "close_verification", by=office, data={})
    judge_all(handed_in, by=office)
    card = SCORECARD.perform(handed_in, "close_verification", by=office, data={"note": "现场核对"})
    assert (card.base, card.bonus, card.total) == (Decimal("87.3"), Decimal(45), Decimal("132.3"))
    assert card.verification_note == "现场核对"
    card = SCORECARD.perform(card, "reopen_verification", by=office, data={"reason": "漏看一项"})
    assert (card.status, card.total, card.verified_at) == ("self_assessed", None, None)


def test_sent_back_the_judgements_are_gone(handed_in, people):
    judge(handed_in, "A2.1", 0, by=people["office"], reason="没有标识")
    card = SCORECARD.perform(
        handed_in, "send_back_self_assessment", by=people["office"], data={"reason": "材料不全"}
    )
    assert (card.status, card.self_by) == ("open", "")
    assert line_of(card, "A2.1").points is None


# ── the panel ───────────────────────────────────────────────────────────────────────────────────
def grade(card, user, code, note=""):
    return acts.grade_line(line_of(card, "A2.B4"), grade=code, note=note, by=user)


def test_the_panel_gives_what_the_form_leaves_to_judgement(handed_in, people):
    first, second, third = (row.user for row in handed_in.cycle.graders.all())
    grade(handed_in, first, "good")
    grade(handed_in, second, "excellent")
    with pytest.raises(Refused, match="至少3人"):
        acts.settle_panel(line_of(handed_in, "A2.B4"), by=people["office"])
    grade(handed_in, third, "fair")
    grade(handed_in, third, "good", "改评")  # until it is settled
    line = acts.settle_panel(line_of(handed_in, "A2.B4"), by=people["office"])
    assert (line.points, line.basis) == (Decimal(30), "panel")
    assert line.reason == "3位专家评等，评为“良”：2人评此等，为多数。"
    assert LineGrade.objects.count() == 3
    with pytest.raises(Refused, match="已经汇总"):
        grade(handed_in, first, "fair")
    with pytest.raises(PermissionDenied):
        acts.settle_panel(line, by=people["inspector"])


def test_who_does_not_grade(handed_in, people):
    first = handed_in.cycle.graders.first().user
    for user in (people["expert"], people["office"], people["owner"]):
        with pytest.raises(PermissionDenied):
            grade(handed_in, user, "good")
    with pytest.raises(Refused, match="从所列的等中选择"):
        grade(handed_in, first, "perfect")
    handed_in.studio.people.add(first)
    with pytest.raises(PermissionDenied):
        grade(handed_in, first, "good")


# ── 弄虚作假 ────────────────────────────────────────────────────────────────────────────────────
def test_falsification_is_found_with_proof_and_may_be_lifted(handed_in, people):
    checked = attachments.check(jpeg())
    with pytest.raises(PermissionDenied):
        acts.find_falsification(handed_in, facts="花名册不实", checked=checked, by=people["inspector"])
    row = acts.find_falsification(handed_in, facts="花名册不实", checked=checked, by=people["office"])
    with pytest.raises(Refused, match="已经认定"):
        acts.find_falsification(handed_in, facts="又", checked=checked, by=people["office"])
    assert acts.lift_falsification(row, reason="查证有误", by=people["office"])
    assert not acts.lift_falsification(row, reason="查证有误", by=people["office"])


# ── from beginning to end ───────────────────────────────────────────────────────────────────────
def test_a_year_from_its_opening_to_its_end(people, clock):
    """Two studios: one is changed by reconsideration, one falsified. Grades follow, the last card stands still."""
    office, owner, other = people["office"], people["owner"], people["lead_division"]
    resident(studio=StudioFactory(name="甲工作室", people=[owner]))
    resident(studio=StudioFactory(name="乙工作室"))
    cycle = years.open_cycle(LAST, rubric=edition(), by=office)
    first, second = cycle.cards.all().order_by("-studio__name")
    for code, points in (("A2.1", 5), ("A2.3", 10)):
        acts.answer_lines(first, {line_of(first, code).pk: ("contested", Decimal(points), "有")}, by=owner)
    agree(first, by=owner, but=["A2.1", "A2.3"])
    first = SCORECARD.perform(first, "hand_in_self_assessment", by=owner, data={})
    with pytest.raises(Refused, match="还有2个工作室没有完成核验"):
        CYCLE.perform(cycle, "announce_results", by=office)
    clock(f"{cycle.self_until + timedelta(days=1)}")
    second = SCORECARD.perform(second, "take_silence", by=office)
    for card in (first, second):
        judge_all(card, by=office)
        SCORECARD.perform(card, "close_verification", by=office, data={})
    cycle = CYCLE.perform(cycle, "announce_results", by=office)
    first, second = cycle.cards.all().order_by("-studio__name")
    assert (first.status, first.grade, second.grade) == ("provisional", "fail", "fail")
    with pytest.raises(Refused, match="申请复核的期限到"):
        CYCLE.perform(cycle, "close_cycle", by=office)

    first = SCORECARD.perform(first, "ask_reconsideration", by=owner, data={"reason": "门牌一直在。"})
    with pytest.raises(PermissionDenied):
        SCORECARD.perform(first, "answer_reconsideration", by=office, data={})
    changes = [(line_of(first, "A2.1"), Decimal(5), "复核属实")]
    first = SCORECARD.perform(
        first, "answer_reconsideration", by=other, data={"reply": "属实。", "lines": changes}
    )
    assert (first.status, first.total, first.reconsideration.outcome) == (
        "provisional",
        first.base + first.bonus,
        "changed",
    )
    with pytest.raises(Refused, match="每年一次"):
        SCORECARD.perform(first, "ask_reconsideration", by=owner, data={"reason": "再看。"})

    clock(f"{second.due_on + timedelta(days=1)}")
    cycle = CYCLE.perform(cycle, "close_cycle", by=office)
    assert set(cycle.cards.values_list("status", flat=True)) == {"final"}
    assert [invariant.name for invariant in INVARIANTS if invariant.offenders()] == []


# ── what the database refuses ───────────────────────────────────────────────────────────────────
def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_what_the_database_refuses(residency, people):
    cycle = cycle_in(CycleStatus.ANNOUNCED)
    card = card_in("provisional", cycle=cycle, residency=residency)
    lines, cards = card.lines.filter(item__code="A2.1"), Scorecard.objects.filter(pk=card.pk)
    refused(lambda: lines.update(points=Decimal("5.1"), basis="overridden", reason="过高"))
    refused(lambda: lines.update(points=Decimal("-0.1"), basis="overridden", reason="过低"))
    refused(lambda: lines.update(points=Decimal(4), basis="overridden", reason=""))
    refused(lambda: lines.update(points=Decimal(4), basis="reconsidered", reason=""))
    refused(lambda: lines.update(points=Decimal(4)))  # confirmed is what was proposed
    refused(lambda: cards.update(total=card.total + 1))
    refused(lambda: cards.update(base=card.base + 1, total=card.total + 1))
    refused(lambda: card_in("open", cycle=cycle, residency=residency))
    refused(lambda: cards.update(grade=""))
    refused(lambda: cards.delete())
    lines.update(points=None, basis="", judged_at=None, judged_by=None)
    refused(lambda: cards.update(status="final", finalised_at=timezone.now()))


def test_a_final_card_does_not_change(residency):
    card = card_in("final", cycle=cycle_in(CycleStatus.CLOSED), residency=residency)
    refused(lambda: Scorecard.objects.filter(pk=card.pk).update(grade="fail"))
    refused(lambda: Scorecard.objects.filter(pk=card.pk).update(status="provisional", finalised_at=None))
    refused(lambda: card.lines.update(words="改"))
    refused(lambda: card.lines.all().delete())
    line = card.lines.first()
    line.pk = None
    refused(lambda: line.save(force_insert=True))


def test_a_second_falsification_or_a_lifted_one_without_reason(handed_in, people):
    acts.find_falsification(handed_in, facts="不实", checked=attachments.check(jpeg()), by=people["office"])
    row = Falsification.objects.get()
    refused(
        lambda: Falsification.objects.filter(pk=row.pk).update(
            lifted_at=timezone.now(), lifted_by=people["office"]
        )
    )
    row.pk, row.key = None, "7f9c0c1e-3e0b-4b83-9d0f-5a7a4c7f1a11"
    refused(lambda: row.save(force_insert=True))


def test_falsification_after_the_result_was_told_changes_it_at_once(residency, people):
    """The provisional grade says what holds now, and so does it once the finding is lifted; others keep what they were
    told until the year is closed."""
    cycle = cycle_in(CycleStatus.ANNOUNCED)
    card, other = (
        card_in("provisional", cycle=cycle, residency=residency),
        card_in("provisional", cycle=cycle),
    )
    told = (other.grade, other.place)
    row = acts.find_falsification(card, facts="不实", checked=attachments.check(jpeg()), by=people["office"])
    card.refresh_from_db()
    assert card.grade == "fail"
    acts.lift_falsification(row, reason="查证有误", by=people["office"])
    card.refresh_from_db()
    other.refresh_from_db()
    assert card.grade != "fail"
    assert (other.grade, other.place) == told
