"""Twenty at once at one studio's ledger. Real threads on PostgreSQL; the control shows the harm without the lock."""

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection

from tests.applications.test_races import at_once, won
from tests.factories import UserFactory
from tests.workshops import ledgers
from tests.workshops.factories import StudioFactory
from workshops.actions import ledger as acts
from workshops.models import LedgerRecord, Studio

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL runs writers side by side"),
]
MANY, FEW = 20, 4


@pytest.fixture
def studio():
    return StudioFactory(people=[UserFactory(roles=["applicant"])])


def test_twenty_records_get_twenty_numbers(studio):
    own = ledgers.member_of(studio)
    results = at_once(*[lambda: ledgers.record(studio, by=own)] * MANY)
    assert len(won(results)) == MANY
    assert sorted(LedgerRecord.objects.values_list("serial", flat=True)) == list(range(1, MANY + 1))


def test_control_without_the_lock_only_the_database_stops_the_second(studio, monkeypatch):
    """All read the last number before anybody writes the next."""
    own, all_have_read, before = ledgers.member_of(studio), threading.Barrier(FEW), acts.next_serial

    def reading(row):
        serial = before(row)
        with suppress(threading.BrokenBarrierError):
            all_have_read.wait(timeout=20)
        return serial

    monkeypatch.setattr(acts, "next_serial", reading)
    monkeypatch.setattr(acts, "lock_studio", lambda row: Studio.objects.get(pk=row.pk))
    results = at_once(*[lambda: ledgers.record(studio, by=own)] * FEW)
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError] * (FEW - 1)


def test_a_change_and_another_change_meet_once(studio):
    own = ledgers.member_of(studio)
    row = ledgers.record(studio, by=own)

    def change(title):
        return acts.change_record(
            row, title=title, happened_on=row.happened_on, values={"content": title}, version=1, by=own
        )

    results = at_once(*[lambda n=n: change(f"第{n}人") for n in range(MANY)])
    assert len(won(results)) == 1
    row.refresh_from_db()
    assert (row.version, row.title) == (2, won(results)[0].title)
