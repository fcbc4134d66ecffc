"""The procedures of life in the park, one table per file."""

from workshops.workflow.bill import BILL

__all__ = ["BILL"]
