"""An edition is taken back at the moment in which a year is opened with it: one of the two, never a year by an edition
that does not hold [5.2][P7].

Real threads on PostgreSQL; the control without the lock shows the harm.
"""

from datetime import date

import pytest
from django.utils import timezone

from assessments.actions import evaluation
from assessments.actions import rubric as acts
from assessments.models import EvaluationCycle, Rubric
from park import audit
from park.workflow import Refused
from tests.assessments.filling import stay
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meet, take_locks_away, won
from tests.reference import load_reference_rows

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def both(transactional_db):
    """What the two do at once, with a second edition in force beside the shipped one."""
    load_reference_rows()
    office, year = UserFactory(roles=["office"]), timezone.localdate().year - 1
    stay(f"{year}-1-1")
    new = acts.copy_rubric(Rubric.objects.get(), edition="新", title="新细则", legal_basis="测", by=office)
    Rubric.objects.filter(pk=new.pk).update(in_force_from=date(year, 1, 1))
    return (
        lambda: acts.take_back(new, reason="文件没有印发", by=office),
        lambda: evaluation.open_cycle(year, rubric=new, by=office),
    )


def opened_without_a_day() -> int:
    return EvaluationCycle.objects.filter(rubric__in_force_from=None).count()


def test_one_of_the_two(both, monkeypatch):
    meet(monkeypatch, "record", audit, wait=MOMENT)  # the lock keeps the second from coming here
    results = at_once(*both)
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert opened_without_a_day() == 0


def test_without_the_lock_a_year_has_an_edition_that_does_not_hold(both, monkeypatch):
    take_locks_away(monkeypatch, Rubric)
    met = meet(monkeypatch, "record", audit)
    results = at_once(*both)
    assert (len(met), len(won(results))) == (2, 2)
    assert opened_without_a_day() == 1
