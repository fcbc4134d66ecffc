"""Who prepares an edition of the scorecard and brings it into force? The office [5.2]; everybody reads what holds."""

from workshops.permissions import is_office


def prepares_rubrics(user, rubric=None) -> bool:
    return is_office(user)
