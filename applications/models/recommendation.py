"""Box 10 of Annex 1: the opinion of the leader's unit, or of whoever stands in for it [A1][A3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from park.fields import EncryptedJSONField
from park.models import Document, StoredFile


class RecommendationMode(models.TextChoices):
    """Who recommends. The form knows only the employer; the others stand in for people without one [A3]."""

    EMPLOYER = "employer", "领衔人所在单位"
    ASSOCIATION = "association", "行业协会"
    LOCAL = "local", "镇（街道）或所在地人社部门"
    NONE = "none", "本人无单位说明"


class StampCopy(models.Model):
    """The form as printed for the unit's stamp (用印稿), frozen: a scan is held against it."""

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="stamp_copies")
    number = models.PositiveSmallIntegerField("第几稿")
    data = EncryptedJSONField("内容")
    content_hash = models.CharField("所印内容的指纹", max_length=64)
    document = models.OneToOneField(Document, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "用印稿"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="stamp_copy_number_once")
        ]

    def __str__(self):
        return f"用印稿 第{self.number}稿"


class Recommendation(models.Model):
    """A recommendation as received: on stamped paper (scan) or on line by a one-time link."""

    class Via(models.TextChoices):
        SCAN = "scan", "盖章扫描件"
        LINK = "link", "单位在线确认"

    class Match(models.TextChoices):
        QR = "qr", "二维码自动核对"
        HAND = "hand", "人工确认"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="recommendations")
    mode = models.CharField("推荐主体", max_length=20, choices=RecommendationMode)
    via = models.CharField("方式", max_length=10, choices=Via)
    opinion = models.TextField("推荐意见", max_length=500)
    reason = models.TextField("替代说明", blank=True, max_length=500)
    stored = models.ForeignKey(
        StoredFile, verbose_name="盖章扫描件", on_delete=models.PROTECT, related_name="+"
    )
    copy = models.ForeignKey(
        StampCopy, verbose_name="所盖章的用印稿", on_delete=models.PROTECT, related_name="+"
    )
    matched_by = models.CharField("核对方式", max_length=10, choices=Match)
    signer_name = models.CharField("单位经办人", max_length=30, blank=True)
    signer_post = models.CharField("经办人职务", max_length=40, blank=True)
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    received_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "推荐意见"
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_at=None), name="recommendation_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=RecommendationMode.values), name="recommendation_mode_known"
            ),
        ]


class RecommendationLink(models.Model):
    """A one-time link for the unit. Only the hash of its token is kept."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="recommendation_links"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    copy = models.ForeignKey(StampCopy, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "推荐确认链接"
        ordering = ["-created_at"]

    @property
    def is_live(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
