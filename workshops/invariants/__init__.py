"""What must be true of life in the park at any time, and what the database refuses. One file per concept."""

from workshops.invariants import residency

CONCEPTS = (residency,)
INVARIANTS = tuple(row for concept in CONCEPTS for row in concept.INVARIANTS)
TRIGGERS = tuple(row for concept in CONCEPTS for row in concept.TRIGGERS)
