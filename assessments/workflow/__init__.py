"""The procedures of looking at the studios, one table per file."""

from assessments.workflow.inspection import FINDING, INSPECTION
from assessments.workflow.rectification import RECTIFICATION
from assessments.workflow.revocation import REVOCATION

__all__ = ["FINDING", "INSPECTION", "RECTIFICATION", "REVOCATION"]
