"""Payments are entered and reversed, never more than is due [5.3].

The bill is locked first; that `paid_fen` stays between nothing and the amount, the database holds as well.
"""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from park import audit
from park.money import yuan
from park.workflow import Refused, Workflow
from workshops.models import Bill, BillStatus, Payment
from workshops.permissions.fee import handles_bill


def lock(bills) -> list[Bill]:
    """These bills as they are now, nobody else writes them until the end of the transaction."""
    rows = Bill.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[b.pk for b in bills])
    return list(rows.select_related("residency__studio").order_by("pk"))


@transaction.atomic
def pay_bills(bills, *, amount_fen, method, paid_on, receipt_no, by) -> list[Payment]:
    """One sum for one or several bills of a studio, the oldest first. Raises Refused for more than is due."""
    bills = lock(bills)
    for bill in bills:
        if not handles_bill(by, bill):
            raise PermissionDenied("您没有登记这个工作室缴费的权限。")
        if bill.status != BillStatus.ISSUED:
            raise Refused(f"{bill}现在是“{bill.get_status_display()}”，不能登记缴费。")
    left = sum(bill.left_fen for bill in bills)
    if amount_fen <= 0 or amount_fen > left:
        raise Refused(f"还应缴 {yuan(left)} 元，登记的金额是 {yuan(amount_fen)} 元，请核对。")
    rows, receipt = [], uuid.uuid4()
    for bill in sorted(bills, key=lambda bill: (bill.pay_by, bill.pk)):
        part = min(bill.left_fen, amount_fen)
        if part:
            amount_fen -= part
            given = {"method": method, "paid_on": paid_on, "receipt_no": receipt_no, "receipt_key": receipt}
            rows.append(Payment.objects.create(bill=bill, amount_fen=part, entered_by=by, **given))
            _move(bill, part)
            audit.record(
                "record_payment", bill, by=by, after=f"{yuan(part)} 元", note=receipt_no, clause="5.3"
            )
            if bill.paid_fen + part == bill.amount_fen:
                Workflow.of(bill).perform(bill, "settle_bill", by=None)
    return rows


@transaction.atomic
def reverse_payment(payment, *, reason, by) -> Payment:
    """Take a payment back by a negative row; the bill is due again. Raises Refused where it was taken back."""
    bill = lock([payment.bill])[0]
    payment = Payment.objects.get(pk=payment.pk)
    if not handles_bill(by, bill):
        raise PermissionDenied("您没有冲正这个工作室缴费的权限。")
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise Refused("这笔缴费已经冲正，不能再次冲正。")
    if bill.status == BillStatus.PAID:
        Workflow.of(bill).perform(bill, "reopen_bill", by=None, note=reason)
    row = Payment.objects.create(
        bill=bill,
        amount_fen=-payment.amount_fen,
        method=payment.method,
        paid_on=timezone.localdate(),
        receipt_no=payment.receipt_no,
        receipt_key=payment.receipt_key,
        reverses=payment,
        reason=reason,
        entered_by=by,
    )
    _move(bill, -payment.amount_fen)
    audit.record(
        "reverse_payment", bill, by=by, before=f"{yuan(payment.amount_fen)} 元", note=reason, clause="5.3"
    )
    return row


def _move(bill, fen):
    """In the database itself, so that its constraint sees the true sum whatever was read before."""
    Bill.objects.filter(pk=bill.pk).update(paid_fen=F("paid_fen") + fen)
