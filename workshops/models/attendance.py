"""Who was in the park on which day [A2.2], who was excused, and when the park itself was closed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role
from workshops.models.residency import Residency
from workshops.models.studio import Person, Studio, StudioRecordQuerySet


class CheckInQuerySet(StudioRecordQuerySet):
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS})

    def standing(self):
        return self.filter(voided_at=None)


class CheckIn(models.Model):
    """One person in the park on one calendar day [S2c]. A mistake is voided with a reason, never deleted."""

    class Means(models.TextChoices):
        PHONE = "phone", "手机签到"
        SHEET = "sheet", "纸质签到表导入"
        OFFICE = "office", "管理办公室补录"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, on_delete=models.PROTECT, related_name="check_ins", verbose_name="工作室"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="check_ins", verbose_name="到园人"
    )
    day = models.DateField("日期")
    means = models.CharField("方式", max_length=10, choices=Means)
    at = models.DateTimeField("登记时间", default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作废人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "到园签到"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], condition=Q(voided_at=None), name="check_in_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(means__in=["phone", "sheet", "office"]), name="check_in_means_known"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="check_in_void_has_time_person_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["studio", "day"], name="check_in_by_studio_day")]

    def __str__(self):
        return f"{self.studio} {self.day}"


class LeaveStatus(models.TextChoices):
    """Where a leave stands."""

    REQUESTED = "requested", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class Leave(Case):
    """Days on which the leader is excused from the park; counts for [A2.2] only as the park has decided [S2b]."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="leaves", verbose_name="工作室")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves", verbose_name="请假人")
    status = models.CharField(
        "状态", max_length=10, choices=LeaveStatus, default=LeaveStatus.REQUESTED, editable=False
    )
    starts_on = models.DateField("从")
    ends_on = models.DateField("至")
    reason = models.CharField("事由", max_length=300)
    answer = models.CharField("批复", max_length=300, blank=True)

    objects = StudioRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "请假"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LeaveStatus.values), name="leave_status_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.studio} 请假 {self.starts_on}"

    def get_absolute_url(self):
        return reverse("workshops:leave", args=[self.key])


class ParkClosure(models.Model):
    """Days on which nobody could come: the park was closed."""

    starts_on = models.DateField("从")
    ends_on = models.DateField("至")
    reason = models.CharField("原因", max_length=120)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "园区关闭"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="closure_ends_after_start")
        ]

    def __str__(self):
        return f"{self.starts_on} 至 {self.ends_on} {self.reason}"


class AttendanceSheet(models.Model):
    """到园签到表 of one residency and month as it was issued: the days are kept as they stood then."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="attendance_sheets")
    month = models.DateField("月份")  # its first day
    version = models.PositiveSmallIntegerField("版次", default=1)
    data = models.JSONField("签到情况")
    issued_at = models.DateTimeField("出具时间", default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="出具人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "到园签到表"
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["residency", "month", "version"], name="attendance_sheet_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="attendance_sheet_month_is_first"),
        ]

    def __str__(self):
        return f"{self.residency.studio} {self.month:%Y-%m}"
