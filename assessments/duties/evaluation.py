"""What is due of the yearly evaluation [5.2]: the studio's own view, verification, the answer to a request."""

from django.db.models import CharField, F
from django.db.models.functions import Cast
from django.urls import reverse

from assessments.models import Scorecard, ScorecardStatus
from assessments.models.scorecard import VERIFIER_ROLES
from assessments.workflow import SCORECARD
from workshops.duties import DutyKind, Part

READERS = frozenset(VERIFIER_ROLES)
S = ScorecardStatus


def _cards(*statuses):
    def parts(scope):
        yield Part(
            Scorecard.objects.filter(status__in=statuses),
            day=F("due_on"),
            what=Cast(F("cycle__year"), CharField()),
            state=F("status"),
        )

    return parts


def _kind(code, label, words, *statuses):
    return DutyKind(
        code, label, "5.2", _cards(*statuses), SCORECARD.stages, lambda line: f"{line.what}年度考核{words}",
        lambda line, studio: reverse("assessments:scorecard", args=[line.key]), READERS,
    )  # fmt: skip


DUTIES = (
    _kind("self_assessment", "考核自评", "自评", S.OPEN),
    _kind("verification", "考核核验", "核验", S.SELF_ASSESSED),
    _kind("reconsideration", "考核复核", "复核", S.RECONSIDERING),
)
