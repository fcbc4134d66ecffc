"""Are visits recorded and confirmed by the right people?"""

INVARIANTS = ()
TRIGGERS = ()
