"""The regular inspection [5.2]: who may do what when, whom a plan takes, the record, the problems and their days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.actions import inspection as acts
from assessments.models import Finding, Inspection, InspectionLine
from assessments.workflow import FINDING, INSPECTION
from park import documents, rules, workdays
from park.audit import history_of
from park.invariants import REGISTRY
from park.models import Document, Notification
from park.workflow import Conflict, Refused
from tests.assessments import factories as make
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions import leaving
from workshops.workflow import RESIDENCY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

EVERYBODY = [
    "office", "inspector", "other_logistics", "lead_division", "attraction", "working_group", "expert", "auditor",
    "owner", "stranger", "officer_of_studio", "nobody", "superuser",
]  # fmt: skip
OFFICE = {"office", "lead_division"}
GOING = {"office", "inspector"}
STUDIO = {"owner", "officer_of_studio"}
# status -> step -> who, with one problem in the record
OFFERED = {
    "planned": {"postpone_inspection": OFFICE, "cancel_inspection": OFFICE, "finish_inspection": GOING},
    "recorded": {
        "reopen_inspection": GOING,
        "confirm_inspection": STUDIO,
        "sign_inspection": GOING | OFFICE,
        "settle_unanswered": OFFICE,
    },
    "closing": {"close_inspection": GOING | OFFICE},
    "closed": {},
    "cancelled": {},
}
FINDING_OFFERED = {
    "open": {"answer_finding": STUDIO},
    "answered": {"close_finding": GOING | OFFICE, "reopen_finding": GOING | OFFICE},
    "reopened": {"answer_finding": STUDIO},
    "closed": {},
}


def bring(world, status, **recorded):
    people = world.people
    return make.in_status(
        world.inspection, status, inspector=people["office"], owner=people["owner"], **recorded
    )


# ── who, when ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", OFFERED)
def test_steps_offered(world, status):
    inspection = bring(world, status)
    offered = {
        name: {step.name for step in INSPECTION.open_to(world.people[name], inspection)} for name in EVERYBODY
    }
    wanted = {name: {s for s, who in OFFERED[status].items() if name in who} for name in EVERYBODY}
    assert offered == wanted


@pytest.mark.parametrize("status", FINDING_OFFERED)
def test_steps_offered_for_a_finding(world, status):
    people = world.people
    finding = bring(world, "closing").findings.get()
    if status != "open":
        finding = make.answer(finding, owner=people["owner"])
    if status in ("closed", "reopened"):
        name = "close_finding" if status == "closed" else "reopen_finding"
        finding = FINDING.perform(finding, name, by=people["inspector"], data={"reason": "看过。"})
    offered = {name: {step.name for step in FINDING.open_to(people[name], finding)} for name in EVERYBODY}
    wanted = {name: {s for s, who in FINDING_OFFERED[status].items() if name in who} for name in EVERYBODY}
    assert offered == wanted


@pytest.mark.parametrize("status", OFFERED)
def test_whoever_is_not_offered_a_step_cannot_take_it(world, status):
    inspection = bring(world, status)
    for step in INSPECTION.steps:
        for name in EVERYBODY:
            if name in OFFERED[status].get(step, ()):
                continue
            with pytest.raises((PermissionDenied, Refused)):
                INSPECTION.perform(inspection, step, by=world.people[name], data={})
    inspection.refresh_from_db()
    assert inspection.status == status


def test_who_sees_what(world):
    bring(world, "closing")
    seen = {name for name in EVERYBODY if Inspection.objects.visible_to(world.people[name]).exists()}
    assert seen == OFFICE | STUDIO | {"inspector", "other_logistics", "attraction"}
    assert seen == {name for name in EVERYBODY if Finding.objects.visible_to(world.people[name]).exists()}


# ── plan ────────────────────────────────────────────────────────────────────────────────────────
@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), months=st.integers(1, 12))
def test_periods_cover_the_year_without_gap_or_overlap(day, months):
    starts_on, ends_on = acts.period_of(day, months)
    assert starts_on <= day <= ends_on
    assert starts_on.day == 1
    assert (ends_on + timedelta(days=1)).day == 1
    if ends_on < date(day.year, 12, 31):
        assert acts.period_of(ends_on + timedelta(days=1), months)[0] == ends_on + timedelta(days=1)


def test_a_quarter_by_default():
    assert rules.get("inspection_interval") == 3
    assert acts.period_of(date(2026, 5, 9), 3) == (date(2026, 4, 1), date(2026, 6, 30))


def test_only_residents_not_yet_inspected_are_waiting(world):
    """[T17]: the directory of the city's studios is not inspected."""
    StudioFactory(is_affiliated=True)
    ResidencyFactory()  # waits for its agreement
    another = ResidencyFactory(active=True)
    today = timezone.localdate()
    assert list(acts.waiting_for_inspection(today - timedelta(30), today + timedelta(30))) == [another]


