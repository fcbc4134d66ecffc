"""Leaving the park, and the warnings before a term or a waiver ends [4.1][5.3][T16]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from workshops.models.agreement import paired
from workshops.models.residency import Residency
from workshops.models.studio import StudioRecordQuerySet

USER = settings.AUTH_USER_MODEL


class DepartureQuerySet(StudioRecordQuerySet):
    path = "residency__studio"

    def open(self):
        return self.filter(withdrawn_at=None, concluded_at=None)


class Departure(models.Model):
    """A residency that is to end: asked for by the studio or decided by the office, until it has ended or stays."""

    class Ground(models.TextChoices):
        VOLUNTARY = "voluntary", "工作室申请退出"
        TERM_OVER = "term_over", "协议期满不再续期"
        OTHER = "other", "其他原因"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="departures")
    ground = models.CharField("情形", max_length=10, choices=Ground)
    reason = models.CharField("原因", max_length=300)
    leaves_on = models.DateField("拟退出日期")
    is_by_studio = models.BooleanField("由工作室提出", default=False)
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField("办结时间", null=True)
    concluded_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "退出"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(withdrawn_at=None, concluded_at=None),
                name="departure_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["voluntary", "term_over", "other"]), name="departure_ground_known"
            ),
            paired("withdrawn", constraint="departure_withdrawal_paired"),
            paired("concluded", constraint="departure_conclusion_paired"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(concluded_at=None), name="departure_one_way_out"
            ),
        ]

    def __str__(self):
        return f"{self.residency.studio} {self.get_ground_display()}"

    @property
    def is_open(self) -> bool:
        """Neither taken back nor concluded."""
        return self.withdrawn_at is None and self.concluded_at is None


class EndWarning(models.Model):
    """That somebody was warned: once for each end and each threshold."""

    class Kind(models.TextChoices):
        WAIVER = "waiver", "免租期"
        TERM = "term", "协议期"
        AGREEMENT = "agreement", "签订协议期限"

    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="warnings")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    ends_on = models.DateField("届满日期")
    days = models.PositiveSmallIntegerField("届满前天数")
    warned_at = models.DateTimeField("提醒时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "届满提醒"
        ordering = ["-warned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["residency", "kind", "ends_on", "days"], name="end_warning_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["waiver", "term", "agreement"]), name="end_warning_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.residency} {self.get_kind_display()}"
