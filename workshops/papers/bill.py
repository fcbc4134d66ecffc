"""Where do the papers on fees get their words? From the bill and its lines, which do not change [5.3]."""

from django.db.models import Q

from park import rules
from park.models import Document
from park.wording import chinese_date, contact
from workshops.documents import bill as papers
from workshops.models import Bill, BillLine, FeeKind, FeeStatement, Reminder

__all__ = ["KINDS", "NUMBERS", "charges_of", "papers_of", "price_text"]

NUMBERS = "JF"  # bills and their notices: JF-2026-0001


def price_text(fen) -> str:
    """A price in yuan as it is printed: two decimals, up to six where it has them (0.5283)."""
    text = f"{fen / 100:.6f}".rstrip("0")
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def charges_of(bill) -> list[dict]:
    """Kinds with their lines, as pages and papers show them; one query."""
    rows = BillLine.objects.filter(charge__bill=bill).select_related(
        "charge", "rate", "room", "meter", "one_off"
    )
    found = {}
    for line in rows.order_by("charge", "pk"):
        charge = line.charge
        new = {"kind": charge.get_kind_display(), "fen": charge.amount_fen, "lines": []}
        found.setdefault(charge.pk, new)["lines"].append(_line(line))
    return list(found.values())


def _line(line) -> dict:
    if line.one_off is not None:
        return {
            "what": line.one_off.reason,
            "span": f"{line.first:%m.%d}",
            "quantity": "1",
            "unit": "次",
            "price": price_text(line.amount_fen),
            "document_no": "",
            "fen": line.amount_fen,
        }
    kind = FeeKind(line.rate.kind)
    if line.meter is not None:
        how = f"{line.meter.number}：{line.start_value:f}→{line.end_value:f}"
        if line.meter.factor != 1:
            how += f"，倍率{line.meter.factor.normalize():f}"
    elif kind == FeeKind.OTHER:
        how = line.rate.note or line.rate.document_no
    else:
        how = f"{line.quantity.normalize():f}平方米，{line.days}天"
    return {
        "what": f"{line.room or ''} {how}".strip(),
        "span": f"{line.first:%m.%d}–{line.last:%m.%d}",
        "quantity": f"{line.quantity.normalize():f}",
        "unit": kind.unit,
        "price": price_text(line.rate.unit_fen),
        "document_no": line.rate.document_no,
        "fen": line.amount_fen,
    }


def _heads(bill) -> dict:
    studio = bill.residency.studio
    return {
        "number": bill.number,
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "period": bill.period,
        "pay_by": bill.pay_by,
        "account": rules.get("fee_account"),
        "contact": contact(),
    }


def _bills():
    return Bill.objects.select_related("residency__studio")


def build_payment_notice(document: Document):
    bill = _bills().get(pk=document.subject_id)
    charges = charges_of(bill)
    return papers.payment_notice(
        _heads(bill)
        | {
            "issued_on": bill.issued_on,
            "due_days": (bill.pay_by - bill.issued_on).days,
            "charges": charges,
            "documents": "；".join(
                dict.fromkeys(
                    line["document_no"]
                    for charge in charges
                    for line in charge["lines"]
                    if line["document_no"]
                )
            ),
            "waived_days": bill.waived_days,
            "waiver": _waiver(bill),
            "total_fen": bill.amount_fen,
        },
        print_label=f"第{document.version}版",
    )


def _waiver(bill) -> str:
    stay = bill.residency
    if not bill.waived_days or stay.rent_free_from is None:
        return ""
    return f"{chinese_date(stay.rent_free_from)}至{chinese_date(stay.rent_free_until)}"


def build_dunning_notice(document: Document):
    reminder = Reminder.objects.select_related("bill__residency__studio").get(pk=document.subject_id)
    bill = reminder.bill
    return papers.dunning_notice(
        _heads(bill)
        | {
            "days_over": (reminder.sent_on - bill.pay_by).days,
            "amount_fen": bill.amount_fen,
            "paid_fen": bill.amount_fen - reminder.left_fen,
            "left_fen": reminder.left_fen,
            "sent_on": reminder.sent_on,
        }
    )


def build_fee_statement(document: Document):
    statement = FeeStatement.objects.select_related("studio").get(pk=document.subject_id)
    studio = statement.studio
    return papers.fee_statement(
        statement.data
        | {
            "studio_name": studio.name,
            "leader_name": studio.leader_name,
            "period": statement.period,
            "made_on": statement.made_at.date(),
            "contact": contact(),
        }
    )


def papers_of(bill, reminders=None):
    """Notices and dunning letters of one bill, newest first; its `reminders` where they are at hand."""
    reminders = [str(row.pk) for row in (bill.reminders.all() if reminders is None else reminders)]
    about = Q(subject_model=Bill._meta.label_lower, subject_id=str(bill.pk))
    about |= Q(subject_model=Reminder._meta.label_lower, subject_id__in=reminders)
    return Document.objects.filter(about)


KINDS = {
    "payment_notice": (build_payment_notice, "缴费通知单", NUMBERS),
    "dunning_notice": (build_dunning_notice, "催缴通知单", "CJ"),
    "fee_statement": (build_fee_statement, "费用对账单", "DZ"),
}
