"""What must be true of the data of life in the park: checks in SQL, and triggers that refuse the contrary."""

from workshops.invariants import fee

CONCEPTS = (fee,)
INVARIANTS = [row for concept in CONCEPTS for row in concept.INVARIANTS]
TRIGGERS = [row for concept in CONCEPTS for row in concept.TRIGGERS]
