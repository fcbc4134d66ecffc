"""Where do the papers of life in the park get their words? From frozen rows. One file per concept."""

from park import documents
from workshops.papers import (
    agreement,
    attendance,
    benefit,
    bill,
    handover,
    leader_change,
    ledger,
    returns,
    safety,
)

CONCEPTS = (agreement, handover, attendance, leader_change, bill, safety, ledger, returns, benefit)


def register():
    """Make the papers of this app known, in `AppConfig.ready`."""
    for concept in CONCEPTS:
        for code, (builder, title, prefix) in concept.KINDS.items():
            documents.register(code, builder, title=title, prefix=prefix)
