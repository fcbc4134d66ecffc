"""What holds of benefits and the policies they rest on [4][T7]; what was decided and delivered never changes."""

from park.invariants import Invariant
from park.triggers import Trigger

_DELIVERED = "('paid', 'appointed', 'nominated', 'concluded')"

INVARIANTS = [
    Invariant(
        "benefit_delivered_where_it_says_so",
        "已拨付、已受聘、已推荐的政策兑现都有一次落实记录，其他的没有",
        f"SELECT b.id FROM workshops_benefit b WHERE (b.status IN {_DELIVERED}) <>"
        " EXISTS (SELECT 1 FROM workshops_benefitdelivery d WHERE d.benefit_id = b.id)",
    ),
    Invariant(
        "benefit_paid_as_granted",
        "拨付的金额就是决定的金额",
        "SELECT b.id FROM workshops_benefit b JOIN workshops_benefitdelivery d ON d.benefit_id = b.id"
        " WHERE d.way = 'paid' AND d.amount_fen <> b.amount_fen",
    ),
    Invariant(
        "benefit_startup_has_registration",
        "提出的创业补贴都有登记注册证明",
        "SELECT b.id FROM workshops_benefit b WHERE b.kind = 'startup_subsidy' AND b.asked_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM workshops_benefitfile f WHERE f.benefit_id = b.id"
        " AND f.proof = 'registration')",
    ),
    Invariant(
        "benefit_milestone_of_its_studio",
        "创业补贴依据的台账记录是本工作室的“升级为技能创业”",
        "SELECT b.id FROM workshops_benefit b JOIN workshops_ledgerrecord l ON l.id = b.milestone_id"
        " WHERE l.studio_id <> b.studio_id OR l.kind <> 'startup'",
    ),
    Invariant(
        "benefit_ends_with_residency",
        "入驻结束或资格取消后没有在办的政策兑现",
        "SELECT b.id FROM workshops_benefit b JOIN workshops_residency r ON r.id = b.residency_id"
        " WHERE r.status IN ('ended', 'revoked') AND b.status IN ('draft', 'asked', 'reviewed', 'granted')",
    ),
    Invariant(
        "benefit_of_its_residency",
        "政策兑现的工作室与入驻的工作室一致",
        "SELECT b.id FROM workshops_benefit b JOIN workshops_residency r ON r.id = b.residency_id"
        " WHERE r.studio_id <> b.studio_id",
    ),
    Invariant(
        "benefit_amount_of_its_clause",
        "执行的标准出自同一条款的政策",
        "SELECT b.id FROM workshops_benefit b JOIN workshops_policyamount a ON a.id = b.amount_id"
        " JOIN workshops_policy p ON p.id = a.policy_id"
        " WHERE (b.kind = 'startup_subsidy' AND p.clause <> '4.2')"
        " OR (b.kind = 'performance_award' AND p.clause <> '4.3')",
    ),
]

TRIGGERS = [
    Trigger("benefit_no_delete", "workshops_benefit", "DELETE", "benefits are kept"),
    Trigger(
        "benefit_decided_frozen",
        "workshops_benefit",
        "UPDATE",
        "a decided benefit does not change",
        "OLD.decided_at IS NOT NULL AND (NEW.decided_at IS NULL OR NEW.decided_at <> OLD.decided_at"
        " OR COALESCE(NEW.amount_fen, 0) <> COALESCE(OLD.amount_fen, 0) OR NEW.kind <> OLD.kind"
        " OR NEW.form <> OLD.form OR NEW.studio_id <> OLD.studio_id OR NEW.opinion <> OLD.opinion"
        " OR COALESCE(NEW.milestone_id, 0) <> COALESCE(OLD.milestone_id, 0)"
        " OR NEW.decision_reason <> OLD.decision_reason OR NEW.statement <> OLD.statement)",
    ),
    Trigger(
        "benefit_file_no_update", "workshops_benefitfile", "UPDATE", "proof of a benefit does not change"
    ),
    Trigger("benefit_file_no_delete", "workshops_benefitfile", "DELETE", "proof of a benefit is kept"),
    Trigger(
        "benefit_delivery_no_update",
        "workshops_benefitdelivery",
        "UPDATE",
        "deliveries are recorded, not changed",
    ),
    Trigger(
        "benefit_delivery_no_delete",
        "workshops_benefitdelivery",
        "DELETE",
        "deliveries are recorded, not changed",
    ),
    Trigger(
        "policy_amount_frozen",
        "workshops_policyamount",
        "UPDATE",
        "amounts of a policy are retired, not changed",
        "OLD.retired_at IS NOT NULL OR NEW.amount_fen <> OLD.amount_fen OR NEW.unit <> OLD.unit"
        " OR NEW.item <> OLD.item OR COALESCE(NEW.cap_fen, 0) <> COALESCE(OLD.cap_fen, 0)"
        " OR NEW.policy_id <> OLD.policy_id OR NEW.condition <> OLD.condition",
    ),
    Trigger("policy_amount_no_delete", "workshops_policyamount", "DELETE", "amounts of a policy are kept"),
]
