"""What does the park charge for, and at which price [5.3]?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class FeeKind(models.TextChoices):
    """What a charge is for; water and electricity go by meters, the others by area or month."""

    WATER = "water", "水费"
    ELECTRICITY = "electricity", "电费"
    PROPERTY = "property", "物业管理费"
    RENT = "rent", "租金"
    OTHER = "other", "其他费用"

    @property
    def unit(self) -> str:
        """What the price is per."""
        return UNITS[self]

    @property
    def is_metered(self) -> bool:
        return self in METERED


METERED = (FeeKind.WATER, FeeKind.ELECTRICITY)
BY_AREA = (FeeKind.PROPERTY, FeeKind.RENT)
UNITS = {
    FeeKind.WATER: "立方米",
    FeeKind.ELECTRICITY: "千瓦时",
    FeeKind.PROPERTY: "平方米·月",
    FeeKind.RENT: "平方米·月",
    FeeKind.OTHER: "户·月",
}


class FeeRate(models.Model):
    """A price from a day on, by a document. One per kind at a time; what a bill rests on does not change."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("费用", max_length=12, choices=FeeKind)
    unit_fen = models.DecimalField("单价（分）", max_digits=14, decimal_places=4)  # fen per unit, 0 allowed
    valid_from = models.DateField("执行日期")
    valid_until = models.DateField("截止日期", null=True, blank=True)
    document_no = models.CharField("文号或依据", max_length=80)
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "收费标准"
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["water", "electricity", "property", "rent", "other"]),
                name="fee_rate_kind_known",
            ),
            models.CheckConstraint(condition=Q(unit_fen__gte=0), name="fee_rate_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="fee_rate_ends_after_start",
            ),
            # Two open rates overlap, as do two from one day; the rest is held by a trigger.
            models.UniqueConstraint(fields=["kind"], condition=Q(valid_until=None), name="fee_rate_one_open"),
            models.UniqueConstraint(fields=["kind", "valid_from"], name="fee_rate_one_from_a_day"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}标准（{self.valid_from:%Y-%m-%d}起）"

    @property
    def unit(self) -> str:
        return FeeKind(self.kind).unit

    @property
    def is_used(self) -> bool:
        return self.lines.exists()
