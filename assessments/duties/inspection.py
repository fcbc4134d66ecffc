"""What is due of the regular inspections [5.2 定期检查]?"""

from django.db.models import Case, F, When
from django.urls import reverse

from assessments.models import Finding, Inspection, InspectionStatus
from assessments.models.inspection import INSPECTOR_ROLES
from assessments.workflow import FINDING, INSPECTION
from workshops.duties import DutyKind, Part

READERS = frozenset(INSPECTOR_ROLES)


def _inspections(scope):
    """The day of the inspection; afterwards that by which the studio says what is true of the record."""
    yield Part(
        Inspection.objects.filter(status__in=[InspectionStatus.PLANNED, InspectionStatus.RECORDED]),
        studio="residency__studio",
        day=Case(When(status=InspectionStatus.PLANNED, then=F("inspect_on")), default=F("due_on")),
        what=F("plan__title"),
        state=F("status"),
    )


def _findings(scope):
    """By the day it had to be put right, also while it waits to be looked at again."""
    yield Part(
        Finding.objects.unsettled(),
        studio="inspection__residency__studio",
        day=F("fix_by"),
        what=F("problem"),
        state=F("status"),
    )


DUTIES = (
    DutyKind(
        "inspection", "定期检查", "5.2", _inspections, INSPECTION.stages, lambda line: line.what,
        lambda line, studio: reverse("assessments:inspection", args=[line.key]), READERS,
    ),
    DutyKind(
        "finding", "检查问题整改", "5.2", _findings, FINDING.stages, lambda line: f"整改：{line.what[:40]}",
        lambda line, studio: reverse("assessments:finding", args=[line.key]), READERS,
    ),
)  # fmt: skip
