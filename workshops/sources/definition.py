"""What is one figure that the system knows?"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """`kind` is that of a figure: int, decimal or money (in fen)."""

    code: str
    label: str
    unit: str
    kind: str
    read: Callable  # (studio ids, first, last) -> {studio id: value}
    says: str = ""  # what is counted, to the office
