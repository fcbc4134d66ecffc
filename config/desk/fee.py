"""What do readings, bills and arrears want from this person next [5.3]?"""

from django.urls import reverse
from django.utils import timezone

from config.desk.rows import Row, Section
from park import rules
from park.money import yuan
from workshops.charges.fee import month_of
from workshops.models import Bill, BillStatus
from workshops.permissions.fee import keeps_fees
from workshops.tables.meter import unread
from workshops.workflow import BILL


def sections_for(user) -> list[Section]:
    """The sections of residencies, dues and records."""
    return [*_fees(user)]


# ── fees [5.3] ──────────────────────────────────────────────────────────────────────────────────
def _fees(user):
    today = timezone.localdate()
    if keeps_fees(user):
        month = month_of(today)
        if today.day >= rules.get("reading_day"):
            yield Section(
                "本月还没有抄的表", unread(month).select_related("room"), _meter, "workshops:readings"
            )
        drafts = Bill.objects.visible_to(user).filter(status=BillStatus.DRAFT)
        drafts = drafts.exclude(residency__studio__people=user).select_related("residency__studio")
        yield Section("待签发的账单", drafts, _bill, "workshops:bills", query="?status=draft")
    own = Bill.objects.filter(residency__studio__people=user, status=BillStatus.ISSUED)
    yield Section(
        "等您缴纳的费用",
        own.select_related("residency__studio").order_by("pay_by", "pk"),
        _due,
        "workshops:mine",
    )


def _meter(meter) -> Row:
    return Row(reverse("workshops:readings"), f"{meter.room} {meter}", label="未抄表")


def _bill(bill) -> Row:
    studio = bill.residency.studio
    return Row(
        bill.get_absolute_url(), f"{studio.name} {bill}", who=studio.leader_name, label=BILL.stage(bill).label
    )


def _due(bill) -> Row:
    label = "已逾期" if bill.is_overdue else BILL.stage(bill).label
    return Row(
        bill.get_absolute_url(),
        str(bill),
        bill.number,
        bill.residency.studio.leader_name,
        label,
        f"还应缴 {yuan(bill.left_fen)} 元",
        bill.pay_by,
    )
