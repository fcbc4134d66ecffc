"""Do rates not overlap, do meters not run back, do bills add up, is nothing paid twice, is no waived day billed?"""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = (
    Invariant(
        "fee_rates_apart",
        "同一种费用的收费标准在时间上不重叠",
        "SELECT a.id FROM workshops_feerate a JOIN workshops_feerate b ON b.kind = a.kind AND b.id > a.id"
        " WHERE a.valid_from <= COALESCE(b.valid_until, a.valid_from)"
        " AND b.valid_from <= COALESCE(a.valid_until, b.valid_from)",
    ),
    Invariant(
        "readings_do_not_fall",
        "同一只表的读数不倒退",
        "SELECT b.id FROM workshops_reading a JOIN workshops_reading b ON b.meter_id = a.meter_id"
        " AND b.read_on > a.read_on WHERE b.value < a.value",
    ),
    Invariant(
        "bill_lines_add_up",
        "账单明细之和等于费用项目，费用项目之和等于账单金额",
        "SELECT b.id FROM workshops_bill b WHERE b.amount_fen <>"
        " (SELECT COALESCE(SUM(c.amount_fen), 0) FROM workshops_charge c WHERE c.bill_id = b.id)"
        " OR EXISTS (SELECT 1 FROM workshops_charge c WHERE c.bill_id = b.id AND c.amount_fen <>"
        " (SELECT COALESCE(SUM(l.amount_fen), 0) FROM workshops_billline l WHERE l.charge_id = c.id))",
    ),
    Invariant(
        "bill_paid_is_its_payments",
        "账单的已缴金额等于缴费记录之和",
        "SELECT b.id FROM workshops_bill b WHERE b.paid_fen <>"
        " (SELECT COALESCE(SUM(p.amount_fen), 0) FROM workshops_payment p WHERE p.bill_id = b.id)",
    ),
    Invariant(
        "bill_settled_when_paid",
        "缴清的账单状态是已缴清",
        "SELECT id FROM workshops_bill WHERE status = 'issued' AND paid_fen = amount_fen",
    ),
    Invariant(
        "charge_of_its_bill",
        "费用项目的入驻、账期与账单一致，作废与账单一致",
        "SELECT c.id FROM workshops_charge c JOIN workshops_bill b ON b.id = c.bill_id"
        " WHERE c.residency_id <> b.residency_id OR c.period <> b.period"
        " OR (c.is_void AND b.status <> 'cancelled') OR (NOT c.is_void AND b.status = 'cancelled')",
    ),
    Invariant(
        "no_rent_inside_waiver",
        "免租期内没有租金 [4.1]",
        "SELECT l.id FROM workshops_billline l JOIN workshops_charge c ON c.id = l.charge_id"
        " JOIN workshops_residency r ON r.id = c.residency_id WHERE c.kind = 'rent' AND NOT c.is_void"
        " AND l.first <= r.rent_free_until AND l.last >= r.rent_free_from",
    ),
    Invariant(
        "meter_billed_once",
        "同一只表的同一段用量只计费一次",
        "SELECT b.id FROM workshops_billline a JOIN workshops_charge ca ON ca.id = a.charge_id AND NOT ca.is_void"
        " JOIN workshops_reading sa ON sa.id = a.start_id JOIN workshops_reading ea ON ea.id = a.end_id"
        " JOIN workshops_billline b ON b.meter_id = a.meter_id AND b.id > a.id"
        " JOIN workshops_charge cb ON cb.id = b.charge_id AND NOT cb.is_void"
        " JOIN workshops_reading sb ON sb.id = b.start_id JOIN workshops_reading eb ON eb.id = b.end_id"
        " WHERE sa.read_on < eb.read_on AND sb.read_on < ea.read_on",
    ),
)


def _overlaps(other: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM workshops_feerate r WHERE r.kind = NEW.kind" + other + " AND r.valid_from <="
        " COALESCE(NEW.valid_until, '9999-12-31') AND COALESCE(r.valid_until, '9999-12-31') >= NEW.valid_from)"
    )


