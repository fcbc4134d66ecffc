"""The regular inspection of a studio in the park [5.2 定期检查]: plan, checklist, pictures, findings."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role, StoredFile
from park.models.codes import CodeListEntry
from workshops.models import Residency, StudioRecordQuerySet

# Who may inspect: the office, and the bodies of the working group that serve the park [5.1].
INSPECTOR_ROLES = (Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS, Role.ATTRACTION)


class InspectionItem(CodeListEntry):
    """One line of the checklist, kept by the office. An inspection copies the lines of the day it is planned."""

    label = models.CharField("检查内容", max_length=120)
    clause = models.CharField("依据条款", max_length=10, help_text="例如 A2.1、5.3。")
    hint = models.CharField("怎样检查", max_length=200, blank=True)

    class Meta(CodeListEntry.Meta):
        verbose_name = verbose_name_plural = "定期检查项目"


class InspectionStatus(models.TextChoices):
    PLANNED = "planned", "待检查"
    RECORDED = "recorded", "待工作室核对"
    CLOSING = "closing", "问题整改中"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"


class FindingStatus(models.TextChoices):
    OPEN = "open", "待整改"
    ANSWERED = "answered", "待复查"
    REOPENED = "reopened", "复查未通过"
    CLOSED = "closed", "已整改"


class LineVerdict(models.TextChoices):
    MET = "met", "符合"
    NOT_MET = "not_met", "不符合"
    NOT_APPLICABLE = "na", "不适用"


class InspectionPlan(models.Model):
    """What the office means to inspect in one period, quarterly by default [T9]."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("名称", max_length=60)
    starts_on = models.DateField("周期起")
    ends_on = models.DateField("周期止")
    note = models.CharField("检查重点", max_length=300, blank=True)
    planned_at = models.DateTimeField("制定时间", default=timezone.now, editable=False)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "检查计划"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="inspection_plan_period_whole"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assessments:inspection_plan", args=[self.key])


class InspectionQuerySet(StudioRecordQuerySet):
    path = "residency__studio"
    readers = frozenset(INSPECTOR_ROLES)

    def unfinished(self):
        return self.filter(status__in=["planned", "recorded", "closing"])


class Inspection(Case):
    """One inspection of one residency. Affiliated studios are not inspected [T17]."""

    class Confirmation(models.TextChoices):
        ONLINE = "online", "工作室在线确认"
        REFUSED = "refused", "工作室对事实有异议"
        PAPER = "paper", "在检查记录上签字"
        SILENT = "silent", "逾期未答复，按记录办理"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(InspectionPlan, on_delete=models.PROTECT, related_name="inspections")
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="inspections")
    status = models.CharField(
        "状态", max_length=12, choices=InspectionStatus, default=InspectionStatus.PLANNED, editable=False
    )
    inspect_on = models.DateField("检查日期")
    postponed_why = models.CharField("改期原因", max_length=300, blank=True)
    cancelled_why = models.CharField("取消原因", max_length=300, blank=True)

    # Of the record: see `save_record` on versions.
    version = models.PositiveIntegerField(default=0)
    saved_from = models.UUIDField(null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    summary = models.TextField("总体情况", max_length=3000, blank=True)
    recorded_at = models.DateTimeField("记录时间", null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmation = models.CharField("核对方式", max_length=10, choices=Confirmation, blank=True)
    studio_remark = models.CharField("工作室意见", max_length=500, blank=True)
    confirmed_at = models.DateTimeField("核对时间", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_sheet = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "定期检查"
        ordering = ["inspect_on", "pk"]
        indexes = [models.Index(fields=["inspect_on"], name="inspection_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=InspectionStatus.values), name="inspection_status_known"
            ),
            models.UniqueConstraint(
                fields=["plan", "residency"],
                condition=~Q(status="cancelled"),
                name="inspection_once_per_plan",
            ),
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(status__in=["planned", "recorded"]),
                name="inspection_one_before_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(saved_at=None, saved_by=None) | Q(saved_at__isnull=False, saved_by__isnull=False),
                name="inspection_saving_paired",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at=None, recorded_by=None)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="inspection_record_paired",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmation="")
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmation="")),
                name="inspection_confirmation_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["recorded", "closing", "closed"]) | Q(recorded_at__isnull=False),
                name="inspection_recorded_is_signed_off",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["closing", "closed"]) | Q(confirmed_at__isnull=False),
                name="inspection_closing_is_answered",
            ),
        ]

    def __str__(self):
        return f"{self.residency.studio} {self.plan}"

    def get_absolute_url(self):
        return reverse("assessments:inspection", args=[self.key])

    @property
    def studio(self):
        return self.residency.studio


