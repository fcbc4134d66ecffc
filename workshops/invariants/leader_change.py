"""What holds of changes of the leader [5.4.2]: an approved one moved the lead, a decided nomination stays as it is."""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = [
    Invariant(
        "leader_change_decided_as_its_nomination",
        "同意的领衔人变更有一次获同意的提名，其他的没有",
        "SELECT c.id FROM workshops_leaderchange c WHERE (c.status = 'approved') <>"
        " EXISTS (SELECT 1 FROM workshops_leadernomination n WHERE n.change_id = c.id AND n.outcome = 'approved')",
    ),
    Invariant(
        "leader_change_pending_nomination",
        "等待核对或审核的领衔人变更有一次未决的提名，其他的没有",
        "SELECT c.id FROM workshops_leaderchange c WHERE (c.status IN ('nominated', 'reviewed')) <>"
        " EXISTS (SELECT 1 FROM workshops_leadernomination n WHERE n.change_id = c.id AND n.outcome = '')",
    ),
    Invariant(
        "leader_change_rests_on_a_condition",
        "获同意的接替人至少符合一项入驻条件",
        "SELECT n.id FROM workshops_leadernomination n WHERE n.outcome = 'approved' AND NOT EXISTS"
        " (SELECT 1 FROM workshops_nominationground g WHERE g.nomination_id = n.id AND g.verdict = 'met')",
    ),
    Invariant(
        "leader_change_old_leader_left",
        "变更获同意后原领衔人已登记离开",
        "SELECT c.id FROM workshops_leaderchange c JOIN workshops_person p ON p.id = c.leaving_id"
        " WHERE c.status = 'approved' AND (p.left_on IS NULL OR p.left_on <> c.left_on)",
    ),
]

TRIGGERS = [
    Trigger(
        "leader_nomination_decided",
        "workshops_leadernomination",
        "UPDATE",
        "a decided nomination does not change",
        "OLD.outcome <> ''",
    ),
    Trigger("leader_nomination_no_delete", "workshops_leadernomination", "DELETE", "nominations are kept"),
    Trigger(
        "nomination_ground_judged",
        "workshops_nominationground",
        "UPDATE",
        "a judged condition does not change",
        "OLD.verdict <> ''",
    ),
    Trigger("lead_contact_no_update", "workshops_leadcontact", "UPDATE", "contacts are added, not changed"),
    Trigger("lead_contact_no_delete", "workshops_leadcontact", "DELETE", "contacts are added, not changed"),
]
