"""Initial review of the material [3.2.2 材料初审]: verdict per line of [3.1], corrections, notes, decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from applications.models.submission import Submission
from park.models import Document


class Verdict(models.TextChoices):
    MET = "met", "符合"
    UNMET = "unmet", "不符合"
    UNCLEAR = "unclear", "材料不足"


class ReviewLine(models.Model):
    """The office's finding on one line of the checklist, for one filed version."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="review_lines")
    item = models.CharField("条款", max_length=30)
    verdict = models.CharField("结论", max_length=10, choices=Verdict)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    carried_over = models.BooleanField("沿用上一版结论，待确认", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "初审意见"
        constraints = [
            models.UniqueConstraint(fields=["submission", "item"], name="review_line_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="review_verdict_known"),
        ]


class Correction(models.Model):
    """A request to complete the material (补正), told once and whole (一次性告知)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="corrections")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="corrections")
    round = models.PositiveSmallIntegerField("第几次")
    issued_at = models.DateTimeField("告知时间", null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField("补正期限", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    reminded_at = models.DateTimeField("提醒时间", null=True)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "补正"
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="correction_round_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at=None), name="correction_one_unfinished"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None, due_on=None)
                | Q(issued_at__isnull=False, issued_by__isnull=False, due_on__isnull=False),
                name="correction_issue_paired",
            ),
        ]

    def __str__(self):
        return f"{self.application} 第{self.round}次补正"


class CorrectionItem(models.Model):
    """One thing that is missing, in one named section of the form."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="items")
    section = models.CharField("涉及部分", max_length=30)
    missing = models.CharField("需补正的内容", max_length=500)
    clause = models.CharField("依据", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "补正事项"
        ordering = ["pk"]


class ReviewDecision(models.Model):
    """How the initial review of an application ended, with clause and reason."""

    class Outcome(models.TextChoices):
        PASSED = "passed", "初审通过"
        REJECTED = "rejected", "不予通过"

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="review_decision")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("结论", max_length=10, choices=Outcome)
    clause = models.CharField("依据条款", max_length=20, blank=True)
    reason = models.TextField("理由", max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "初审结论"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="passed", clause="") | (Q(outcome="rejected") & ~Q(clause="")),
                name="review_rejection_names_clause",
            )
        ]


class CaseNote(models.Model):
    """A remark on a case: inside the office, or a message between the office and the studio."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    internal = models.BooleanField("仅办公室可见")
    text = models.TextField("内容", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "备注与留言"
        ordering = ["at", "pk"]
