"""What a studio is charged once is recorded, and withdrawn while no bill has it [5.3]."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from park import audit
from park.money import yuan
from park.templatetags.ui import date_zh
from park.wording import chinese_month
from park.workflow import Refused
from workshops.actions.standing import locked
from workshops.charges.fee import month_of, next_month
from workshops.models import Charge, FeeKind, OneOffCharge, Residency, ResidencyStatus
from workshops.permissions.fee import charges_residency

REFUSAL = "费用由镇江技师学院和管理办公室登记；本人参与的工作室由他人办理。"


def billed_residency(studio) -> Residency | None:
    """The stay that is charged: the one that began last."""
    rows = studio.residencies.exclude(status=ResidencyStatus.PENDING_AGREEMENT)
    return rows.exclude(term_starts_on=None).order_by("-admitted_on", "-pk").first()


@transaction.atomic
def record_one_off(residency, *, day: date, amount_fen: int, reason: str, by, period=None) -> OneOffCharge:
    """Charge it on the bill of `period`; without one, on that of the first month from `day` on whose 其他费用 are not
    billed yet. Raises Refused where that month is billed, or cannot be."""
    residency = locked(residency.pk, by=by, may=charges_residency, refusal=REFUSAL)
    today, problems = timezone.localdate(), []
    if residency.term_starts_on is None or residency.status == ResidencyStatus.PENDING_AGREEMENT:
        raise Refused("协议签订、入驻生效后才能登记费用。")
    first = max(month_of(day).first, month_of(residency.term_starts_on).first)
    billed = set(
        Charge.objects.filter(residency=residency, kind=FeeKind.OTHER, is_void=False).values_list(
            "period", flat=True
        )
    )
    if day > today:
        problems.append("发生日期不能晚于今天。")
    if day < residency.admitted_on:
        problems.append(f"发生日期不能早于确定入驻日期{date_zh(residency.admitted_on)}。")
    latest, free = next_month(today), first
    while free in billed:
        free = next_month(free)
    period = month_of(period).first if period else free
    if period < first:
        problems.append(f"账期不能早于{chinese_month(first)}。")
    elif period > latest:
        problems.append(f"账期不能晚于{chinese_month(latest)}。")
    elif period in billed:
        problems.append(
            f"{chinese_month(period)}的其他费用已经出账，请计入{chinese_month(free)}，或者先作废那份账单。"
        )
    if problems:
        raise Refused(*problems)
    row = OneOffCharge.objects.create(
        residency=residency, period=period, day=day, amount_fen=amount_fen, reason=reason, recorded_by=by
    )
    _say("record_one_off", row, by=by, note=reason)
    return row


@transaction.atomic
def withdraw_one_off(row, *, reason: str, by) -> OneOffCharge:
    """Raises Refused once it is withdrawn or on a bill that holds."""
    locked(row.residency_id, by=by, may=charges_residency, refusal=REFUSAL)
    row = OneOffCharge.objects.with_bill().select_related("residency").get(pk=row.pk)
    if row.withdrawn_at:
        raise Refused("这笔费用已经撤销。")
    if row.bill_key:
        raise Refused(f"这笔费用已列入{chinese_month(row.period)}账单，请先作废账单，再撤销。")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), by, reason
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _say("withdraw_one_off", row, by=by, note=reason)
    return row


def _say(verb, row, *, by, note):
    after = f"{row}，{yuan(row.amount_fen)} 元，{chinese_month(row.period)}"
    audit.record(verb, row.residency, by=by, after=after, note=note, clause="5.3")
