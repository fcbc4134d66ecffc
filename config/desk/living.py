"""What does life in the park want from this person next [5.3]?"""

from config.desk.rows import Row, section
from park.models import Role
from workshops.kinds import KINDS
from workshops.models import FILLING, LedgerRecord, LedgerStatus, ReturnStatus, StatisticalReturn, Studio


def sections_for(user) -> list[dict]:
    """The sections of residencies, dues and records."""
    return _ledgers(user) + _returns(user)


def _ledgers(user):
    """To verify, for the office, those of an own studio left out; returned, for the studio."""
    found = []
    own = Studio.objects.of(user).values("pk")
    rows = LedgerRecord.objects.select_related("studio")
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        waiting = rows.filter(status=LedgerStatus.SUBMITTED).exclude(studio__in=own)
        found.append(
            section(
                "待核验的台账", waiting.order_by("status_since", "pk"), _ledger, "workshops:ledger_office"
            )
        )
    if user.has_role(Role.APPLICANT):
        returned = rows.filter(status=LedgerStatus.RETURNED, studio__in=own)
        found.append(
            section("退回修改的台账", returned.order_by("-status_since", "pk"), _ledger, "workshops:mine")
        )
    return found


def _returns(user):
    """To fill in or answer, for the studio; to check and overdue, for the office, own studios left out [5.3]."""
    found = []
    own = Studio.objects.of(user).values("pk")
    rows = StatisticalReturn.objects.select_related("residency__studio", "definition").order_by(
        "due_on", "pk"
    )
    if user.has_role(Role.APPLICANT):
        mine = rows.filter(status__in=FILLING, residency__studio__in=own)
        found.append(section("请报送的统计报表", mine, _own_return, "workshops:mine"))
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        others = rows.exclude(residency__studio__in=own)
        waiting = others.filter(status=ReturnStatus.SUBMITTED)
        every = "?definition=all&state="
        found.append(
            section("待审核的统计报表", waiting, _return, "workshops:returns", query=every + "submitted")
        )
        found.append(
            section(
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


def _ledger(record) -> Row:
    kind = KINDS.get(record.kind)
    return Row(
        record.get_absolute_url(),
        f"{kind.title if kind else ''}：{record.title}",
        record.number,
        record.studio.name,
        record.get_status_display(),
        record.returned_why,
        record.due_on,
    )
