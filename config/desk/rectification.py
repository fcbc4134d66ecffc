"""What do rectifications want from this person next [5.4.4]?"""

from django.urls import reverse

from assessments.actions.rectification import cards_to_rectify, falsifications_to_rectify
from assessments.models import OrderStatus, RectificationOrder, Revocation
from assessments.workflow import RECTIFICATION
from config.desk.rows import Row, Section
from park.models import Role
from park.permissions import is_office
from workshops.models import Studio

LIST = "assessments:rectifications"


def sections_for(user) -> list[dict]:
    """The report for the studio; whom to order, what to re-check and what follows for the office."""
    return list(_sections(user))


def _sections(user):
    rows = RectificationOrder.objects.select_related("residency__studio").order_by("deadline", "pk")
    mine = Studio.objects.of(user).values("pk")
    if user.has_role(Role.APPLICANT):
        own = rows.filter(residency__studio__in=mine, status=OrderStatus.ISSUED)
        yield Section("请整改并报告的限期整改", own, _order, "workshops:mine")
    if is_office(user):
        others = rows.exclude(residency__studio__in=mine)
        yield Section("应发出限期整改通知", cards_to_rectify().exclude(studio__in=mine), _card, LIST)
        yield Section(
            "弄虚作假，应发出限期整改通知",
            falsifications_to_rectify().exclude(card__studio__in=mine),
            _finding,
            LIST,
        )
        reported = others.filter(status=OrderStatus.REPORTED)
        yield Section("待复查的限期整改", reported, _order, LIST, query="?status=reported")
        expired = others.expired().filter(status=OrderStatus.ISSUED)
        yield Section(
            "期限已届满、没有报告的限期整改", expired, _order, LIST, query="?status=issued&term=over"
        )
        followed = Revocation.objects.filter(order__isnull=False).exclude(ended_as__in=["dropped", "over"])
        failed = others.unmet().filter(residency__status="under_rectification")
        failed = failed.exclude(pk__in=followed.values("order"))
        yield Section("复查不合格，应提出取消资格", failed, _order, LIST, query="?status=failed")


def _order(row) -> Row:
    stage = RECTIFICATION.stage(row)
    return Row(
        row.get_absolute_url(),
        row.residency.studio.name,
        row.number,
        row.residency.studio.leader_name,
        stage.label,
        stage.public,
        row.due_on,
    )


def _card(card) -> Row:
    url = reverse("assessments:issue_rectification", args=[card.residency.key])
    return Row(
        f"{url}?ground={card.key}", card.studio.name, who=card.leader_name, label=f"{card.cycle}不合格"
    )


def _finding(row) -> Row:
    card = row.card
    url = reverse("assessments:issue_rectification", args=[card.residency.key])
    return Row(
        f"{url}?ground={row.key}", card.studio.name, who=card.leader_name, label=f"{card.cycle}中弄虚作假"
    )
