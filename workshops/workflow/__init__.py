"""The procedures of life in the park, one table per file."""

from workshops.workflow.attendance import LEAVE

__all__ = ["LEAVE"]
