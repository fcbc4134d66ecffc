"""Who checks, who removes a hazard, who reports [5.3][M3.4]?"""

from workshops.permissions import is_logistics, is_of_studio, is_office


def keeps_safety(user, obj=None) -> bool:
    """The office and the logistics make checks and settle incidents."""
    return is_office(user) or is_logistics(user)


def removes_hazard(user, hazard) -> bool:
    """The studio; in a public place the logistics."""
    return is_of_studio(user, hazard.studio) if hazard.studio_id else is_logistics(user)


def rechecks_hazard(user, hazard) -> bool:
    """Somebody who keeps safety, not of the studio, and not whoever removed it."""
    own = hazard.studio_id and is_of_studio(user, hazard.studio)
    return keeps_safety(user) and not own and hazard.answered_by_id != user.pk


def settles_incident(user, incident) -> bool:
    own = incident.studio_id and is_of_studio(user, incident.studio)
    return keeps_safety(user) and not own
