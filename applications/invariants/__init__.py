"""What must be true of the data of admission: checks in SQL, and triggers that refuse the contrary.

`manage.py check_invariants` evaluates the checks; the triggers are installed after every migrate.
"""

from applications.invariants import admitting, ballot, filing, listing, panel, visit

CONCEPTS = (filing, visit, panel, ballot, listing, admitting)
INVARIANTS = [row for concept in CONCEPTS for row in concept.INVARIANTS]
TRIGGERS = [row for concept in CONCEPTS for row in concept.TRIGGERS]
