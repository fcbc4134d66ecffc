"""Do the rounds of the ballot add up, and does nobody vote twice?"""

INVARIANTS = ()
TRIGGERS = ()
