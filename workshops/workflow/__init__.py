"""The procedures of life in the park, one table per file."""

from workshops.workflow.repair import REPAIR
from workshops.workflow.safety import HAZARD

__all__ = ["HAZARD", "REPAIR"]
