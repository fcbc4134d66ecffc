"""Do orders stand on their ground, does nothing fail before its day, does the residency follow [5.4.4]?"""

from park.invariants import Invariant
from park.triggers import Trigger

_ORDERS = (
    "SELECT o.id FROM assessments_rectificationorder o JOIN workshops_residency r ON r.id = o.residency_id"
)

INVARIANTS = (
    Invariant(
        "rectification_suspends",
        "限期整改办理中的，入驻是“限期整改”",
        f"{_ORDERS} WHERE o.status IN ('issued', 'reported') AND r.status = 'active'",
    ),
    Invariant(
        "rectification_suspension_has_its_order",
        "入驻为“限期整改”的，有办理中或复查不合格的限期整改",
        "SELECT r.id FROM workshops_residency r WHERE r.status = 'under_rectification' AND NOT EXISTS"
        " (SELECT 1 FROM assessments_rectificationorder o WHERE o.residency_id = r.id"
        " AND o.status IN ('issued', 'reported', 'failed'))",
    ),
    Invariant(
        "rectification_card_failed",
        "因绩效评估发出的限期整改，评分表最终结果为不合格",
        "SELECT o.id FROM assessments_rectificationorder o JOIN assessments_scorecard s ON s.id = o.card_id"
        " WHERE o.status <> 'withdrawn' AND (s.status <> 'final' OR s.grade <> 'fail')",
    ),
    Invariant(
        "rectification_has_items",
        "每一件限期整改都有整改事项",
        "SELECT o.id FROM assessments_rectificationorder o WHERE NOT EXISTS"
        " (SELECT 1 FROM assessments_rectificationitem i WHERE i.order_id = o.id)",
    ),
    Invariant(
        "rectification_judged_item_by_item",
        "复查过的，每一项都有结论；合格的全部达标，不合格的有不达标的",
        "SELECT o.id FROM assessments_rectificationorder o WHERE o.status IN ('passed', 'failed') AND (EXISTS"
        " (SELECT 1 FROM assessments_rectificationitem i WHERE i.order_id = o.id AND i.verdict = '')"
        " OR (o.status = 'failed') <> EXISTS"
        " (SELECT 1 FROM assessments_rectificationitem i WHERE i.order_id = o.id AND i.verdict = 'unmet'))",
    ),
    Invariant(
        "rectification_reported_item_by_item",
        "每一次整改报告都逐项写明情况，每一项都有证明",
        "SELECT p.id FROM assessments_rectificationreport p"
        " JOIN assessments_rectificationitem i ON i.order_id = p.order_id"
        " WHERE NOT EXISTS (SELECT 1 FROM assessments_rectificationanswer a WHERE a.report_id = p.id"
        " AND a.item_id = i.id)"
        " OR NOT EXISTS (SELECT 1 FROM assessments_rectificationproof f WHERE f.item_id = i.id)",
    ),
)

TRIGGERS = (
    Trigger("rectification_no_delete", "assessments_rectificationorder", "DELETE", "orders are withdrawn, their rows stay"),
    Trigger(
        "rectification_frozen",
        "assessments_rectificationorder",
        "UPDATE",
        "ground and first deadline of an order never change",
        "OLD.number <> NEW.number OR OLD.residency_id <> NEW.residency_id OR OLD.ground <> NEW.ground"
        " OR COALESCE(OLD.card_id, 0) <> COALESCE(NEW.card_id, 0)"
        " OR COALESCE(OLD.falsification_id, 0) <> COALESCE(NEW.falsification_id, 0)"
        " OR OLD.issued_on <> NEW.issued_on OR OLD.first_deadline <> NEW.first_deadline",
    ),
    Trigger(
        "rectification_never_slides",
        "assessments_rectificationorder",
        "UPDATE",
        "a deadline moves once, by its extension, while the order is open",
        "OLD.deadline <> NEW.deadline AND (OLD.extended_at IS NOT NULL OR NEW.extended_at IS NULL"
        " OR NEW.status NOT IN ('issued', 'reported'))",
    ),
    Trigger(
        "rectification_settled",
        "assessments_rectificationorder",
        "UPDATE",
        "a settled rectification does not change",
        "OLD.status IN ('passed', 'failed', 'withdrawn')"
        " AND (OLD.status <> NEW.status OR OLD.recheck_note <> NEW.recheck_note)",
    ),
    Trigger(
        "rectification_item_frozen",
        "assessments_rectificationitem",
        "UPDATE",
        "what was asked for does not change, nor a verdict",
        "OLD.verdict <> '' OR OLD.order_id <> NEW.order_id OR OLD.problem <> NEW.problem OR OLD.demand <> NEW.demand"
        " OR OLD.clause <> NEW.clause OR OLD.number <> NEW.number",
    ),
    Trigger("rectification_item_stays", "assessments_rectificationitem", "DELETE", "items of an order stay"),
    Trigger(
        "rectification_report_frozen",
        "assessments_rectificationreport",
        "UPDATE",
        "a report stands as it was sent",
        "OLD.order_id <> NEW.order_id OR OLD.statement <> NEW.statement OR OLD.is_late <> NEW.is_late"
        " OR OLD.returned_at IS NOT NULL",
    ),
    Trigger("rectification_report_stays", "assessments_rectificationreport", "DELETE", "reports stay"),
    Trigger("rectification_answer_frozen", "assessments_rectificationanswer", "UPDATE", "a report stands as it was sent"),
    Trigger("rectification_answer_stays", "assessments_rectificationanswer", "DELETE", "reports stay"),
    Trigger("rectification_proof_stays", "assessments_rectificationproof", "DELETE", "proofs stay"),
    Trigger("service_frozen", "assessments_serviceofprocess", "UPDATE", "a service is recorded once"),
    Trigger("service_stays", "assessments_serviceofprocess", "DELETE", "services stay"),
)  # fmt: skip
