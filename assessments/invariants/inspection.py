"""Do the records of an inspection stand still once they are made, and does every problem end before it does?"""

from park.invariants import Invariant
from park.triggers import Trigger

_OPEN = "EXISTS (SELECT 1 FROM assessments_inspection i WHERE i.id = {row}.inspection_id AND i.status <> 'planned')"

INVARIANTS = (
    Invariant(
        "inspection_ends_with_its_findings",
        "已办结的检查没有未整改的问题",
        "SELECT i.id FROM assessments_inspection i JOIN assessments_finding f ON f.inspection_id = i.id"
        " WHERE i.status = 'closed' AND f.status <> 'closed'",
    ),
    Invariant(
        "inspection_problems_followed_up",
        "核对过的检查，每一项不符合都登记为问题",
        "SELECT l.id FROM assessments_inspectionline l JOIN assessments_inspection i ON i.id = l.inspection_id"
        " LEFT JOIN assessments_finding f ON f.line_id = l.id"
        " WHERE i.status IN ('closing', 'closed') AND l.verdict = 'not_met' AND f.id IS NULL",
    ),
    Invariant(
        "inspection_lines_judged",
        "完成记录的检查，每一项都有结论",
        "SELECT l.id FROM assessments_inspectionline l JOIN assessments_inspection i ON i.id = l.inspection_id"
        " WHERE i.status IN ('recorded', 'closing', 'closed') AND l.verdict = ''",
    ),
    Invariant(
        "inspection_not_one_own",
        "检查人员不是被检查工作室的人员",
        "SELECT p.inspection_id FROM assessments_inspector p JOIN assessments_inspection i ON i.id = p.inspection_id"
        " JOIN workshops_residency r ON r.id = i.residency_id"
        " JOIN workshops_studio_people sp ON sp.studio_id = r.studio_id AND sp.user_id = p.user_id"
        " WHERE i.status IN ('planned', 'recorded')",
    ),
    Invariant(
        "inspection_ends_with_residency",
        "入驻结束之后的检查已经取消",
        "SELECT i.id FROM assessments_inspection i JOIN workshops_residency r ON r.id = i.residency_id"
        " WHERE i.status = 'planned' AND i.inspect_on > r.ended_on",
    ),
)

TRIGGERS = (
    Trigger("inspection_no_delete", "assessments_inspection", "DELETE", "inspections are called off, their rows stay"),
    Trigger("finding_no_delete", "assessments_finding", "DELETE", "findings are closed, their rows stay"),
    Trigger(
        "finding_frozen",
        "assessments_finding",
        "UPDATE",
        "problem and day of a finding never move",
        "OLD.fix_by <> NEW.fix_by OR OLD.problem <> NEW.problem OR OLD.inspection_id <> NEW.inspection_id"
        " OR OLD.severity <> NEW.severity OR OLD.clause <> NEW.clause",
    ),
    Trigger(
        "inspection_line_frozen",
        "assessments_inspectionline",
        "UPDATE",
        "a finished record does not change",
        _OPEN.format(row="OLD"),
    ),
    Trigger(
        "inspection_line_stays",
        "assessments_inspectionline",
        "DELETE",
        "the checklist of an inspection stays",
    ),
)  # fmt: skip
