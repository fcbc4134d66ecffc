"""送达: that a paper reached its studio, on which day, how, and who signed for it [5.4]."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from park.models import Document, StoredFile


class ServiceOfProcess(models.Model):
    """One paper served. Once a paper, and it never changes: what follows counts from `served_on`."""

    class Way(models.TextChoices):
        ONLINE = "online", "工作室在线签收"
        DIRECT = "direct", "直接送达"
        LEFT = "left", "留置送达"
        POST = "post", "邮寄送达"
        PUBLIC = "public", "公告送达"

    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="service", verbose_name="送达的文书"
    )
    way = models.CharField("送达方式", max_length=8, choices=Way)
    served_on = models.DateField("送达日期")
    receiver = models.CharField("签收人", max_length=40, blank=True)
    remark = models.CharField("情况说明", max_length=300, blank=True)
    scan = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="送达回证扫描件"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["online", "direct", "left", "post", "public"]), name="service_way_known"
            ),
            models.CheckConstraint(
                condition=Q(way="online") | Q(scan__isnull=False), name="service_proven_by_receipt"
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["online", "direct", "post"]) | ~Q(receiver=""),
                name="service_signed_for",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["left", "public"]) | ~Q(remark=""), name="service_unsigned_explained"
            ),
        ]

    def __str__(self):
        return f"{self.document} {self.get_way_display()}"
