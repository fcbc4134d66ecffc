"""What is due of bills and meters [5.3]?"""

from django.db.models import DateField, Exists, F, OuterRef, Value
from django.db.models.functions import Concat
from django.urls import reverse

from park.models import Role
from park.money import yuan
from park.workflow import Stage
from workshops.charges.fee import month_of
from workshops.duties.definition import KEEPERS, NO_KEY, DutyKind, Part
from workshops.models import IN_PARK, Bill, BillStatus, Meter, Occupancy, Reading
from workshops.workflow import BILL


def _bills(scope):
    yield Part(
        Bill.objects.filter(status=BillStatus.ISSUED),
        studio="residency__studio",
        day=F("pay_by"),
        what=F("number"),
        state=F("status"),
        number=F("amount_fen") - F("paid_fen"),
    )


def _readings(scope):
    """Rooms of studios with a meter that nobody has read this month. A month that was left out is read with the next
    one, so only the present month is due."""
    month = month_of(scope.today)
    read = Reading.objects.filter(meter=OuterRef("pk"), read_on__range=(month.first, month.last))
    hanging = Meter.objects.in_use(month.first, month.last).filter(removed_on=None, room=OuterRef("room"))
    rows = Occupancy.objects.filter(until=None, residency__status__in=IN_PARK)
    yield Part(
        rows.filter(Exists(hanging.filter(~Exists(read)))),
        studio="residency__studio",
        key=NO_KEY,
        day=Value(month.last, output_field=DateField()),
        what=Concat("room__building", "room__number"),
    )


DUTIES = (
    DutyKind(
        "bill", "缴纳费用", "5.3", _bills, BILL.stages,
        lambda line: f"账单 {line.what}，还应缴 {yuan(line.number)} 元",
        lambda line, studio: reverse("workshops:bill", args=[line.key]), KEEPERS,
    ),
    DutyKind(
        "reading", "抄表", "5.3", _readings, {"": Stage("本月未抄表", "", Role.LOGISTICS)},
        lambda line: f"{line.what} 水电表抄表", lambda line, studio: reverse("workshops:readings"), KEEPERS,
    ),
)  # fmt: skip
