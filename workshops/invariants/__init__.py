"""What must be true of the data of the park: checks in SQL, and triggers that refuse the contrary."""

from workshops.invariants import ledger, returns

CONCEPTS = (ledger, returns)
INVARIANTS = [row for concept in CONCEPTS for row in concept.INVARIANTS]
TRIGGERS = [row for concept in CONCEPTS for row in concept.TRIGGERS]
