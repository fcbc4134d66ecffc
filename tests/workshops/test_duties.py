"""The duty calendar: what each kind says, whose turn it is, and that a day never moves."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from park import workdays
from park.models import Role
from park.rules import set_rule
from park.tables import Month
from tests.assessments import factories as inspecting
from tests.factories import UserFactory
from tests.workshops import benefits as asking
from tests.workshops import facilities, ledgers, returning, staying
from tests.workshops import fees as money
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, StudioFactory
from tests.workshops.staying import quiet  # noqa: F401 (a fixture)
from workshops.actions import agreeing, attendance, rooming
from workshops.actions import leader_change as leading
from workshops.duties import KINDS, Scope, collect
from workshops.duties.calendar import calendar_of
from workshops.models import FeeKind, Residency, SafetyLetter
from workshops.workflow import LEDGER

pytestmark = pytest.mark.django_db

TODAY = "2026-11-25"  # a Wednesday
START = date(2026, 11, 2)


@pytest.fixture
def today(clock, reference):
    clock(TODAY)
    return date.fromisoformat(TODAY)


@pytest.fixture
def studio(today, park_people):
    """In the park since 2 November 2026, for two years, its plans on the register."""
    studio = StudioFactory(people=[park_people["owner"]])
    ResidencyFactory(
        active=True,
        studio=studio,
        term_starts_on=START,
        term_ends_on=date(2028, 11, 1),
        rent_free_from=START,
        rent_free_until=date(2028, 11, 1),
    )
    return studio


def said(studio, *kinds, by=None):
    """(kind, title, day, state, turn) of a studio's duties of these kinds."""
    found = collect(Scope(by or UserFactory(roles=["office"]), studio), kinds or None)
    return [(d.kind.code, d.title, d.due, d.state, d.turn) for d in found]


# ── every kind ──────────────────────────────────────────────────────────────────────────────────
def test_a_studio_that_has_just_come_owes_its_plans_and_knows_its_terms(studio):
    assert said(studio) == [
        # 31 days from its first, not from New Year's Day; 60 days from its first.
        ("year_plan", "登记本年度工作计划", date(2026, 12, 3), "还没有登记", Role.APPLICANT),
        ("development_plan", "登记入驻后的发展规划", date(2027, 1, 1), "还没有登记", Role.APPLICANT),
        ("waiver_end", "免租期届满，次日起计收房租", date(2028, 11, 1), "免租期内", ""),
        ("term_end", "协议期届满，续期或办理退出", date(2028, 11, 1), "待续期或退出", Role.OFFICE),
    ]


def test_the_year_plan_of_an_old_studio_is_due_31_days_after_new_year(studio):
    Residency.objects.update(term_starts_on=date(2025, 3, 1))
    assert said(studio, "year_plan", "development_plan") == [
        ("development_plan", "登记入驻后的发展规划", date(2025, 4, 30), "还没有登记", Role.APPLICANT),
        ("year_plan", "登记本年度工作计划", date(2026, 2, 1), "还没有登记", Role.APPLICANT),
    ]


@pytest.mark.parametrize(
    ("status", "left"), [("draft", True), ("returned", True), ("submitted", False), ("verified", False)]
)
def test_a_plan_counts_once_it_is_submitted(studio, park_people, status, left):
    ledgers.in_status(studio, status, office=park_people["office"], kind="plan", plan_type="year")
    assert bool(said(studio, "year_plan")) is left
    assert said(studio, "development_plan")  # another plan


def test_a_plan_of_last_year_does_not_serve_for_this_one(studio, park_people):
    ledgers.in_status(
        studio, "submitted", office=park_people["office"], kind="plan", plan_type="year", day=date(2025, 1, 1)
    )
    assert said(studio, "year_plan")


