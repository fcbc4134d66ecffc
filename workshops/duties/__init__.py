"""What is due, from whom, by when? Every concept says it once; the calendar of a studio and that of the park read it.

A kind of duty is registered in `AppConfig.ready`. It gives its open matters in columns that all kinds share, so one
UNION ALL reads them all: the number of queries depends neither on the studios nor on the kinds.
"""

from workshops.duties import attendance, benefit, facilities, fee, leader_change, ledger, residency, returns
from workshops.duties.collecting import collect
from workshops.duties.definition import (
    KINDS,
    TURNS,
    Duty,
    DutyKind,
    Line,
    Part,
    Scope,
    register,
)

__all__ = [
    "KINDS",
    "TURNS",
    "Duty",
    "DutyKind",
    "Line",
    "Part",
    "Scope",
    "collect",
    "register",
    "register_own",
]


def register_own() -> None:
    """The kinds of this app, in the order in which a list of kinds shows them."""
    for concept in (residency, fee, ledger, returns, attendance, leader_change, benefit, facilities):
        register(*concept.DUTIES)
