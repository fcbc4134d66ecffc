"""Does a repair keep its number, its words and its promise?"""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = (
    Invariant(
        "repair_promised",
        "受理后的报修都有约定完成日期",
        "SELECT number FROM workshops_repairticket WHERE finish_by IS NULL"
        " AND status NOT IN ('reported', 'refused', 'withdrawn')",
    ),
)
TRIGGERS = (
    Trigger("repair_no_delete", "workshops_repairticket", "DELETE", "repairs are withdrawn, their rows stay"),
    Trigger(
        "repair_promise_stands",
        "workshops_repairticket",
        "UPDATE",
        "words and promise of a repair never move",
        "OLD.problem <> NEW.problem OR OLD.number <> NEW.number"
        " OR (OLD.finish_by IS NOT NULL AND (NEW.finish_by IS NULL OR OLD.finish_by <> NEW.finish_by))",
    ),
)
