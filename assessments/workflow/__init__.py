"""The procedures of looking at the studios, one table per file."""

from assessments.workflow.inspection import FINDING, INSPECTION
from assessments.workflow.rectification import RECTIFICATION
from assessments.workflow.revocation import REVOCATION
from assessments.workflow.scorecard import CYCLE, SCORECARD

__all__ = ["CYCLE", "FINDING", "INSPECTION", "RECTIFICATION", "REVOCATION", "SCORECARD"]
