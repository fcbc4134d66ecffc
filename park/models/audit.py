"""The trail of everything done: append-only, each entry sealed by the hash of the one before."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what to what, when, with what result. No foreign key to the subject: the trail outlives it.

    Triggers on both databases refuse UPDATE and DELETE (`park/triggers.py`); `manage.py verify_audit`
    recomputes the chain.
    """

    sequence = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField("操作人姓名", max_length=60)
    roles = models.CharField("角色", max_length=200, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    verb = models.CharField("动作", max_length=60)
    subject_model = models.CharField("对象类型", max_length=60, blank=True)
    subject_id = models.CharField("对象编号", max_length=60, blank=True)
    subject = models.CharField("对象", max_length=200, blank=True)
    result = models.CharField("结果", max_length=20, default="ok")
    before = models.CharField("之前", max_length=200, blank=True)
    after = models.CharField("之后", max_length=200, blank=True)
    clause = models.CharField("条款", max_length=40, blank=True)
    note = models.TextField("说明", blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["subject_model", "subject_id", "sequence"], name="audit_by_subject"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self):
        return f"{self.sequence} {self.verb}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("审计记录只能追加。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("审计记录不能删除。")


class AuditHead(models.Model):
    """The end of the chain: one row, locked last in every transaction that writes."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
