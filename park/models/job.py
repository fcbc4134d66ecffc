"""Work too long for a page: who asked for it, how far it is, where its result lies."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

NO_SIGN_OF_LIFE = timedelta(minutes=10)  # then whoever asked may start it again
KEPT = timedelta(hours=24)  # a result file


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
    arguments = models.JSONField(default=dict)  # keys, codes, the words of a form; nothing personal
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    failure = models.CharField("失败原因", max_length=300, blank=True)
    result = models.JSONField(
        "结果", default=list
    )  # [{label, ok, text, url}]: one line per row that was worked on
    storage_name = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    seen_at = models.DateTimeField("最近一次进展", default=timezone.now)
    attempt = models.PositiveSmallIntegerField(
        "第几次", default=0
    )  # a worker writes under its own number only

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

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_stuck(self) -> bool:
        """Its worker died, or nobody fetched it."""
        return self.is_open and self.seen_at < timezone.now() - NO_SIGN_OF_LIFE

    @property
    def may_be_retried(self) -> bool:
        return self.state == self.State.FAILED or self.is_stuck

    @property
    def has_file(self) -> bool:
        """The result can still be fetched."""
        return bool(self.storage_name) and self.ended_at > timezone.now() - KEPT

    @property
    def file_until(self):
        return self.ended_at + KEPT

    @property
    def size_text(self) -> str:
        return f"{self.size / 1024:.0f} KB" if self.size < 1024 * 1024 else f"{self.size / 1024**2:.1f} MB"
