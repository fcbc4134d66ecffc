"""Payments, reversals, reminders and accounts [5.3]."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from park import documents
from park.models import Document
from park.workflow import Refused
from tests.factories import UserFactory
from tests.workshops.fees import Park
from workshops.actions import paying, reminding, stating
from workshops.models import Bill, Payment, Reminder
from workshops.tables.fee import debtors, totals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def park(reference):
    return Park()


def pay(bills, fen, by, **given):
    given = {"method": "transfer", "paid_on": timezone.localdate(), "receipt_no": "0001"} | given
    return paying.pay_bills(bills, amount_fen=fen, by=by, **given)


def again(bill):
    return Bill.objects.get(pk=bill.pk)


# ── paying ──────────────────────────────────────────────────────────────────────────────────────
def test_a_part_and_then_the_rest(park):
    bill = park.bill()
    pay([bill], 1000, park.officer)
    assert (again(bill).status, again(bill).left_fen) == ("issued", bill.amount_fen - 1000)
    pay([bill], bill.amount_fen - 1000, park.officer)
    assert (again(bill).status, again(bill).left_fen) == ("paid", 0)


@pytest.mark.parametrize("more", [1, 100_000_000])
def test_never_more_than_is_due(park, more):
    bill = park.bill()
    with pytest.raises(Refused, match="还应缴"):
        pay([bill], bill.amount_fen + more, park.officer)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("fen", [0, -1])
def test_never_nothing_or_less(park, fen):
    with pytest.raises(Refused):
        pay([park.bill()], fen, park.officer)


def test_one_sum_for_several_bills_goes_to_the_oldest_first(park):
    first, second = park.bill(date(2026, 1, 1)), park.bill(date(2026, 2, 1))
    rows = pay([second, first], first.amount_fen + 5, park.officer)
    assert [(row.bill_id, row.amount_fen) for row in rows] == [(first.pk, first.amount_fen), (second.pk, 5)]
    assert len({row.receipt_key for row in rows}) == 1
    assert [again(first).status, again(second).status] == ["paid", "issued"]


def test_only_what_is_due_can_be_paid(park):
    draft = park.bill(issue=False)
    with pytest.raises(Refused, match="待签发"):
        pay([draft], 1, park.officer)


@pytest.mark.parametrize("roles", [["applicant"], ["working_group"], ["attraction"], ["auditor"]])
def test_others_enter_no_payments(park, roles):
    with pytest.raises(PermissionDenied):
        pay([park.bill()], 1, UserFactory(roles=roles))


def test_nobody_enters_a_payment_of_their_own_studio(park):
    insider = UserFactory(roles=["logistics", "applicant"])
    park.studio.people.add(insider)
    with pytest.raises(PermissionDenied):
        pay([park.bill()], 1, insider)


# ── reversing ───────────────────────────────────────────────────────────────────────────────────
def test_a_reversal_is_a_row_of_its_own_and_the_bill_is_due_again(park):
    bill = park.bill()
    (payment,) = pay([bill], bill.amount_fen, park.officer)
    row = paying.reverse_payment(payment, reason="重复登记", by=park.officer)
    assert (row.amount_fen, row.reverses, row.reason) == (-bill.amount_fen, payment, "重复登记")
    assert (again(bill).status, again(bill).paid_fen) == ("issued", 0)
    for twice in (payment, row):
        with pytest.raises(Refused, match="已经冲正"):
            paying.reverse_payment(twice, reason="再来", by=park.officer)


def test_a_bill_with_payments_is_cancelled_only_after_their_reversal(park):
    bill = park.bill()
    (payment,) = pay([bill], 1, park.officer)
    with pytest.raises(Refused, match="冲正"):
        park.step(bill, "cancel_bill", reason="错")
    paying.reverse_payment(payment, reason="错", by=park.officer)
    assert park.step(bill, "cancel_bill", reason="错").status == "cancelled"


def test_the_database_keeps_payments_as_they_are(park):
    bill = park.bill()
    (payment,) = pay([bill], 100, park.officer)

    def refuses(act):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    given = {
        "bill": bill,
        "method": "cash",
        "paid_on": date(2026, 3, 1),
        "receipt_no": "x",
        "entered_by": park.officer,
    }
    refuses(lambda: Payment.objects.filter(pk=payment.pk).update(amount_fen=1))
    refuses(lambda: Payment.objects.filter(pk=payment.pk)._raw_delete("default"))
    refuses(lambda: Payment.objects.create(**given, amount_fen=-100))  # points to nothing
    refuses(lambda: Payment.objects.create(**given, amount_fen=-99, reverses=payment, reason="部分"))
    refuses(lambda: Payment.objects.create(**given, amount_fen=-100, reverses=payment))  # says no reason
    paying.reverse_payment(payment, reason="错", by=park.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(**given, amount_fen=-100, reverses=payment, reason="再来")


# ── arrears and reminders ───────────────────────────────────────────────────────────────────────
def later(monkeypatch, days):
    moment = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_each_threshold_reminds_once(park, monkeypatch):
    """3 days before it is due, then 1, 31 and 91 days after; however often the day's work is run."""
    bill = park.bill()
    start = datetime.combine(bill.pay_by, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    sent = {}
    for days in [-10, -3, -2, 0, 1, 1, 2, 30, 31, 90, 91, 400]:
        monkeypatch.setattr(timezone, "now", lambda d=days: start + timedelta(days=d, hours=10))
        sent[days] = sent.get(days, 0) + reminding.remind_of_bills()
    assert {days for days, count in sent.items() if count} == {-3, 1, 31, 91}
    assert sent[1] == 1
    assert list(Reminder.objects.order_by("threshold").values_list("threshold", flat=True)) == [-3, 1, 31, 91]
    assert Document.objects.filter(kind="dunning_notice").count() == 3
    assert park.person.notifications.filter(text__contains="逾期").count() == 3


def test_what_is_paid_is_not_dunned(park, monkeypatch):
    bill = park.bill()
    pay([bill], bill.amount_fen, park.officer)
    later(monkeypatch, 60)
    assert reminding.remind_of_bills() == 0


def test_a_part_that_was_paid_is_taken_off_the_dunning_notice(park, monkeypatch):
    bill = park.bill()
    pay([bill], 716, park.officer)
    later(monkeypatch, 16)
    assert reminding.remind_of_bills() == 1
    text = documents.render_html(Document.objects.get(kind="dunning_notice"))
    assert "已逾期1天" in text
    assert "1,420.00 元（大写：人民币壹仟肆佰贰拾元整）" in text


def test_arrears_by_age(park, monkeypatch):
    bill = park.bill()
    assert debtors(park.officer) == []
    later(monkeypatch, 15 + 31)
    (row,) = debtors(park.officer)
    assert row.bands == {"30天以内": 0, "31至90天": bill.amount_fen, "90天以上": 0}
    assert (row.studio, row.days, row.total) == (park.studio, 31, bill.amount_fen)


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def test_the_account_of_a_studio_and_that_of_the_park_agree(park):
    today = timezone.localdate()
    first, second = park.bill(date(2026, 1, 1)), park.bill(date(2026, 2, 1))
    third = park.bill(date(2026, 3, 1))
    park.step(third, "cancel_bill", reason="错")
    (payment, *_) = pay([first], 300, park.officer)
    pay([second], 50, park.officer)
    paying.reverse_payment(payment, reason="错", by=park.officer)
    found = stating.account_of(park.studio, today)
    billed = first.amount_fen + second.amount_fen
    assert (found.opening, found.billed, found.paid, found.closing) == (0, billed, 50, billed - 50)
    assert stating.accounts_of_park(today) == [
        {"studio": park.studio.name, "opening": 0, "billed": billed, "paid": 50, "closing": billed - 50}
    ]
    after = stating.accounts_of_park(today + timedelta(days=31))
    assert [(row["opening"], row["closing"]) for row in after] == [(billed - 50, billed - 50)]
    assert totals_of(Bill.objects.all()) == {"due": billed, "paid": 50, "left": billed - 50}


def test_a_statement_is_frozen_and_printed(park):
    bill = park.bill()
    row = stating.issue_statement(park.studio, timezone.localdate(), by=park.person)
    pay([bill], 100, park.officer)
    text = documents.render_html(Document.objects.about(row).get())
    assert f"{bill.number}" in text
    assert "应缴 1,427.16 元，已缴 0.00 元" in text
    assert "人民币壹仟肆佰贰拾柒元壹角陆分" in text
