"""Do candidate lists rest on verdicts, and decisions on lists?"""

INVARIANTS = ()
TRIGGERS = ()
