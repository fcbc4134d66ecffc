"""What may the park decide for itself, what holds now, and how is it changed? (本园设定)

The regulation leaves much open. Each such point is one `RuleDef` here, with the clause it interprets and an
honest word on what the regulation does not say; the office changes values in the admin, with a reason.
"""

import contextlib
import contextvars
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from park import audit
from park.models import Rule, RuleChange
from park.rules.applying import APPLYING
from park.rules.attendance import ATTENDING
from park.rules.benefit import BENEFITS
from park.rules.deciding import DECIDING
from park.rules.definition import KINDS, RuleDef
from park.rules.duties import DUTIES
from park.rules.evaluation import EVALUATION
from park.rules.facilities import FACILITIES
from park.rules.fees import FEES_OF_THE_PARK
from park.rules.inspection import INSPECTIONS
from park.rules.leader_change import LEADER_CHANGE
from park.rules.ledger import LEDGER_RULES
from park.rules.rectification import RECTIFICATION
from park.rules.registers import REGISTERS
from park.rules.residency import RESIDENCY
from park.rules.returns import RETURN_RULES
from park.rules.revocation import REVOCATION
from park.validators import clean_text

__all__ = ["DEFINITIONS", "KINDS", "REGISTRY", "RuleDef", "ensure_rules", "get", "get_many", "set_rule"]

DEFINITIONS = (
    *APPLYING,
    *DECIDING,
    *ATTENDING,
    *LEADER_CHANGE,
    *REGISTERS,
    *RESIDENCY,
    *FEES_OF_THE_PARK,
    *INSPECTIONS,
    *EVALUATION,
    *RECTIFICATION,
    *REVOCATION,
    *BENEFITS,
    *FACILITIES,
    *LEDGER_RULES,
    *RETURN_RULES,
    *DUTIES,
)
REGISTRY = {definition.key: definition for definition in DEFINITIONS}
_kept: contextvars.ContextVar[dict | None] = contextvars.ContextVar("rules_kept", default=None)


@contextlib.contextmanager
def read_once():
    """Inside, everything that was decided is read together, the first time one value is asked for. For pages that only
    show: an act reads each value when it needs it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def get(key: str):
    """The typed value in force; the default where nobody has decided otherwise. KeyError for an unknown key."""
    return get_many([key])[key]


def get_many(keys: Iterable[str]) -> dict:
    """Typed values in force, by key, in one query."""
    definitions = {key: REGISTRY[key] for key in keys}
    kept, rows = _kept.get(), Rule.objects.exclude(changed_at=None)
    if kept is None:
        decided = _values(rows.filter(key__in=definitions))
    else:
        decided = kept.get("decided")
        if decided is None:
            decided = kept["decided"] = _values(rows)
    return {
        key: definition.from_json(decided[key]) if key in decided else definition.default
        for key, definition in definitions.items()
    }


def _values(rows) -> dict:
    return dict(rows.values_list("key", "value"))


@transaction.atomic
def set_rule(key: str, value, *, by, reason: str) -> Rule:
    """Decide one point anew, with history and audit entry. ValidationError in Chinese when value or reason is bad."""
    definition = REGISTRY[key]
    new = definition.clean(value)
    reason = clean_text(reason).strip()
    if not reason:
        raise ValidationError({"reason": "请写明修改理由。"}, code="required")
    if len(reason) > 200:
        raise ValidationError({"reason": f"修改理由不超过200字，现在是{len(reason)}字。"}, code="range")
    Rule.objects.get_or_create(key=key, defaults={"value": definition.to_json(definition.default)})
    rule = Rule.objects.select_for_update(no_key=True).get(key=key)
    old = definition.from_json(rule.value) if rule.changed_at else definition.default
    if new == old:
        raise ValidationError(f"“{definition.label}”的新值与现值相同，没有修改。", code="same")
    rule.value, rule.changed_by, rule.changed_at = definition.to_json(new), by, timezone.now()
    rule.reason = reason
    rule.save()
    RuleChange.objects.create(
        rule=rule, old=definition.to_json(old), new=rule.value, reason=reason, by=by, at=rule.changed_at
    )
    audit.record(
        "set_rule", rule, by=by, before=definition.show(old), after=definition.show(new),
        note=reason, clause=definition.clause,
    )  # fmt: skip
    return rule


def ensure_rules() -> int:
    """A row for every definition, following its default until somebody decides; returns how many were written."""
    rows = Rule.objects.in_bulk(REGISTRY)
    written = 0
    for key, definition in REGISTRY.items():
        default = definition.to_json(definition.default)
        if key not in rows:
            Rule.objects.create(key=key, value=default)
        elif rows[key].changed_at is None and rows[key].value != default:
            Rule.objects.filter(key=key, changed_at=None).update(value=default)
        else:
            continue
        written += 1
    return written
