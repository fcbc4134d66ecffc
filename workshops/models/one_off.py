"""What is charged to a studio once, beside the fees of every month: a key replaced, a repair to be paid for [5.3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from workshops.models.agreement import paired
from workshops.models.bill import FEE_READERS, Bill, BillLine
from workshops.models.residency import Residency
from workshops.models.studio import StudioRecordQuerySet


class OneOffChargeQuerySet(StudioRecordQuerySet):
    path = "residency__studio"
    readers = FEE_READERS

    def standing(self):
        return self.filter(withdrawn_at=None)

    def unbilled(self):
        """Neither withdrawn nor on a bill that holds."""
        lines = BillLine.objects.filter(one_off=OuterRef("pk"), charge__is_void=False)
        return self.standing().exclude(Exists(lines))

    def with_bill(self):
        """Each with the bill that holds it, in one query: `bill_key`, None while there is none, and `bill_number`, ""
        before its issue."""
        bills = Bill.objects.filter(charges__is_void=False, charges__lines__one_off=OuterRef("pk"))
        return self.annotate(
            bill_key=Subquery(bills.values("key")[:1]), bill_number=Subquery(bills.values("number")[:1])
        )


class OneOffCharge(models.Model):
    """A line that goes onto the bill of `period` under 其他费用, never under rent [4.1]. It does not change; until it is
    billed it can be withdrawn."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(
        Residency, verbose_name="入驻", on_delete=models.PROTECT, related_name="one_off_charges"
    )
    period = models.DateField("计入账期")  # the first of the month
    day = models.DateField("发生日期")
    amount_fen = models.BigIntegerField("金额（分）")
    reason = models.CharField("事由", max_length=100)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="撤销人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = models.CharField("撤销原因", max_length=300, blank=True)

    objects = OneOffChargeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "一次性费用"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="one_off_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="one_off_has_reason"),
            models.CheckConstraint(condition=Q(period__day=1), name="one_off_period_is_month"),
            paired("withdrawn", constraint="one_off_withdrawn_paired"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="one_off_withdrawn_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.reason}"
