"""Do candidate lists rest on verdicts, and decisions on lists?"""

from park.invariants import Invariant
from park.triggers import Trigger

_ENTRIES = (
    "SELECT l.number FROM applications_listentry e JOIN applications_candidatelist l ON l.id = e.list_id"
)
_ON_A_LIST = "('listed', 'waitlisted', 'approved', 'on_notice', 'admitted')"

INVARIANTS = (
    Invariant(
        "list_rests_on_verdicts",
        "候选名单的每一行都依据本件申报通过的表决，票数一致",
        "SELECT l.number FROM applications_listentry e JOIN applications_candidatelist l ON l.id = e.list_id"
        " JOIN applications_ballotround r ON r.id = e.round_id JOIN applications_agendaitem i ON i.id = e.item_id"
        " WHERE r.outcome <> 'passed' OR r.item_id <> e.item_id OR i.application_id <> e.application_id"
        " OR e.approve <> r.approve OR e.eligible <> r.eligible",
    ),
    Invariant(
        "list_ranks_and_places",
        "名单名次从 1 起连续，名额以内为候选，其余为候补",
        "SELECT l.number FROM applications_candidatelist l JOIN applications_listentry e ON e.list_id = l.id"
        " GROUP BY l.id, l.number, l.places HAVING MAX(e.rank) <> COUNT(*) OR MIN(e.rank) <> 1"
        " OR SUM(CASE WHEN (e.rank <= l.places AND e.place <> 'candidate')"
        " OR (e.rank > l.places AND e.place <> 'waitlist') THEN 1 ELSE 0 END) > 0",
    ),
    Invariant(
        "listed_is_on_a_list",
        "待审核认定、候补、认定同意的申报都在一份报送过的名单上",
        "SELECT a.number FROM applications_application a WHERE a.status IN "
        + _ON_A_LIST
        + " AND NOT EXISTS (SELECT 1 FROM applications_listentry e JOIN applications_candidatelist l"
        " ON l.id = e.list_id WHERE e.application_id = a.id AND e.is_open AND l.sent_at IS NOT NULL"
        " AND l.status IN ('sent', 'resolved'))",
    ),
    Invariant(
        "list_row_in_use",
        "名单在用的行，申报还在这条路上",
        _ENTRIES + " JOIN applications_application a ON a.id = e.application_id"
        " WHERE e.is_open AND a.status NOT IN ('candidate', 'listed', 'waitlisted', 'approved', 'on_notice', 'admitted')",
    ),
    Invariant(
        "decision_matches_status",
        "认定同意、候补、确定入驻的申报，所在名单已审核认定为同意",
        _ENTRIES + " JOIN applications_application a ON a.id = e.application_id WHERE e.is_open"
        " AND a.status IN ('waitlisted', 'approved', 'on_notice', 'admitted')"
        " AND (e.decision <> 'approve' OR l.status <> 'resolved')",
    ),
    Invariant(
        "resolution_complete",
        "已审核认定的名单写明会议纪要，在用的行都有决定",
        "SELECT l.number FROM applications_candidatelist l WHERE l.status = 'resolved' AND (l.minutes_no = ''"
        " OR l.minutes_on IS NULL OR l.resolved_by_id IS NULL OR EXISTS (SELECT 1 FROM applications_listentry e"
        " WHERE e.list_id = l.id AND e.is_open AND e.decision = ''))",
    ),
    Invariant(
        "approver_is_not_compiler",
        "审核认定的人不是名单的编制人或报送人",
        _ENTRIES + " WHERE e.decided_by_id IS NOT NULL"
        " AND (e.decided_by_id = l.compiled_by_id OR e.decided_by_id = l.sent_by_id)"
        " UNION SELECT l.number FROM applications_candidatelist l WHERE l.resolved_by_id IS NOT NULL"
        " AND (l.resolved_by_id = l.compiled_by_id OR l.resolved_by_id = l.sent_by_id)",
    ),
    Invariant(
        "places_not_exceeded",
        "认定同意和确定入驻的不超过名单的名额",
        "SELECT l.number FROM applications_candidatelist l JOIN applications_listentry e ON e.list_id = l.id"
        " JOIN applications_application a ON a.id = e.application_id WHERE e.is_open"
        " AND a.status IN ('approved', 'on_notice', 'admitted') GROUP BY l.id, l.number, l.places"
        " HAVING COUNT(*) > l.places",
    ),
    Invariant(
        "office_box_cites_resolution",
        "管理办公室审批意见写在审核认定同意之后，并引用会议纪要",
        _ENTRIES + " WHERE e.office_opinion <> '' AND (e.decision <> 'approve' OR l.status <> 'resolved'"
        " OR e.office_opinion NOT LIKE '%' || l.minutes_no || '%' OR e.form_id IS NULL)",
    ),
)

