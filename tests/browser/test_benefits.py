"""The pages of [4] in a real browser, at a desk and on the phone: whole, accessible, nothing sticking out."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from park import documents
from park.models import Document
from tests.factories import UserFactory
from tests.workshops.benefits import KINDS, a_policy, asked, brought_to, drafted, seat
from tests.workshops.factories import ResidencyFactory, StudioFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(reference_data):
    return {
        "owner": UserFactory(roles=["applicant"], real_name="周镕喆"),
        "office": UserFactory(roles=["office"], real_name="吴主任"),
        "office2": UserFactory(roles=["office"], real_name="郑科员"),
        "group_leader": seat(is_leader=True),
    }


@pytest.fixture
def studio(people):
    studio = StudioFactory(people=[people["owner"]], name="周镕喆钣金技能大师工作室", leader_name="周镕喆")
    return ResidencyFactory(active=True, studio=studio).studio


def test_every_page_is_whole_and_accessible(open_page, accessible, people, studio, size):
    _, line = a_policy(people["office"], cap_fen=5_000_000)
    a_policy(people["office"], clause="4.3", fen=500_000, unit="person", title="业绩奖励办法")
    cases = {
        "paid": brought_to("paid", studio, people, line=line),
        "asked": asked(studio, people["owner"], "performance_award"),
        "reviewed": brought_to("reviewed", studio, people, "priority_nomination"),
        "draft": drafted(studio, people["office"], "priority_appointment"),
    }
    for kind, status in (("priority_appointment", "appointed"), ("priority_nomination", "concluded")):
        cases[status] = brought_to(status, studio, people, kind)
    for paper in Document.objects.all():
        documents.render_document(paper)
    look = os.environ.get("LOOK")  # where to put the pictures
    pages = {
        "owner": [
            ("studio", reverse("workshops:studio_benefits", args=[studio.key])),
            *[
                (f"ask-{kind}", reverse("workshops:propose_benefit", args=[studio.key, kind]))
                for kind in KINDS
            ],
            ("case-draft", cases["draft"].get_absolute_url()),
        ],
        "office": [
            ("ledger", reverse("workshops:benefits")),
            ("totals", reverse("workshops:benefit_totals")),
            ("appointments", reverse("workshops:appointments")),
            ("nominations", reverse("workshops:nominations")),
            ("policies", reverse("workshops:policies")),
            ("policy", line.policy.get_absolute_url()),
            ("policy-new", reverse("workshops:add_policy")),
            ("case-paid", cases["paid"].get_absolute_url()),
            ("review", reverse("workshops:benefit_step", args=[cases["asked"].key, "review_benefit"])),
        ],
        "group_leader": [
            ("desk", "/home/"),
            ("decide", reverse("workshops:benefit_step", args=[cases["reviewed"].key, "grant_benefit"])),
            ("decline", reverse("workshops:benefit_step", args=[cases["reviewed"].key, "decline_benefit"])),
        ],
    }
    for who, found in pages.items():
        page = open_page(people[who])
        for name, address in found:
            page.goto(address)
            accessible(page)
            if look:
                page.screenshot(path=Path(look, f"{name}-{size['width']}.png"), full_page=True)
