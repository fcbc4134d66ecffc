"""Twenty payments at the same moment: never more than is due, and it is the lock that sees to it [5.3]."""

import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, connection
from django.db.models import Sum
from django.utils import timezone

from park.workflow import Conflict, Refused
from tests.applications.conftest import load_reference_rows
from tests.applications.test_races import at_once, take_locks_away, won
from tests.workshops.fees import START, Park
from workshops.actions import billing, paying
from workshops.models import Bill, Charge, Payment, Residency

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _reference(transactional_db, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()


@pytest.fixture
def park():
    return Park()


def paying_it(park, bill, fen):
    given = {"method": "cash", "paid_on": timezone.localdate(), "receipt_no": "1", "by": park.officer}
    return lambda: paying.pay_bills([bill], amount_fen=fen, **given)


def paid(bill) -> int:
    return Payment.objects.filter(bill=bill).aggregate(sum=Sum("amount_fen"))["sum"] or 0


@contextmanager
def meeting(monkeypatch, module, name, parties):
    """Nobody goes on from `module.name` before all have read: each waits for the others, or a moment."""
    barrier, real = threading.Barrier(parties), getattr(module, name)

    def waiting(*args, **kwargs):
        found = real(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=30)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(module, name, waiting)
        yield patch


def test_twenty_payments_of_the_whole_pay_once(park):
    bill = park.bill()
    results = at_once(*[paying_it(park, bill, bill.amount_fen)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert paid(bill) == Bill.objects.get(pk=bill.pk).paid_fen == bill.amount_fen


def test_twenty_parts_add_up_and_stop_at_what_is_due(park):
    bill = park.bill()
    part = bill.amount_fen // 7
    results = at_once(*[paying_it(park, bill, part)] * 20)
    assert len(won(results)) == 7
    assert paid(bill) == Bill.objects.get(pk=bill.pk).paid_fen == 7 * part


def test_control_without_the_lock_only_the_constraint_is_left(park, monkeypatch):
    """Both have read that all is due: the database stops the second with an error instead of a sentence."""
    bill = park.bill()
    with meeting(monkeypatch, paying, "lock", 2) as patch:
        take_locks_away(patch, Bill)
        results = at_once(*[paying_it(park, bill, bill.amount_fen)] * 2)
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]
    assert paid(bill) == bill.amount_fen


def test_control_without_lock_and_constraint_it_is_paid_twice(park, monkeypatch):
    bill = park.bill()
    with connection.cursor() as cursor:
        for name in ("bill_paid_within_amount", "bill_paid_is_whole"):
            cursor.execute(f"ALTER TABLE workshops_bill DROP CONSTRAINT {name}")
    try:
        with meeting(monkeypatch, paying, "lock", 2) as patch:
            take_locks_away(patch, Bill)
            at_once(*[paying_it(park, bill, bill.amount_fen - 1)] * 2)
        assert paid(bill) == 2 * (bill.amount_fen - 1)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE workshops_payment, workshops_billline, workshops_charge, workshops_bill CASCADE"
            )
        with connection.schema_editor() as editor:
            for constraint in Bill._meta.constraints:
                if constraint.name in ("bill_paid_within_amount", "bill_paid_is_whole"):
                    editor.add_constraint(Bill, constraint)


def test_twenty_reversals_take_back_once(park):
    bill = park.bill()
    (payment,) = paying_it(park, bill, bill.amount_fen)()
    results = at_once(*[lambda: paying.reverse_payment(payment, reason="错", by=park.officer)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert (paid(bill), Bill.objects.get(pk=bill.pk).paid_fen) == (0, 0)


def drafting(park):
    shown = {p.residency.pk: billing.fingerprint(p) for p in billing.plan(START, by=park.officer)}
    return lambda: billing.draft_bills(START, shown, by=park.officer)


def test_twenty_runs_bill_a_month_once(park):
    results = at_once(*[drafting(park)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Conflict}
    assert Bill.objects.count() == 1


def test_control_without_the_lock_only_the_unique_charge_is_left(park, monkeypatch):
    act = drafting(park)
    with meeting(monkeypatch, billing, "plan", 2) as patch:
        take_locks_away(patch, Residency)
        results = at_once(act, act)
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]
    assert Charge.objects.filter(kind="water").count() == 1