_OPINION_OF_RESOLVED = (
    "EXISTS (SELECT 1 FROM applications_listentry e JOIN applications_candidatelist l ON l.id = e.list_id"
    " WHERE e.id = {row}.entry_id AND l.status <> 'sent')"
)

TRIGGERS = (
    Trigger(
        "candidate_list_no_delete", "applications_candidatelist", "DELETE", "lists are made void, they stay"
    ),
    Trigger(
        "candidate_list_frozen",
        "applications_candidatelist",
        "UPDATE",
        "a resolved list does not change",
        "OLD.status = 'resolved' AND (OLD.status <> NEW.status OR OLD.number <> NEW.number"
        " OR OLD.title <> NEW.title OR OLD.places <> NEW.places OR OLD.ranking <> NEW.ranking"
        " OR OLD.note <> NEW.note OR OLD.compiled_by_id <> NEW.compiled_by_id OR OLD.compiled_at <> NEW.compiled_at"
        " OR OLD.sent_by_id <> NEW.sent_by_id OR OLD.sent_at <> NEW.sent_at OR OLD.minutes_no <> NEW.minutes_no"
        " OR OLD.minutes_on <> NEW.minutes_on OR OLD.resolution <> NEW.resolution"
        " OR OLD.resolved_by_id <> NEW.resolved_by_id OR OLD.resolved_at <> NEW.resolved_at)",
    ),
    Trigger(
        "list_entry_frozen",
        "applications_listentry",
        "UPDATE",
        "decided rows do not change",
        "OLD.decision <> '' AND (OLD.decision <> NEW.decision OR OLD.reason <> NEW.reason"
        " OR OLD.decided_by_id <> NEW.decided_by_id OR OLD.decided_at <> NEW.decided_at"
        " OR OLD.own_unit <> NEW.own_unit OR OLD.rank <> NEW.rank OR OLD.place <> NEW.place"
        " OR OLD.approve <> NEW.approve OR OLD.eligible <> NEW.eligible OR OLD.round_id <> NEW.round_id"
        " OR OLD.item_id <> NEW.item_id OR OLD.application_id <> NEW.application_id OR OLD.list_id <> NEW.list_id)",
    ),
    Trigger(
        "list_entry_no_delete",
        "applications_listentry",
        "DELETE",
        "rows of a list that was sent stay",
        "EXISTS (SELECT 1 FROM applications_candidatelist l WHERE l.id = OLD.list_id AND l.status <> 'drafting')",
    ),
    Trigger(
        "list_decider_is_another",
        "applications_listentry",
        "UPDATE",
        "nobody decides on a list they compiled or sent",
        "NEW.decided_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM applications_candidatelist l"
        " WHERE l.id = NEW.list_id AND (l.compiled_by_id = NEW.decided_by_id OR l.sent_by_id = NEW.decided_by_id))",
    ),
    Trigger(
        "member_opinion_frozen",
        "applications_memberopinion",
        "UPDATE",
        "opinions stand once the list is decided",
        _OPINION_OF_RESOLVED.format(row="OLD"),
    ),
    Trigger(
        "member_opinion_no_delete",
        "applications_memberopinion",
        "DELETE",
        "opinions stand once the list is decided",
        _OPINION_OF_RESOLVED.format(row="OLD"),
    ),
)
