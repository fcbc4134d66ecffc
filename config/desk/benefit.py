"""What do the benefits of [4] want from this person next?"""

from config.desk.rows import Row, Section
from park import rules
from park.models import Role
from workshops.models import Benefit, Studio
from workshops.models import BenefitStatus as S
from workshops.permissions.leader_change import working_group_seat
from workshops.workflow import BENEFIT

LIST = "workshops:benefits"


def sections_for(user) -> list[Section]:
    """Drafts for the studio; what is to be reviewed, decided and carried out for the others."""
    return list(_sections(user))


def _sections(user):
    rows = Benefit.objects.visible_to(user).select_related("studio").order_by("due_on", "pk")
    mine = Studio.objects.of(user).values("pk")
    if user.has_role(Role.APPLICANT):
        yield Section(
            "可以提出申请的优惠政策", rows.filter(status=S.DRAFT, studio__in=mine), _benefit, "workshops:mine"
        )
    others = rows.exclude(studio__in=mine).exclude(asked_by=user).exclude(reviewed_by=user)
    in_office = user.has_role(Role.OFFICE, Role.LEAD_DIVISION)
    if in_office:
        asked = rows.filter(status=S.ASKED).exclude(studio__in=mine).exclude(asked_by=user)
        yield Section("待审核的政策兑现", asked, _benefit, LIST, query="?status=asked")
        granted = rows.filter(status=S.GRANTED).exclude(studio__in=mine)
        yield Section("待落实的政策兑现", granted, _benefit, LIST, query="?status=granted")
    seat = working_group_seat(user)
    leads = seat is not None and seat.is_leader
    if in_office or leads:
        of_group = rules.get("benefit_group_decides")
        waiting = others.filter(status=S.REVIEWED)
        if not in_office:
            waiting = waiting.filter(kind__in=of_group)
        elif not leads:
            waiting = waiting.exclude(kind__in=of_group)
        yield Section("待决定的政策兑现", waiting, _benefit, LIST, query="?status=reviewed")


def _benefit(row) -> Row:
    stage = BENEFIT.stage(row)
    return Row(
        row.get_absolute_url(), f"{row.studio.name}：{row.get_kind_display()}", row.number, row.leader_name,
        stage.label, stage.public, row.due_on,
    )  # fmt: skip
