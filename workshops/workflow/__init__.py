"""The procedures of life in the park, one table per file."""

from workshops.workflow.residency import RESIDENCY

__all__ = ["RESIDENCY"]
