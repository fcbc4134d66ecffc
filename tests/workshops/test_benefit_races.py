"""Twenty officers pay at the same moment, two people ask for the one subsidy: what the locks keep apart [4.2].

Each race has a control without the lock in which everybody meets between reading and writing; there only the constraint
of the database is left.
"""

import pytest
from django.db import IntegrityError

from park.workflow import Refused
from tests.factories import UserFactory
from tests.races import at_once, meet, take_locks_away, won
from tests.reference import load_reference_rows
from tests.workshops.benefits import brought_to, delivered, drafted, milestone_of, seat
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions import benefit as acts
from workshops.effects import benefit as effects
from workshops.models import Benefit, BenefitDelivery, Residency, Studio
from workshops.workflow import BENEFIT

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db, settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()
    return {
        "owner": UserFactory(roles=["applicant"]),
        "office": UserFactory(roles=["office"]),
        "office2": UserFactory(roles=["office"]),
        "group_leader": seat(is_leader=True),
    }


@pytest.fixture
def studio(people):
    """With the milestone that a subsidy rests on, so that the threads find one and do not each make it."""
    studio = ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]])).studio
    milestone_of(studio)
    return studio


def test_of_twenty_payments_one_is_made(studio, people):
    benefit = brought_to("granted", studio, people)
    results = at_once(*[lambda: delivered(benefit, people["office"])] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert BenefitDelivery.objects.get().amount_fen == benefit.amount_fen


def test_without_the_lock_both_come_to_pay_and_only_the_constraint_is_left(studio, people, monkeypatch):
    benefit = brought_to("granted", studio, people)
    take_locks_away(monkeypatch, Benefit)
    # Both have read “granted” and every condition; the next thing each does is to write the payment.
    came = meet(monkeypatch, "_deliver", effects, parties=2)
    results = at_once(*[lambda: delivered(benefit, people["office"])] * 2)
    assert len(came) == 2
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]


def test_of_twenty_requests_one_subsidy_comes(studio, people):
    results = at_once(*[lambda: drafted(studio, people["owner"])] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}


def test_without_the_lock_two_requests_meet(studio, people, monkeypatch):
    take_locks_away(monkeypatch, Studio, Residency)
    came = meet(monkeypatch, "next_number", acts, parties=2)
    results = at_once(*[lambda: drafted(studio, people["owner"])] * 2)
    assert len(came) == 2
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]


def test_paid_or_ended_never_both(studio, people):
    benefit = brought_to("granted", studio, people)
    results = at_once(
        lambda: delivered(benefit, people["office"]),
        lambda: acts.end_benefits(benefit.residency, "取消入驻资格", people["group_leader"]),
    )
    benefit.refresh_from_db()
    ended = benefit.status == "ended"
    assert results[1] == int(ended)
    assert isinstance(results[0], Refused) == ended
    assert BenefitDelivery.objects.exists() == (benefit.status == "paid")
    assert BENEFIT.stage(benefit).turn == ""
