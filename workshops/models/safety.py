"""Safety of the park [5.3 共同做好安全保卫工作][M3.4]: checks, hazards, incidents, letters of responsibility."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role, StoredFile
from park.models.codes import CodeListEntry
from workshops.models.residency import Residency, Room
from workshops.models.studio import Studio, StudioRecordQuerySet

KEEPERS = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS})


class SafetyItem(CodeListEntry):
    """One line of the safety checklist, kept by the office; a check copies its words."""

    label = models.CharField("检查内容", max_length=120)

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "安全检查项目"


class SafetyRecordQuerySet(StudioRecordQuerySet):
    readers = KEEPERS


class SafetyCheck(models.Model):
    """One round at one place: a studio, a room or a public part. Never changed afterwards."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, verbose_name="工作室", null=True, on_delete=models.PROTECT, related_name="safety_checks"
    )
    room = models.ForeignKey(Room, verbose_name="房间", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField("检查地点", max_length=80)
    checked_on = models.DateField("检查日期")
    summary = models.CharField("检查情况", max_length=500, blank=True)
    made_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SafetyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安全检查"
        ordering = ["-checked_on", "-pk"]
        indexes = [models.Index(fields=["-checked_on", "-id"], name="safety_check_newest_first")]

    def __str__(self):
        return f"{self.place} 安全检查"

    def get_absolute_url(self):
        return reverse("workshops:safety_check", args=[self.key])


class SafetyLine(models.Model):
    """What was found on one line, in the words of the day."""

    check_row = models.ForeignKey(SafetyCheck, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(SafetyItem, on_delete=models.PROTECT, related_name="+")
    text = models.CharField("检查内容", max_length=120)
    is_safe = models.BooleanField("正常", null=True)  # None: 不适用
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "安全检查结果"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["check_row", "item"], name="safety_line_once")]


class HazardStatus(models.TextChoices):
    OPEN = "open", "待整改"
    FIXED = "fixed", "待复查"
    REOPENED = "reopened", "复查未通过"
    CLOSED = "closed", "已消除"


class HazardQuerySet(SafetyRecordQuerySet):
    def unsettled(self):
        return self.exclude(status=HazardStatus.CLOSED)

    def overdue(self, day=None):
        """Not removed by its day: it stays so until it is closed."""
        return self.unsettled().filter(fix_by__lt=day or timezone.localdate())


class Hazard(Case):
    """One danger to remove. `fix_by` is set once and never moves. Without a studio the logistics remove it."""

    class Severity(models.TextChoices):
        MINOR = "minor", "一般"
        SERIOUS = "serious", "重大"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    line = models.OneToOneField(SafetyLine, on_delete=models.PROTECT, related_name="hazard")
    studio = models.ForeignKey(
        Studio, verbose_name="责任工作室", null=True, on_delete=models.PROTECT, related_name="hazards"
    )
    place = models.CharField("地点", max_length=80)
    problem = models.CharField("隐患", max_length=300)
    severity = models.CharField("程度", max_length=10, choices=Severity)
    fix_by = models.DateField("整改期限")
    status = models.CharField(
        "状态", max_length=10, choices=HazardStatus, default=HazardStatus.OPEN, editable=False
    )
    answer = models.TextField("整改情况", max_length=500, blank=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("整改时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recheck = models.CharField("复查情况", max_length=300, blank=True)
    rechecked_at = models.DateTimeField("复查时间", null=True)
    rechecked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安全隐患"
        ordering = ["fix_by", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=HazardStatus.values), name="hazard_status_known"),
            models.CheckConstraint(
                condition=Q(severity__in=["minor", "serious"]), name="hazard_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="hazard_answer_paired",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_at=None, rechecked_by=None)
                | Q(rechecked_at__isnull=False, rechecked_by__isnull=False),
                name="hazard_recheck_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(rechecked_at__isnull=False),
                name="hazard_closed_is_rechecked",
            ),
        ]

    def __str__(self):
        return f"{self.place} 隐患"

    def get_absolute_url(self):
        return reverse("workshops:hazard", args=[self.key])

    @property
    def is_late(self) -> bool:
        return self.status != HazardStatus.CLOSED and self.fix_by < timezone.localdate()


class Incident(models.Model):
    """Something that happened: reported once, never changed, settled by the office or the logistics."""

    class Kind(models.TextChoices):
        FIRE = "fire", "火灾火情"
        INJURY = "injury", "人身伤害"
        EQUIPMENT = "equipment", "设备事故"
        POWER = "power", "水电事故"
        THEFT = "theft", "失窃"
        OTHER = "other", "其他"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, verbose_name="工作室", null=True, on_delete=models.PROTECT, related_name="incidents"
    )
    happened_at = models.DateTimeField("发生时间")
    place = models.CharField("地点", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    injured = models.PositiveSmallIntegerField("受伤人数", default=0)
    loss = models.PositiveBigIntegerField("财产损失（分）", default=0)
    facts = models.TextField("经过", max_length=2000)
    measures = models.TextField("已采取的措施", max_length=1000, blank=True)
    report = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField("报告时间", default=timezone.now, editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField("处理结果", max_length=1000, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SafetyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安全事件"
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["fire", "injury", "equipment", "power", "theft", "other"]),
                name="incident_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, outcome="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="incident_settled_paired",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("workshops:incident", args=[self.key])


class SafetyLetterQuerySet(SafetyRecordQuerySet):
    path = "residency__studio"


class SafetyLetter(models.Model):
    """安全责任书 of one residency for one year: issued as a paper, received signed as a scan."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="safety_letters")
    year = models.PositiveSmallIntegerField("年度")
    due_on = models.DateField("签订期限")
    issued_at = models.DateTimeField("发出时间", default=timezone.now, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收到时间", null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SafetyLetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安全责任书"
        ordering = ["-year", "residency"]
        constraints = [
            models.UniqueConstraint(fields=["residency", "year"], name="safety_letter_once_a_year"),
            models.CheckConstraint(
                condition=Q(received_at=None, received_by=None, scan=None)
                | Q(received_at__isnull=False, received_by__isnull=False, scan__isnull=False),
                name="safety_letter_received_whole",
            ),
        ]

    def __str__(self):
        return f"{self.residency.studio} {self.year}年度安全责任书"

    def get_absolute_url(self):
        return reverse("workshops:safety_letters")

    @property
    def is_late(self) -> bool:
        return self.received_at is None and self.due_on < timezone.localdate()
