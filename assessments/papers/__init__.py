"""Which papers come of looking at the studios? Builders stand in one file per concept."""

from assessments.papers import evaluation, inspection, rectification, revocation, service
from park import documents

CONCEPTS = (evaluation, inspection, rectification, revocation, service)
# kind -> (builder, title, prefix of its numbers)
KINDS = {kind: row for concept in CONCEPTS for kind, row in concept.KINDS.items()}


def register():
    """Called once, in `AppConfig.ready`."""
    for code, (builder, title, prefix) in KINDS.items():
        documents.register(code, builder, title=title, prefix=prefix)
