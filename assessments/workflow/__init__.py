"""The procedures of looking at the studios, one table per file."""

from assessments.workflow.inspection import FINDING, INSPECTION

__all__ = ["FINDING", "INSPECTION"]