def test_an_inspection_of_the_period_is_not_repeated_and_a_cancelled_one_does_not_count(world):
    people = world.people
    with pytest.raises(Refused, match="本周期已有检查"):
        make.plan([world.residency], by=people["office"], inspectors=world.going)
    bring(world, "cancelled")
    again = make.plan([world.residency], by=people["office"], inspectors=world.going)
    assert again.inspections.count() == 1


def test_a_plan_that_cannot_be_says_everything_and_writes_nothing(world):
    people = world.people
    own = ResidencyFactory(active=True, studio=StudioFactory(people=[people["office"]]))
    before = Inspection.objects.count()
    with pytest.raises(Refused) as refusal:
        make.plan(
            [own], by=people["office"], inspectors=[people["office"]], note="",
            inspect_on=timezone.localdate() - timedelta(days=1),
        )  # fmt: skip
    text = str(refusal.value)
    assert all(part in text for part in ("不能早于今天", "至少2人", "不能检查自己的工作室"))
    assert Inspection.objects.count() == before


def test_only_the_office_plans(world):
    with pytest.raises(Refused, match="只有管理办公室"):
        make.plan([world.residency], by=world.people["inspector"], inspectors=world.going)


def test_a_short_notice_says_why(world):
    other = ResidencyFactory(active=True)
    with pytest.raises(Refused, match="2个工作日通知"):
        make.plan([other], by=world.people["office"], inspectors=world.going, note="")


def test_studio_and_inspectors_are_told_and_the_notice_is_issued(world):
    assert Document.objects.about(world.inspection).get().kind == "inspection_notice"
    told = set(Notification.objects.values_list("user", flat=True))
    assert {world.people[name].pk for name in ("inspector", "owner", "officer_of_studio")} <= told


def test_the_lines_keep_the_words_of_the_day(world):
    item = world.inspection.lines.first().item
    item.label = "改过的内容"
    item.save()
    assert world.inspection.lines.first().text == "工作室标识完好"


# ── record ──────────────────────────────────────────────────────────────────────────────────────
def test_two_phones_do_not_overwrite_each_other(world):
    make.record(world.inspection, by=world.people["office"], version=0)
    with pytest.raises(Conflict, match="其他检查人员保存过"):
        make.record(world.inspection, by=world.people["inspector"], version=0, summary="别的话")
    assert Inspection.objects.get(pk=world.inspection.pk).summary == "总体良好。"


def test_it_is_finished_when_every_line_has_a_verdict_and_every_problem_its_words(world):
    office = world.people["office"]
    make.record(world.inspection, by=office, verdicts=("met", "", "met"))
    with pytest.raises(Refused, match="还有 1 项没有结论"):
        INSPECTION.perform(world.inspection, "finish_inspection", by=office)
    make.record(world.inspection, by=office, note="")
    with pytest.raises(Refused, match="还没有写明问题"):
        INSPECTION.perform(world.inspection, "finish_inspection", by=office)


