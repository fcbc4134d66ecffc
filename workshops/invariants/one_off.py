"""Is what was charged once billed once, as it was recorded, and never as rent [5.3][4.1]?"""

from park.invariants import Invariant
from park.triggers import Trigger

_OTHER_THAN_ITS_LINE = (
    "(c.kind <> 'other' OR c.residency_id <> o.residency_id OR c.period <> o.period"
    " OR {line}.amount_fen <> o.amount_fen OR o.withdrawn_at IS NOT NULL)"
)

INVARIANTS = (
    Invariant(
        "one_off_as_recorded",
        "一次性费用按登记的金额列入其账期的其他费用，撤销的不在账单上",
        "SELECT o.id FROM workshops_oneoffcharge o JOIN workshops_billline l ON l.one_off_id = o.id"
        " JOIN workshops_charge c ON c.id = l.charge_id WHERE NOT c.is_void AND "
        + _OTHER_THAN_ITS_LINE.format(line="l"),
    ),
    Invariant(
        "one_off_billed_once",
        "一次性费用只列入一份有效账单",
        "SELECT l.one_off_id FROM workshops_billline l JOIN workshops_charge c ON c.id = l.charge_id"
        " WHERE l.one_off_id IS NOT NULL AND NOT c.is_void GROUP BY l.one_off_id HAVING COUNT(*) > 1",
    ),
)

TRIGGERS = (
    Trigger(
        "one_off_no_delete", "workshops_oneoffcharge", "DELETE", "charges are withdrawn, their rows stay"
    ),
    Trigger(
        "one_off_frozen",
        "workshops_oneoffcharge",
        "UPDATE",
        "a charge does not change, and what is billed is not withdrawn",
        "OLD.withdrawn_at IS NOT NULL OR OLD.residency_id <> NEW.residency_id OR OLD.period <> NEW.period"
        " OR OLD.day <> NEW.day OR OLD.amount_fen <> NEW.amount_fen OR OLD.reason <> NEW.reason"
        " OR EXISTS (SELECT 1 FROM workshops_billline l JOIN workshops_charge c ON c.id = l.charge_id"
        " WHERE l.one_off_id = OLD.id AND NOT c.is_void)",
    ),
    Trigger(
        "bill_line_as_recorded",
        "workshops_billline",
        "INSERT",
        "what is charged once stands on one bill, as it was recorded",
        "NEW.one_off_id IS NOT NULL AND (EXISTS (SELECT 1 FROM workshops_oneoffcharge o, workshops_charge c"
        " WHERE o.id = NEW.one_off_id AND c.id = NEW.charge_id AND "
        + _OTHER_THAN_ITS_LINE.format(line="NEW")
        + ") OR EXISTS (SELECT 1 FROM workshops_billline l JOIN workshops_charge c ON c.id = l.charge_id"
        " WHERE l.one_off_id = NEW.one_off_id AND NOT c.is_void))",
    ),
)
