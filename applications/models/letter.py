"""Letters to the studios on how their application ended: decided first, read once more, then sent together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from park.models import Document


class Letter(models.Model):
    """One letter in the outbox, or sent. The studio learns its result with the letter, not before."""

    class Kind(models.TextChoices):
        ADMITTED = "admitted", "入驻通知书"
        NOT_ADMITTED = "not_admitted", "不予入驻告知书"
        WAITLISTED = "waitlisted", "候补通知书"
        PROMOTED = "promoted", "候补递补通知书"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField("种类", max_length=20, choices=Kind)
    stage = models.CharField("环节", max_length=30)
    clause = models.CharField("依据条款", max_length=20)
    reason = models.TextField("理由", max_length=1000, blank=True)  # what the studio reads
    may_apply_from = models.DateField("可再次申报的日期", null=True)
    respond_by = models.DateField("办理截止日期", null=True)  # by when the admitted studio comes to sign
    prepared_at = models.DateTimeField("拟稿时间", default=timezone.now)
    sent_at = models.DateTimeField("发出时间", null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    dropped_at = models.DateTimeField("作废时间", null=True)  # the case went on before it was sent
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "办理结果文书"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(sent_at=None, dropped_at=None),
                name="letter_one_waiting_per_case",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="letter_sending_paired",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dropped_at=None), name="letter_sent_or_dropped"
            ),
            models.CheckConstraint(
                condition=~Q(kind="not_admitted") | ~Q(reason=""), name="letter_refusal_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.get_kind_display()}"