def test_a_finished_record_does_not_change(world):
    inspection = bring(world, "recorded")
    with pytest.raises(Refused, match="记录不能修改"):
        make.record(inspection, by=world.people["office"], summary="事后的话")
    with pytest.raises(DatabaseError), transaction.atomic():
        InspectionLine.objects.filter(inspection=inspection).update(note="事后的话")


def test_reopened_it_can_be_corrected(world):
    inspection = bring(world, "recorded")
    inspection = INSPECTION.perform(
        inspection, "reopen_inspection", by=world.people["inspector"], data={"reason": "写错了。"}
    )
    assert (inspection.status, inspection.recorded_at) == ("planned", None)
    make.record(inspection, by=world.people["inspector"], summary="改正后。")


# ── the studio's answer and the problems ────────────────────────────────────────────────────────
def test_a_clean_record_ends_with_the_answer(world):
    inspection = bring(world, "closed", verdicts=("met", "na", "met"))
    assert (inspection.status, inspection.findings.count()) == ("closed", 0)
    assert set(Document.objects.about(inspection).values_list("kind", flat=True)) == {
        "inspection_notice",
        "inspection_sheet",
    }


def test_the_record_is_printed_only_after_the_answer(world):
    inspection = bring(world, "recorded")
    assert not Document.objects.about(inspection).filter(kind="inspection_sheet").exists()


def test_what_is_not_met_becomes_a_problem_due_in_working_days(world):
    finding = bring(world, "closing").findings.get()
    assert (finding.clause, finding.problem, finding.severity) == ("A2.4", "展示栏没有更新", "minor")
    assert finding.fix_by == finding.due_on == workdays.add_workdays(timezone.localdate(), 10)


def test_the_last_problem_closes_the_inspection(world):
    inspection = bring(world, "closing", verdicts=("not_met", "not_met", "met"))
    people = world.people
    first, last = inspection.findings.order_by("number")
    make.close(first, inspector=people["inspector"], owner=people["owner"])
    inspection.refresh_from_db()
    assert inspection.status == "closing"
    make.close(last, inspector=people["inspector"], owner=people["owner"])
    inspection.refresh_from_db()
    assert inspection.status == "closed"
    assert history_of(inspection).filter(verb="close_inspection", by=None).count() == 1


def test_an_overdue_problem_never_slides(world, clock):
    people = world.people
    finding = bring(world, "closing").findings.get()
    fix_by = finding.fix_by
    clock(f"{fix_by + timedelta(days=3)}")
    assert finding.is_late
    finding = make.answer(finding, owner=people["owner"])
    assert finding.due_on > fix_by  # the re-check has its own clock
    assert list(Finding.objects.overdue()) == [finding]
    finding = FINDING.perform(
        finding, "reopen_finding", by=people["inspector"], data={"reason": "没有更新。"}
    )
    assert (finding.fix_by, finding.due_on) == (fix_by, fix_by)
    assert list(Finding.objects.overdue()) == [finding]
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(fix_by=fix_by + timedelta(days=30))
    make.close(finding, inspector=people["inspector"], owner=people["owner"])
    assert not Finding.objects.overdue().exists()


def test_a_studio_that_does_not_answer_does_not_stop_it(world, clock):
    inspection = bring(world, "recorded")
    people, data = world.people, {"reason": "逾期未答复。"}
    with pytest.raises(Refused, match="逾期没有答复才能"):
        INSPECTION.perform(inspection, "settle_unanswered", by=people["office"], data=data)
    clock(f"{inspection.due_on + timedelta(days=1)}")
    inspection = INSPECTION.perform(inspection, "settle_unanswered", by=people["office"], data=data)
    assert (inspection.status, inspection.confirmation) == ("closing", "silent")
    assert inspection.findings.count() == 1


# ── the residency ends ──────────────────────────────────────────────────────────────────────────
ENDINGS = {
    "revoke": None,
    "end_residency": "office",
}  # the evaluation revokes, the office ends what was asked for


