"""Two at the same moment on the last stretch: a case is admitted once, a letter goes out once."""

import pytest
from django.db import connection

from applications.actions import admitting
from applications.models import Application, Letter, ListEntry
from applications.workflow import ADMISSION
from park import rules
from park.models import Document
from park.workflow import Refused, Workflow
from tests.applications import road
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meet, take_locks_away, won
from tests.reference import load_reference_rows
from workshops.models import Residency

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CLICKS = 20


@pytest.fixture(autouse=True)
def _reference(transactional_db, settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def case(office):
    """Approved, box 12 filled, in a park that shows nobody beforehand."""
    rules.set_rule("public_notice", False, by=office, reason="试行")
    leader = UserFactory(roles=["working_group"])
    road.working_group_leader(leader)
    application = road.candidate(office=office)
    row = road.resolved([application], compiled_by=office, leader=leader, decisions=["approve"])
    ListEntry.objects.filter(list=row).update(
        office_opinion="同意入驻。", office_opinion_at=row.resolved_at, office_opinion_by=office
    )
    return Application.objects.get(pk=application.pk)


def test_twenty_admit_and_one_residency_begins(case, office, monkeypatch):
    meet(monkeypatch, "_set_clock", Workflow, wait=MOMENT)
    results = at_once(*[lambda: ADMISSION.perform(case, "admit", by=office)] * CLICKS)
    assert len(won(results)) == 1
    assert all(isinstance(r, Refused) for r in results if isinstance(r, Exception))
    assert Residency.objects.filter(source=case.number).count() == 1
    assert Letter.objects.filter(application=case).count() == 1


def test_without_the_lock_the_database_still_keeps_it_to_one(case, office, monkeypatch):
    """The control: the lock away, both get past the conditions, and the unique source stops the second."""
    meet(monkeypatch, "_set_clock", Workflow)
    take_locks_away(monkeypatch, Application)
    results = at_once(*[lambda: ADMISSION.perform(case, "admit", by=office)] * 2)
    assert any(isinstance(r, Exception) and not isinstance(r, Refused) for r in results)
    assert Residency.objects.filter(source=case.number).count() == 1


def test_twenty_send_and_one_letter_goes_out(case, office, monkeypatch):
    ADMISSION.perform(case, "admit", by=office)
    meet(monkeypatch, "dates", admitting, wait=MOMENT)
    letter = Letter.objects.get(application=case)
    results = at_once(*[lambda: admitting.send(letter, by=office)] * CLICKS)
    assert len(won(results)) == 1
    assert Document.objects.about(letter).count() == 1


def test_without_the_locks_a_letter_goes_out_twice(case, office, monkeypatch):
    """The control; the trigger that freezes a letter once it was sent is taken away too."""
    ADMISSION.perform(case, "admit", by=office)
    letter = Letter.objects.get(application=case)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER letter_sent_frozen ON applications_letter")
    meet(monkeypatch, "dates", admitting)
    take_locks_away(monkeypatch, Application, Letter)
    at_once(*[lambda: admitting.send(letter, by=office)] * 2)
    assert Document.objects.about(letter).count() == 2
