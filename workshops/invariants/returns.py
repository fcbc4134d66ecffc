"""Do deadlines stand, do accepted figures stand, does nobody check their own [5.3]?"""

from park.invariants import Invariant
from park.triggers import Trigger

_ACCEPTED = (
    "EXISTS (SELECT 1 FROM workshops_statisticalreturn r WHERE r.id = {row}.statistical_return_id"
    " AND r.status = 'accepted')"
)
_USED = "EXISTS (SELECT 1 FROM workshops_returnvalue v WHERE v.figure_id = OLD.id)"

INVARIANTS = (
    Invariant(
        "return_of_its_definition",
        "报表的代码与其定义一致",
        "SELECT r.id FROM workshops_statisticalreturn r JOIN workshops_returndefinition d ON d.id = r.definition_id"
        " WHERE d.code <> r.definition_code",
    ),
    Invariant(
        "return_values_whole",
        "每份报表恰有其定义的全部指标",
        "SELECT r.id FROM workshops_statisticalreturn r WHERE"
        " (SELECT COUNT(*) FROM workshops_returnvalue v JOIN workshops_returnfigure f ON f.id = v.figure_id"
        " WHERE v.statistical_return_id = r.id AND f.definition_id = r.definition_id)"
        " <> (SELECT COUNT(*) FROM workshops_returnfigure f WHERE f.definition_id = r.definition_id)"
        " OR EXISTS (SELECT 1 FROM workshops_returnvalue v JOIN workshops_returnfigure f ON f.id = v.figure_id"
        " WHERE v.statistical_return_id = r.id AND f.definition_id <> r.definition_id)",
    ),
    Invariant(
        "return_reported_whole",
        "报送的报表没有漏填的必填指标，没有未答复的疑问",
        "SELECT r.id FROM workshops_statisticalreturn r JOIN workshops_returnvalue v ON v.statistical_return_id = r.id"
        " JOIN workshops_returnfigure f ON f.id = v.figure_id WHERE r.status IN ('submitted', 'accepted')"
        " AND (f.is_required AND v.value IS NULL OR EXISTS"
        " (SELECT 1 FROM workshops_returnquestion q WHERE q.value_id = v.id AND q.answered_at IS NULL))",
    ),
    Invariant(
        "return_nobody_checks_own",
        "没有人审核自己工作室的报表",
        "SELECT r.id FROM workshops_statisticalreturn r JOIN workshops_residency s ON s.id = r.residency_id"
        " JOIN workshops_studio_people p ON p.studio_id = s.studio_id AND p.user_id = r.accepted_by_id",
    ),
)

TRIGGERS = (
    Trigger(
        "return_deadline_stands",
        "workshops_statisticalreturn",
        "UPDATE",
        "deadlines of returns never slide",
        "OLD.deadline <> NEW.deadline OR OLD.residency_id <> NEW.residency_id OR OLD.definition_id <> NEW.definition_id"
        " OR OLD.first_on <> NEW.first_on OR OLD.last_on <> NEW.last_on OR (OLD.first_submitted_at IS NOT NULL"
        " AND (NEW.first_submitted_at IS NULL OR OLD.first_submitted_at <> NEW.first_submitted_at))",
    ),
    Trigger(
        "return_no_delete", "workshops_statisticalreturn", "DELETE", "returns are waived, their rows stay"
    ),
    Trigger(
        "return_value_frozen",
        "workshops_returnvalue",
        "UPDATE",
        "figures of accepted returns do not change",
        f"{_ACCEPTED.format(row='OLD')} OR OLD.figure_id <> NEW.figure_id"
        " OR OLD.statistical_return_id <> NEW.statistical_return_id",
    ),
    Trigger("return_value_no_delete", "workshops_returnvalue", "DELETE", "figures of returns stay"),
    Trigger(
        "return_figure_frozen",
        "workshops_returnfigure",
        "UPDATE",
        "figures that are in use change in a new version",
        _USED,
    ),
    Trigger(
        "return_question_frozen",
        "workshops_returnquestion",
        "UPDATE",
        "questions and their answers stay",
        "OLD.answered_at IS NOT NULL OR OLD.question <> NEW.question OR OLD.value_id <> NEW.value_id",
    ),
    Trigger("return_question_no_delete", "workshops_returnquestion", "DELETE", "questions and answers stay"),
)
