"""How many points does an item earn, and why [A2]? Pure functions: facts and printed parameters in, points and reasons out.

Nothing here reads a database. P1–P7 and S1–S21 of the ambiguity register are carried out here and nowhere else: the
printed 评分标准 rules, no value is invented, a score stays within 0 and its 分值, and what only settings decide comes in
as `rules`. `SCORERS` is the table of the ways of scoring; a new way is a new function and a row in it.
"""

from assessments.scoring.advice import Next, next_steps
from assessments.scoring.facts import Inspected, Record, YearFacts
from assessments.scoring.grading import CardResult, Graded, grade_cards, is_failing
from assessments.scoring.kinds import SCORERS, score
from assessments.scoring.panel import agreed_grade
from assessments.scoring.result import Proof, Result

__all__ = [
    "SCORERS",
    "CardResult",
    "Graded",
    "Inspected",
    "Next",
    "Proof",
    "Record",
    "Result",
    "YearFacts",
    "agreed_grade",
    "grade_cards",
    "is_failing",
    "next_steps",
    "score",
]
