"""房间交接单: what went over with a room, in which condition, and that both sides said so [5.3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from park.models import Role, StoredFile
from workshops.models.agreement import paired
from workshops.models.meter import Meter
from workshops.models.residency import Occupancy
from workshops.models.studio import StudioRecordQuerySet

USER = settings.AUTH_USER_MODEL


class HandoverQuerySet(StudioRecordQuerySet):
    path = "occupancy__residency__studio"
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS})

    def settled(self):
        return self.filter(office_confirmed_at__isnull=False, studio_confirmed_at__isnull=False)

    def unsettled(self):
        return self.filter(Q(office_confirmed_at=None) | Q(studio_confirmed_at=None))


class Handover(models.Model):
    """One room changing hands: to the studio (`in`) or back (`out`). It counts once both sides have confirmed it."""

    class Kind(models.TextChoices):
        IN = "in", "交付"
        OUT = "out", "交还"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    occupancy = models.ForeignKey(Occupancy, on_delete=models.PROTECT, related_name="handovers")
    kind = models.CharField("种类", max_length=4, choices=Kind)
    day = models.DateField("交接日期")
    version = models.PositiveIntegerField(default=0, editable=False)  # of the list: two editors
    remark = models.CharField("情况说明", max_length=500, blank=True)
    studio_remark = models.CharField("工作室意见", max_length=500, blank=True)
    office_confirmed_at = models.DateTimeField("园区确认时间", null=True)
    office_confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    studio_confirmed_at = models.DateTimeField("工作室确认时间", null=True)
    studio_confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    signed = models.ForeignKey(  # the signed sheet, where the studio confirmed on paper
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "房间交接"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["occupancy", "kind"], name="handover_once_each_way"),
            models.CheckConstraint(condition=Q(kind__in=["in", "out"]), name="handover_kind_known"),
            paired("office_confirmed", constraint="handover_office_paired"),
            paired("studio_confirmed", constraint="handover_studio_paired"),
            models.CheckConstraint(
                condition=Q(studio_confirmed_at=None) | Q(office_confirmed_at__isnull=False),
                name="handover_office_first",
            ),
            models.CheckConstraint(
                condition=Q(signed=None) | Q(studio_confirmed_at__isnull=False), name="handover_signed_counts"
            ),
        ]

    def __str__(self):
        return f"{self.occupancy.room} {self.get_kind_display()}"

    @property
    def is_settled(self) -> bool:
        return self.office_confirmed_at is not None and self.studio_confirmed_at is not None

    @property
    def state(self) -> str:
        if self.is_settled:
            return "已交接"
        return "待工作室确认" if self.office_confirmed_at else "待填写"


class HandoverItem(models.Model):
    """One line of the list. `expected` is what was there when the room was handed over."""

    class Condition(models.TextChoices):
        GOOD = "good", "完好"
        WORN = "worn", "正常磨损"
        DAMAGED = "damaged", "损坏"
        MISSING = "missing", "缺失"

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField("顺序")
    label = models.CharField("项目", max_length=40)
    unit = models.CharField("单位", max_length=10, blank=True)
    is_reading = models.BooleanField("表计读数", default=False)
    meter = models.ForeignKey(  # whose reading it becomes; None where the room has no such meter
        Meter, verbose_name="表", null=True, on_delete=models.PROTECT, related_name="+"
    )
    expected = models.DecimalField("交付时", max_digits=12, decimal_places=2, null=True)
    quantity = models.DecimalField("数量或读数", max_digits=12, decimal_places=2, null=True)
    condition = models.CharField("状况", max_length=8, choices=Condition, default=Condition.GOOD)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "交接项目"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "label"], name="handover_item_once"),
            models.UniqueConstraint(fields=["handover", "meter"], name="handover_meter_once"),
            models.CheckConstraint(
                condition=Q(meter=None) | Q(is_reading=True), name="handover_meter_is_read"
            ),
            models.CheckConstraint(
                condition=Q(condition__in=["good", "worn", "damaged", "missing"]),
                name="handover_condition_known",
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gte=0), name="handover_quantity_not_negative"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def difference(self) -> str:
        """What is not as it was when the room was handed over, in words; "" where nothing is to be said."""
        said = []
        if self.expected is not None and self.quantity is not None:
            if self.is_reading:
                if self.quantity < self.expected:
                    said.append("读数小于交付时")
            elif self.quantity != self.expected:
                word = "少" if self.quantity < self.expected else "多"
                said.append(f"{word} {abs(self.quantity - self.expected).normalize():f}{self.unit}")
        if self.condition in (self.Condition.DAMAGED, self.Condition.MISSING):
            said.append(self.get_condition_display())
        return "，".join(said)


def parse_items(text: str) -> list[tuple[str, str]]:
    """(label, unit) of the park's list: “房门钥匙（把）；空调（台）”; each label once."""
    rows = {}
    for part in text.replace(";", "；").replace("\n", "；").split("；"):
        label, _, unit = part.strip().rstrip("）)").replace("(", "（").partition("（")
        if label:
            rows.setdefault(label[:40], unit[:10])
    return list(rows.items())
