"""Who may write the people of a studio [D2]."""

from workshops.permissions import is_of_studio, is_officer


def keeps_persons(user, studio) -> bool:
    """The studio's own people, and the office."""
    return is_of_studio(user, studio) or is_officer(user, studio)
