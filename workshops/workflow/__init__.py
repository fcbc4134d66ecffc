"""The procedures of life in the park, one table per file."""

from workshops.workflow.attendance import LEAVE
from workshops.workflow.bill import BILL
from workshops.workflow.lead import LEAD
from workshops.workflow.leader_change import LEADER_CHANGE
from workshops.workflow.residency import RESIDENCY

__all__ = ["BILL", "LEAD", "LEADER_CHANGE", "LEAVE", "RESIDENCY"]
