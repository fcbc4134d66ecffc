"""A paper that is not printed yet: one page for all of them says so and leads back."""

import pytest
from django.urls import reverse

from park import documents
from park.models import Document
from tests.factories import UserFactory
from tests.workshops import fees

pytestmark = pytest.mark.django_db


def test_a_notice_that_is_not_printed_says_so_and_leads_back(reference, client_of, monkeypatch):
    def not_yet(*args, **kwargs):
        raise documents.NotPrinted("《缴费通知单》暂时没有生成出来，请稍后再试。")

    bill = fees.Park().bill()
    paper = Document.objects.about(bill).get()
    monkeypatch.setattr(documents, "serve", not_yet)
    browser = client_of(UserFactory(roles=["logistics"]))
    page = browser.get(reverse("workshops:bill_paper", args=[bill.key, paper.public_id])).content.decode()
    assert "暂时没有生成出来" in page
    assert bill.get_absolute_url() in page
