"""What must hold in the records of the park: checks in SQL, and the triggers that refuse. One file per concept."""

from park import invariants
from park.triggers import protect
from workshops.invariants import leader_change, residency, studio

CONCEPTS = (studio, residency, leader_change)


def register():
    """Make them known, in `AppConfig.ready`."""
    for concept in CONCEPTS:
        invariants.declare(*concept.INVARIANTS)
        protect(*concept.TRIGGERS)
