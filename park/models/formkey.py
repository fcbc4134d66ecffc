"""Used one-time keys of forms."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class FormKey(models.Model):
    """A form that was carried out, and where its sender was led: the same form sent again leads there too."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(default=timezone.now, db_index=True)
    location = models.CharField(max_length=300, default="")

    class Meta:
        verbose_name = verbose_name_plural = "一次性表单凭证"
