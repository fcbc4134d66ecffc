"""Statistical returns [5.3][T10]: which periods, who may do what when, what stays, what the system knows."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park import rules, workdays
from park.audit import history_of
from park.invariants import REGISTRY
from park.models import Document, Notification, Role
from park.workflow import Conflict, Refused
from tests.answers import answer_to
from tests.factories import UserFactory
from tests.workshops import ledgers, returning
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions import returns as acts
from workshops.actions import returns_defining, returns_opening
from workshops.kinds.returns import MONTHS, Period, ended_periods, last_ended, period_of
from workshops.models import (
    CheckIn,
    ReturnDefinition,
    ReturnFigure,
    ReturnQuestion,
    ReturnStatus,
    ReturnValue,
    StatisticalReturn,
)
from workshops.sources import SOURCES
from workshops.statistics.returns import aggregate
from workshops.workflow import RETURN

pytestmark = pytest.mark.django_db

S = ReturnStatus
STUDIO, OFFICE = {"own", "officer_of_studio"}, {"office", "lead_division"}
# Status → step → who may, retyped: the studio reports, the office checks, nobody checks a studio of their own.
MAY = {
    S.OPEN: {"submit_return": STUDIO, "register_return": OFFICE, "waive_return": OFFICE},
    S.SUBMITTED: {"accept_return": OFFICE, "query_return": OFFICE},
    S.QUERIED: {"submit_return": STUDIO, "register_return": OFFICE, "waive_return": OFFICE},
    S.ACCEPTED: {"reopen_return": OFFICE},
    S.WAIVED: {"restore_return": OFFICE},
}
EVERYBODY = ["own", "of_another_studio", "officer_of_studio", "superuser", *(str(role) for role in Role)]


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def studio():
    return StudioFactory(people=[UserFactory(roles=["applicant"])])


def person(who, studio):
    if who == "own":
        return returning.member_of(studio)
    if who == "of_another_studio":
        return returning.member_of(StudioFactory())
    if who == "officer_of_studio":
        own = UserFactory(roles=["office"])
        studio.people.add(own)
        return own
    return UserFactory(is_superuser=True) if who == "superuser" else UserFactory(roles=[who])


def holds():
    return [o for rule in REGISTRY if rule.name.startswith("return_") for o in rule.offenders()]


# ── periods ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "label"),
    [
        ("month", date(2026, 2, 15), date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
        ("month", date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026年第4季度"),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31), "2026年第1季度"),
        ("year", date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_period_of_a_day(kind, day, first, last, label):
    period = period_of(kind, day)
    assert (period.first, period.last, period.label) == (first, last, label)
    row = StatisticalReturn(first_on=period.first, last_on=period.last)
    assert row.period_label == label


@given(st.sampled_from(sorted(MONTHS)), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_periods_follow_each_other_without_gap(kind, day):
    period = period_of(kind, day)
    assert period.first <= day <= period.last
    assert period.before.last + timedelta(days=1) == period.first
    assert period_of(kind, period.last) == period == period_of(kind, period.first)
    ended = last_ended(kind, day)
    assert ended.last < day <= period_of(kind, ended.last + timedelta(days=1)).last
    assert ended_periods(kind, day, 3) == [ended, ended.before, ended.before.before]


# ── opening ─────────────────────────────────────────────────────────────────────────────────────
def test_one_return_per_residency_in_the_park_however_often_the_day_is_run():
    inside = [ResidencyFactory(active=True) for _ in range(3)]
    ResidencyFactory()  # waits for its agreement
    late = ResidencyFactory(active=True)
    type(late).objects.filter(pk=late.pk).update(term_starts_on=date(2026, 11, 1))
    form = returning.definition("quarter")
    assert returns_opening.open_ended_periods(date(2026, 10, 1)) == 3
    assert returns_opening.open_ended_periods(date(2026, 10, 1)) == 0
    found = StatisticalReturn.objects.filter(definition=form)
    assert {row.residency for row in found} == set(inside)
    assert {(row.first_on, row.last_on, row.status) for row in found} == {
        (date(2026, 7, 1), date(2026, 9, 30), "open")
    }
    assert ReturnValue.objects.count() == 3 * len(returning.FIGURES)
    assert holds() == []


def test_nothing_is_opened_on_the_last_day_of_a_period_nor_outside_the_use_of_a_form():
    ResidencyFactory(active=True)
    returning.definition("quarter", active_from=date(2026, 9, 1), active_until=date(2026, 9, 30))
    assert returns_opening.open_ended_periods(date(2026, 9, 30)) == 0
    assert returns_opening.open_ended_periods(date(2026, 10, 1)) == 1
    assert returns_opening.open_ended_periods(date(2027, 1, 1)) == 0


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        (Period(date(2026, 7, 1), "month"), "不能按这个报送期"),
        (Period(date(2027, 1, 1), "quarter"), "还没有结束"),
        (Period(date(2019, 1, 1), "quarter"), "没有启用"),
    ],
)
def test_what_cannot_be_opened_is_said(period, sentence):
    form = returning.definition("quarter")
    with pytest.raises(Refused, match=sentence):
        returns_opening.open_period(form, period, today=date(2026, 10, 9))


def test_the_deadline_is_so_many_working_days_after_the_period(reference_data, office):
    form, row = returning.definition("quarter"), ResidencyFactory(active=True)
    returns_opening.open_period(form, Period(date(2026, 7, 1), "quarter"), today=date(2026, 10, 1))
    # 1–7 October are days off, the 10th is worked: ten working days after 30 September
    expected = workdays.add_workdays(date(2026, 9, 30), 10)
    assert row.returns.get().deadline == expected
    assert workdays.workdays_between(date(2026, 9, 30), expected) == 10
    special = returning.definition("quarter", due_days=3)
    returns_opening.open_period(special, Period(date(2026, 7, 1), "quarter"), today=date(2026, 10, 1))
    assert row.returns.get(definition=special).deadline == workdays.add_workdays(date(2026, 9, 30), 3)


def test_a_period_opened_late_leaves_the_same_time():
    form = returning.definition("quarter")
    row = ResidencyFactory(active=True)
    returns_opening.open_period(form, Period(date(2026, 4, 1), "quarter"), today=date(2026, 10, 20))
    assert row.returns.get().deadline == workdays.add_workdays(date(2026, 10, 19), 10)


def test_the_database_itself_takes_no_second_return_of_a_period():
    row = returning.opened()
    twin = StatisticalReturn.objects.get(pk=row.pk)
    twin.pk, twin.key = None, None
    twin.key = StatisticalReturn._meta.get_field("key").default()
    twin._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_people_of_the_studio_hear_of_it_and_nobody_else(studio, office):
    returning.opened(studio)
    told = Notification.objects.filter(text__contains="已开报")
    assert [n.user for n in told] == [returning.member_of(studio)]


# ── who may do what ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", S)
def test_steps_offered(studio, office, status):
    row = returning.in_status(status, office=office, studio=studio)
    people = {who: person(who, studio) for who in EVERYBODY}
    offered = {who: {step.name for step in RETURN.open_to(user, row)} for who, user in people.items()}
    assert offered == {
        who: {step for step, allowed in MAY[status].items() if who in allowed} for who in EVERYBODY
    }
    for who, name in itertools.product(EVERYBODY, RETURN.steps):
        if name not in offered[who]:
            assert answer_to(RETURN, row, name, by=people[who], reason="x", questions={}), (who, name)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_and_who_fills_in(studio, office, who):
    row, user = returning.opened(studio), person(who, studio)
    seen = row in StatisticalReturn.objects.visible_to(user)
    assert seen == (who in STUDIO | OFFICE)
    if who in STUDIO | OFFICE:
        acts.save_values(row, returning.entries(row), by=user)
    else:
        with pytest.raises(Refused, match="只有本工作室"):
            acts.save_values(row, returning.entries(row), by=user)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.ACCEPTED, S.WAIVED])
def test_what_was_handed_in_is_not_filled_in(studio, office, status):
    row = returning.in_status(status, office=office, studio=studio)
    for act in (
        lambda: returning.filled(row),
        lambda: acts.refresh_known(row, by=returning.member_of(studio)),
    ):
        with pytest.raises(Refused, match="不能修改"):
            act()


# ── figures ─────────────────────────────────────────────────────────────────────────────────────
def test_the_system_fills_in_what_it_knows_and_both_values_stay(studio, office):
    PersonFactory(studio=studio)
    row = returning.opened(studio)
    value = row.values.get(figure__code="members")
    assert (value.known, value.value) == (2, None)
    with pytest.raises(Refused, match="写明更正原因"):
        returning.filled(row, members=(Decimal(3), ""))
    returning.filled(row, members=(Decimal(3), "一名成员的手续还没有办完"))
    value.refresh_from_db()
    assert (value.known, value.value, value.reason) == (2, 3, "一名成员的手续还没有办完")
    returning.filled(row, members=(Decimal(2), "写了也不留"))
    value.refresh_from_db()
    assert (value.value, value.reason) == (2, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnValue.objects.filter(pk=value.pk).update(value=9)


def test_gaps_may_be_saved_and_not_handed_in(studio):
    row = returning.opened(studio)
    by = returning.member_of(studio)
    with pytest.raises(Refused, match="期末人数、经费支出"):
        RETURN.perform(row, "submit_return", by=by)
    returning.filled(row, hours=(None, ""))
    assert RETURN.perform(row, "submit_return", by=by).status == S.SUBMITTED


def test_what_another_page_saved_is_not_overwritten(studio):
    row = returning.opened(studio)
    by = returning.member_of(studio)
    acts.save_values(row, returning.entries(row), by=by, version=0)
    with pytest.raises(Conflict):
        acts.save_values(row, returning.entries(row, funds=(Decimal(1), "")), by=by, version=0)
    assert row.values.get(figure__code="funds").value == 120_000


def test_the_system_is_asked_again(studio):
    row = returning.filled(returning.opened(studio))
    by = returning.member_of(studio)
    assert acts.refresh_known(row, by=by) == 0
    PersonFactory(studio=studio)
    assert acts.refresh_known(row, by=by) == 1
    value = row.values.get(figure__code="members")
    assert (value.known, value.value) == (2, None)  # to be confirmed again
    returning.filled(row, members=(Decimal(5), "另有兼职人员"))
    PersonFactory(studio=studio)
    acts.refresh_known(row, by=by)
    value.refresh_from_db()
    assert (value.known, value.value, value.reason) == (3, 5, "另有兼职人员")


# ── asked and answered ──────────────────────────────────────────────────────────────────────────
def test_the_office_asks_per_figure_and_the_studio_answers_before_it_reports_again(studio, office):
    row = returning.in_status("queried", office=office, studio=studio)
    by = returning.member_of(studio)
    question = ReturnQuestion.objects.get()
    assert (question.before, question.question) == (120_000, "请核对")
    with pytest.raises(Refused, match="还没有答复疑问：经费支出"):
        RETURN.perform(row, "submit_return", by=by)
    with pytest.raises(Refused, match="由工作室自己填写"):
        acts.save_values(row, {}, by=office, answers={question.pk: "代答"})
    entries = returning.entries(row, funds=(Decimal(130_000), ""))
    acts.save_values(row, entries, by=by, answers={question.pk: "漏计材料费，已更正"})
    row = returning.fresh(RETURN.perform(row, "submit_return", by=by))
    question.refresh_from_db()
    assert (question.before, question.value.value, question.answer) == (
        120_000,
        130_000,
        "漏计材料费，已更正",
    )
    assert RETURN.perform(row, "accept_return", by=office).status == S.ACCEPTED
    verbs = [e.verb for e in history_of(row).order_by("sequence") if e.verb.endswith("_return")]
    assert verbs == ["save_return", "submit_return", "query_return", "save_return", "submit_return", "accept_return"]  # fmt: skip
    assert holds() == []


def test_an_accepted_return_has_its_paper_and_loses_it_when_it_is_opened_again(studio, office):
    row = returning.in_status("accepted", office=office, studio=studio)
    paper = Document.objects.about(row).get()
    assert (paper.kind, paper.number.split("-")[0]) == ("statistical_return", "TJ")
    row = RETURN.perform(row, "reopen_return", by=office, data=returning.question(row))
    paper.refresh_from_db()
    assert (paper.state, row.status, row.accepted_at) == ("withdrawn", S.QUERIED, None)


def frozen(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_what_was_accepted_stands_in_the_database(studio, office):
    row = returning.in_status("accepted", office=office, studio=studio)
    values = ReturnValue.objects.filter(statistical_return=row)
    frozen(lambda: values.update(value=F("value") + 1, reason="x"))
    frozen(lambda: values.delete())
    frozen(lambda: ReturnFigure.objects.filter(definition=row.definition).update(label="改名"))
    frozen(lambda: StatisticalReturn.objects.filter(pk=row.pk).update(deadline=date(2099, 1, 1)))
    frozen(lambda: StatisticalReturn.objects.filter(pk=row.pk).update(first_submitted_at=timezone.now()))


# ── late ────────────────────────────────────────────────────────────────────────────────────────
def test_late_never_slides(studio, office, monkeypatch):
    form, residency = returning.definition("quarter"), ResidencyFactory(studio=studio, active=True)
    period = Period(date(2026, 7, 1), "quarter")
    returns_opening.open_period(form, period, today=date(2026, 10, 1))
    row = returning.fresh(residency.returns.get())
    deadline = row.deadline
    on = timezone.make_aware
    assert row.is_late == (timezone.localdate() > deadline)
    # handed in on time, asked about long afterwards, answered: it was and stays on time
    monkeypatch.setattr(timezone, "now", lambda: on(timezone.datetime(2026, 10, 9, 10)))
    row = returning.filled(row)
    row = RETURN.perform(row, "submit_return", by=returning.member_of(studio))
    monkeypatch.setattr(timezone, "now", lambda: on(timezone.datetime(2026, 12, 1, 10)))
    row = returning.fresh(RETURN.perform(row, "query_return", by=office, data=returning.question(row)))
    assert (row.deadline, row.is_late) == (deadline, False)
    assert row.due_on == workdays.add_workdays(date(2026, 12, 1), 5)
    assert not StatisticalReturn.objects.overdue(date(2026, 12, 1)).exists()


def test_what_came_late_stays_late(studio, office, monkeypatch):
    row = returning.opened(studio)
    after = row.deadline + timedelta(days=1)
    moment = timezone.make_aware(timezone.datetime(after.year, after.month, after.day, 9))
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert row.is_late
    assert list(StatisticalReturn.objects.overdue(after)) == [row]
    row = returning.filled(row)
    row = RETURN.perform(row, "submit_return", by=returning.member_of(studio))
    row = returning.fresh(RETURN.perform(row, "accept_return", by=office))
    assert row.is_late
    assert not StatisticalReturn.objects.overdue(after).exists()


def test_what_is_waived_is_not_late_and_restored_it_is_due_as_it_was(studio, office):
    row = returning.in_status("waived", office=office, studio=studio)
    assert not row.is_late
    restored = RETURN.perform(row, "restore_return", by=office)
    assert (restored.status, restored.due_on, restored.reason) == (S.OPEN, row.deadline, "")


# ── reminders ───────────────────────────────────────────────────────────────────────────────────
def test_reminded_once_before_the_deadline_and_once_after(studio):
    row = returning.opened(studio)
    Notification.objects.all().delete()
    early = workdays.add_workdays(row.deadline, -3)
    days = [early - timedelta(days=1), early, early, row.deadline, row.deadline + timedelta(days=1), row.deadline + timedelta(days=2)]  # fmt: skip
    assert [returns_opening.remind(day) for day in days] == [0, 1, 0, 0, 1, 0]
    texts = list(Notification.objects.order_by("pk").values_list("text", flat=True))
    assert ["期限将到" in texts[0], "已超过报送期限" in texts[1], len(texts)] == [True, True, 2]


def test_who_has_reported_is_not_reminded(studio, office):
    row = returning.in_status("submitted", office=office, studio=studio)
    assert returns_opening.remind(row.deadline + timedelta(days=1)) == 0


def test_the_office_urges_once_a_day_and_never_its_own(studio, office):
    rows = [returning.opened(studio), returning.opened()]
    assert returns_opening.urge(rows, by=office) == 2
    assert returns_opening.urge(rows, by=office) == 0
    own = person("officer_of_studio", rows[0].residency.studio)
    StatisticalReturn.objects.update(urged_on=None)
    assert returns_opening.urge(rows, by=own) == 1


def test_the_day_is_safe_to_repeat(studio):
    ResidencyFactory(studio=studio, active=True)
    returning.definition("month")
    today = timezone.localdate()
    assert returns_opening.open_ended_periods(today) == 2  # the last two months
    returns_opening.remind(today)
    assert returns_opening.open_ended_periods(today) == returns_opening.remind(today) == 0


# ── definitions ─────────────────────────────────────────────────────────────────────────────────
def about(form, **changes):
    return {name: getattr(form, name) for name in returns_defining.ABOUT} | changes


def test_an_unused_form_changes_in_place_and_a_used_one_in_a_new_version(studio, office):
    form = returning.definition("quarter")
    figures = [*returning.FIGURES, returning.figure("带徒人数")]
    same = returns_defining.change_definition(form, figures=figures, by=office, **about(form, title="季报"))
    assert (same.pk, same.version, same.figures.count()) == (form.pk, 1, 4)
    row = returning.opened(studio, same)
    words = [{**f, "code": g.code} for f, g in zip(figures, same.figures.all(), strict=True)]
    assert returns_defining.change_definition(same, figures=words, by=office, **about(same, title="新名")).pk == form.pk  # fmt: skip
    less = returns_defining.change_definition(same, figures=words[:2], by=office, **about(same))
    assert (less.version, less.code, less.figures.count()) == (2, form.code, 2)
    assert list(ReturnDefinition.objects.current()) == [less]
    assert row.values.count() == 4
    # the period of the older version is not opened twice
    assert returns_opening.open_period(less, Period(row.first_on, "quarter")) == 0
    with pytest.raises(Refused, match="已有新版本"):
        returns_defining.change_definition(same, figures=words, by=office, **about(same))


def test_a_figure_that_is_added_never_gets_the_code_of_one_that_went(studio, office):
    form = returning.definition("quarter", figures=[returning.figure("甲"), returning.figure("乙")])
    returning.opened(studio, form)
    kept = [{**returning.figure("甲"), "code": "f1"}, returning.figure("丙")]
    new = returns_defining.change_definition(form, figures=kept, by=office, **about(form))
    assert [f.code for f in new.figures.all()] == ["f1", "f3"]


def test_only_the_office_defines(studio):
    with pytest.raises(Refused, match="只有管理办公室"):
        returning.definition(by=returning.member_of(studio))


def test_three_returns_are_shipped_and_what_the_office_changed_stays(reference_data, office):
    found = {d.code: (d.title, d.period, d.figures.count()) for d in ReturnDefinition.objects.all()}
    if not found:  # the rows of the ground were loaded from memory
        call_command("load_reference_data", verbosity=0)
        found = {d.code: (d.title, d.period, d.figures.count()) for d in ReturnDefinition.objects.all()}
    assert found == {
        "monthly": ("入驻工作室月报", "month", 6),
        "quarterly": ("入驻工作室季报", "quarter", 13),
        "yearly": ("入驻工作室年报", "year", 16),
    }
    form = ReturnDefinition.objects.get(code="monthly")
    one = [{n: getattr(form.figures.first(), n) for n in returns_defining.OF_FIGURE}]
    returns_defining.change_definition(form, figures=one, by=office, **about(form, title="月报"))
    call_command("load_reference_data", verbosity=0)
    form.refresh_from_db()
    assert (form.title, form.figures.count(), ReturnDefinition.objects.count()) == ("月报", 1, 3)
    known = ReturnFigure.objects.exclude(source="").values_list("source", "kind")
    assert [(s, k) for s, k in known if SOURCES[s].kind != k] == []


# ── what the system knows ───────────────────────────────────────────────────────────────────────
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)


def test_the_ledgers_of_a_period(studio, office):
    by = {"office": office}
    inside, outside = date(2026, 8, 3), date(2026, 6, 30)
    for day in (inside, outside):
        for kind in ("exchange", "service", "media"):
            ledgers.in_status(studio, "verified", kind=kind, day=day, **by)
        ledgers.in_status(studio, "submitted", kind="achievement", day=day, **by)
        ledgers.in_status(studio, "submitted", kind="benefit", day=day, **by)
        ledgers.in_status(studio, "submitted", kind="paid_service", day=day, **by)
        ledgers.in_status(studio, "submitted", kind="contest", day=day, **by)
        training = ledgers.record(studio, "training", day=day, shade=3)
        ledgers.trainee(training, "王镕", "A1")
        ledgers.trainee(training, "李玥")
        ledgers.LEDGER.perform(training, "submit_ledger", by=ledgers.member_of(studio))
    ledgers.in_status(studio, "submitted", kind="apprenticeship", day=outside, until_on=LAST, **by)
    ledgers.in_status(studio, "submitted", kind="apprenticeship", day=inside, **by)  # the same apprentice
    ledgers.in_status(studio, "submitted", kind="project", day=outside, until_on=inside, **by)
    for nothing in ("", None):  # took part, won nothing
        ledgers.in_status(studio, "submitted", kind="contest", day=inside, result=nothing, **by)
    ledgers.record(studio, "exchange", day=inside)  # a draft
    ledgers.in_status(studio, "voided", kind="service", day=inside, **by)
    other = ledgers.in_status(StudioFactory(), "submitted", kind="media", day=inside, **by)
    known = {
        code: source.read([studio.pk], FIRST, LAST).get(studio.pk, 0) for code, source in SOURCES.items()
    }
    assert known == {
        "members": 1,
        "members_joined": 0,
        "members_left": 0,
        "days_open": 0,
        "trained": 2,
        "certified": 1,
        "apprentices": 1,
        "projects": 1,
        "exchanges": 1,
        "services": 1,
        "contests": 1,
        "media": 1,
        "achievements": 1,
        "benefit": 56_000_000,
        "paid_service": 8_000_000,
    }
    both = SOURCES["media"].read([studio.pk, other.studio_id], FIRST, LAST)
    assert both == {studio.pk: 1, other.studio_id: 1}


def test_people_at_the_end_of_a_period(studio):
    PersonFactory(studio=studio, joined_on=FIRST)
    PersonFactory(studio=studio, joined_on=LAST + timedelta(days=1))
    PersonFactory(studio=studio, joined_on=date(2024, 1, 1), left_on=LAST, left_reason="调离")
    read = {code: SOURCES[code].read([studio.pk], FIRST, LAST) for code in ("members", "members_joined", "members_left")}  # fmt: skip
    assert read == {
        "members": {studio.pk: 2},
        "members_joined": {studio.pk: 1},
        "members_left": {studio.pk: 1},
    }


def test_days_in_the_park(studio, office):
    second = PersonFactory(studio=studio)
    for who, day, voided in (
        (studio.leader(), FIRST, False),
        (second, FIRST, False),  # the same day
        (second, LAST, False),
        (second, FIRST + timedelta(days=1), True),
        (second, LAST + timedelta(days=1), False),
    ):
        void = {"voided_at": timezone.now(), "voided_by": office, "void_reason": "误签"} if voided else {}
        CheckIn.objects.create(studio=studio, person=who, day=day, means="office", entered_by=office, **void)
    assert SOURCES["days_open"].read([studio.pk], FIRST, LAST) == {studio.pk: 2}


@pytest.mark.parametrize("code", sorted(SOURCES))
def test_a_source_asks_once_for_any_number_of_studios(code, django_assert_num_queries):
    studios = [StudioFactory().pk for _ in range(5)]
    with django_assert_num_queries(1):
        SOURCES[code].read(studios, FIRST, LAST)


# ── sums ────────────────────────────────────────────────────────────────────────────────────────
def test_a_period_adds_up_against_the_one_before(reference_data, office):
    from park.models import CraftField, District

    crafts, districts = (
        list(CraftField.objects.order_by("order")[:2]),
        list(District.objects.order_by("order")[:2]),
    )
    form = returning.definition("quarter")
    now = last_ended("quarter", timezone.localdate())
    studios = [StudioFactory(craft_field=crafts[n % 2], district=districts[0]) for n in range(3)]
    studios.append(StudioFactory())
    for studio in studios:
        ResidencyFactory(studio=studio, active=True)
    for period in (now.before, now):
        for n, studio in enumerate(studios[:3]):
            row = returning.opened(studio, form, period)
            row = returning.filled(row, funds=(Decimal(100 * (n + 1)) * (2 if period == now else 1), ""))
            row = RETURN.perform(row, "submit_return", by=returning.member_of(studio))
            if n == 0:
                RETURN.perform(row, "accept_return", by=office)
    found = aggregate(form.code, "quarter", now.first)
    funds = next(line for line in found.lines if line.figure.code == "funds")
    assert (funds.count, funds.total, funds.average, funds.total_before) == (3, 1200, 400, 600)
    assert (funds.change, funds.percent) == (600, 100)
    assert (found.reported, found.counts) == (3, {"open": 1, "submitted": 2, "accepted": 1})
    totals = {g["label"]: (g["count"], {f.code: t for f, t in g["totals"]}["funds"]) for g in found.by_craft}
    assert totals == {str(crafts[0].label): (2, 800), str(crafts[1].label): (1, 400)}
    assert [g["label"] for g in found.by_district] == [districts[0].label]
    accepted = aggregate(form.code, "quarter", now.first, accepted_only=True)
    assert [line.total for line in accepted.lines if line.figure.code == "funds"] == [200]


def test_every_point_left_open_is_a_rule():
    keys = ["return_due_days", "return_check_days", "return_answer_days", "return_remind_days"]
    assert rules.get_many(keys) == dict(zip(keys, [10, 10, 5, 3], strict=True))
    assert [key for key in keys if not rules.REGISTRY[key].silence] == []
