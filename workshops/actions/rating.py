"""Prices are set, each by a document and from a day on [5.3]."""

from datetime import timedelta

from django.db import transaction

from park import audit
from park.workflow import Refused
from workshops.models import BillLine, FeeKind, FeeRate
from workshops.permissions.fee import keeps_fees


@transaction.atomic
def set_rate(*, kind, unit_fen, valid_from, document_no, note="", by) -> FeeRate:
    """A new price from a day on; the one in force ends on the day before. `unit_fen`: fen per unit [T6].

    Raises Refused where a later price stands already, or days from then on were billed by the old one.
    """
    if not keeps_fees(by):
        raise Refused("只有管理办公室和镇江技师学院可以登记收费标准。")
    rows = list(FeeRate.objects.select_for_update(no_key=True).filter(kind=kind).order_by("valid_from"))
    label = FeeKind(kind).label
    if any(row.valid_from >= valid_from for row in rows):
        raise Refused(f"已有从这一天或更晚开始执行的{label}标准，请核对执行日期。")
    for row in rows:
        if row.valid_until is None or row.valid_until >= valid_from:
            _end(row, valid_from - timedelta(days=1))
    rate = FeeRate.objects.create(
        kind=kind,
        unit_fen=unit_fen,
        valid_from=valid_from,
        document_no=document_no,
        note=note,
        recorded_by=by,
    )
    audit.record(
        "set_rate", rate, by=by, after=f"{unit_fen / 100} 元/{rate.unit}", note=document_no, clause="5.3"
    )
    return rate


def _end(rate, day):
    if BillLine.objects.filter(rate=rate, last__gt=day).exclude(charge__is_void=True).exists():
        raise Refused(f"{rate}已用于{day:%Y-%m-%d}之后的账单，新标准请从下一个账期开始执行。")
    rate.valid_until = day
    rate.save(update_fields=["valid_until"])
