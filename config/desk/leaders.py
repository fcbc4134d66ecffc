"""What do changes of leaders and masters to win over want from this person next [5.4.2][5.1]?"""

from django.db.models import F
from django.utils import timezone

from config.desk.rows import Row, Section
from park.models import Role
from workshops.models import AttractionLead, LeaderChange, Studio
from workshops.models import LeaderChangeStatus as Change
from workshops.permissions.leader_change import working_group_seat
from workshops.workflow import LEAD, LEADER_CHANGE


def sections_for(user) -> list[Section]:
    """The sections of residencies, dues and records."""
    return [*_leader_changes(user), *_leads(user)]


# ── another leader [5.4.2] ──────────────────────────────────────────────────────────────────────
def _leader_changes(user):
    mine = Studio.objects.of(user).values("pk")
    rows = LeaderChange.objects.visible_to(user).select_related("studio").order_by("due_on", "pk")
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        others = rows.exclude(studio__in=mine)
        yield Section(
            "待核对的领衔人接替提名",
            others.filter(status=Change.NOMINATED),
            _change,
            "workshops:leader_changes",
            query="?status=nominated",
        )
        yield Section(
            "领衔人空缺，应提出取消资格",
            others.unfollowed().filter(studio__in=Studio.objects.resident().values("pk")),
            _change,
            "workshops:leader_changes",
            query="?status=lapsed",
        )
    seat = working_group_seat(user)
    if seat is not None and seat.is_leader:
        yield Section(
            "待审核的领衔人变更",
            rows.filter(status=Change.REVIEWED).exclude(studio__in=mine),
            _change,
            "workshops:leader_changes",
            query="?status=reviewed",
        )
    if user.has_role(Role.APPLICANT):
        yield Section(
            "请提名领衔人接替人",
            rows.filter(status=Change.REPORTED, studio__in=mine),
            _change,
            "workshops:mine",
        )


def _change(row) -> Row:
    stage = LEADER_CHANGE.stage(row)
    return Row(
        row.get_absolute_url(),
        str(row),
        who=row.studio.leader_name,
        label=stage.label,
        public=stage.public,
        due=row.due_on,
    )


# ── masters to win over [5.1] ───────────────────────────────────────────────────────────────────
def _leads(user):
    if user.has_role(Role.ATTRACTION):
        due = AttractionLead.objects.contact_due(timezone.localdate())
        yield Section(
            "该联系的大师",
            due.order_by(F("next_contact_on").asc(), "pk"),
            _lead,
            "workshops:leads",
            query="?contact=overdue",
        )


def _lead(row) -> Row:
    return Row(
        row.get_absolute_url(),
        row.name,
        row.number,
        row.craft,
        LEAD.stage(row).label,
        due=row.next_contact_on,
    )
