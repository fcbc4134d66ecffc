"""Work too long for a page: who asked for it, how far it is, where its result lies."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own only."""
        return self.filter(by=user) if user is not None and user.is_authenticated else self.none()


class Job(models.Model):
    """One piece of background work (`park.jobs`), with its progress; a result file is kept for 24 hours."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有完成"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=30)
    title = models.CharField("名称", max_length=80)
    arguments = models.JSONField(default=dict)  # keys and codes only, nothing personal
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    failure = models.CharField("失败原因", max_length=300, blank=True)
    result = models.JSONField(
        "结果", default=list
    )  # [{label, ok, text}]: one line per row that was worked on
    storage_name = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="job_state_known"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_not_more_than_all"),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure=""), name="job_failure_has_reason"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("job", args=[self.key])
