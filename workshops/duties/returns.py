"""What is due of the statistical returns [5.3 及时报送有关数据、统计报表]?"""

from django.db.models import Case, F, When
from django.db.models.functions import ExtractMonth, ExtractYear
from django.urls import reverse

from workshops.duties.definition import DutyKind, Part
from workshops.models import ReturnStatus, StatisticalReturn
from workshops.workflow import RETURN

OPEN = (ReturnStatus.OPEN, ReturnStatus.SUBMITTED, ReturnStatus.QUERIED)


def _returns(scope):
    """A first report by its deadline; afterwards by the clock of whoever checks or answers."""
    yield Part(
        StatisticalReturn.objects.filter(status__in=OPEN),
        studio="residency__studio",
        day=Case(When(status=ReturnStatus.OPEN, then=F("deadline")), default=F("due_on")),
        what=F("definition__title"),
        state=F("status"),
        number=ExtractYear("last_on") * 100 + ExtractMonth("last_on"),
    )


DUTIES = (
    DutyKind(
        "return", "统计报表", "5.3", _returns, RETURN.stages,
        lambda line: f"{line.what}（截至{line.number // 100}年{line.number % 100}月）",
        lambda line, studio: reverse("workshops:return", args=[line.key]),
    ),
)  # fmt: skip
