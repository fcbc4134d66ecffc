"""What follows when a bill is issued, or falls [5.3]?"""

from datetime import timedelta

from django.utils import timezone

from park import documents, rules
from park.models import Document
from park.models.document import next_number
from workshops.papers.bill import NUMBERS


def issue(bill, *, by, data):
    """Its number, the day by which it is to be paid, and the 缴费通知单 [T10]."""
    today = timezone.localdate()
    bill.number = next_number(NUMBERS, today.year)
    bill.issued_on, bill.pay_by = today, today + timedelta(days=rules.get("bill_due_days"))
    bill.save(update_fields=["number", "issued_on", "pay_by"])
    documents.issue("payment_notice", bill, by=by, number=bill.number)


def cancel(bill, *, by, data):
    """Its charges may be billed anew; its papers fall."""
    bill.cancelled_on, bill.cancelled_why = timezone.localdate(), data["reason"]
    # With the status that the engine has set: the database holds them together.
    bill.save(update_fields=["status", "cancelled_on", "cancelled_why"])
    bill.charges.update(is_void=True)
    for paper in Document.objects.about(bill).standing():
        documents.withdraw(paper, by=by, reason=f"账单作废：{data['reason']}")