@pytest.mark.usefixtures("quiet")
def test_an_agreement_goes_from_the_office_to_the_studio_and_back(today, park_people):
    office = park_people["office"]
    residency = staying.pending(people=[park_people["owner"]])
    residency.due_on = date(2026, 12, 1)
    residency.save()
    studio = residency.studio

    def turn():
        return [(state, whose) for *_, state, whose in said(studio, "agreement")]

    assert said(studio) == [
        ("agreement", "签订入驻协议，办理入驻", date(2026, 12, 1), "待出具协议", Role.OFFICE)
    ]
    draft = agreeing.prepare_agreement(
        residency, by=office, term_starts_on=today, term_months=24, rent_free_from=today,
        no_room_reason="线上工作室",
    )  # fmt: skip
    assert turn() == [("待出具协议", Role.OFFICE)]
    issued = agreeing.issue_agreement(draft, by=office)
    assert turn() == [("待双方签字", Role.APPLICANT)]
    received = agreeing.receive_agreement(issued, staying.scan(), same_copy=True, by=office)
    assert turn() == [("扫描件待核对", Role.OFFICE)]
    agreeing.check_agreement(received, by=office)
    assert turn() == [("协议已签，待办理入驻", Role.OFFICE)]


def test_a_room_is_counted_by_the_park_and_then_confirmed_by_the_studio(studio, park_people, today):
    residency = studio.standing_residency()
    occupancy = rooming.assign_room(
        residency, staying.RoomFactory(number="201"), since=today, by=park_people["office"]
    )
    row = ("handover", "创新楼201 交付清单", today)
    assert said(studio, "handover") == [(*row, "待填写清单", Role.LOGISTICS)]
    handover = occupancy.handovers.get()
    staying.handing.confirm_handover(
        staying.count(handover, by=park_people["office"]), by=park_people["office"]
    )
    assert said(studio, "handover") == [(*row, "待工作室确认", Role.APPLICANT)]


def test_bills_are_due_on_their_day_with_what_is_still_to_be_paid(reference, clock):
    clock("2026-03-03")
    park = money.Park()
    bill = park.bill()
    left = f"账单 {bill.number}，还应缴 {bill.amount_fen // 100:,}.{bill.amount_fen % 100:02} 元"
    assert said(park.studio, "bill") == [("bill", left, date(2026, 3, 18), "待缴", Role.APPLICANT)]


def test_meters_are_read_before_the_month_ends(reference, clock):
    clock("2026-02-28")
    park = money.Park()  # read on the 28th of February
    number = money.room_of(park.residency).number
    assert said(park.studio, "reading") == []
    clock("2026-03-02")
    assert said(park.studio, "reading") == [
        ("reading", f"创新楼{number} 水电表抄表", date(2026, 3, 31), "本月未抄表", Role.LOGISTICS)
    ]
    money.read(park.water, date(2026, 3, 1), 130, park.officer)
    assert said(park.studio, "reading")  # one of the two
    money.read(park.power, date(2026, 3, 1), 1600, park.officer)
    assert said(park.studio, "reading") == []


def test_ledgers_are_one_line_for_all_records_of_a_studio(studio, park_people, today):
    office = park_people["office"]
    for shade in (1, 2):
        ledgers.in_status(studio, "submitted", office=office, shade=shade)
    ledgers.in_status(studio, "returned", office=office)
    assert said(studio, "ledger_verify", "ledger_returned") == [
        ("ledger_verify", "核验台账 2 条", workdays.add_workdays(today, 10), "待核验", Role.OFFICE),
        ("ledger_returned", "修改退回的台账 1 条", None, "退回修改", Role.APPLICANT),
    ]


def test_leave_waits_for_its_answer(studio, park_people):
    leave = attendance.ask_for_leave(
        studio, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2), reason="出差", by=park_people["owner"]
    )
    leave.refresh_from_db()
    assert said(studio, "leave") == [("leave", "批复领衔人的请假申请", leave.due_on, "待批准", Role.OFFICE)]


def test_a_successor_is_named_within_the_window(studio, park_people):
    change = leading.report_leader_change(
        studio, reason_kind="retired", reason="到龄退休", left_on=date(2026, 11, 20), by=park_people["office"]
    )
    assert said(studio, "leader_change") == [
        ("leader_change", "领衔人变更", change.window_ends_on, "待提名接替人", Role.APPLICANT)
    ]


def test_a_house_rule_is_due_until_everybody_has_read_it(studio, park_people):
    office = park_people["office"]
    version = facilities.rule(by=office)
    second = UserFactory(roles=["applicant"])
    studio.people.add(second)
    row = ("house_rule", "阅读《园区用电管理办法》", version.read_by, "还有人没有阅读确认", Role.APPLICANT)
    assert said(studio, "house_rule") == [row]
    facilities.house_ruling.confirm_reading(version, by=park_people["owner"])
    assert said(studio, "house_rule") == [row]
    facilities.house_ruling.confirm_reading(version, by=second)
    assert said(studio, "house_rule") == []


