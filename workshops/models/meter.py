"""Which meters are there, and what did they show [5.3]?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from workshops.models.residency import Room


class MeterKind(models.TextChoices):
    WATER = "water", "水表"
    ELECTRICITY = "electricity", "电表"


class MeterQuerySet(models.QuerySet):
    def in_use(self, first, last):
        """Those that hung there on some day of the span."""
        return self.filter(installed_on__lte=last).filter(Q(removed_on=None) | Q(removed_on__gte=first))


class Meter(models.Model):
    """A meter of one room. A replaced one ends with a last reading, the new one begins with its first."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, verbose_name="房间", on_delete=models.PROTECT, related_name="meters")
    kind = models.CharField("种类", max_length=12, choices=MeterKind)
    number = models.CharField("表号", max_length=30)
    factor = models.DecimalField("倍率", max_digits=7, decimal_places=2, default=1)
    installed_on = models.DateField("装表日期")
    removed_on = models.DateField("拆表日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    objects = MeterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计量表"
        ordering = ["room__building", "room__floor", "room__order", "room__number", "kind", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["water", "electricity"]), name="meter_kind_known"),
            models.UniqueConstraint(fields=["kind", "number"], name="meter_number_once"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="meter_factor_positive"),
            models.CheckConstraint(
                condition=Q(removed_on=None) | Q(removed_on__gte=F("installed_on")),
                name="meter_removed_after_installed",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def unit(self) -> str:
        return "立方米" if self.kind == MeterKind.WATER else "千瓦时"


class Reading(models.Model):
    """What a meter showed on a day. It never falls; once it is billed it never changes."""

    meter = models.ForeignKey(Meter, verbose_name="表", on_delete=models.PROTECT, related_name="readings")
    read_on = models.DateField("抄表日期")
    value = models.DecimalField("读数", max_digits=12, decimal_places=2)
    is_unusual = models.BooleanField("用量异常", default=False)
    entered_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "读数"
        ordering = ["-read_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meter", "read_on"], name="reading_one_a_day"),
            models.CheckConstraint(condition=Q(value__gte=0), name="reading_not_negative"),
        ]

    def __str__(self):
        return f"{self.meter} {self.read_on:%Y-%m-%d}"
