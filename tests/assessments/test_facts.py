"""What is read from the records of a year, and that it takes no more questions for more studios [A2]."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.facts import stays_in
from assessments.projecting import basis_of, project
from tests.assessments.scoring import DEFAULTS, ITEMS
from tests.workshops.factories import ResidencyFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 31)


def test_the_shipped_edition_is_loaded(reference_data):
    basis = basis_of(2026)
    assert [item.code for item in basis.items] == list(ITEMS)
    assert [item.parameters for item in basis.items] == [item.parameters for item in ITEMS.values()]
    assert basis.rules == DEFAULTS


def test_a_studio_without_records_has_what_an_empty_year_has(reference_data):
    residency = ResidencyFactory(active=True)
    [card] = project(basis_of(2026), stays_in(2026), TODAY)
    assert card.studio == residency.studio
    assert card.total == sum((r.points for r in card.results.values()), Decimal(0))
    assert card.at_risk
