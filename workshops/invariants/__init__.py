"""What must be true of life in the park: checks in SQL, and triggers that refuse the contrary."""

from workshops.invariants import house_rule, repair, safety

CONCEPTS = (repair, safety, house_rule)
INVARIANTS = [row for concept in CONCEPTS for row in concept.INVARIANTS]
TRIGGERS = [row for concept in CONCEPTS for row in concept.TRIGGERS]
