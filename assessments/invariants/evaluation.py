"""Is every card whole, and does a final one stand still [5.2][A2]?"""

from park.invariants import Invariant
from park.triggers import Trigger

_LINES = "SELECT {what} FROM assessments_scorecardline l WHERE l.card_id = {row}.id"
_FINAL = "EXISTS (SELECT 1 FROM assessments_scorecard c WHERE c.id = {row}.card_id AND c.status = 'final')"
_SUM = _LINES.format(what="COALESCE(SUM(l.points), -1)", row="NEW")
# What a final card is worth, and whose it is.
_WORTH = (
    "cycle_id", "studio_id", "residency_id", "leader_name", "since", "until", "base", "bonus", "total", "grade",
    "grade_basis", "self_by", "verified_at", "finalised_at",
)  # fmt: skip

INVARIANTS = (
    Invariant(
        "scorecard_total_is_that_of_its_lines",
        "告知和确定的考核，总分等于各项得分之和",
        "SELECT c.id FROM assessments_scorecard c WHERE c.status IN ('provisional', 'reconsidering', 'final')"
        " AND (c.total <> (SELECT COALESCE(SUM(l.points), -1) FROM assessments_scorecardline l WHERE l.card_id = c.id)"
        " OR EXISTS (SELECT 1 FROM assessments_scorecardline l WHERE l.card_id = c.id AND l.points IS NULL))",
    ),
    Invariant(
        "scorecard_has_every_item",
        "每份考核评分表都有细则的每一项",
        "SELECT c.id FROM assessments_scorecard c JOIN assessments_evaluationcycle y ON y.id = c.cycle_id"
        " WHERE (SELECT COUNT(*) FROM assessments_scorecardline l JOIN assessments_rubricitem i ON i.id = l.item_id"
        " AND i.rubric_id = y.rubric_id WHERE l.card_id = c.id)"
        " <> (SELECT COUNT(*) FROM assessments_rubricitem i WHERE i.rubric_id = y.rubric_id)",
    ),
    Invariant(
        "scorecard_closed_with_its_year",
        "办结的年度考核中，每份考核都有最终结果",
        "SELECT c.id FROM assessments_scorecard c JOIN assessments_evaluationcycle y ON y.id = c.cycle_id"
        " WHERE y.status = 'closed' AND c.status NOT IN ('final', 'excluded')",
    ),
    Invariant(
        "scorecard_evidence_of_its_own_card",
        "考核证明属于同一份考核评分表",
        "SELECT e.id FROM assessments_lineevidence e JOIN assessments_scorecardline l ON l.id = e.line_id"
        " WHERE l.card_id <> e.card_id OR l.is_bonus <> e.is_bonus",
    ),
    Invariant(
        "scorecard_not_verified_by_its_own",
        "核验人员不是被考核工作室的人员",
        "SELECT c.id FROM assessments_scorecard c JOIN workshops_studio_people sp"
        " ON sp.studio_id = c.studio_id AND sp.user_id = c.verified_by_id"
        " WHERE c.status IN ('verified', 'provisional', 'reconsidering')",
    ),
)

TRIGGERS = (
    Trigger("scorecard_no_delete", "assessments_scorecard", "DELETE", "cards are left out with a reason, their rows stay"),
    Trigger("scorecard_line_no_delete", "assessments_scorecardline", "DELETE", "the lines of a card stay"),
    Trigger("cycle_no_delete", "assessments_evaluationcycle", "DELETE", "a year that was opened stays"),
    Trigger("line_evidence_no_delete", "assessments_lineevidence", "DELETE", "evidence is taken away, its row stays"),
    Trigger("line_grade_no_delete", "assessments_linegrade", "DELETE", "every sheet of the panel stays"),
    Trigger(
        "scorecard_final_frozen",
        "assessments_scorecard",
        "UPDATE",
        "a final card does not change",
        "OLD.status = 'final' AND (NEW.status <> 'final' OR " + " OR ".join(f"NEW.{c} <> OLD.{c}" for c in _WORTH)
        + " OR COALESCE(NEW.place, 0) <> COALESCE(OLD.place, 0))",
    ),
    Trigger(
        "scorecard_final_is_the_sum",
        "assessments_scorecard",
        "UPDATE",
        "the total of a final card is the sum of its lines",
        "NEW.status IN ('provisional', 'final') AND (NEW.total <> ("
        + _SUM
        + ") OR EXISTS ("
        + _LINES.format(what="1", row="NEW")
        + " AND l.points IS NULL))",
    ),
    Trigger(
        "scorecard_line_final_frozen",
        "assessments_scorecardline",
        "UPDATE",
        "a final card does not change",
        _FINAL.format(row="OLD"),
    ),
    Trigger(
        "scorecard_line_none_after",
        "assessments_scorecardline",
        "INSERT",
        "a final card does not change",
        _FINAL.format(row="NEW"),
    ),
    Trigger(
        "cycle_frozen",
        "assessments_evaluationcycle",
        "UPDATE",
        "year and edition of an evaluation never change",
        "OLD.year <> NEW.year OR OLD.rubric_id <> NEW.rubric_id",
    ),
)  # fmt: skip
