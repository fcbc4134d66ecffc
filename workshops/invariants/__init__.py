"""What must hold in the records of the park: checks in SQL, and the triggers that refuse. One file per concept."""

from park import invariants
from park.triggers import protect
from workshops.invariants import (
    benefit,
    fee,
    house_rule,
    leader_change,
    ledger,
    one_off,
    repair,
    residency,
    returns,
    safety,
    studio,
)

CONCEPTS = (
    studio,
    residency,
    leader_change,
    fee,
    one_off,
    repair,
    safety,
    house_rule,
    ledger,
    returns,
    benefit,
)


def register():
    """Make them known, in `AppConfig.ready`."""
    for concept in CONCEPTS:
        invariants.declare(*concept.INVARIANTS)
        protect(*concept.TRIGGERS)
