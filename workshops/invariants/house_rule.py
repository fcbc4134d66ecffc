"""Do published texts, receipts and breaches stand as they were?"""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = (
    Invariant(
        "house_rule_versions",
        "规章制度的版本从 1 起连续",
        "SELECT rule_id FROM workshops_houseruleversion GROUP BY rule_id HAVING COUNT(*) <> MAX(number)",
    ),
)
TRIGGERS = (
    Trigger(
        "house_rule_text_frozen",
        "workshops_houseruleversion",
        "UPDATE",
        "a published rule does not change",
        "OLD.text <> NEW.text OR OLD.number <> NEW.number OR OLD.rule_id <> NEW.rule_id"
        " OR OLD.published_at <> NEW.published_at",
    ),
    Trigger("house_rule_text_stays", "workshops_houseruleversion", "DELETE", "published rules stay"),
    Trigger("read_receipt_frozen", "workshops_readreceipt", "UPDATE", "receipts do not change"),
    Trigger("read_receipt_stays", "workshops_readreceipt", "DELETE", "receipts stay"),
    Trigger("breach_no_delete", "workshops_breach", "DELETE", "breaches are struck out, their rows stay"),
    Trigger(
        "breach_facts_stand",
        "workshops_breach",
        "UPDATE",
        "facts of a breach do not change",
        "OLD.facts <> NEW.facts OR OLD.provision <> NEW.provision OR OLD.happened_on <> NEW.happened_on"
        " OR OLD.measure <> NEW.measure OR OLD.studio_id <> NEW.studio_id",
    ),
)
