"""What is due of a change of the leader [5.4.2]?"""

from django.db.models import Case, F, When
from django.urls import reverse

from workshops.duties.definition import DutyKind, Part
from workshops.models import LeaderChange, LeaderChangeStatus
from workshops.workflow import LEADER_CHANGE


def _changes(scope):
    """The window for naming somebody; whoever checks and decides has a clock of their own."""
    yield Part(
        LeaderChange.objects.open(),
        day=Case(
            When(status=LeaderChangeStatus.REPORTED, then=F("window_ends_on")),
            default=F("due_on"),
        ),
        state=F("status"),
    )


DUTIES = (
    DutyKind(
        "leader_change", "领衔人变更", "5.4.2", _changes, LEADER_CHANGE.stages, lambda line: "领衔人变更",
        lambda line, studio: reverse("workshops:leader_change", args=[line.key]),
    ),
)  # fmt: skip
