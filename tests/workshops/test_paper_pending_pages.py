"""A paper that is not printed yet: one page for all of them says so and leads back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from park import documents
from park.models import Document
from tests.factories import UserFactory
from tests.workshops import fees, ledgers, returning
from workshops.actions import ledger
from workshops.workflow import LEDGER

pytestmark = pytest.mark.django_db


@pytest.fixture
def not_yet(monkeypatch):
    def refuse(*args, **kwargs):
        raise documents.NotPrinted("暂时没有生成出来，请稍后再试。")

    monkeypatch.setattr(documents, "serve", refuse)


def bill(park):
    row = park.bill()
    paper = Document.objects.about(row).get()
    return reverse("workshops:bill_paper", args=[row.key, paper.public_id]), row.get_absolute_url()


def ledger_book(park):
    LEDGER.perform(ledgers.record(park.studio, "log"), "submit_ledger", by=park.person)
    paper = ledger.print_ledger(park.studio, "log", timezone.localdate().year, by=park.person)
    back = reverse("workshops:ledgers", args=[park.studio.key])
    return reverse("workshops:ledger_paper", args=[park.studio.key, paper.public_id]), back


def statistical_return(park):
    row = returning.filled(returning.opened(park.studio, returning.definition("quarter")), by=park.person)
    paper = documents.issue("statistical_return", row, by=park.person)
    return reverse("workshops:return_paper", args=[row.key, paper.public_id]), row.get_absolute_url()


@pytest.mark.parametrize("paper_of", [bill, ledger_book, statistical_return])
def test_a_paper_that_is_not_printed_says_so_looks_again_and_leads_back(
    reference, client_of, not_yet, paper_of
):
    address, back = paper_of(fees.Park())
    answer = client_of(UserFactory(roles=["office"])).get(address)
    page = answer.content.decode()
    assert answer.status_code == 202
    assert "暂时没有生成出来" in page
    assert '<meta http-equiv="refresh" content="3">' in page
    assert f'href="{back}"' in page
