"""The procedures of life in the park, one table per file."""

from workshops.workflow.ledger import LEDGER

__all__ = ["LEDGER"]
