"""What must be true of looking at the studios: checks in SQL, and triggers that refuse the contrary."""

from assessments.invariants import evaluation, inspection, rectification, revocation, rubric

CONCEPTS = (evaluation, inspection, rectification, revocation, rubric)
INVARIANTS = [row for concept in CONCEPTS for row in concept.INVARIANTS]
TRIGGERS = [row for concept in CONCEPTS for row in concept.TRIGGERS]