def test_letters_repairs_and_breaches(studio, park_people, today):
    owner, office, mender = (park_people[name] for name in ("owner", "office", "logistics"))
    letter = SafetyLetter.objects.create(
        residency=studio.standing_residency(), year=2026, due_on=date(2026, 12, 9), issued_by=office
    )
    done = facilities.ticket_in("done", studio=studio, owner=owner, mender=mender)
    breach = facilities.breach(studio=studio, by=office)
    done.refresh_from_db()
    assert said(studio, "safety_letter") == [
        ("safety_letter", "签订2026年度安全责任书", letter.due_on, "待交回签字盖章件", Role.APPLICANT)
    ]
    assert said(studio, "repair") == [("repair", "北侧窗户报修", done.due_on, "待确认", Role.APPLICANT)]
    assert said(studio, "breach") == [
        ("breach", "说明违规情况：第一条", breach.state_by, "待工作室说明", Role.APPLICANT)
    ]


@pytest.mark.usefixtures("quiet")
def test_a_return_is_due_by_its_deadline_and_then_by_the_clock_of_who_checks(studio, park_people, clock):
    clock("2027-01-05")  # the last quarter is the first that the studio reports
    office = park_people["office"]
    row = returning.opened(studio)
    assert said(studio, "return") == [("return", returned_title(row), row.deadline, "待报送", Role.APPLICANT)]
    row = returning.RETURN.perform(returning.filled(row), "submit_return", by=park_people["owner"])
    assert said(studio, "return") == [("return", returned_title(row), row.due_on, "待审核", Role.OFFICE)]
    returning.RETURN.perform(row, "accept_return", by=office)
    assert said(studio, "return") == []


def returned_title(row) -> str:
    return f"{row.definition.title}（截至{row.last_on.year}年{row.last_on.month}月）"


@pytest.mark.usefixtures("quiet")
def test_inspections_and_their_findings(studio, park_people, today):
    office, owner = park_people["office"], park_people["owner"]
    plan = inspecting.plan(
        [studio.standing_residency()], by=office, inspectors=[office, park_people["logistics"]]
    )
    inspection = plan.inspections.get()
    assert said(studio, "inspection") == [
        ("inspection", "本季度定期检查", inspection.inspect_on, "待检查", Role.OFFICE)
    ]
    inspection = inspecting.in_status(inspection, "recorded", inspector=office, owner=owner)
    assert said(studio, "inspection") == [
        ("inspection", "本季度定期检查", inspection.due_on, "待工作室核对", Role.APPLICANT)
    ]
    inspecting.INSPECTION.perform(
        inspection, "confirm_inspection", by=owner, data={"answer": "online", "remark": ""}
    )
    finding = inspection.findings.get()
    assert said(studio, "inspection", "finding") == [
        ("finding", "整改：展示栏没有更新", finding.fix_by, "待整改", Role.APPLICANT)
    ]
    inspecting.close(finding, inspector=office, owner=owner)
    assert said(studio, "inspection", "finding") == []


def test_what_belongs_to_no_studio_stands_in_the_calendar_of_the_park_only(studio, park_people):
    hazard = facilities.hazard(studio=None, by=park_people["logistics"])
    facilities.ticket_in("done", studio=None, owner=park_people["office"], mender=park_people["logistics"])
    found = collect(Scope(park_people["office"]), {"hazard", "repair"})
    assert sorted((d.kind.code, d.studio, d.turn) for d in found) == [
        ("hazard", None, Role.LOGISTICS),
        ("repair", None, Role.OFFICE),
    ]
    assert hazard.fix_by in {d.due for d in found}
    assert said(studio, "hazard", "repair") == []


