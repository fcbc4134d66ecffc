"""What does the account of a studio, or of the park, say about a month; and its statement is printed [5.3]."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.db.models import Q, Sum

from park import audit, documents
from workshops.charges.arrears import Account, Movement, account
from workshops.charges.fee import month_of
from workshops.models import Bill, FeeStatement, Payment, Studio


def account_of(studio, period: date) -> Account:
    """Opening balance, bills and payments of a month, closing balance. Two queries."""
    month = month_of(period)
    bills = Bill.objects.filter(residency__studio=studio, issued_on__lte=month.last)
    payments = Payment.objects.filter(bill__residency__studio=studio, paid_on__lte=month.last)
    moves = []
    for bill in bills:
        name = f"{bill.period.year}年{bill.period.month}月账单"
        moves.append(Movement(bill.issued_on, name, bill.number, bill.amount_fen, True))
        if bill.cancelled_on and bill.cancelled_on <= month.last:
            moves.append(Movement(bill.cancelled_on, f"{name}作废", bill.number, -bill.amount_fen, True))
    for row in payments.select_related("bill"):
        text = "缴费冲正" if row.reverses_id else f"缴费（{row.get_method_display()}）"
        moves.append(Movement(row.paid_on, text, row.receipt_no, -row.amount_fen))
    return account(moves, month.first, month.last)


def accounts_of_park(period: date) -> list[dict]:
    """One row per studio that owes or owed something: opening, billed, paid, closing in fen. Three queries."""
    month = month_of(period)
    bills = Bill.objects.order_by().values("residency__studio").annotate(
        before=Sum("amount_fen", filter=Q(issued_on__lt=month.first)),
        void_before=Sum("amount_fen", filter=Q(cancelled_on__lt=month.first) & ~Q(number="")),
        billed=Sum("amount_fen", filter=Q(issued_on__range=(month.first, month.last))),
        void=Sum("amount_fen", filter=Q(cancelled_on__range=(month.first, month.last)) & ~Q(number="")),
    )  # fmt: skip
    payments = Payment.objects.order_by().values("bill__residency__studio").annotate(
        before=Sum("amount_fen", filter=Q(paid_on__lt=month.first)),
        paid=Sum("amount_fen", filter=Q(paid_on__range=(month.first, month.last))),
    )  # fmt: skip
    paid = {row["bill__residency__studio"]: row for row in payments}
    names = dict(
        Studio.objects.filter(pk__in=[b["residency__studio"] for b in bills]).values_list("pk", "name")
    )
    rows = []
    for row in bills:
        studio = row["residency__studio"]
        money = {key: value or 0 for key, value in (paid.get(studio, {}) | row).items()}
        got = {key: value or 0 for key, value in paid.get(studio, {}).items()}
        opening = money["before"] - money["void_before"] - got.get("before", 0)
        billed, received = money["billed"] - money["void"], got.get("paid", 0)
        if opening or billed or received:
            rows.append(
                {
                    "studio": names[studio],
                    "opening": opening,
                    "billed": billed,
                    "paid": received,
                    "closing": opening + billed - received,
                }
            )
    return sorted(rows, key=lambda row: row["studio"])


@transaction.atomic
def issue_statement(studio, period: date, *, by) -> FeeStatement:
    """The month as it stands now, frozen and printed; a later one takes the place of an earlier."""
    period = month_of(period).first
    Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)
    found = account_of(studio, period)
    data = {
        "opening": found.opening,
        "billed": found.billed,
        "paid": found.paid,
        "closing": found.closing,
        "lines": [
            asdict(move) | {"day": move.day.isoformat(), "balance": balance} for move, balance in found.lines
        ],
    }
    row = FeeStatement.objects.create(studio=studio, period=period, data=data, made_by=by)
    documents.issue("fee_statement", row, by=by, content_hash=documents.hash_of(data))
    audit.record("issue_statement", row, by=by, after=f"{found.closing} 分", clause="5.3")
    return row
