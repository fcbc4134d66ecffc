"""What the park announces to everybody: drafted, reviewed by three, published, objected to, concluded (W6, 5.4)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.fields import EncryptedTextField
from park.models.attachment import StoredFile
from park.models.case import Case
from park.models.people import Role


class AnnouncementStatus(models.TextChoices):
    """Where one announcement stands."""

    DRAFTING = "drafting", "拟稿"
    REVIEWING = "reviewing", "审核中"
    PUBLISHED = "published", "已发布"
    CONCLUDED = "concluded", "已办结"
    WITHDRAWN = "withdrawn", "已撤下"


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the public may read, and everything for the office."""
        if user is not None and user.is_authenticated and user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self
        return self.public()

    def public(self):
        """Whatever was published; of one that was taken down only that and why."""
        return self.filter(published_at__isnull=False)

    def standing(self):
        return self.filter(status__in=[AnnouncementStatus.PUBLISHED, AnnouncementStatus.CONCLUDED])


class Announcement(Case):
    """One announcement of a `kind` that an app registered (`park.announcements`). `rows` holds public columns only:
    a list of plain dicts, written by the app from an explicit list of fields, never from a model."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=30, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    status = models.CharField(
        "状态", max_length=20, choices=AnnouncementStatus, default=AnnouncementStatus.DRAFTING, editable=False
    )
    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文", max_length=4000)
    columns = models.JSONField("公开的栏目", default=list, editable=False)  # [{key, label}]
    rows = models.JSONField("公开的名单", default=list, editable=False)
    notice_days = models.PositiveSmallIntegerField("公示工作日数", default=0)  # 0: no objections, only news
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    drafted_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    ends_on = models.DateField("公示截止日期", null=True, editable=False)
    extensions = models.JSONField(
        "延长记录", default=list, editable=False
    )  # [{on, until, reason}], shown to all
    concluded_at = models.DateTimeField("办结时间", null=True, editable=False)
    reason = models.CharField("撤下原因", max_length=300, blank=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告公示"
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["status", "published_at"], name="announcement_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AnnouncementStatus.values), name="announcement_status_known"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="announcement_published_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "concluded"]) | Q(published_at__isnull=False),
                name="announcement_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(notice_days=0) | Q(published_at=None) | Q(ends_on__isnull=False),
                name="announcement_notice_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(reason=""), name="announcement_withdrawn_has_reason"
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("announcement_case", args=[self.key])

    @property
    def takes_objections(self) -> bool:
        """Published as a 公示 whose days have not run out."""
        return (
            self.status == AnnouncementStatus.PUBLISHED
            and self.ends_on is not None
            and timezone.localdate() <= self.ends_on
        )


class AnnouncementReview(models.Model):
    """One of the three readings before anything appears (三审): first, second and last, by different people."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reviews")
    level = models.PositiveSmallIntegerField("审次")
    text_hash = models.CharField(max_length=64)  # a changed text is read anew
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发布审核"
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "level"], name="announcement_level_once"),
            models.UniqueConstraint(fields=["announcement", "by"], name="announcement_reviewers_differ"),
            models.CheckConstraint(condition=Q(level__in=[1, 2, 3]), name="announcement_level_known"),
        ]


class AnnouncementFile(models.Model):
    """A file put with an announcement; its text is searched for personal data before it can be published."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "公告附件"
        ordering = ["pk"]


class Objection(models.Model):
    """A named objection (实名异议) to one row of a 公示. Who objects is kept secret from the studio."""

    class Outcome(models.TextChoices):
        DISMISSED = "dismissed", "异议不成立"
        UPHELD = "upheld", "异议成立"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="objections")
    number = models.CharField("受理编号", max_length=20, unique=True, editable=False)
    row = models.CharField("涉及名单行", max_length=60, blank=True)  # `key` of a row; "" concerns the whole
    name = EncryptedTextField("异议人姓名")
    contact = EncryptedTextField("联系方式")
    text = EncryptedTextField("异议内容")
    stored = models.ForeignKey(
        StoredFile, verbose_name="附件", null=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    # An officer who was told in person or by letter; none for the public form.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField("答复", max_length=2000, blank=True)
    findings = models.TextField("核查情况", max_length=2000, blank=True)
    outcome = models.CharField("处理结果", max_length=10, choices=Outcome, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "公示异议"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | (
                    Q(outcome__in=["dismissed", "upheld"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(answer="")
                    & ~Q(findings="")
                ),
                name="objection_decided_with_answer",
            )
        ]

    def __str__(self):
        return self.number
