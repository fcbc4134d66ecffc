"""到园 [A2.2]: what a month asks for, who signs in, how a mistake is mended, leave, the sheet of a month."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park import rules, sheets
from park.models import Document, Role
from park.workflow import Refused
from tests.applications.test_races import at_once, won
from tests.factories import UserFactory
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops import presence
from workshops.actions import attendance as acts
from workshops.models import CheckIn, LeaderChange, Leave, LeaveStatus, ParkClosure
from workshops.sheets.attendance import ATTENDANCE, AttendanceImport
from workshops.workflow import LEAVE

DAYS = st.dates(date(2027, 12, 1), date(2028, 3, 31))  # around a leap day


# ── what a month asks for ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("month", "since", "until", "excused", "quota"),
    [
        ("2026-03-01", None, None, 0, 10),  # 每月到园时间不少于10天
        ("2026-02-01", None, None, 0, 10),  # a short month asks for the same
        ("2026-03-01", "2026-03-01", None, 0, 10),
        ("2026-03-01", "2026-03-02", None, 0, 9),  # 30 of 31 days: 9.67, rounded down
        ("2026-03-01", "2026-03-17", None, 0, 4),
        ("2026-03-01", "2026-04-01", None, 0, 0),  # before moving in
        ("2026-03-01", None, "2026-02-28", 0, 0),  # after leaving
        ("2026-03-01", None, "2026-03-31", 0, 10),
        ("2026-04-01", None, None, 3, 9),  # three of thirty days excused
        ("2026-04-01", None, None, 30, 0),
    ],
)
def test_what_a_month_asks_for(month, since, until, excused, quota):
    first = date.fromisoformat(month)
    bounds = [text and date.fromisoformat(text) for text in (since, until)]
    days = {first + timedelta(n) for n in range(excused)}
    assert presence.quota(first, *bounds, days) == quota


@given(DAYS, st.lists(DAYS, max_size=12), st.none() | DAYS, st.none() | DAYS, st.sets(DAYS, max_size=12))
def test_a_month_never_asks_for_more_than_ten_nor_less_than_nothing(month, days, since, until, excused):
    record = presence.month_record(month, days, since, until, excused)
    assert 0 <= record.quota <= presence.REQUIRED_DAYS
    assert 0 <= record.short <= record.quota
    more = presence.month_record(month, [*days, month], since, until, excused)
    assert more.short <= record.short  # another day in the park never costs


@given(st.lists(DAYS, max_size=12))
def test_a_day_counts_once_however_often_it_was_signed(days):
    month = date(2028, 2, 1)
    assert presence.month_record(month, days + days, None, None) == presence.month_record(
        month, days, None, None
    )


# ── signing in ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def leader(db):
    return UserFactory(roles=["applicant"])


@pytest.fixture
def residency(leader):
    row = ResidencyFactory(active=True)
    row.studio.people.add(leader)
    row.studio.persons.update(user=leader)
    return row


@pytest.fixture
def studio(residency):
    return residency.studio


@pytest.fixture
def office(db):
    return UserFactory(roles=["office"])


def today_code():
    return acts.code_of(timezone.localdate())


def test_the_leader_signs_in_once_a_day(studio, leader):
    row = acts.check_in(studio, by=leader, code=f" {today_code()} ")
    assert (row.person, row.day, row.means) == (studio.leader(), timezone.localdate(), "phone")
    with pytest.raises(Refused, match="已经登记过"):
        acts.check_in(studio, by=leader, code=today_code())


def test_a_wrong_code_is_refused_and_another_day_has_another(studio, leader):
    with pytest.raises(Refused, match="签到码不对"):
        acts.check_in(studio, by=leader, code="000000" if today_code() != "000000" else "000001")
    codes = {acts.code_of(date(2026, 1, 1) + timedelta(n)) for n in range(60)}
    assert len(codes) > 55
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_without_the_code_where_the_park_has_decided_so(studio, leader, office):
    rules.set_rule("attendance_code", False, by=office, reason="试行")
    assert acts.check_in(studio, by=leader).pk


def test_only_ten_wrong_codes_a_day(client_of, studio, leader):
    browser = client_of(leader)
    page = reverse("workshops:attendance", args=[studio.key])
    for n in range(acts.WRONG_CODES + 1):
        key = _form_key(browser.get(page).content.decode())
        wrong = "000000" if today_code() != "000000" else "000001"
        answer = browser.post(
            reverse("workshops:check_in", args=[studio.key]), {"code": wrong, "form_key": key}
        )
        assert answer.status_code == 409
        assert ("次数过多" in answer.content.decode()) == (n == acts.WRONG_CODES)


def test_a_member_counts_only_where_the_park_has_decided_so(studio, office):
    account = UserFactory(roles=["applicant"])
    member = PersonFactory(studio=studio, user=account)
    studio.people.add(account)
    with pytest.raises(PermissionDenied):
        acts.check_in(studio, by=account, code=today_code())
    rules.set_rule("attendance_subject", "members", by=office, reason="试行")
    assert acts.check_in(studio, by=account, code=today_code()).person == member


def test_nobody_signs_in_before_the_agreement(leader):
    row = ResidencyFactory()
    row.studio.people.add(leader)
    row.studio.persons.update(user=leader)
    with pytest.raises(Refused, match="不在工作室的入驻期内"):
        acts.check_in(row.studio, by=leader, code=today_code())


def test_the_office_enters_and_voids_a_day_with_a_reason(studio, office):
    day = timezone.localdate() - timedelta(1)
    row = acts.enter_day(studio, studio.leader(), day, note="签到表第 3 行", by=office)
    acts.void_check_in(row, reason="看错了行", by=office)
    with pytest.raises(Refused, match="已经作废"):
        acts.void_check_in(row, reason="再来", by=office)
    assert acts.enter_day(studio, studio.leader(), day, note="签到表第 4 行", by=office).pk
    with pytest.raises(Refused, match="还没有到"):
        acts.enter_day(studio, studio.leader(), timezone.localdate() + timedelta(1), note="", by=office)


def test_a_leader_who_was_reported_as_leaving_signs_in_no_more(studio, leader):
    today = timezone.localdate()
    LeaderChange.objects.create(
        studio=studio,
        leaving=studio.leader(),
        reason_kind="retired",
        left_on=today - timedelta(1),
        window_ends_on=today + timedelta(59),
        reported_by=leader,
    )
    with pytest.raises(Refused, match="已报告离任"):
        acts.check_in(studio, by=leader, code=today_code())


@pytest.mark.parametrize("role", Role)
def test_who_may_enter_days(studio, role):
    person = UserFactory(roles=[role])
    day = timezone.localdate() - timedelta(2)
    if role in (Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS):
        assert acts.enter_day(studio, studio.leader(), day, note="表", by=person).pk
    else:
        with pytest.raises(PermissionDenied):
            acts.enter_day(studio, studio.leader(), day, note="表", by=person)


def test_nobody_enters_days_for_a_studio_of_their_own(studio):
    officer = UserFactory(roles=["office", "applicant"])
    studio.people.add(officer)
    with pytest.raises(PermissionDenied):
        acts.enter_day(studio, studio.leader(), timezone.localdate(), note="表", by=officer)


def test_the_database_refuses_a_second_day_and_a_void_without_reason(studio, office):
    given = {"studio": studio, "person": studio.leader(), "day": date(2026, 3, 5), "entered_by": office}
    CheckIn.objects.create(means="office", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(means="sheet", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.filter(day=date(2026, 3, 5)).update(voided_at=timezone.now(), voided_by=office)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_taps_are_one_day():
    leader = UserFactory(roles=["applicant"])
    row = ResidencyFactory(active=True)
    row.studio.people.add(leader)
    row.studio.persons.update(user=leader)
    results = at_once(*[lambda: acts.check_in(row.studio, by=leader, code=today_code())] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert CheckIn.objects.count() == 1


# ── leave and closures ──────────────────────────────────────────────────────────────────────────
def ask(studio, leader, start="2026-03-02", end="2026-03-04"):
    return acts.ask_for_leave(
        studio,
        starts_on=date.fromisoformat(start),
        ends_on=date.fromisoformat(end),
        reason="外出授课",
        by=leader,
    )


MAY = {  # status: {step: who}
    LeaveStatus.REQUESTED: {
        "approve_leave": {"office", "lead_division"},
        "refuse_leave": {"office", "lead_division"},
        "withdraw_leave": {"studio"},
    },
    LeaveStatus.APPROVED: {},
    LeaveStatus.REFUSED: {},
    LeaveStatus.WITHDRAWN: {},
}


@pytest.mark.parametrize("who", ["studio", *Role])
@pytest.mark.parametrize("status", LeaveStatus)
def test_steps_offered(studio, leader, status, who):
    row = ask(studio, leader)
    Leave.objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()
    person = leader if who == "studio" else UserFactory(roles=[who])
    offered = {step.name for step in LEAVE.open_to(person, row)}
    assert offered == {step for step, people in MAY[status].items() if who in people}


def test_leave_is_asked_once_for_the_same_days(studio, leader):
    ask(studio, leader)
    with pytest.raises(Refused, match="已经有请假"):
        ask(studio, leader, "2026-03-04", "2026-03-09")


def test_what_excuses_is_the_parks_decision(residency, leader, office):
    month = timezone.localdate().replace(day=1) - timedelta(1)
    first, last = presence.month_of(month)
    half = f"{first + timedelta(14)}"
    row = ask(residency.studio, leader, f"{first}", half)
    LEAVE.perform(row, "approve_leave", by=office, data={"reason": "同意"})
    ParkClosure.objects.create(
        starts_on=first + timedelta(15), ends_on=last, reason="检修", entered_by=office
    )

    def quota():
        return acts.month_records([residency], first)[residency.studio_id].quota

    assert quota() == 10
    rules.set_rule("attendance_excuses", True, by=office, reason="试行")
    assert quota() == 0


# ── pages, sheet, import ────────────────────────────────────────────────────────────────────────
def _form_key(page):
    return page.split('name="form_key" value="')[1].split('"')[0]


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_month_of_a_studio(client_of, studio, role):
    answer = client_of(UserFactory(roles=[role])).get(reverse("workshops:attendance", args=[studio.key]))
    if role in (Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS):
        assert answer.status_code == 200
    else:  # the register is open to some of them, this page is not
        assert answer.status_code in (403, 404)


def test_the_leader_signs_in_on_the_page(client_of, studio, leader):
    browser = client_of(leader)
    page = reverse("workshops:attendance", args=[studio.key])
    key = _form_key(browser.get(page).content.decode())
    browser.post(reverse("workshops:check_in", args=[studio.key]), {"code": today_code(), "form_key": key})
    shown = browser.get(page)
    assert "今天已经计入" in shown.content.decode()
    assert shown.context["record"].present == 1


def test_a_month_that_is_over_gives_a_sheet_and_a_correction_its_next_version(residency, office):
    first = (timezone.localdate().replace(day=1) - timedelta(1)).replace(day=1)
    acts.enter_day(residency.studio, residency.studio.leader(), first, note="表", by=office)
    one = acts.issue_sheet(residency, first, by=office)
    with pytest.raises(Refused, match="没有变化"):
        acts.issue_sheet(residency, first, by=office)
    acts.enter_day(residency.studio, residency.studio.leader(), first + timedelta(3), note="表", by=office)
    two = acts.issue_sheet(residency, first, by=office)
    assert (one.data["present"], two.data["present"], two.version) == (1, 2, 2)
    papers = list(Document.objects.about_many([one, two]))
    assert [paper.version for paper in papers] == [1, 2]
    assert papers[0].number == papers[1].number
    with pytest.raises(Refused, match="还没有结束"):
        acts.issue_sheet(residency, timezone.localdate(), by=office)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_month_of_the_park_asks_the_same_number_of_times(
    client_of, office, django_assert_num_queries, rows
):
    for _ in range(rows):
        residency = ResidencyFactory(active=True)
        acts.enter_day(
            residency.studio, residency.studio.leader(), timezone.localdate(), note="表", by=office
        )
    browser, page = client_of(office), reverse("workshops:park_attendance")
    browser.get(page)
    with django_assert_num_queries(8):
        assert len(browser.get(page).context["rows"]) == rows


def test_a_paper_sheet_comes_in_whole_or_not_at_all(studio, office):
    other = StudioFactory()
    yesterday = timezone.localdate() - timedelta(1)
    rows = [
        {"_row": 2, "studio": studio.name, "person": "", "day": yesterday, "note": ""},
        {"_row": 3, "studio": studio.name, "person": studio.leader_name, "day": yesterday, "note": ""},
        {"_row": 4, "studio": other.name, "person": "", "day": yesterday, "note": ""},
        {"_row": 5, "studio": "没有的工作室", "person": "", "day": yesterday, "note": ""},
        {"_row": 6, "studio": studio.name, "person": "陌生人", "day": yesterday, "note": ""},
        {
            "_row": 7,
            "studio": studio.name,
            "person": "",
            "day": timezone.localdate() + timedelta(1),
            "note": "",
        },
    ]
    kind = AttendanceImport()
    prepared, faults = kind.check(rows, None, office)
    assert [(fault.row, fault.column) for fault in faults] == [
        (3, "日期"),
        (4, "日期"),
        (5, "工作室"),
        (6, "到园人"),
        (7, "日期"),
    ]
    kind.write(prepared, None, office)
    assert CheckIn.objects.get().means == "sheet"
    again, _ = kind.check(rows[:1], None, office)
    assert [row.happens for row in again] == [sheets.SAME]


def test_the_template_has_the_columns():
    content = sheets.template(ATTENDANCE)
    assert content[:2] == b"PK"
    assert io.BytesIO(content).getbuffer().nbytes > 2000