def test_a_benefit_waits_for_review_decision_and_delivery_by_the_days_of_the_park(studio, park_people):
    """Ten working days for each of the first two, twenty for the last; all of them settings."""
    people = park_people | {"group_leader": asking.seat(is_leader=True)}
    benefit = asking.drafted(studio, people["owner"])
    due = lambda days: workdays.add_workdays(date(2026, 11, 25), days)  # noqa: E731
    assert said(studio, "benefit") == [("benefit", "创业补贴", None, "待提出", Role.APPLICANT)]
    benefit = asking.BENEFIT.perform(
        benefit, "ask_benefit", by=people["owner"], data=asking.request_of("startup_subsidy", studio)
    )
    assert said(studio, "benefit") == [("benefit", "创业补贴", due(10), "待审核", Role.OFFICE)]
    set_rule("benefit_decision_days", 5, by=people["office"], reason="提速")
    benefit = asking.reviewed(benefit, people["office"])
    assert said(studio, "benefit") == [("benefit", "创业补贴", due(5), "待决定", Role.WORKING_GROUP)]
    benefit = asking.granted(benefit, people["group_leader"])
    assert said(studio, "benefit") == [("benefit", "创业补贴", due(20), "同意，待落实", Role.OFFICE)]
    assert said(studio, "benefit", by=people["logistics"]) == []
    asking.delivered(benefit, people["office"])
    assert said(studio, "benefit") == []


def test_these_kinds_are_known():
    """A kind that is taken away, or whose stages do not fit its states, is missed here."""
    assert list(KINDS)[:19] == [
        "agreement", "waiver_end", "term_end", "departure", "handover", "bill", "reading", "ledger_returned",
        "ledger_verify", "year_plan", "development_plan", "return", "leave", "leader_change", "benefit", "repair",
        "hazard", "safety_letter", "house_rule",
    ]  # fmt: skip
    assert {"breach", "inspection", "finding"} <= set(KINDS)


# ── days ────────────────────────────────────────────────────────────────────────────────────────
def test_the_last_day_is_in_time_and_the_next_is_late(studio, clock):
    plan = lambda: collect(Scope(UserFactory(roles=["office"]), studio), {"year_plan"})[0]  # noqa: E731
    for day, late in (("2026-12-02", False), ("2026-12-03", False), ("2026-12-04", True)):
        clock(day)
        assert (plan().due, plan().is_overdue) == (date(2026, 12, 3), late), day


@pytest.mark.parametrize("later", [1, 8, 30, 365])
def test_what_is_overdue_never_slides(studio, park_people, clock, later):
    """Neither time, nor a turn to somebody else, nor a day of rest moves the day of a hazard."""
    row = facilities.hazard(studio=studio, by=park_people["logistics"])
    day = row.fix_by
    clock(str(day + timedelta(days=later)))
    assert said(studio, "hazard") == [("hazard", "消除隐患：通道堆物", day, "待整改", Role.APPLICANT)]
    facilities.HAZARD.perform(
        row,
        "answer_hazard",
        by=park_people["owner"],
        data={"reason": "已清理。", "proof": facilities.checked()},
    )
    found = collect(Scope(park_people["office"], studio), {"hazard"})
    assert [(d.due, d.state, d.turn, d.is_overdue) for d in found] == [(day, "待复查", Role.OFFICE, True)]


def test_the_end_of_a_waiver_passes_and_that_of_a_term_stays(studio, clock):
    clock("2028-11-02")
    assert [(d.kind.code, d.is_overdue) for d in collect(Scope(UserFactory(roles=["office"]), studio), {"waiver_end", "term_end"})] == [("term_end", True)]  # fmt: skip


def test_deadlines_are_told_in_working_days(studio, client_of, park_people, clock):
    """3 December 2026 is a Thursday: the Friday before leaves four working days, a weekend between."""
    clock("2026-11-27")
    page = client_of(park_people["owner"]).get(reverse("workshops:studio_duties", args=[studio.key]))
    assert '2026年12月3日</time><span class="due-left">还有 4 个工作日' in page.content.decode()
    clock("2026-12-07")  # Monday: the working days that have passed are Friday and Monday
    page = client_of(park_people["owner"]).get(reverse("workshops:studio_duties", args=[studio.key]))
    assert "已超期 2 个工作日" in page.content.decode()


def test_the_calendar_shows_late_ones_whatever_the_month(studio, clock):
    clock("2026-12-10")
    found = collect(Scope(UserFactory(roles=["office"]), studio))
    shown = calendar_of(found, Month("2028-11"))
    assert [d.kind.code for d in shown.overdue] == ["year_plan"]
    assert [(w.first, [d.kind.code for d in w.rows]) for w in shown.weeks] == [
        (date(2028, 10, 30), ["waiver_end", "term_end"])
    ]
    now = calendar_of(found, Month(""))
    assert (now.until, now.later, [d.kind.code for w in now.weeks for d in w.rows]) == (
        date(2027, 1, 31), 2, ["development_plan"],
    )  # fmt: skip


