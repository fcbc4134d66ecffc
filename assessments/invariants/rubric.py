"""Is every edition in force whole, and does one that a year was opened with stand still [A2][P7]?"""

from park.invariants import Invariant
from park.triggers import Trigger

_USED = "EXISTS (SELECT 1 FROM assessments_evaluationcycle c WHERE c.rubric_id = {row})"
_DAY = "COALESCE(CAST({row}.in_force_from AS TEXT), '')"
_SUM = "(SELECT COALESCE(SUM(i.max_points), 0) FROM assessments_rubricitem i WHERE i.rubric_id = r.id AND i.is_bonus = {bonus})"

INVARIANTS = (
    Invariant(  # points are kept as whole tenths
        "rubric_in_force_is_whole",
        "施行的考核评估细则，基础分和附加分各合计100分",
        "SELECT r.id FROM assessments_rubric r WHERE r.in_force_from IS NOT NULL AND ("
        + _SUM.format(bonus="FALSE")
        + " <> 1000 OR "
        + _SUM.format(bonus="TRUE")
        + " <> 1000)",
    ),
    Invariant(
        "rubric_used_is_in_force",
        "年度考核采用的细则都已施行",
        "SELECT c.id FROM assessments_evaluationcycle c JOIN assessments_rubric r ON r.id = c.rubric_id"
        " WHERE r.in_force_from IS NULL",
    ),
)

_FROZEN = "an edition that a year was opened with does not change"

TRIGGERS = (
    Trigger("rubric_item_none_after", "assessments_rubricitem", "INSERT", _FROZEN, _USED.format(row="NEW.rubric_id")),
    Trigger(
        "rubric_item_frozen",
        "assessments_rubricitem",
        "UPDATE",
        _FROZEN,
        _USED.format(row="OLD.rubric_id") + " OR " + _USED.format(row="NEW.rubric_id"),
    ),
    Trigger("rubric_item_stays", "assessments_rubricitem", "DELETE", _FROZEN, _USED.format(row="OLD.rubric_id")),
    Trigger(
        "rubric_frozen",
        "assessments_rubric",
        "UPDATE",
        _FROZEN,
        _USED.format(row="OLD.id")
        + " AND (OLD.edition <> NEW.edition OR OLD.title <> NEW.title OR OLD.legal_basis <> NEW.legal_basis OR "
        + f"{_DAY.format(row='OLD')} <> {_DAY.format(row='NEW')})",
    ),
)  # fmt: skip
