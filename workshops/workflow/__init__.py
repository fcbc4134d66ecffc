"""The procedures of life in the park, one table per file."""

from workshops.workflow.ledger import LEDGER
from workshops.workflow.returns import RETURN

__all__ = ["LEDGER", "RETURN"]
