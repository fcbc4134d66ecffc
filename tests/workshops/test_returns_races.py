"""Returns and two people at the same moment: real threads on PostgreSQL, each race with its control.

The definition is locked before a period is opened, the return before its figures and steps.
"""

from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from park.invariants import REGISTRY
from park.workflow import Conflict, Refused, Workflow
from tests.races import LONG, MOMENT, at_once, meanwhile, meet, take_locks_away, won
from tests.workshops import returning
from tests.workshops.factories import ResidencyFactory
from workshops.actions import returns as acts
from workshops.actions import returns_opening
from workshops.kinds.returns import last_ended
from workshops.models import ReturnDefinition, ReturnValue, StatisticalReturn
from workshops.workflow import RETURN

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MANY = 20


@pytest.fixture(autouse=True)
def _no_tasks(settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }


def broken():
    return [o for rule in REGISTRY if rule.name.startswith("return_") for o in rule.offenders()]


# ── one period, opened by many ──────────────────────────────────────────────────────────────────
def open_it(form):
    return lambda: returns_opening.open_period(form, last_ended("quarter", timezone.localdate()))


def park():
    for _ in range(3):
        ResidencyFactory(active=True)
    return returning.definition("quarter")


def test_a_period_is_opened_once(monkeypatch):
    form = park()
    meet(monkeypatch, "deadline_of", returns_opening, parties=2, wait=MOMENT)
    results = at_once(*[open_it(form)] * MANY)
    assert sorted(results) == [0] * (MANY - 1) + [3]
    assert StatisticalReturn.objects.count() == 3


def test_without_the_lock_the_second_opening_fails(monkeypatch):
    form = park()
    take_locks_away(monkeypatch, ReturnDefinition)
    came = meet(monkeypatch, "deadline_of", returns_opening, parties=2, wait=LONG)
    results = at_once(*[open_it(form)] * 2)
    assert len(came) == 2
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]


# ── two pages of one return ─────────────────────────────────────────────────────────────────────
def saving(row, amount):
    by, entries = (
        returning.member_of(row.residency.studio),
        returning.entries(row, funds=(Decimal(amount), "")),
    )
    return lambda: acts.save_values(row, entries, by=by, version=0)


def test_of_two_pages_one_is_saved(monkeypatch):
    row = returning.opened()
    pages = [saving(row, n) for n in range(MANY)]
    meet(monkeypatch, "save", ReturnValue, parties=2, wait=MOMENT)
    results = at_once(*pages)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Conflict}
    assert returning.fresh(row).version == 1


def test_without_the_lock_one_page_overwrites_the_other(monkeypatch):
    row = returning.opened()
    pages = [saving(row, n) for n in (1, 2)]
    take_locks_away(monkeypatch, StatisticalReturn)
    came = meet(monkeypatch, "save", ReturnValue, parties=2, wait=LONG)
    assert len(won(at_once(*pages))) == 2
    assert len(came) == 2


# ── handed in while a figure is taken away ──────────────────────────────────────────────────────
def emptied_while_handed_in(monkeypatch, wait):
    row = returning.filled(returning.opened())
    by = returning.member_of(row.residency.studio)
    entries = returning.entries(row) | {row.values.get(figure__code="funds").pk: (None, "")}
    return meanwhile(
        monkeypatch,
        "_set_clock",
        Workflow,
        first=lambda: RETURN.perform(row, "submit_return", by=by),
        second=lambda: acts.save_values(row, entries, by=by),
        wait=wait,
    )


def test_what_is_handed_in_is_whole(monkeypatch):
    results = emptied_while_handed_in(monkeypatch, MOMENT)
    assert [type(r) for r in results] == [StatisticalReturn, Refused]
    assert broken() == []


def test_without_the_lock_it_is_handed_in_with_a_gap(monkeypatch):
    take_locks_away(monkeypatch, StatisticalReturn)
    results = emptied_while_handed_in(monkeypatch, LONG)
    assert len(won(results)) == 2
    assert len(broken()) == 1
