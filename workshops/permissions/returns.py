"""Who reports, who checks and who defines statistical returns: the studio, and the park office, never for its own studio."""

from workshops.models import FILLING
from workshops.permissions import is_of_studio, is_officer


def reports_return(user, row) -> bool:
    """The people of the studio [5.3]."""
    return is_of_studio(user, row.residency.studio)


def checks_return(user, row) -> bool:
    """The park office [5.1][5.3]."""
    return is_officer(user, row.residency.studio)


def may_fill(user, row) -> bool:
    """The studio; or the office, from what the studio handed in on paper."""
    return row.status in FILLING and (reports_return(user, row) or checks_return(user, row))
