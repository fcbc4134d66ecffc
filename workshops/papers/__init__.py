"""Which papers come of life in the park? Builders stand in one file per concept."""

from park import documents
from workshops.papers import safety

CONCEPTS = (safety,)
# kind -> (builder, title, prefix of its numbers)
KINDS = {kind: row for concept in CONCEPTS for kind, row in concept.KINDS.items()}


def register():
    """Called once, in `AppConfig.ready`."""
    for code, (builder, title, prefix) in KINDS.items():
        documents.register(code, builder, title=title, prefix=prefix)
