"""Studios are reminded before a bill is due, and dunned once at each threshold after [5.3]. Run it daily."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from park import audit, documents, notices, rules
from park.money import yuan
from workshops.charges.arrears import days_over, threshold_of
from workshops.models import Bill, BillStatus, Reminder


def remind_of_bills() -> int:
    """How many reminders went out; each bill in a transaction of its own, so that one may be repeated safely."""
    today = timezone.localdate()
    before = rules.get("bill_remind_before")
    thresholds = [-before, *(int(days) for days in rules.get("bill_dunning_days"))]
    rows = Bill.objects.filter(status=BillStatus.ISSUED, pay_by__lte=today + timedelta(days=before))
    sent = set(Reminder.objects.filter(bill__in=rows).values_list("bill", "threshold"))
    count = 0
    for pk, pay_by in rows.order_by("pk").values_list("pk", "pay_by"):
        threshold = threshold_of(days_over(pay_by, today), thresholds)
        if (pk, threshold) not in sent:
            count += _remind(pk, threshold, today)
    return count


@transaction.atomic
def _remind(pk, threshold, today) -> bool:
    bill = Bill.objects.select_for_update(no_key=True).get(pk=pk)
    if bill.status != BillStatus.ISSUED or bill.reminders.filter(threshold=threshold).exists():
        return False
    reminder = Reminder.objects.create(bill=bill, threshold=threshold, left_fen=bill.left_fen, sent_on=today)
    over = days_over(bill.pay_by, today)
    if reminder.is_dunning:
        documents.issue("dunning_notice", reminder, by=None)
        text = f"{bill}已逾期 {over} 天，还应缴 {yuan(bill.left_fen)} 元，请尽快缴清。"
    else:
        text = f"{bill}还应缴 {yuan(bill.left_fen)} 元，缴费期限是{bill.pay_by:%Y-%m-%d}，请按时缴纳。"
    audit.record("remind_bill", bill, by=None, after=f"{threshold}", clause="5.3")
    people = bill.residency.studio.people.filter(is_active=True)
    notices.notify(people, text, url=bill.get_absolute_url(), subject=bill)
    return True
