"""Is every danger that was found followed up, and do reports stand as they were made?"""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = (
    Invariant(
        "hazard_for_every_danger",
        "安全检查中每一处隐患都已登记",
        "SELECT l.id FROM workshops_safetyline l LEFT JOIN workshops_hazard h ON h.line_id = l.id"
        " WHERE NOT l.is_safe AND h.id IS NULL",
    ),
)
TRIGGERS = (
    Trigger("hazard_no_delete", "workshops_hazard", "DELETE", "hazards are closed, their rows stay"),
    Trigger(
        "hazard_day_stands",
        "workshops_hazard",
        "UPDATE",
        "problem and day of a hazard never move",
        "OLD.fix_by <> NEW.fix_by OR OLD.problem <> NEW.problem OR OLD.severity <> NEW.severity",
    ),
    Trigger("safety_line_frozen", "workshops_safetyline", "UPDATE", "a safety check does not change"),
    Trigger("safety_line_no_delete", "workshops_safetyline", "DELETE", "a safety check does not change"),
    Trigger("incident_no_delete", "workshops_incident", "DELETE", "incidents stay"),
    Trigger(
        "incident_report_stands",
        "workshops_incident",
        "UPDATE",
        "a report of an incident does not change",
        "OLD.facts <> NEW.facts OR OLD.happened_at <> NEW.happened_at OR OLD.injured <> NEW.injured"
        " OR OLD.loss <> NEW.loss OR OLD.settled_at IS NOT NULL",
    ),
)
