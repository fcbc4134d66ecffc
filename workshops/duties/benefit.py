"""What is due of the benefits that a studio asked for [4]?"""

from django.db.models import F
from django.urls import reverse

from park.models import Role
from workshops.duties.definition import OFFICE, DutyKind, Part
from workshops.models import OPEN_BENEFIT, Benefit, BenefitKind, BenefitStatus
from workshops.workflow import BENEFIT


def _benefits(scope):
    """Review, decision and delivery have a term that the park sets; a draft and a selection elsewhere have none."""
    rows = Benefit.objects.filter(status__in=[*OPEN_BENEFIT, BenefitStatus.NOMINATED])
    yield Part(rows, day=F("due_on"), what=F("kind"), state=F("status"))


DUTIES = (
    DutyKind(
        "benefit", "优惠政策", "4", _benefits, BENEFIT.stages, lambda line: BenefitKind(line.what).label,
        lambda line, studio: reverse("workshops:benefit", args=[line.key]), OFFICE | {Role.WORKING_GROUP},
    ),
)  # fmt: skip
