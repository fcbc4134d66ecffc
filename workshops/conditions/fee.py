"""What is still to be paid, or to be billed, when a studio leaves [5.3]."""

from django.db.models import F, Sum

from park.money import yuan
from workshops.models import Bill, BillStatus, OneOffCharge


def unpaid_bills(residency) -> str:
    """One sentence on the bills that are not paid yet, or ""."""
    open_ = Bill.objects.filter(residency=residency, status=BillStatus.ISSUED)
    left = open_.aggregate(left=Sum(F("amount_fen") - F("paid_fen")))["left"]
    return f"还有 {yuan(left)} 元费用没有缴清。" if left else ""


def unbilled_one_offs(residency) -> str:
    """One sentence on what is charged once and not on a bill yet, or ""."""
    rows = OneOffCharge.objects.unbilled().filter(residency=residency)
    left = rows.aggregate(left=Sum("amount_fen"))["left"]
    return f"还有 {yuan(left)} 元一次性费用没有出账。" if left else ""
