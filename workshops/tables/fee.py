"""The long lists of fees: bills searched and filtered, who is behind and since when [5.3]."""

from dataclasses import dataclass, field

from django.db.models import Q, Sum
from django.utils import timezone

from workshops.charges.arrears import BANDS, band_of, days_over
from workshops.models import Bill, Studio

RELATED = ("residency__studio",)


def filtered_bills(rows, asked: dict):
    """`asked`: cleaned data of BillFilter."""
    if q := (asked.get("q") or "").strip():
        rows = rows.filter(Q(residency__studio__name__contains=q) | Q(number__contains=q.upper()))
    if asked.get("period"):
        rows = rows.filter(period=asked["period"])
    status = asked.get("status")
    if status == "overdue":
        return rows.overdue()
    return rows.filter(status=status) if status else rows


def totals_of(rows) -> dict:
    """Due, paid and left of what was issued and holds, in fen; one query."""
    found = rows.told().aggregate(due=Sum("amount_fen"), paid=Sum("paid_fen"))
    due, paid = found["due"] or 0, found["paid"] or 0
    return {"due": due, "paid": paid, "left": due - paid}


def months_of(rows) -> list[dict]:
    """The same month by month, newest first; no studio is named."""
    found = (
        rows.told().order_by("-period").values("period").annotate(due=Sum("amount_fen"), paid=Sum("paid_fen"))
    )
    return [row | {"left": row["due"] - row["paid"]} for row in found]


@dataclass
class Debtor:
    """One studio behind with its payments, in fen by the age of the debt."""

    studio: Studio
    bands: dict = field(default_factory=lambda: {label: 0 for *_, label in BANDS})
    days: int = 0  # of the oldest
    bills: int = 0
    reminded_on: object = None

    @property
    def over(self) -> str:
        return f"{self.days} 天"

    @property
    def total(self) -> int:
        return sum(self.bands.values())


def debtors(user) -> list[Debtor]:
    """Those who are behind, the largest debt first; three queries."""
    today, found = timezone.localdate(), {}
    rows = Bill.objects.visible_to(user).overdue(today).select_related(*RELATED).prefetch_related("reminders")
    for bill in rows:
        studio = bill.residency.studio
        row = found.setdefault(studio.pk, Debtor(studio))
        days = days_over(bill.pay_by, today)
        row.bands[band_of(days)] += bill.left_fen
        row.days, row.bills = max(row.days, days), row.bills + 1
        for reminder in bill.reminders.all():
            row.reminded_on = max(reminder.sent_on, row.reminded_on or reminder.sent_on)
    return sorted(found.values(), key=lambda row: (-row.total, row.studio.name))
