"""What is broken in the park and who mends it [5.3 自觉维护公用设施][M3.3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role, StoredFile
from workshops.models.residency import Room
from workshops.models.studio import Studio, StudioRecordQuerySet


class RepairStatus(models.TextChoices):
    REPORTED = "reported", "待受理"
    ACCEPTED = "accepted", "已受理"
    WORKING = "working", "维修中"
    DONE = "done", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REOPENED = "reopened", "返修"
    REFUSED = "refused", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"


class RepairQuerySet(StudioRecordQuerySet):
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS})

    def unfinished(self):
        return self.exclude(status__in=["confirmed", "refused", "withdrawn"])


class RepairTicket(Case):
    """One thing to mend. `studio` is empty where the office or the logistics report a public place."""

    class Urgency(models.TextChoices):
        NORMAL = "normal", "一般"
        URGENT = "urgent", "紧急"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    studio = models.ForeignKey(Studio, null=True, on_delete=models.PROTECT, related_name="repairs")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="repairs")
    place = models.CharField("地点", max_length=80)
    problem = models.TextField("故障情况", max_length=500)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    status = models.CharField(
        "状态", max_length=10, choices=RepairStatus, default=RepairStatus.REPORTED, editable=False
    )
    reported_at = models.DateTimeField("报修时间", default=timezone.now, editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    finish_by = models.DateField("约定完成日期", null=True, blank=True)
    answer = models.CharField("处理说明", max_length=300, blank=True)
    result = models.TextField("维修结果", max_length=500, blank=True)
    cost = models.PositiveBigIntegerField("费用（分）", null=True, blank=True)
    done_at = models.DateTimeField("完成时间", null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RepairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报修"
        ordering = ["-reported_at", "-pk"]
        indexes = [models.Index(fields=["-reported_at", "-id"], name="repair_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RepairStatus.values), name="repair_status_known"),
            models.CheckConstraint(
                condition=Q(urgency__in=["normal", "urgent"]), name="repair_urgency_known"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, result="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(result="")),
                name="repair_done_paired",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="repair_confirmation_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "confirmed", "reopened"]) | Q(done_at__isnull=False),
                name="repair_done_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="repair_confirmed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.place}"

    def get_absolute_url(self):
        return reverse("workshops:repair", args=[self.key])


class RepairPhoto(models.Model):
    """A picture of the damage or of the result, without its EXIF."""

    class Moment(models.TextChoices):
        BEFORE = "before", "报修时"
        AFTER = "after", "维修后"
        AGAIN = "again", "返修时"

    ticket = models.ForeignKey(RepairTicket, on_delete=models.PROTECT, related_name="photos")
    moment = models.CharField("拍摄阶段", max_length=10, choices=Moment)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "报修照片"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(moment__in=["before", "after", "again"]), name="repair_moment_known"
            )
        ]
