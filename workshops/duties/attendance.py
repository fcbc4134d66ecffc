"""What is due of leave [A2.2]?"""

from django.db.models import F
from django.urls import reverse

from workshops.duties.definition import KEEPERS, DutyKind, Part
from workshops.models import Leave, LeaveStatus
from workshops.workflow import LEAVE


def _leaves(scope):
    yield Part(Leave.objects.filter(status=LeaveStatus.REQUESTED), day=F("due_on"), state=F("status"))


DUTIES = (
    DutyKind(
        "leave", "批复请假", "A2.2", _leaves, LEAVE.stages, lambda line: "批复领衔人的请假申请",
        lambda line, studio: reverse("workshops:leave", args=[line.key]), KEEPERS,
    ),
)  # fmt: skip
