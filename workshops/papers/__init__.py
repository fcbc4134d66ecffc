"""Which papers are there in the life of the park? Builders stand in one file per concept."""

from park import documents
from workshops.papers import agreement, handover

CONCEPTS = (agreement, handover)


def register():
    """Called once, in `AppConfig.ready`."""
    for concept in CONCEPTS:
        for code, (builder, title, prefix) in concept.KINDS.items():
            documents.register(code, builder, title=title, prefix=prefix)
