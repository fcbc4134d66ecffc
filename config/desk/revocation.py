"""What do revocations want from this person next [5.4]?"""

from assessments.models import Revocation
from assessments.models import RevocationStatus as S
from assessments.workflow import REVOCATION
from config.desk.rows import Row, Section
from park.models import Role
from park.permissions import is_office
from workshops.models import Studio
from workshops.permissions.leader_change import working_group_seat

LIST = "assessments:revocations"
OF_OFFICE = (
    ("待出具取消资格告知书", S.PROPOSED),
    ("待送达的取消资格告知书", S.NOTIFIED),
    ("待送达的取消资格决定书", S.RESOLVED),
    ("取消资格后待腾退", S.SERVED),
    ("待归档的取消资格", S.VACATED),
)


def sections_for(user) -> list[dict]:
    """The defence and the rooms for the studio, the decision for the leader of the working group, the rest for the office."""
    return list(_sections(user))


def _sections(user):
    rows = Revocation.objects.visible_to(user).select_related("residency__studio").order_by("due_on", "pk")
    mine = Studio.objects.of(user).values("pk")
    if user.has_role(Role.APPLICANT):
        own = rows.filter(residency__studio__in=mine)
        yield Section("可以陈述申辩的取消资格", own.filter(status=S.DEFENDING), _case, "workshops:mine")
        yield Section("请办理腾退", own.filter(status=S.SERVED), _case, "workshops:mine")
    others = rows.exclude(residency__studio__in=mine)
    if is_office(user):
        for title, status in OF_OFFICE:
            yield Section(title, others.filter(status=status), _case, LIST, query=f"?status={status}")
    seat = working_group_seat(user)
    if seat is not None and seat.is_leader:
        waiting = others.filter(status=S.HEARD).exclude(proposed_by=user)
        yield Section("待决定的取消资格", waiting, _case, LIST, query="?status=heard")


def _case(row) -> Row:
    stage = REVOCATION.stage(row)
    return Row(
        row.get_absolute_url(),
        row.residency.studio.name,
        row.number,
        row.residency.studio.leader_name,
        stage.label,
        stage.public,
        row.due_on,
    )
