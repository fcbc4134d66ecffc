"""The returns in a real browser: filled in by the studio, asked about and looked through by the office, without barriers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from park.models import CraftField, District
from tests.factories import UserFactory
from tests.workshops import returning
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions import returns_opening
from workshops.kinds.returns import last_ended
from workshops.models import ReturnDefinition, StatisticalReturn
from workshops.workflow import RETURN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect

NAMES = ("周镕喆钣金", "李玥数控", "陈青松焊接", "王海霞刺绣", "赵立新电气")


@pytest.fixture
def park(reference_data):
    """Five studios on the shipped quarterly return: two periods, one of each status."""
    if not ReturnDefinition.objects.exists():
        from django.core.management import call_command

        call_command("load_reference_data", verbosity=0)
    ReturnDefinition.objects.update(active_from="2020-01-01")
    form, office = ReturnDefinition.objects.get(code="quarterly"), UserFactory(roles=["office"])
    crafts, districts = list(CraftField.objects.all()[:3]), list(District.objects.all()[:3])
    for n, name in enumerate(NAMES):
        studio = StudioFactory(
            name=f"{name}技能大师工作室",
            leader_name=name[:3],
            craft_field=crafts[n % 3],
            district=districts[n % 2],
            unit_name="镇江某机械有限公司",
            occupation="钣金工",
            people=[UserFactory(roles=["applicant"])],
        )
        ResidencyFactory(studio=studio, active=True)
    now = last_ended("quarter", timezone.localdate())
    for period in (now.before, now):
        returns_opening.open_period(form, period)
    for n, row in enumerate(StatisticalReturn.objects.order_by("first_on", "pk")):
        status = "accepted" if n < 5 else ("open", "submitted", "queried", "accepted", "waived")[n - 5]
        _bring(row, status, office, n)
    return form, office, now


def _bring(row, status, office, n):
    row, person = returning.fresh(row), returning.member_of(row.residency.studio)
    usual = {
        "funds": (Decimal(3_200_000 + n * 110_000), ""),
        "trained": (Decimal(12 + n), "部分培训的台账还在补记"),
    }
    if status != "open":
        row = returning.filled(row, **usual)
    for name in {
        "submitted": ["submit_return"],
        "queried": ["submit_return", "query_return"],
        "accepted": ["submit_return", "accept_return"],
        "waived": ["waive_return"],
    }.get(status, []):
        data = {"reason": "本季度全部外派"} | returning.question(row, "trained", "培训人次比台账多，请说明。")
        by = person if name == "submit_return" else office
        row = returning.fresh(RETURN.perform(row, name, by=by, data=data))


def test_no_barriers_on_the_pages_of_the_office(open_page, accessible, park):
    form, office, now = park
    page = open_page(office)
    where = f"?definition={form.code}&period={now.first}"
    rows = StatisticalReturn.objects.filter(first_on=now.first)
    queried, submitted = rows.get(status="queried"), rows.get(status="submitted")
    for address in (
        reverse("workshops:returns") + where,
        reverse("workshops:returns") + "?definition=all&state=missing",
        reverse("workshops:returns_sums") + where,
        reverse("workshops:returns_open"),
        reverse("workshops:return_definitions"),
        reverse("workshops:return_definition", args=[form.key]),
        queried.get_absolute_url(),
        reverse("workshops:return_step", args=[submitted.key, "query_return"]),
        reverse("workshops:return_step", args=[queried.key, "waive_return"]),
        reverse("home"),
    ):
        page.goto(address)
        accessible(page)


def test_a_studio_answers_corrects_and_hands_in(open_page, accessible, park):
    _, _, now = park
    row = StatisticalReturn.objects.get(first_on=now.first, status="queried")
    page = open_page(returning.member_of(row.residency.studio))
    page.goto(reverse("home"))
    page.get_by_role("link", name=str(returning.fresh(row)), exact=True).click()
    accessible(page)
    page.get_by_role("link", name="答复和更正").click()
    accessible(page)
    page.get_by_label("培训人次（人次）").fill("9")
    page.get_by_label("答复", exact=True).fill("多报的已更正，其余三人台账已补")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_text("待审核").first).to_be_visible()
    accessible(page)
    page.goto(reverse("workshops:studio_returns", args=[row.residency.studio.key]))
    accessible(page)
    assert returning.fresh(row).status == "submitted"
    assert row.deadline > now.last + timedelta(days=1)
