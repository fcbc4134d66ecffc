"""What do the statistical returns want from this person next [5.3]?"""

from config.desk.rows import Row, Section
from park.models import Role
from workshops.models import FILLING, ReturnStatus, StatisticalReturn, Studio


def sections_for(user) -> list[Section]:
    """To fill in or answer, for the studio; to check and overdue, for the office, own studios left out [5.3]."""
    found = []
    own = Studio.objects.of(user).values("pk")
    rows = StatisticalReturn.objects.select_related("residency__studio", "definition").order_by(
        "due_on", "pk"
    )
    if user.has_role(Role.APPLICANT):
        mine = rows.filter(status__in=FILLING, residency__studio__in=own)
        found.append(Section("请报送的统计报表", mine, _own_return, "workshops:mine"))
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        others = rows.exclude(residency__studio__in=own)
        waiting = others.filter(status=ReturnStatus.SUBMITTED)
        every = "?definition=all&state="
        found.append(
            Section("待审核的统计报表", waiting, _return, "workshops:returns", query=every + "submitted")
        )
        found.append(
            Section(
                "逾期未报的统计报表", others.overdue(), _return, "workshops:returns", query=every + "overdue"
            )
        )
    return found


def _return(row) -> Row:
    return Row(
        row.get_absolute_url(),
        row.residency.studio.name,
        str(row),
        row.residency.studio.leader_name,
        row.get_status_display(),
        due=row.due_on,
    )


def _own_return(row) -> Row:
    return Row(row.get_absolute_url(), str(row), label=row.get_status_display(), due=row.due_on)
