"""The duty calendar and the statistics of the park in a browser: read at both sizes, nothing in axe's way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from park.models import CraftField, District, RecognitionLevel
from tests.factories import UserFactory
from tests.workshops import facilities, fees, ledgers
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, RoomFactory, StudioFactory
from workshops.models import CheckIn, SafetyLetter
from workshops.workflow import LEDGER

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("数控车", "焊接", "钣金", "汽车维修", "茶艺", "乱针绣")


@pytest.fixture
def year():
    """Six studios in the park, two others, and a year of what they did."""
    office, logistics = UserFactory(roles=["office"]), UserFactory(roles=["logistics"])
    today, studios = timezone.localdate(), []
    crafts, districts = list(CraftField.objects.all()), list(District.objects.all())
    levels = list(RecognitionLevel.objects.all())
    fees.set_prices(logistics, since=date(2025, 1, 1))
    for n, name in enumerate(NAMES):
        studio = StudioFactory(
            name=f"{name}技能大师工作室", people=[UserFactory(roles=["applicant"])], craft_field=crafts[n % 4],
            district=districts[n % 3], level=levels[n % len(levels)],
        )  # fmt: skip
        row = ResidencyFactory(active=True, studio=studio)
        OccupancyFactory(residency=row, room=RoomFactory(area=Decimal(40 + 10 * n)), since=row.term_starts_on)
        fees.hang_meters(row, logistics, since=row.term_starts_on)
        studios.append(studio)
        for day in range(8 + n):
            CheckIn.objects.create(
                studio=studio, person=studio.leader(), day=date(today.year, 9, 1 + day), means="office",
                entered_by=office,
            )  # fmt: skip
        for quarter in range(3):
            training = ledgers.record(studio, "training", day=date(today.year, 3 * quarter + 2, 10))
            for who in range(3 + n):
                ledgers.trainee(
                    training,
                    f"学员{n}{quarter}{who}",
                    f"C{n}{quarter}{who}",
                    level="L4L3L2"[2 * (who % 3) :][:2],
                )
            LEDGER.perform(training, "submit_ledger", by=studio.people.first())
            LEDGER.perform(training, "verify_ledger", by=office)
            ledgers.in_status(
                studio, "verified", office=office, kind="benefit", day=date(today.year, 3 * quarter + 1, 5),
                amount=(n + 1) * (quarter + 1) * 3_000_000, shade=n * 10 + quarter,
            )  # fmt: skip
    first, residency = studios[0], studios[0].standing_residency()
    StudioFactory(name="锻造技能大师工作室", is_affiliated=True, craft_field=crafts[0])
    StudioFactory(name="砌筑技能大师工作室", is_affiliated=True)
    ledgers.in_status(first, "submitted", office=office, shade=90)
    ledgers.in_status(first, "returned", office=office, shade=91)
    facilities.rule(by=office)
    facilities.hazard(studio=first, by=logistics)
    facilities.ticket(studio=first, by=first.people.first())
    facilities.breach(studio=first, by=office)
    facilities.ticket(studio=None, by=office, place="一楼门厅")
    SafetyLetter.objects.create(
        residency=residency, year=today.year, due_on=today - timedelta(days=9), issued_by=office
    )
    return office, first


def test_the_calendar_of_a_studio(open_page, accessible, year):
    _, studio = year
    page = open_page(studio.people.first())
    page.goto(reverse("home"))
    page.get_by_role("link", name=f"{studio.name}待办日历").click()
    expect(page.get_by_role("heading", name="已超期")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="下一月").click()
    expect(page.get_by_role("heading", name="已超期")).to_be_visible()
    accessible(page)


def test_the_calendar_of_the_park(open_page, accessible, year):
    office, studio = year
    page = open_page(office)
    page.goto(reverse("workshops:duties"))
    accessible(page)
    page.get_by_label("搜索").fill(studio.name[:2])
    page.get_by_label("期限", exact=True).select_option("overdue")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("row", name="签订").first).to_be_visible()
    accessible(page)


def test_the_statistics(open_page, accessible, year):
    office, _ = year
    page = open_page(office)
    page.goto(reverse("workshops:park_statistics"))
    accessible(page)
    page.get_by_label("季度", exact=True).select_option("2")
    page.get_by_role("button", name="统计").click()
    expect(page.get_by_text("第2季度，截至")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 xlsx").click()
    assert taken.value.suggested_filename.startswith("园区统计-")
