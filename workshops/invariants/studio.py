"""What holds between a studio, its leader and its recognition [1][5.4.1]; recorded decisions never change."""

from park.invariants import Invariant
from park.triggers import Trigger

INVARIANTS = [
    Invariant(
        "studio_led_by_its_leader",
        "工作室的领衔人姓名与现任领衔人一致",
        "SELECT s.id FROM workshops_studio s JOIN workshops_person p ON p.studio_id = s.id"
        " WHERE p.is_leader AND p.left_on IS NULL AND p.name <> s.leader_name",
    ),
    Invariant(
        "studio_level_follows_recognition",
        "工作室的认定级别与最后一次认定事项一致",
        "SELECT s.id FROM workshops_studio s JOIN workshops_recognitionevent r ON r.studio_id = s.id"
        " WHERE NOT EXISTS (SELECT 1 FROM workshops_recognitionevent n WHERE n.studio_id = s.id"
        " AND (n.decided_on > r.decided_on OR (n.decided_on = r.decided_on AND n.id > r.id)))"
        " AND ((r.kind IN ('cancelled', 'withdrawn') AND s.level_id IS NOT NULL)"
        " OR (r.kind NOT IN ('cancelled', 'withdrawn') AND (s.level_id IS NULL OR s.level_id <> r.level_id)))",
    ),
]

TRIGGERS = [
    Trigger(
        "recognition_no_update", "workshops_recognitionevent", "UPDATE", "decisions are recorded, not changed"
    ),
    Trigger(
        "recognition_no_delete", "workshops_recognitionevent", "DELETE", "decisions are recorded, not changed"
    ),
]
