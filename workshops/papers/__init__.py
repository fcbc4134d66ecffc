"""Where do the papers of life in the park get their words? From frozen rows. One file per concept."""

from park import documents
from workshops.papers import attendance

KINDS = attendance.KINDS


def register():
    """Make the papers of this app known, in `AppConfig.ready`."""
    for code, (builder, title, prefix) in KINDS.items():
        documents.register(code, builder, title=title, prefix=prefix)
