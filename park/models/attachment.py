"""A file that somebody uploaded: what it is, how to recognise it, where its bytes lie."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone


class FileKind(models.TextChoices):
    """What a file is by its content; its name has no say."""

    PDF = "pdf", "PDF"
    IMAGE = "image", "图片"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 表格"
    MP4 = "mp4", "视频"


class StoredFile(models.Model):
    """One accepted upload. The row never changes; its bytes may be purged, and then it says when and why.

    Which record the file belongs to is a row of the upper app that points here. Rows are made only by
    `park.attachments.store` and purged only by `park.attachments.purge`. Domain §5.2 rows 9 and 13.
    """

    key = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("字节数")
    kind = models.CharField("种类", max_length=10, choices=FileKind.choices)
    content_type = models.CharField("内容类型", max_length=100)
    pages = models.PositiveIntegerField("页数", null=True)
    original_name = models.CharField("原文件名", max_length=120)
    storage_name = models.CharField("存放位置", max_length=80, unique=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    purged_at = models.DateTimeField("清除时间", null=True)
    purge_reason = models.CharField("清除原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(fields=["sha256"], name="storedfile_by_hash")]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="storedfile_not_empty"),
            models.CheckConstraint(
                condition=Exact(Length("sha256"), 64), name="storedfile_sha256_has_64_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=FileKind.values), name="storedfile_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(pages=None) | models.Q(kind=FileKind.PDF, pages__gt=0),
                name="storedfile_pages_of_pdf",
            ),
            models.CheckConstraint(
                condition=models.Q(purged_at=None, purge_reason="")
                | (models.Q(purged_at__isnull=False) & ~models.Q(purge_reason="")),
                name="storedfile_purge_has_time_and_reason",
            ),
        ]

    def __str__(self):
        return f"附件 {self.key.hex[:8]}"

    def save(self, *args, **kwargs):
        if self.pk and not self._state.adding:
            raise TypeError("附件的记录不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("附件的记录不能删除，只能清除内容。")

    @property
    def size_text(self) -> str:
        """The size as people say it: 312 KB, 4.7 MB."""
        return f"{self.size / 1024:.0f} KB" if self.size < 1024 * 1024 else f"{self.size / 1024**2:.1f} MB"
