"""What was paid on a bill, and what was taken back [5.3]?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from workshops.models.bill import FEE_READERS, Bill
from workshops.models.studio import StudioRecordQuerySet


class PaymentQuerySet(StudioRecordQuerySet):
    path = "bill__residency__studio"
    readers = FEE_READERS


class Payment(models.Model):
    """Money for one bill; one transfer for several bills is several rows with one `receipt_key`.

    A row never changes and never goes: what was wrong is reversed by a negative row that points to it.
    """

    class Method(models.TextChoices):
        TRANSFER = "transfer", "银行转账"
        CASH = "cash", "现金"
        SCAN = "scan", "扫码支付"
        OTHER = "other", "其他"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    bill = models.ForeignKey(Bill, verbose_name="账单", on_delete=models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField("金额（分）")
    method = models.CharField("方式", max_length=10, choices=Method)
    paid_on = models.DateField("缴费日期")
    receipt_no = models.CharField("票据号", max_length=40)
    receipt_key = models.UUIDField("同一笔款", default=uuid.uuid4, editable=False)
    reverses = models.OneToOneField(
        "self", verbose_name="冲正", null=True, on_delete=models.PROTECT, related_name="reversal"
    )
    reason = models.CharField("冲正原因", max_length=300, blank=True)
    entered_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "缴费"
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["transfer", "cash", "scan", "other"]), name="payment_method_known"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount_fen__gt=0, reason="")
                | Q(reverses__isnull=False, amount_fen__lt=0) & ~Q(reason=""),
                name="payment_or_reversal",
            ),
        ]

    def __str__(self):
        return f"{self.bill} {'冲正' if self.reverses_id else '缴费'} {self.receipt_no}"
