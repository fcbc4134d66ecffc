"""Two people at the same moment: one open change of the leader, and no editor who overwrites another.

Real threads on PostgreSQL. Each race has a control in which the lock is taken away and everybody meets between reading
and writing: there the harm is certain.
"""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from park.workflow import Conflict, Refused
from tests.applications.conftest import load_reference_rows
from tests.applications.test_races import at_once, take_locks_away, won
from tests.factories import UserFactory
from tests.workshops.factories import StudioFactory
from workshops.actions import leader_change
from workshops.actions import studio as acts
from workshops.models import LeaderChange, Studio

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


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


def meet(monkeypatch, module, name, people):
    """Everybody waits after this reading until all have read."""
    real, everybody = getattr(module, name), threading.Barrier(people)

    def waiting(*args):
        found = real(*args)
        everybody.wait(timeout=30)
        return found

    monkeypatch.setattr(module, name, waiting)


def reporting(studio, by):
    left_on = timezone.localdate() - timedelta(days=3)
    return lambda: leader_change.report_leader_change(
        studio, reason_kind="retired", reason="退休", left_on=left_on, by=by
    )


def editing(studio, version, by, **facts):
    return lambda: acts.change_studio(studio, version=version, by=by, **facts)


def test_twenty_reports_open_one_change(office):
    studio = StudioFactory()
    results = at_once(*[reporting(studio, office)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert LeaderChange.objects.open().count() == 1


def test_without_the_lock_only_the_constraint_is_left(office, monkeypatch):
    studio = StudioFactory()
    meet(monkeypatch, leader_change.rules, "get", 2)
    take_locks_away(monkeypatch, Studio)
    results = at_once(*[reporting(studio, office)] * 2)
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]


def test_of_twenty_editors_one_saves(office):
    studio = StudioFactory()
    version = acts.version_of(studio)
    results = at_once(*[editing(studio, version, office, phone=f"0511-{n}") for n in range(20)])
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Conflict}
    assert studio.history.count() == 2


def test_without_the_lock_both_editors_save_and_one_is_overwritten(office, monkeypatch):
    studio = StudioFactory()
    version = acts.version_of(studio)
    meet(monkeypatch, acts, "version_of", 2)
    take_locks_away(monkeypatch, Studio)
    results = at_once(*[editing(studio, version, office, phone=f"0511-{n}") for n in range(2)])
    assert len(won(results)) == 2
    assert studio.history.count() == 3