class Inspector(models.Model):
    """Somebody who goes."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="inspectors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "检查人员"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "user"], name="inspector_once")]


class InspectionLineQuerySet(models.QuerySet):
    def proving(self, clause, *, studio, since, until):
        """What confirmed inspections of these days found on one item of the scorecard, such as `A2.4`; the newest
        first. The yearly evaluation reads it beside its own line [A2]."""
        return (
            self.filter(
                clause=clause,
                inspection__residency__studio=studio,
                inspection__inspect_on__range=(since, until),
                inspection__status__in=[InspectionStatus.CLOSING, InspectionStatus.CLOSED],
            )
            .exclude(verdict="")
            .select_related("inspection", "item")
            .order_by("-inspection__inspect_on", "item__order", "pk")
        )


class InspectionLine(models.Model):
    """One line of the checklist as it read on the day of the plan, and what was found."""

    class Severity(models.TextChoices):
        MINOR = "minor", "一般"
        SERIOUS = "serious", "严重"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(InspectionItem, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField("依据条款", max_length=10)
    text = models.CharField("检查内容", max_length=120)
    order = models.PositiveSmallIntegerField("顺序")
    verdict = models.CharField("结论", max_length=10, choices=LineVerdict, blank=True)
    severity = models.CharField("问题程度", max_length=10, choices=Severity, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)

    objects = InspectionLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["clause"], name="inspection_line_by_clause")]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="inspection_line_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=[*LineVerdict.values, ""]), name="inspection_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["minor", "serious", ""]), name="inspection_severity_known"
            ),
        ]


class InspectionPhoto(models.Model):
    """A picture taken at the place, without its EXIF. `client_key` lets a phone send it again safely."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    client_key = models.UUIDField(default=uuid.uuid4)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "检查照片"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "client_key"], name="inspection_photo_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="inspection_photo_removal_paired",
            ),
        ]


class FindingQuerySet(StudioRecordQuerySet):
    path = "inspection__residency__studio"
    readers = frozenset(INSPECTOR_ROLES)

    def unsettled(self):
        return self.exclude(status=FindingStatus.CLOSED)

    def overdue(self, day=None):
        """Not put right by the day it was due: it stays so until it is closed, whatever happened since."""
        return self.unsettled().filter(fix_by__lt=day or timezone.localdate())


class Finding(Case):
    """One thing to put right. `fix_by` is set once and never moves; `due_on` is the clock of whoever's turn it is."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    line = models.OneToOneField(InspectionLine, on_delete=models.PROTECT, related_name="finding")
    status = models.CharField(
        "状态", max_length=10, choices=FindingStatus, default=FindingStatus.OPEN, editable=False
    )
    number = models.PositiveSmallIntegerField("序号")
    clause = models.CharField("依据条款", max_length=10)
    problem = models.CharField("问题", max_length=500)
    severity = models.CharField("问题程度", max_length=10, choices=InspectionLine.Severity)
    fix_by = models.DateField("整改期限")
    answer = models.TextField("整改情况", max_length=1000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recheck = models.CharField("复查情况", max_length=500, blank=True)
    rechecked_at = models.DateTimeField("复查时间", null=True)
    rechecked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查发现的问题"
        ordering = ["fix_by", "inspection", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FindingStatus.values), name="finding_status_known"),
            models.CheckConstraint(
                condition=Q(severity__in=["minor", "serious"]), name="finding_severity_known"
            ),
            models.UniqueConstraint(fields=["inspection", "number"], name="finding_number_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="finding_answer_paired",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_at=None, rechecked_by=None)
                | Q(rechecked_at__isnull=False, rechecked_by__isnull=False),
                name="finding_recheck_paired",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(answered_at__isnull=False), name="finding_moved_is_answered"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(rechecked_at__isnull=False),
                name="finding_closed_is_rechecked",
            ),
        ]

    def __str__(self):
        return f"{self.inspection.residency.studio} 问题{self.number}"

    def get_absolute_url(self):
        return reverse("assessments:finding", args=[self.key])

    @property
    def studio(self):
        return self.inspection.residency.studio

    @property
    def is_late(self) -> bool:
        """Past the day it had to be put right, and not closed."""
        return self.status != FindingStatus.CLOSED and self.fix_by < timezone.localdate()


class FindingProof(models.Model):
    """A picture or paper with the studio's answer."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="proofs")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "整改证明"
        ordering = ["pk"]