_FALLS = (
    "EXISTS (SELECT 1 FROM workshops_reading r WHERE r.meter_id = NEW.meter_id"
    " AND ((r.read_on < NEW.read_on AND r.value > NEW.value) OR (r.read_on > NEW.read_on AND r.value < NEW.value)))"
)

TRIGGERS = (
    Trigger(
        "fee_rate_apart", "workshops_feerate", "INSERT", "rates of one kind do not overlap", _overlaps("")
    ),
    Trigger(
        "fee_rate_stays_apart",
        "workshops_feerate",
        "UPDATE",
        "rates of one kind do not overlap",
        _overlaps(" AND r.id <> NEW.id"),
    ),
    Trigger(
        "fee_rate_used_frozen",
        "workshops_feerate",
        "UPDATE",
        "a rate that was billed does not change",
        "EXISTS (SELECT 1 FROM workshops_billline l WHERE l.rate_id = OLD.id AND (OLD.kind <> NEW.kind"
        " OR OLD.unit_fen <> NEW.unit_fen OR OLD.valid_from <> NEW.valid_from"
        " OR OLD.document_no <> NEW.document_no))",
    ),
    Trigger("reading_counts_up", "workshops_reading", "INSERT", "a meter counts up", _FALLS),
    Trigger("reading_still_counts_up", "workshops_reading", "UPDATE", "a meter counts up", _FALLS),
    Trigger(
        "reading_billed_frozen",
        "workshops_reading",
        "UPDATE",
        "a reading that was billed does not change",
        "(OLD.value <> NEW.value OR OLD.read_on <> NEW.read_on OR OLD.meter_id <> NEW.meter_id) AND EXISTS"
        " (SELECT 1 FROM workshops_billline l JOIN workshops_charge c ON c.id = l.charge_id"
        " JOIN workshops_bill b ON b.id = c.bill_id"
        " WHERE (l.start_id = OLD.id OR l.end_id = OLD.id) AND b.status IN ('issued', 'paid'))",
    ),
    Trigger("reading_no_delete", "workshops_reading", "DELETE", "readings are corrected, not deleted"),
    Trigger("bill_no_delete", "workshops_bill", "DELETE", "bills are cancelled, their rows stay"),
    Trigger(
        "bill_frozen",
        "workshops_bill",
        "UPDATE",
        "bills do not change",
        "OLD.amount_fen <> NEW.amount_fen OR OLD.residency_id <> NEW.residency_id OR OLD.period <> NEW.period"
        " OR (OLD.number <> '' AND (OLD.number <> NEW.number OR OLD.issued_on <> NEW.issued_on"
        " OR OLD.pay_by <> NEW.pay_by)) OR (OLD.status = 'cancelled' AND NEW.status <> 'cancelled')",
    ),
    Trigger(
        "charge_no_delete", "workshops_charge", "DELETE", "charges fall with their bill, their rows stay"
    ),
    Trigger(
        "charge_frozen",
        "workshops_charge",
        "UPDATE",
        "charges do not change",
        "OLD.amount_fen <> NEW.amount_fen OR OLD.kind <> NEW.kind OR OLD.bill_id <> NEW.bill_id"
        " OR OLD.residency_id <> NEW.residency_id OR OLD.period <> NEW.period OR (OLD.is_void AND NOT NEW.is_void)",
    ),
    Trigger("bill_line_no_update", "workshops_billline", "UPDATE", "lines of bills do not change"),
    Trigger("bill_line_no_delete", "workshops_billline", "DELETE", "lines of bills do not change"),
    Trigger("payment_no_update", "workshops_payment", "UPDATE", "payments are reversed, not changed"),
    Trigger("payment_no_delete", "workshops_payment", "DELETE", "payments are reversed, not deleted"),
    Trigger(
        "payment_reverses_its_own",
        "workshops_payment",
        "INSERT",
        "a reversal takes back one payment of the same bill, whole",
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM workshops_payment p WHERE p.id = NEW.reverses_id"
        " AND p.bill_id = NEW.bill_id AND p.amount_fen = -NEW.amount_fen AND p.reverses_id IS NULL)",
    ),
    Trigger("reminder_no_delete", "workshops_reminder", "DELETE", "reminders stay"),
    Trigger("fee_statement_no_update", "workshops_feestatement", "UPDATE", "statements do not change"),
)
