"""What is due of rectifications and revocations [5.4]?"""

from django.db.models import Case, F, When
from django.urls import reverse

from assessments.models import OPEN_REVOCATION, OrderStatus, RectificationOrder, Revocation, RevocationStatus
from assessments.models.rectification import OrderQuerySet
from assessments.models.revocation import RevocationQuerySet
from assessments.workflow import RECTIFICATION, REVOCATION
from workshops.duties import DutyKind, Part

ORDER_READERS, REVOCATION_READERS = frozenset(OrderQuerySet.readers), frozenset(RevocationQuerySet.readers)
# What was only proposed is not on any calendar: the studio reads its own, and has not been told.
TOLD = [
    *(status for status in OPEN_REVOCATION if status != RevocationStatus.PROPOSED),
    RevocationStatus.SERVED,
]


def _rectifications(scope):
    """The report by the deadline, which never slides; the re-check by the clock of the office."""
    yield Part(
        RectificationOrder.objects.open(),
        studio="residency__studio",
        day=Case(When(status=OrderStatus.ISSUED, then=F("deadline")), default=F("due_on")),
        what=F("number"),
        state=F("status"),
    )


def _revocations(scope):
    """Whoever's turn it is: the defence, the decision, the service, the rooms."""
    yield Part(
        Revocation.objects.filter(status__in=TOLD),
        studio="residency__studio",
        day=Case(When(status=RevocationStatus.SERVED, then=F("vacate_by")), default=F("due_on")),
        what=F("number"),
        state=F("status"),
    )


DUTIES = (
    DutyKind(
        "rectification", "限期整改", "5.4.4", _rectifications, RECTIFICATION.stages, lambda line: f"限期整改 {line.what}",
        lambda line, studio: reverse("assessments:rectification", args=[line.key]), ORDER_READERS,
    ),
    DutyKind(
        "revocation", "取消资格", "5.4", _revocations, REVOCATION.stages, lambda line: f"取消资格 {line.what}",
        lambda line, studio: reverse("assessments:revocation", args=[line.key]), REVOCATION_READERS,
    ),
)  # fmt: skip
