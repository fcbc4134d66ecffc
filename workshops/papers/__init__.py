"""Which papers does life in the park have? Builders stand in one file per concept."""

from park import documents
from workshops.papers import ledger, returns

CONCEPTS = (ledger, returns)
KINDS = {kind: row for concept in CONCEPTS for kind, row in concept.KINDS.items()}


def register():
    """Called once, in `AppConfig.ready`."""
    for code, (builder, title, prefix) in KINDS.items():
        documents.register(code, builder, title=title, prefix=prefix)
