"""What do the ledgers want from this person next [2][5.3]?"""

from config.desk.rows import Row, Section
from park.models import Role
from workshops.kinds import KINDS
from workshops.models import LedgerRecord, LedgerStatus, Studio


def sections_for(user) -> list[Section]:
    """The sections of residencies, dues and records."""
    return _ledgers(user)


def _ledgers(user):
    """To verify, for the office, those of an own studio left out; returned, for the studio."""
    found = []
    own = Studio.objects.of(user).values("pk")
    rows = LedgerRecord.objects.select_related("studio")
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        waiting = rows.filter(status=LedgerStatus.SUBMITTED).exclude(studio__in=own)
        found.append(
            Section(
                "待核验的台账", waiting.order_by("status_since", "pk"), _ledger, "workshops:ledger_office"
            )
        )
    if user.has_role(Role.APPLICANT):
        returned = rows.filter(status=LedgerStatus.RETURNED, studio__in=own)
        found.append(
            Section("退回修改的台账", returned.order_by("-status_since", "pk"), _ledger, "workshops:mine")
        )
    return found


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
