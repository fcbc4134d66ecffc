"""The procedures of life in the park, one table per file."""

from workshops.workflow.attendance import LEAVE
from workshops.workflow.benefit import BENEFIT
from workshops.workflow.bill import BILL
from workshops.workflow.lead import LEAD
from workshops.workflow.leader_change import LEADER_CHANGE
from workshops.workflow.ledger import LEDGER
from workshops.workflow.repair import REPAIR
from workshops.workflow.residency import RESIDENCY
from workshops.workflow.returns import RETURN
from workshops.workflow.safety import HAZARD

__all__ = [
    "BENEFIT",
    "BILL",
    "HAZARD",
    "LEAD",
    "LEADER_CHANGE",
    "LEAVE",
    "LEDGER",
    "REPAIR",
    "RESIDENCY",
    "RETURN",
]
