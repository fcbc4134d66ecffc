"""Two people at one room, and at one residency: what the locks prevent, and that they are what prevents it [5.3].

Real threads on PostgreSQL; each race has a control without the lock, in which the harm is seen.
"""

import threading
from contextlib import contextmanager

import pytest
from django.db import IntegrityError
from django.utils import timezone

from park import audit
from park.models import AuditEntry
from park.workflow import Refused
from tests.applications.test_races import _reference, at_once, take_locks_away, won  # noqa: F401
from tests.factories import UserFactory
from tests.workshops import staying
from tests.workshops.factories import RoomFactory
from workshops.actions import rooming
from workshops.effects import residency as effects
from workshops.models import Occupancy, RentWaiver, Residency, Room
from workshops.workflow import RESIDENCY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@contextmanager
def meeting(monkeypatch, module, name, *, parties, locked):
    """Everybody who has read waits for the others before writing; with the lock nobody comes, and it goes on."""
    met, before, arrived = threading.Event(), getattr(module, name), []

    def waiting(*args, **kwargs):
        result = before(*args, **kwargs)
        arrived.append(1)
        if len(arrived) == parties:
            met.set()
        met.wait(timeout=0.3 if locked else 20)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(module, name, waiting)
        yield patch


def assigning(count):
    keeper, room = UserFactory(roles=["logistics"]), RoomFactory()
    rows = [staying.pending() for _ in range(count)]
    day = timezone.localdate()
    return room, [lambda row=row: rooming.assign_room(row, room, since=day, by=keeper) for row in rows]


def test_twenty_want_one_room_and_one_gets_it():
    room, acts = assigning(20)
    results = at_once(*acts)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert Occupancy.objects.filter(room=room, until=None).count() == 1
    assert audit.verify().fault == ""


def test_control_without_the_lock_on_the_room_only_the_constraint_is_left(monkeypatch):
    room, acts = assigning(2)
    with meeting(monkeypatch, rooming, "_refuse_unfit", parties=2, locked=False) as patch:
        take_locks_away(patch, Room)
        results = at_once(*acts)
    assert sorted(type(r) for r in results if isinstance(r, Exception)) == [IntegrityError]
    assert Occupancy.objects.filter(room=room).count() == 1


def activating(count):
    office = staying.officer()
    residency = staying.ready(by=office)
    return residency, [lambda: RESIDENCY.perform(residency, "activate_residency", by=office)] * count


def test_twenty_clicks_begin_one_term_and_one_waiver():
    residency, acts = activating(20)
    results = at_once(*acts)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert RentWaiver.objects.count() == 1
    assert AuditEntry.objects.filter(verb="activate_residency").count() == 1
    residency.refresh_from_db()
    assert residency.status == "active"


def test_control_without_the_lock_two_begin_it(monkeypatch):
    """Both pass every check of the step; only the unique waiver stops the second."""
    _, acts = activating(2)
    before, arrived, met = effects.grant_waiver, [], threading.Event()
    refused = []

    def waiting(*args, **kwargs):
        arrived.append(1)
        if len(arrived) == 2:
            met.set()
        met.wait(timeout=20)
        try:
            return before(*args, **kwargs)
        except Refused as refusal:
            refused.append(str(refusal))
            raise

    with monkeypatch.context() as patch:
        patch.setattr(effects, "grant_waiver", waiting)
        take_locks_away(patch, Residency)
        results = at_once(*acts)
    assert len(arrived) == 2  # with the lock the second never gets here
    assert len(won(results)) == 1
    assert len(refused) == 1
    assert RentWaiver.objects.count() == 1
