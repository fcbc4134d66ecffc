"""Does everybody admitted have a place, is everybody on notice shown, and does what was told or published stay?"""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = (
    Invariant(
        "admitted_has_residency",
        "确定入驻的申报有且只有一条入驻登记，其他申报没有",
        "SELECT a.number FROM applications_application a WHERE a.number IS NOT NULL AND (a.status = 'admitted') <>"
        " EXISTS (SELECT 1 FROM workshops_residency r WHERE r.source = a.number)",
    ),
    Invariant(
        "on_notice_is_shown",
        "公示中的申报都列在已发布的公示上",
        "SELECT a.number FROM applications_application a WHERE a.status = 'on_notice' AND NOT EXISTS"
        " (SELECT 1 FROM applications_listentry e JOIN park_announcement n ON n.id = e.notice_id"
        " WHERE e.application_id = a.id AND e.is_open AND n.status IN ('published', 'concluded'))",
    ),
    Invariant(
        "letter_sent_with_paper",
        "已发出的办理结果都有文书",
        "SELECT id FROM applications_letter WHERE sent_at IS NOT NULL AND document_id IS NULL",
    ),
    Invariant(
        "notice_concluded_without_open_objections",
        "已办结的公示没有未处理的异议",
        "SELECT o.number FROM park_objection o JOIN park_announcement n ON n.id = o.announcement_id"
        " WHERE n.status = 'concluded' AND o.outcome = ''",
    ),
)

TRIGGERS = (
    Trigger(
        "letter_sent_frozen",
        "applications_letter",
        "UPDATE",
        "letters that were sent do not change",
        "OLD.sent_at IS NOT NULL AND (OLD.reason <> NEW.reason OR OLD.kind <> NEW.kind OR OLD.sent_at <> NEW.sent_at)",
    ),
    Trigger(
        "announcement_published_frozen",
        "park_announcement",
        "UPDATE",
        "what was published does not change",
        "OLD.published_at IS NOT NULL AND (OLD.title <> NEW.title OR OLD.text <> NEW.text OR OLD.rows <> NEW.rows)",
    ),
    Trigger(
        "objection_decided_frozen",
        "park_objection",
        "UPDATE",
        "objections that were decided do not change",
        "OLD.outcome <> '' AND (OLD.outcome <> NEW.outcome OR OLD.answer <> NEW.answer OR OLD.findings <> NEW.findings)",
    ),
)
