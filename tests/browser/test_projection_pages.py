"""The projected card, all studios side by side and the editions in a browser: read at both sizes, nothing in axe's way,
and the button 重新计算 with its job [5.2][A2]."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions import rubric as acts
from assessments.actions.projection import renew
from assessments.models import Projection, Rubric
from park import jobs
from park.models import Job
from tests.assessments.filling import Writer, stay
from tests.factories import UserFactory
from tests.workshops.factories import StudioFactory

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year(reference_data):
    """Two studios in the park, one with a few records; an edition being prepared."""
    own, office = UserFactory(roles=["applicant"]), UserFactory(roles=["office"])
    today = timezone.localdate()
    first = stay(f"{today.year - 1}-1-1", studio=StudioFactory(people=[own]))
    stay(f"{today.year - 1}-1-1")
    write = Writer(first)
    for n in range(6):
        write.ledger("media", f"{today.year}-1-{n + 1}", outlet=f"报纸{n}", media_level="city")
    write.ledger("sign", f"{today.year}-1-1")
    write.inspected(f"{today.year}-1-2", ("A2.4", "not_met"))
    draft = acts.copy_rubric(Rubric.objects.get(), edition="新", title="新细则", legal_basis="测", by=office)
    draft.items.filter(code="A2.1").update(content="有醒目的标识", max_points=6)
    renew(today.year, today)
    return own, office, first.studio, draft


def test_pages_are_read_at_both_sizes(open_page, accessible, year):
    own, office, studio, draft = year
    page = open_page(own)
    page.goto(reverse("assessments:projection", args=[studio.key]))
    expect(page.get_by_role("img", name="满分100分")).to_be_visible()
    accessible(page)
    page = open_page(office)
    for address in (
        reverse("assessments:projections"),
        reverse("assessments:rubrics"),
        draft.get_absolute_url(),
        reverse("assessments:rubric_item", args=[draft.key, 9]),
        reverse("assessments:compare_rubrics") + "?old=2015&new=新",
    ):
        page.goto(address)
        accessible(page)


def test_everybody_counted_anew(open_page, year, settings):
    _, office, _, _ = year
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    Projection.objects.all().delete()
    page = open_page(office, at="desktop")
    page.goto(reverse("assessments:projections"))
    page.get_by_role("button", name="重新计算").click()
    expect(page.get_by_text("已完成 0 / 2")).to_be_visible()
    jobs.run(Job.objects.get().key)
    page.reload()
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(2)