# ── who ─────────────────────────────────────────────────────────────────────────────────────────
PARK = {"office": 200, "lead_division": 200, "logistics": 200, "officer_of_studio": 200}
OF_STUDIO = PARK | {"owner": 200, "attraction": 403, "working_group": 403}


@pytest.mark.parametrize(
    "who",
    ["office", "lead_division", "logistics", "attraction", "working_group", "expert", "auditor", "owner",
     "stranger", "officer_of_studio", "nobody", "superuser"],
)  # fmt: skip
def test_who_sees_which_calendar(studio, client_of, park_people, who):
    browser = client_of(park_people[who])
    assert browser.get(reverse("workshops:duties")).status_code == PARK.get(who, 403)
    page = browser.get(reverse("workshops:studio_duties", args=[studio.key]))
    assert page.status_code == OF_STUDIO.get(who, 404)


def test_logistics_reads_what_it_serves_and_no_ledgers(studio, park_people):
    kinds = {kind for kind, *_ in said(studio, by=park_people["logistics"])}
    assert kinds == {"waiver_end", "term_end"}


def test_a_studio_reads_its_own_only(studio, park_people):
    ResidencyFactory(active=True)
    assert {d.studio for d in collect(Scope(park_people["owner"]))} == {studio}
    assert collect(Scope(park_people["stranger"])) == []


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
def test_the_page_of_the_park_filters_by_kind_studio_turn_and_day(studio, client_of, park_people, clock):
    other = ResidencyFactory(active=True, studio__name="焊接技能大师工作室").studio
    clock("2026-12-04")
    browser = client_of(park_people["office"])

    def found(**asked):
        page = browser.get(reverse("workshops:duties"), asked).context["page"]
        return sorted((d.studio.name, d.kind.code) for d in page.object_list)

    mine, theirs = studio.name, other.name
    assert found(kind="year_plan") == sorted([(mine, "year_plan"), (theirs, "year_plan")])
    assert found(q="焊接", kind="term_end") == []  # more than 90 days away
    assert found(q="焊接", kind="term_end", when="all") == [(theirs, "term_end")]
    assert found(q=studio.leader_name, turn="office", when="all") == [(mine, "term_end")]
    assert found(q=mine, when="overdue") == [(mine, "year_plan")]
    assert found(q=mine, when="month") == [(mine, "development_plan")]
    assert found(kind="nonsense") == found()


def test_the_desk_leads_to_the_calendar(studio, client_of, park_people):
    address = reverse("workshops:studio_duties", args=[studio.key])
    assert f'href="{address}"' in client_of(park_people["owner"]).get(reverse("home")).content.decode()
    assert (
        reverse("workshops:duties") in client_of(park_people["office"]).get(reverse("home")).content.decode()
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_calendars_ask_the_database_twelve_times_at_most(
    today, client_of, park_people, django_assert_max_num_queries, rows
):
    office = park_people["office"]
    for _ in range(3):
        facilities.rule(by=office, title=f"制度{UserFactory().pk}")
    money.set_prices(
        park_people["logistics"], since=START, prices={kind: 100 for kind in FeeKind if kind != "other"}
    )
    for _ in range(rows):
        row = OccupancyFactory().residency
        row.studio.people.add(UserFactory(roles=["applicant"]))
        money.hang_meters(row, park_people["logistics"], since=START)
        facilities.hazard(studio=row.studio, by=park_people["logistics"])
        LEDGER.perform(ledgers.record(row.studio), "submit_ledger", by=row.studio.people.first())
    for who, address in (
        ("office", reverse("workshops:duties")),
        ("office", reverse("workshops:studio_duties", args=[row.studio.key])),
        ("logistics", reverse("workshops:duties")),
        ("owner", reverse("workshops:studio_duties", args=[row.studio.key])),
    ):
        person = row.studio.people.first() if who == "owner" else park_people[who]
        browser = client_of(person)
        browser.get(address)
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200, address