def end(residency, name, office):
    if name == "end_residency":
        today = timezone.localdate()
        leaving.ask_to_leave(residency, ground="voluntary", reason="迁往外地", leaves_on=today, by=office)
    by = office if ENDINGS[name] else None
    return RESIDENCY.perform(residency, name, by=by, data={"reason": "一票否决"})


@pytest.mark.parametrize("name", ENDINGS)
def test_what_was_planned_is_called_off_when_the_residency_ends(world, name):
    residency = end(world.residency, name, world.people["office"])
    inspection = Inspection.objects.get()
    assert (inspection.status, residency.status in ("ended", "revoked")) == ("cancelled", True)
    entry = history_of(inspection).first()
    assert (entry.verb, entry.by, entry.note) == ("call_off_inspection", None, inspection.cancelled_why)
    assert "入驻于" in entry.note
    on_residency = history_of(residency).get(verb="call_off_inspections")
    assert on_residency.note == "取消本季度定期检查"
    assert documents.standing(inspection, "inspection_notice") is None
    told = Notification.objects.filter(url=inspection.get_absolute_url(), text__contains="取消")
    assert {n.user for n in told} >= {world.people["owner"], world.people["inspector"]}


@pytest.mark.parametrize("status", ["recorded", "closing", "closed", "cancelled"])
def test_what_was_found_before_the_end_stands(world, status):
    bring(world, status)
    end(world.residency, "revoke", world.people["office"])
    world.inspection.refresh_from_db()
    assert world.inspection.status == status


def test_a_record_begun_in_the_park_is_finished_and_never_put_off(world):
    make.record(world.inspection, by=world.people["inspector"])
    end(world.residency, "revoke", world.people["office"])
    data = {"inspect_on": timezone.localdate() + timedelta(days=20), "reason": "改期"}
    with pytest.raises(Refused, match="入驻已经结束"):
        INSPECTION.perform(world.inspection, "postpone_inspection", by=world.people["office"], data=data)
    done = INSPECTION.perform(world.inspection, "finish_inspection", by=world.people["inspector"])
    assert done.status == "recorded"


# ── for the evaluation ──────────────────────────────────────────────────────────────────────────
def test_the_evaluation_reads_what_was_found_on_an_item(world):
    studio, today = world.residency.studio, timezone.localdate()
    year = {"studio": studio, "since": today - timedelta(365), "until": today}
    bring(world, "recorded")
    assert not InspectionLine.objects.proving("A2.4", **year).exists()  # not answered yet
    INSPECTION.perform(
        world.inspection,
        "confirm_inspection",
        by=world.people["owner"],
        data={"answer": "online", "remark": ""},
    )
    assert [row.verdict for row in InspectionLine.objects.proving("A2.4", **year)] == ["not_met"]
    assert [row.verdict for row in InspectionLine.objects.proving("A2.1", **year)] == ["met"]
    assert not InspectionLine.objects.proving("A2.1", **(year | {"studio": StudioFactory()})).exists()


def test_invariants_hold_and_see_the_contrary(world):
    ours = [i for i in REGISTRY if i.name.startswith("inspection_")]
    bring(world, "closed")
    assert {i.name: i.offenders() for i in ours} == {i.name: [] for i in ours}
    world.residency.studio.people.add(world.people["inspector"])
    other = ResidencyFactory(active=True)
    planned = make.plan([other], by=world.people["office"], inspectors=world.going).inspections.get()
    other.studio.people.add(world.people["inspector"])
    broken = {i.name: i.offenders() for i in ours if i.offenders()}
    assert broken == {"inspection_not_one_own": [str(planned.pk)]}
    Inspection.objects.filter(pk=planned.pk).update(inspect_on=timezone.localdate() + timedelta(days=1))
    other.status, other.ended_on = "revoked", timezone.localdate()
    other.save()
    broken = {i.name for i in ours if i.offenders()}
    assert broken == {"inspection_not_one_own", "inspection_ends_with_residency"}
