"""The statistics of the park, against figures counted by hand."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from park.models import AuditEntry, CraftField, District, RecognitionLevel
from tests.assessments import factories as inspecting
from tests.factories import UserFactory
from tests.workshops import benefits as asking
from tests.workshops import fees as money
from tests.workshops import ledgers
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, RoomFactory, StudioFactory
from workshops.actions import paying
from workshops.models import Charge, CheckIn, ResidencyStatus, Studio
from workshops.statistics import park
from workshops.statistics.period import Period
from workshops.workflow import LEDGER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

PAGE = "workshops:park_statistics"


@pytest.fixture
def today(clock):
    clock("2026-11-25")
    return date(2026, 11, 25)


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def table(code, year=2026, quarter=None) -> list[tuple]:
    """The rows of one table."""
    found = park.figures(Period(year, quarter))
    return next(t.rows for t in found.tables if t.code == code)


def sums(year=2026, quarter=None) -> dict:
    return dict(park.figures(Period(year, quarter)).sums)


def stay(first, ended=None, **studio):
    """In the park from this day on; `ended`: its last day."""
    status = {"status": ResidencyStatus.ENDED, "ended_on": ended, "end_reason": "期满"} if ended else {}
    return ResidencyFactory(
        active=True, studio=StudioFactory(**studio), admitted_on=first, term_starts_on=first,
        term_ends_on=date(2030, 12, 31), rent_free_from=None, rent_free_until=None, **status,
    )  # fmt: skip


# ── periods ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (None, date(2026, 1, 1), date(2026, 12, 31)),
        (1, date(2026, 1, 1), date(2026, 3, 31)),
        (2, date(2026, 4, 1), date(2026, 6, 30)),
        (3, date(2026, 7, 1), date(2026, 9, 30)),
        (4, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_covers_its_days(quarter, first, last):
    assert Period(2026, quarter, date(2026, 11, 25)).days == (first, last)


def test_only_months_that_are_over_are_counted():
    assert Period(2026, 4, date(2026, 11, 30)).months_over == [date(2026, 10, 1)]
    assert Period(2026, 4, date(2026, 12, 1)).months_over == [date(2026, 10, 1), date(2026, 11, 1)]
    assert len(Period(2025, None, date(2026, 12, 1)).months_over) == 12
    assert Period(2027, None, date(2026, 12, 1)).months_over == []


def test_the_last_eight_quarters_end_with_the_running_one():
    assert Period(2026, 2, date(2026, 11, 25)).quarter_ends(3) == [
        ("25年4季", date(2025, 12, 31)), ("26年1季", date(2026, 3, 31)), ("26年2季", date(2026, 6, 30)),
    ]  # fmt: skip
    assert Period(2026, None, date(2026, 11, 25)).quarter_ends(2) == [
        ("26年3季", date(2026, 9, 30)), ("26年4季", date(2026, 11, 25)),
    ]  # fmt: skip


# ── studios ─────────────────────────────────────────────────────────────────────────────────────
def test_studios_by_craft_district_and_level(today):
    craft, other = CraftField.objects.all()[:2]
    district, level = District.objects.first(), RecognitionLevel.objects.first()
    stay(date(2026, 2, 1), craft_field=craft, district=district, level=level)
    stay(date(2026, 2, 1), craft_field=craft, is_affiliated=True)
    StudioFactory(craft_field=other, is_affiliated=True)
    stay(date(2025, 1, 1), ended=date(2026, 1, 31))  # gone, and on no register
    assert table("studios_craft") == [(craft.label, 2, 0, 0), (other.label, 0, 1, 0), ("未填写", 0, 0, 1)]
    assert table("studios_district") == [(district.label, 1, 0, 0), ("未填写", 1, 1, 1)]
    assert table("studios_level") == [(level.label, 1, 0, 0), ("未填写", 1, 1, 1)]
    now = {name: getattr(Studio.objects, name)().count() for name in ("resident", "affiliated", "former")}
    assert now == {"resident": 2, "affiliated": 1, "former": 1}  # as the registers themselves say


def test_who_was_resident_is_told_as_of_the_end_of_the_period(today):
    stay(date(2026, 5, 1))  # not there yet in the first quarter
    stay(date(2025, 1, 1), ended=date(2026, 4, 15))
    assert table("studios_craft", quarter=1) == [("未填写", 1, 0, 0)]
    assert table("studios_craft", quarter=2) == [("未填写", 1, 0, 1)]


def test_the_park_over_time(today):
    stay(date(2025, 7, 1))
    stay(date(2025, 7, 1), ended=date(2026, 6, 30))  # left on the last day of the quarter
    stay(date(2026, 11, 25))
    ResidencyFactory(admitted_on=date(2026, 1, 1))  # nothing signed
    assert table("in_park") == [
        ("25年1季", 0), ("25年2季", 0), ("25年3季", 2), ("25年4季", 2), ("26年1季", 2), ("26年2季", 1),
        ("26年3季", 1), ("26年4季", 2),
    ]  # fmt: skip


def test_rooms_by_their_area(today):
    residency = stay(date(2026, 1, 1))
    OccupancyFactory(residency=residency, room=RoomFactory(area=Decimal("60.00")), since=date(2026, 1, 1))
    OccupancyFactory(
        residency=residency, room=RoomFactory(area=Decimal("40.00")), since=date(2026, 1, 1), until=date(2026, 6, 30)
    )  # fmt: skip
    RoomFactory(area=Decimal("20.00"))
    RoomFactory(area=Decimal("500.00"), is_active=False)
    first, year = table("occupancy", quarter=1)[0], table("occupancy")[0]
    assert [*first[:5], round(first[5], 1)] == ["创新楼", 3, 2, 120, 100, Decimal("83.3")]
    assert year == ("创新楼", 3, 1, 120, 60, 50)
    assert sums()["面积使用率"] == "50.0%"


# ── what they brought about ─────────────────────────────────────────────────────────────────────
def verified(studio, office, kind, **kwargs):
    return ledgers.in_status(studio, "verified", office=office, kind=kind, **kwargs)


@pytest.fixture
def studio(today):
    return stay(date(2025, 1, 1)).studio


def trained(studio, office, day, *people):
    """A verified training that ended on this day: (name, level or "" without a certificate)."""
    row = ledgers.record(studio, "training", day=day, until_on=day)
    for name, level in people:
        number = f"{name}-{level}" if level else ""
        ledgers.trainee(row, name, number, **({"level": level} if level else {}))
    row = LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))
    return LEDGER.perform(row, "verify_ledger", by=office)


def test_people_trained_and_their_certificates(studio, office):
    trained(studio, office, date(2026, 2, 10), ("甲", "L4"), ("乙", "L3"), ("丙", ""))
    trained(studio, office, date(2026, 3, 10), ("丙", ""), ("丁", "L1"))  # 丙 again, in the same quarter
    trained(studio, office, date(2026, 8, 10), ("丙", ""))
    trained(studio, office, date(2025, 8, 10), ("戊", "L2"))
    draft = ledgers.record(studio, "training", day=date(2026, 2, 11))
    ledgers.trainee(draft, "己", "C-6", level="L2")  # nobody verified it
    assert table("trained") == [("第1季度", 4, 5), ("第2季度", 0, 0), ("第3季度", 1, 1), ("第4季度", 0, 0)]
    assert table("certificates") == [
        ("五级/初级工", 0), ("四级/中级工", 1), ("三级/高级工", 1), ("二级/技师", 0), ("一级/高级技师", 1),
    ]  # fmt: skip
    year, first, third = sums(), sums(quarter=1), sums(quarter=3)
    names = ("培训", "取得证书", "其中高技能人才")
    assert [year[n] for n in names] == ["4 人", "3 人", "2 人"]
    assert [first[n] for n in names] == ["4 人", "3 人", "2 人"]
    assert [third[n] for n in names] == ["1 人", "0 人", "0 人"]


def test_outcomes_count_in_every_period_they_touch_or_on_their_day(studio, office):
    verified(
        studio, office, "apprenticeship", day=date(2025, 6, 1), until_on=date(2026, 5, 31),
        outcome="promotion", outcome_on=date(2026, 4, 1), outcome_text="晋升技师",
    )  # fmt: skip
    verified(studio, office, "exchange", day=date(2026, 5, 10), shade=8)
    verified(studio, office, "media", day=date(2026, 5, 11), shade=9)
    verified(studio, office, "achievement", day=date(2026, 5, 12), shade=10)
    verified(studio, office, "contest", day=date(2026, 5, 13), shade=11)
    verified(studio, office, "service", day=date(2025, 5, 13), shade=12)
    ledgers.in_status(studio, "submitted", office=office, kind="project", day=date(2026, 5, 1), shade=13)

    def found(quarter=None, year=2026):
        return {label: n for label, *n in table("records", year, quarter) if n[0]}

    assert found(2) == {
        "名师带徒": [1, 1],
        "交流、研讨、展示": [1, None],
        "技能竞赛指导": [1, None],
        "媒体报道": [1, None],
        "专利、奖项、论文、出版": [1, None],
    }
    assert found(1) == {"名师带徒": [1, None]}
    assert found(3) == {}
    assert found(year=2025) == {"名师带徒": [1, None], "技能服务社会": [1, None]}
    assert table("media", quarter=2) == [("部（国家）级", 0), ("省级", 0), ("市级", 1), ("县（区）级", 0)]
    assert table("achievement") == [("国家专利", 1), ("奖项", 0), ("论文", 0), ("教材书籍", 0)]
    assert [n for label, n in table("contest") if label == "省级"] == [1]


def test_benefit_and_paid_services_by_quarter_and_source(studio, office):
    verified(studio, office, "benefit", day=date(2026, 1, 1), until_on=date(2026, 3, 31))  # 560,000 yuan
    verified(studio, office, "benefit", day=date(2026, 5, 1), amount=10_000, benefit_type="show", shade=8)
    verified(
        studio, office, "paid_service", day=date(2026, 5, 1), until_on=date(2026, 9, 1), shade=9
    )  # 80,000
    verified(studio, office, "benefit", day=date(2025, 5, 1), shade=10)
    assert table("earnings") == [
        ("第1季度", 56_000_000, 0), ("第2季度", 10_000, 8_000_000), ("第3季度", 0, 0), ("第4季度", 0, 0),
    ]  # fmt: skip
    assert {label: fen for label, fen in table("sources") if fen} == {
        "经济效益：技术服务": 56_000_000,
        "经济效益：绝技展示": 10_000,
        "有偿服务：技术服务和指导": 8_000_000,
    }
    assert [sums(quarter=q)["经济效益"] for q in (1, 2, 3)] == ["560,000.00 元", "100.00 元", "0.00 元"]
    assert sums()["有偿服务"] == "80,000.00 元"


# ── how it runs ─────────────────────────────────────────────────────────────────────────────────
def test_fees_billed_received_and_owed(clock):
    clock("2026-03-03")
    here = money.Park()
    january, february = here.bill(), here.bill(date(2026, 2, 1))
    clock("2026-04-20")  # both were due on 18 March: 33 days ago
    paying.pay_bills(
        [january, february], amount_fen=10_000, method="cash", paid_on=date(2026, 4, 1), receipt_no="1",
        by=here.officer,
    )  # fmt: skip
    total = january.amount_fen + february.amount_fen
    assert table("fees") == [
        ("第1季度", total, 0), ("第2季度", 0, 10_000), ("第3季度", 0, 0), ("第4季度", 0, 0),
    ]  # fmt: skip
    assert table("arrears") == [("30天以内", 0, 0), ("31至90天", total - 10_000, 2), ("90天以上", 0, 0)]
    assert sum(fen for _, fen in table("fee_kinds")) == total
    by_kind = dict(Charge.objects.filter(period=date(2026, 1, 1)).values_list("kind", "amount_fen"))
    assert set(by_kind) == {"water", "electricity", "property", "rent"}


def test_the_share_of_months_with_ten_days(today):
    full, partly, gone = (
        stay(date(2026, 9, 1)), stay(date(2026, 10, 16)), stay(date(2025, 1, 1), ended=date(2026, 9, 30)),
    )  # fmt: skip
    office = UserFactory(roles=["office"])

    def came(residency, month, days):
        leader = residency.studio.leader()
        for day in range(1, days + 1):
            CheckIn.objects.create(
                studio=residency.studio, person=leader, day=date(2026, month, day + 15), means="office",
                entered_by=office,
            )  # fmt: skip

    came(full, 9, 10)
    came(full, 10, 9)  # one short
    came(partly, 10, 5)  # sixteen of the 31 days ask for five
    came(gone, 9, 10)
    assert table("attendance", quarter=3) == [
        ("7月", 1, 0, 0), ("8月", 1, 0, 0), ("9月", 2, 2, 100),
    ]  # fmt: skip
    assert table("attendance", quarter=4) == [("10月", 2, 1, 50)]  # November is not over
    assert sums(quarter=4)["到园达标率"] == "50.0%"
    assert sums(2024)["到园达标率"] == "—"


def test_inspections_and_what_they_found(today, clock, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    office, owner = UserFactory(roles=["office"]), UserFactory(roles=["applicant"])
    second = UserFactory(roles=["logistics"])
    residencies = [stay(date(2026, 1, 1), people=[owner]) for _ in range(2)]
    plan = inspecting.plan(residencies, by=office, inspectors=[office, second])
    one, two = plan.inspections.all()
    inspecting.in_status(one, "closed", inspector=office, owner=owner)
    inspecting.in_status(two, "closing", inspector=office, owner=owner)
    assert table("inspections") == [("已安排", 2), ("已检查", 2), ("已办结", 1)]
    assert table("findings") == [("一般", 2, 1, 1, 0), ("严重", 0, 0, 0, 0)]
    assert table("findings", quarter=3) == [("一般", 0, 0, 0, 0), ("严重", 0, 0, 0, 0)]
    clock("2026-12-31")  # past the day of the one that is open
    assert table("findings") == [("一般", 2, 1, 1, 1), ("严重", 0, 0, 0, 0)]


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
MAY = {"office", "lead_division", "working_group", "officer_of_studio"}


@pytest.mark.parametrize(
    "who",
    ["office", "lead_division", "logistics", "attraction", "working_group", "expert", "auditor", "owner",
     "officer_of_studio", "nobody", "superuser"],
)  # fmt: skip
def test_who_reads_them(client_of, park_people, who):
    browser, expected = client_of(park_people[who]), 200 if who in MAY else 403
    assert browser.get(reverse(PAGE)).status_code == expected
    assert browser.get(reverse("workshops:export_park_statistics")).status_code == expected


def test_the_period_stands_in_the_address(client_of, office, today):
    stay(date(2024, 5, 1))
    browser = client_of(office)

    def words(**asked):
        return browser.get(reverse(PAGE), asked).context["found"].period.words

    assert words() == "2026年"
    assert words(year=2025, quarter=2) == "2025年第2季度"
    assert words(quarter=3) == "2026年第3季度"
    assert words(year="x", quarter="9") == "2026年"
    assert [y for y, _ in browser.get(reverse(PAGE)).context["form"].fields["year"].choices] == [
        2026,
        2025,
        2024,
    ]


def test_no_name_of_a_person_stands_on_the_page_or_in_the_sheet(client_of, studio, office):
    trained(studio, office, date(2026, 2, 10), ("欧阳测试", "L3"))
    browser = client_of(office)
    page = browser.get(reverse(PAGE)).content.decode()
    sheet = sheet_of(browser)
    for name in ("欧阳测试", studio.leader_name, studio.name):
        assert name not in page
        assert not any(name in map(str, row) for row in sheet)


def sheet_of(browser, **asked):
    answer = browser.get(reverse("workshops:export_park_statistics"), asked)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def test_the_sheet_says_what_the_page_says(client_of, studio, office):
    verified(studio, office, "benefit", day=date(2026, 1, 1), until_on=date(2026, 3, 31))
    trained(studio, office, date(2026, 2, 10), ("甲", "L3"))
    rows = sheet_of(client_of(office), year=2026, quarter=1)
    assert rows[0] == (
        "统计范围", "统计表", "项目", "指标", "数量", "金额（元）", "面积、比例", "单位",
    )  # fmt: skip
    period = "2026年第1季度"
    assert (period, "2026年各季度经济效益", "第1季度", "经济效益", None, 560000, None, "元") in rows
    assert (period, "取得证书（按等级）", "三级/高级工", "取得证书", 1, None, None, "人") in rows
    assert AuditEntry.objects.filter(verb="export_park_statistics", note=period, by=office).count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_asks_the_database_as_often_for_thirty_studios_as_for_one(
    client_of, office, today, django_assert_max_num_queries, rows
):
    """More than the twelve of a list, for it counts in sixteen tables; but always the same."""
    for _ in range(rows):
        residency = stay(date(2026, 1, 1))
        OccupancyFactory(residency=residency, since=date(2026, 1, 1))
        ledgers.record(residency.studio)
    browser = client_of(office)
    browser.get(reverse(PAGE))
    with django_assert_max_num_queries(24):
        assert browser.get(reverse(PAGE)).status_code == 200


# ── benefits ────────────────────────────────────────────────────────────────────────────────────
def test_benefits_are_counted_by_the_day_of_each_act(today, park_people, living):
    people = park_people | {
        "office2": UserFactory(roles=["office"]),
        "group_leader": asking.seat(is_leader=True),
    }
    asking.brought_to("paid", living.studio, people)
    asking.brought_to("declined", living.studio, people, "performance_award")
    asking.brought_to("asked", living.studio, people, "priority_nomination")
    asking.drafted(living.studio, people["owner"], "priority_nomination")
    assert table("benefits", quarter=4) == [
        ("创业补贴", 1, 1, 0, 1, 1_000_000, 0),
        ("业绩奖励", 1, 0, 1, 0, 0, 0),
        ("优先受聘", 0, 0, 0, 0, 0, 0),
        ("优先参评", 1, 0, 0, 0, 0, 2),
    ]
    assert table("benefits", quarter=1) == [
        ("创业补贴", 0, 0, 0, 0, 0, 0), ("业绩奖励", 0, 0, 0, 0, 0, 0),
        ("优先受聘", 0, 0, 0, 0, 0, 0), ("优先参评", 0, 0, 0, 0, 0, 2),
    ]  # fmt: skip
