"""What does a residency owe for a month, for what, and by when [5.3][4.1]?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role
from workshops.models.fee import FeeKind, FeeRate
from workshops.models.meter import Meter, Reading
from workshops.models.residency import Residency, Room
from workshops.models.studio import Studio, StudioRecordQuerySet

FEE_READERS = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS})


class BillStatus(models.TextChoices):
    DRAFT = "draft", "待签发"
    ISSUED = "issued", "待缴"
    PAID = "paid", "已缴清"
    CANCELLED = "cancelled", "已作废"


class BillQuerySet(StudioRecordQuerySet):
    path = "residency__studio"
    readers = FEE_READERS

    def visible_to(self, user):
        """A studio sees its bills from their issue on."""
        rows = super().visible_to(user)
        if user is not None and user.is_authenticated and not user.has_role(*self.readers):
            rows = rows.exclude(number="")
        return rows

    def told(self):
        """Those that were issued and hold."""
        return self.filter(status__in=[BillStatus.ISSUED, BillStatus.PAID])

    def overdue(self, today=None):
        return self.filter(status=BillStatus.ISSUED, pay_by__lt=today or timezone.localdate())


class Bill(Case):
    """What one residency owes for one calendar month. Each kind is charged once; what lacked a reading follows in a
    bill of its own. Money in fen; `paid_fen` is the sum of its payments, held by the database below the amount."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(
        Residency, verbose_name="入驻", on_delete=models.PROTECT, related_name="bills"
    )
    period = models.DateField("账期")  # the first of the month
    status = models.CharField(
        "状态", max_length=10, choices=BillStatus, default=BillStatus.DRAFT, editable=False
    )
    number = models.CharField("账单编号", max_length=20, blank=True, editable=False)
    amount_fen = models.BigIntegerField("应缴（分）")
    paid_fen = models.BigIntegerField("已缴（分）", default=0)
    waived_days = models.PositiveSmallIntegerField("免租天数", default=0)
    issued_on = models.DateField("签发日期", null=True, blank=True)
    pay_by = models.DateField("缴费期限", null=True, blank=True)
    cancelled_on = models.DateField("作废日期", null=True, blank=True)
    cancelled_why = models.CharField("作废原因", max_length=300, blank=True)
    drafted_at = models.DateTimeField("出账时间", default=timezone.now, editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="出账人", on_delete=models.PROTECT, related_name="+"
    )

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账单"
        ordering = ["-period", "-pk"]
        indexes = [models.Index(fields=["status", "pay_by"], name="bill_by_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "issued", "paid", "cancelled"]), name="bill_status_known"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="bill_has_amount"),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, paid_fen__lte=F("amount_fen")), name="bill_paid_within_amount"
            ),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_fen=F("amount_fen")), name="bill_paid_is_whole"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "cancelled"]) | Q(paid_fen=0),
                name="bill_unpaid_unless_issued",
            ),
            models.CheckConstraint(
                condition=Q(number="", issued_on=None, pay_by=None)
                | ~Q(number="") & Q(issued_on__isnull=False, pay_by__gte=F("issued_on")),
                name="bill_issued_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "paid"]) | ~Q(number=""), name="bill_issued_has_number"
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_on__isnull=False) & ~Q(cancelled_why="")
                | ~Q(status="cancelled") & Q(cancelled_on=None, cancelled_why=""),
                name="bill_cancelled_has_reason",
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="bill_number_once"),
        ]

    def __str__(self):
        return f"{self.period.year}年{self.period.month}月账单{' ' + self.number if self.number else ''}"

    def get_absolute_url(self):
        return reverse("workshops:bill", args=[self.key])

    @property
    def left_fen(self) -> int:
        """What is still to be paid."""
        return self.amount_fen - self.paid_fen if self.status == BillStatus.ISSUED else 0

    @property
    def is_overdue(self) -> bool:
        return self.status == BillStatus.ISSUED and self.pay_by < timezone.localdate()


class Charge(models.Model):
    """One kind of fee on a bill. Of one residency, month and kind only one holds: the database says so."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="charges")
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="+")  # of the bill
    period = models.DateField("账期")  # of the bill
    kind = models.CharField("费用", max_length=12, choices=FeeKind)
    amount_fen = models.BigIntegerField("金额（分）")
    is_void = models.BooleanField("已作废", default=False)  # with its bill

    class Meta:
        verbose_name = verbose_name_plural = "费用项目"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["residency", "period", "kind"],
                condition=Q(is_void=False),
                name="charge_once_per_month_and_kind",
            ),
            models.UniqueConstraint(fields=["bill", "kind"], name="charge_once_per_bill"),
            models.CheckConstraint(
                condition=Q(kind__in=["water", "electricity", "property", "rent", "other"]),
                name="charge_kind_known",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="charge_not_negative"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}（{self.bill}）"


class BillLine(models.Model):
    """How a charge came about: of which meter or room, from when to when, how much, at which price; or what was charged
    once."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="lines")
    rate = models.ForeignKey(FeeRate, null=True, on_delete=models.PROTECT, related_name="lines")
    one_off = models.ForeignKey(
        "workshops.OneOffCharge", null=True, on_delete=models.PROTECT, related_name="lines"
    )
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    meter = models.ForeignKey(Meter, null=True, on_delete=models.PROTECT, related_name="lines")
    start = models.ForeignKey(Reading, null=True, on_delete=models.PROTECT, related_name="+")
    end = models.ForeignKey(Reading, null=True, on_delete=models.PROTECT, related_name="lines")
    start_value = models.DecimalField("起数", max_digits=12, decimal_places=2, null=True)
    end_value = models.DecimalField("止数", max_digits=12, decimal_places=2, null=True)
    first = models.DateField("自")
    last = models.DateField("至")
    quantity = models.DecimalField("数量", max_digits=16, decimal_places=4)
    amount_fen = models.BigIntegerField("金额（分）")

    class Meta:
        verbose_name = verbose_name_plural = "账单明细"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="bill_line_days_in_order"),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, quantity__gte=0), name="bill_line_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=False, one_off=None)
                | Q(rate=None, one_off__isnull=False, meter=None, room=None, quantity=1),
                name="bill_line_priced_or_once",
            ),
            models.CheckConstraint(
                condition=Q(meter=None, start=None, end=None, start_value=None, end_value=None)
                | Q(
                    meter__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    end_value__gte=F("start_value"),
                ),
                name="bill_line_metered_whole",
            ),
        ]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Reminder(models.Model):
    """A studio was reminded of a bill, once per threshold: days past the due day, negative before it."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="reminders")
    threshold = models.SmallIntegerField("超期天数")
    left_fen = models.BigIntegerField("当时未缴（分）")
    sent_on = models.DateField("提醒日期")

    class Meta:
        verbose_name = verbose_name_plural = "缴费提醒"
        ordering = ["-sent_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["bill", "threshold"], name="reminder_once")]

    @property
    def is_dunning(self) -> bool:
        """A 催缴, after the due day."""
        return self.threshold > 0


class FeeStatement(models.Model):
    """What a studio's account said about a month when its statement was printed."""

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="fee_statements")
    period = models.DateField("月份")
    data = models.JSONField()  # opening, billed, paid, closing in fen, lines; nothing personal
    made_at = models.DateTimeField("出具时间", default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "费用对账单"
        ordering = ["-period", "-pk"]

    def __str__(self):
        return f"{self.period.year}年{self.period.month}月对账单"
