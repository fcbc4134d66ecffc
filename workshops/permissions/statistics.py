"""Who reads the statistics of the park? They name nobody [5.1]."""

from park.models import Role
from park.permissions import has_role

reads_statistics = has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP)
