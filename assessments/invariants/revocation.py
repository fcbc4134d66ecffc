"""Does every revocation rest on its ground, was everybody heard, does the residency follow [5.4]?"""

from park.invariants import Invariant
from park.triggers import Trigger

_CASES = "SELECT v.id FROM assessments_revocation v"
_EFFECT = "('served', 'vacated', 'archived')"
_FACTS = (
    "ground", "facts", "act_kind", "act", "consequence", "established_by", "established_no",
)  # fmt: skip
_LINKS = ("recognition_id", "leader_change_id", "order_id", "act_proof_id", "consequence_proof_id")
_CHANGED = " OR ".join(
    [f"OLD.{name} <> NEW.{name}" for name in _FACTS]
    + [f"COALESCE(OLD.{name}, 0) <> COALESCE(NEW.{name}, 0)" for name in _LINKS]
)

INVARIANTS = (
    Invariant(
        "revocation_ends_the_residency",
        "取消资格生效的，入驻已取消资格",
        f"{_CASES} JOIN workshops_residency r ON r.id = v.residency_id WHERE v.status IN {_EFFECT}"
        " AND r.status <> 'revoked'",
    ),
    Invariant(
        "revocation_rests_on_an_ending",
        "按五（四）1取消的，依据注销或撤销认定的文件，属于同一工作室",
        f"{_CASES} JOIN workshops_residency r ON r.id = v.residency_id"
        " JOIN workshops_recognitionevent e ON e.id = v.recognition_id"
        " WHERE e.kind NOT IN ('cancelled', 'withdrawn') OR e.document_no = '' OR e.studio_id <> r.studio_id",
    ),
    Invariant(
        "revocation_rests_on_a_lapse",
        "按五（四）2取消的，依据逾期无人接替的领衔人变更，属于同一工作室",
        f"{_CASES} JOIN workshops_residency r ON r.id = v.residency_id"
        " JOIN workshops_leaderchange c ON c.id = v.leader_change_id"
        " WHERE c.status <> 'lapsed' OR c.studio_id <> r.studio_id",
    ),
    Invariant(
        "revocation_rests_on_a_failed_recheck",
        "按五（四）4取消的，限期整改已届满且复查不合格，属于同一次入驻",
        f"{_CASES} JOIN assessments_rectificationorder o ON o.id = v.order_id"
        " WHERE o.status <> 'failed' OR o.rechecked_on <= o.deadline OR o.residency_id <> v.residency_id",
    ),
    Invariant(
        "revocation_was_served",
        "生效的取消资格，告知书和决定书都登记了送达",
        f"{_CASES} WHERE v.status IN {_EFFECT} AND (SELECT COUNT(*) FROM assessments_serviceofprocess s"
        " JOIN park_document d ON d.id = s.document_id WHERE d.subject_model = 'assessments.revocation'"
        " AND d.subject_id = CAST(v.id AS VARCHAR(60))"
        " AND d.kind IN ('revocation_notice', 'revocation_decision')) < 2",
    ),
    Invariant(
        "revocation_rooms_are_back",
        "腾退完毕的，房间都已交还",
        f"{_CASES} JOIN workshops_occupancy o ON o.residency_id = v.residency_id"
        " WHERE v.status IN ('vacated', 'archived') AND o.until IS NULL",
    ),
    Invariant(
        "revocation_not_ones_own",
        "办理取消资格的人不是该工作室的人员",
        f"{_CASES} JOIN workshops_residency r ON r.id = v.residency_id"
        " JOIN workshops_studio_people p ON p.studio_id = r.studio_id"
        " WHERE v.status IN ('proposed', 'notified', 'defending', 'heard', 'resolved')"
        " AND p.user_id IN (v.proposed_by_id, v.resolved_by_id)",
    ),
)

TRIGGERS = (
    Trigger(
        "revocation_no_delete", "assessments_revocation", "DELETE", "revocations are dropped, their rows stay"
    ),
    Trigger(
        "revocation_facts_frozen",
        "assessments_revocation",
        "UPDATE",
        "the facts do not change once the studio was told",
        f"OLD.notified_at IS NOT NULL AND ({_CHANGED})",
    ),
    Trigger(
        "revocation_defence_frozen",
        "assessments_revocation",
        "UPDATE",
        "a defence stands as it was made",
        "OLD.defence IN ('online', 'paper') AND (OLD.defence <> NEW.defence OR OLD.defence_text <> NEW.defence_text)",
    ),
    Trigger(
        "revocation_resolution_frozen",
        "assessments_revocation",
        "UPDATE",
        "a resolution does not change",
        "OLD.resolved_at IS NOT NULL AND (OLD.minutes_no <> NEW.minutes_no OR OLD.decision_reason <> NEW.decision_reason"
        " OR OLD.defence_answer <> NEW.defence_answer OR OLD.resolved_by_id <> NEW.resolved_by_id)",
    ),
    Trigger(
        "revocation_does_not_come_back",
        "assessments_revocation",
        "UPDATE",
        "what was served or dropped stays so",
        f"(OLD.status = 'dropped' AND NEW.status <> 'dropped')"
        f" OR (OLD.status IN {_EFFECT} AND NEW.status NOT IN {_EFFECT})",
    ),
    Trigger("revocation_file_stays", "assessments_revocationfile", "DELETE", "what the studio brought stays"),
)
