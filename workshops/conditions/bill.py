"""What must be true of a bill before it moves on [5.3]?"""

from workshops.models import BillLine


def nothing_paid(bill) -> str:
    return "账单上还有缴费，请先逐笔冲正，再作废账单。" if bill.paid_fen else ""


def whole_amount_paid(bill) -> str:
    return "" if bill.paid_fen == bill.amount_fen else "还没有缴清。"


def readings_stand(bill) -> str:
    """A reading that was corrected after the bill was drafted makes the bill wrong."""
    lines = BillLine.objects.filter(charge__bill=bill).exclude(meter=None).select_related("start", "end")
    wrong = any((line.start_value, line.end_value) != (line.start.value, line.end.value) for line in lines)
    return "出账以后读数有更正，请作废这份账单，重新出账。" if wrong else ""
