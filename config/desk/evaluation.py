"""What does the yearly evaluation want from this person next [5.2][A2]?"""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from assessments.models import CycleStatus, EvaluationCycle, LineGrade, Scorecard, ScorecardStatus
from assessments.models.scorecard import VERIFIER_ROLES
from assessments.workflow import CYCLE, SCORECARD
from config.desk.rows import Row, Section
from park.models import Role
from workshops.models import Studio

S = ScorecardStatus
PAGE = "assessments:cycles"


def sections_for(user) -> list[dict]:
    return list(_sections(user))


def _sections(user):
    today = timezone.localdate()
    own = Studio.objects.of(user).values("pk")
    cards = Scorecard.objects.select_related("studio", "cycle").order_by("due_on", "pk")
    if user.has_role(Role.APPLICANT):
        mine = cards.filter(studio__in=own)
        yield Section("请自评的年度考核", mine.filter(status=S.OPEN), _card, "workshops:mine")
        told = mine.filter(status=S.PROVISIONAL, due_on__gte=today)
        yield Section("可以申请复核的考核结果", told, _card, "workshops:mine")
    others = cards.exclude(studio__in=own)
    if user.has_role(*VERIFIER_ROLES):
        yield Section("待核验的年度考核", others.filter(status=S.SELF_ASSESSED), _verified, PAGE)
    if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
        silent = others.filter(status=S.OPEN, due_on__lt=today)
        yield Section("逾期未自评的工作室", silent, _card, PAGE)
        asked = others.filter(status=S.RECONSIDERING).exclude(verified_by=user)
        yield Section("待答复的复核", asked, _card, PAGE)
        waiting = Scorecard.objects.filter(cycle=OuterRef("pk"))
        ready = EvaluationCycle.objects.unfinished().filter(
            Exists(waiting.standing()),
            ~Exists(waiting.filter(status__in=[S.OPEN, S.SELF_ASSESSED, S.RECONSIDERING])),
            ~Exists(waiting.filter(status=S.PROVISIONAL, due_on__gte=today)),
        )
        yield Section("可以告知或办结的年度考核", ready.order_by("year"), _year, PAGE)
    if user.has_role(Role.EXPERT):
        graded = LineGrade.objects.filter(line__card=OuterRef("pk"), grader=user)
        open_items = others.filter(
            cycle__graders__user=user, status=S.SELF_ASSESSED, lines__item__kind="grade", lines__points=None
        )
        yield Section("待评等的工作室", open_items.exclude(Exists(graded)).distinct(), _graded, PAGE)


def _row(card, url) -> Row:
    stage = SCORECARD.stage(card)
    return Row(
        url, card.studio.name, str(card.cycle), card.leader_name, stage.label, stage.public, card.due_on
    )


def _card(card) -> Row:
    return _row(card, card.get_absolute_url())


def _verified(card) -> Row:
    return _row(card, reverse("assessments:verification", args=[card.key]))


def _graded(card) -> Row:
    return _row(card, reverse("assessments:grade_card", args=[card.key]))


def _year(cycle) -> Row:
    stage = CYCLE.stage(cycle)
    label = "待告知初步结果" if cycle.status == CycleStatus.OPEN else "待办结"
    return Row(cycle.get_absolute_url(), str(cycle), "", "", label, stage.next)
