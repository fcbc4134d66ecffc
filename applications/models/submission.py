"""What was filed: versions that nobody changes any more."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from applications.models.application import Application
from park.fields import EncryptedJSONField
from park.models import StoredFile


class Submission(models.Model):
    """One filed version of the form. Reviewers, panel and paper refer to it by number.

    `content_hash` is over the plain content; a trigger refuses to change it or to delete the row, while
    the ciphertext itself may be renewed when keys rotate.
    """

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField("版本")
    data = EncryptedJSONField("内容")
    content_hash = models.CharField("内容指纹", max_length=64)
    changed_sections = models.JSONField("与上一版相比有变化的部分", default=list)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("提交时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "提交版本"
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="submission_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="submission_number_from_one"),
        ]

    def __str__(self):
        return f"{self.application} 第{self.number}版"


class SubmissionFile(models.Model):
    """A file as it belonged to a filed version, by hash."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="files")
    section = models.CharField(max_length=30)
    purpose = models.CharField(max_length=30)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "版本附件"
        ordering = ["purpose", "pk"]
