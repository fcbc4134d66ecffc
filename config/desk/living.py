"""What does life in the park want from this person next [5.3]?"""

from config.desk import facilities, inspection


def sections_for(user) -> list[dict]:
    """The sections of residencies, dues and records."""
    return [*inspection.sections_for(user), *facilities.sections_for(user)]
