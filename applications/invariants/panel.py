"""Do seats, agenda and conflicts of a session agree?"""

INVARIANTS = ()
TRIGGERS = ()
