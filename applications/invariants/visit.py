"""Do visits belong to a case that is being visited, and do their records stand still once they are made?"""

from park.invariants import Invariant
from park.triggers import Trigger

_PAPER = (
    " (SELECT 1 FROM park_document d WHERE d.kind = 'visit_notice' AND d.subject_model = 'applications.sitevisit'"
    " AND d.subject_id = CAST(v.id AS VARCHAR(60)) AND d.state IN ('pending', 'issued', 'failed'))"
)
_OPEN = (
    "EXISTS (SELECT 1 FROM applications_sitevisit v WHERE v.id = {row}.visit_id AND v.status <> 'planned')"
)

INVARIANTS = (
    Invariant(
        "visit_while_visited",
        "没有办结的考察只属于正在现场考察的申报",
        "SELECT v.id FROM applications_sitevisit v JOIN applications_application a ON a.id = v.application_id"
        " WHERE v.status IN ('planned', 'recorded') AND a.status <> 'site_visit'",
    ),
    Invariant(
        "visit_rounds",
        "每份申报的考察次数从 1 起连续",
        "SELECT application_id FROM applications_sitevisit GROUP BY application_id HAVING COUNT(*) <> MAX(round)",
    ),
    Invariant(
        "visit_passed",
        "进入集中评议及以后的申报，最近一次考察已办结并通过",
        "SELECT a.number FROM applications_application a WHERE a.status IN ('deliberation', 'ballot', 'candidate',"
        " 'listed', 'waitlisted', 'approved', 'on_notice', 'admitted') AND NOT EXISTS"
        " (SELECT 1 FROM applications_sitevisit v WHERE v.application_id = a.id AND v.status = 'settled'"
        " AND v.outcome = 'passed' AND NOT EXISTS (SELECT 1 FROM applications_sitevisit w"
        " WHERE w.application_id = a.id AND w.status <> 'cancelled' AND w.round > v.round))",
    ),
    Invariant(
        "visit_told",
        "待考察的都有有效的通知，取消的没有",
        f"SELECT v.id FROM applications_sitevisit v WHERE (v.status = 'planned' AND NOT EXISTS{_PAPER})"
        f" OR (v.status = 'cancelled' AND EXISTS{_PAPER})",
    ),
    Invariant(
        "visit_not_one_own",
        "考察人员不是被考察工作室的申报账号本人",
        "SELECT p.visit_id FROM applications_visitor p JOIN applications_sitevisit v ON v.id = p.visit_id"
        " JOIN applications_application a ON a.id = v.application_id WHERE a.applicant_id = p.user_id",
    ),
)

TRIGGERS = (
    Trigger("visit_no_delete", "applications_sitevisit", "DELETE", "visits are called off, their rows stay"),
    Trigger(
        "visit_settled_frozen",
        "applications_sitevisit",
        "UPDATE",
        "a settled visit does not change",
        "OLD.status IN ('settled', 'cancelled') AND (OLD.status <> NEW.status OR OLD.findings <> NEW.findings"
        " OR OLD.outcome <> NEW.outcome OR OLD.reason <> NEW.reason OR OLD.confirmation <> NEW.confirmation"
        " OR OLD.studio_remark <> NEW.studio_remark OR OLD.visit_on <> NEW.visit_on OR OLD.round <> NEW.round"
        " OR OLD.application_id <> NEW.application_id)",
    ),
    *(
        Trigger(
            f"visit_line_closed_{event.lower()}",
            "applications_visitline",
            event,
            "the record of the visit is closed",
            _OPEN.format(row="OLD" if event == "DELETE" else "NEW"),
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    Trigger(
        "visit_photo_no_delete", "applications_visitphoto", "DELETE", "pictures are taken out, rows stay"
    ),
    Trigger(
        "visit_photo_closed",
        "applications_visitphoto",
        "INSERT",
        "the record of the visit is closed",
        _OPEN.format(row="NEW"),
    ),
)
