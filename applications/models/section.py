"""What was typed into the form, section by section, and the files put with it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from park.fields import EncryptedJSONField
from park.models import StoredFile


class SectionDraft(models.Model):
    """One section exactly as typed, right or wrong, so that leaving loses nothing.

    `version` grows with every save; a save that names an older one is refused (two editors).
    """

    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField("部分", max_length=30)
    data = EncryptedJSONField("内容", default="")
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "填写内容"
        constraints = [models.UniqueConstraint(fields=["application", "name"], name="section_once")]


class ApplicationFileQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(removed_at=None)


class ApplicationFile(models.Model):
    """A file put with a section, as evidence of `purpose` (e.g. `3.1.1a`, `stamped_form`)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="files")
    section = models.CharField("部分", max_length=30)
    purpose = models.CharField("证明事项", max_length=30)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=100, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ApplicationFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报附件"
        ordering = ["purpose", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="application_file_removal_paired",
            )
        ]
