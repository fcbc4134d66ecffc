"""限期整改 [5.4.4]: what a studio has to put right by which day, what it reported, what the re-check found."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.inspection import INSPECTOR_ROLES
from assessments.models.scorecard import Falsification, Scorecard
from park.models import Case, Role, StoredFile
from workshops.models import Residency, StudioRecordQuerySet

USER = settings.AUTH_USER_MODEL


class OrderStatus(models.TextChoices):
    ISSUED = "issued", "整改中"
    REPORTED = "reported", "待复查"
    PASSED = "passed", "复查合格"
    FAILED = "failed", "复查不合格"
    WITHDRAWN = "withdrawn", "已撤销"


OPEN_ORDER = (OrderStatus.ISSUED, OrderStatus.REPORTED)


class OrderQuerySet(StudioRecordQuerySet):
    path = "residency__studio"
    readers = frozenset({*INSPECTOR_ROLES, Role.WORKING_GROUP})

    def open(self):
        """Neither passed nor failed nor withdrawn."""
        return self.filter(status__in=OPEN_ORDER)

    def expired(self, day=None):
        """Open although the last day is over."""
        return self.open().filter(deadline__lt=day or timezone.localdate())

    def unmet(self):
        """The ground of [5.4.4]: the time is over and the re-check found it wanting."""
        return self.filter(status=OrderStatus.FAILED)


class RectificationOrder(Case):
    """One 限期整改通知书. `first_deadline` is set once; `deadline` moves once, by the extension, and never otherwise."""

    class Ground(models.TextChoices):
        FAILED_CARD = "failed_card", "绩效评估不合格"
        FALSIFICATION = "falsification", "在工作中弄虚作假"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="rectifications")
    status = models.CharField(
        "状态", max_length=10, choices=OrderStatus, default=OrderStatus.ISSUED, editable=False
    )
    ground = models.CharField("事由", max_length=14, choices=Ground)
    card = models.ForeignKey(
        Scorecard,
        null=True,
        on_delete=models.PROTECT,
        related_name="rectifications",
        verbose_name="考核评分表",
    )
    falsification = models.ForeignKey(
        Falsification,
        null=True,
        on_delete=models.PROTECT,
        related_name="rectifications",
        verbose_name="弄虚作假认定",
    )
    note = models.CharField("总的要求", max_length=500, blank=True)
    issued_on = models.DateField("通知日期")
    months = models.PositiveSmallIntegerField("整改期限（月）")
    first_deadline = models.DateField("原定期限")
    deadline = models.DateField("整改期限")
    issued_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    extended_at = models.DateTimeField("延长时间", null=True)
    extended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    extended_why = models.CharField("延长原因", max_length=300, blank=True)

    rechecked_on = models.DateField("复查日期", null=True)
    recheck_note = models.TextField("复查意见", max_length=1000, blank=True)
    rechecked_at = models.DateTimeField("复查登记时间", null=True)
    rechecked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    recheckers = models.ManyToManyField(USER, related_name="+", verbose_name="一同复查的人员", blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_by = models.ForeignKey(
        USER, null=True, on_delete=models.PROTECT, related_name="+"
    )  # none: the system
    withdrawn_why = models.CharField("撤销原因", max_length=300, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "限期整改"
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["-issued_at", "-id"], name="rectification_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="rectification_status_known"
            ),
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(status__in=["issued", "reported"]),
                name="rectification_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ground="failed_card", card__isnull=False, falsification=None)
                | Q(ground="falsification", card=None, falsification__isnull=False),
                name="rectification_ground_whole",
            ),
            models.UniqueConstraint(
                fields=["card"], condition=~Q(status="withdrawn"), name="rectification_once_per_card"
            ),
            models.UniqueConstraint(
                fields=["falsification"],
                condition=~Q(status="withdrawn"),
                name="rectification_once_per_falsification",
            ),
            models.CheckConstraint(
                condition=Q(first_deadline__gte=F("issued_on")), name="rectification_deadline_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(extended_at=None, extended_by=None, extended_why="", deadline=F("first_deadline"))
                | (
                    Q(extended_at__isnull=False, extended_by__isnull=False, deadline__gt=F("first_deadline"))
                    & ~Q(extended_why="")
                ),
                name="rectification_extended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_at=None, rechecked_by=None, rechecked_on=None)
                | Q(rechecked_at__isnull=False, rechecked_by__isnull=False, rechecked_on__isnull=False),
                name="rectification_recheck_paired",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["passed", "failed"], rechecked_at__isnull=False)
                | (~Q(status__in=["passed", "failed"]) & Q(rechecked_at=None)),
                name="rectification_outcome_is_rechecked",
            ),
            models.CheckConstraint(  # [T11]: before the time is over nothing has failed
                condition=~Q(status="failed") | Q(rechecked_on__gt=F("deadline")),
                name="rectification_fails_after_the_deadline",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_why="")
                | (~Q(status="withdrawn") & Q(withdrawn_at=None, withdrawn_by=None, withdrawn_why="")),
                name="rectification_withdrawn_has_reason",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("assessments:rectification", args=[self.key])

    @property
    def studio(self):
        return self.residency.studio

    @property
    def is_expired(self) -> bool:
        """Open, and its last day is over."""
        return self.status in OPEN_ORDER and self.deadline < timezone.localdate()

    def report(self):
        """The last report, or None."""
        return self.reports.order_by("-round").first()


class RectificationItem(models.Model):
    """One thing to put right. What was asked for never changes; the verdict of the re-check comes once."""

    class Verdict(models.TextChoices):
        MET = "met", "达标"
        UNMET = "unmet", "不达标"

    order = models.ForeignKey(RectificationOrder, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField("序号")
    clause = models.CharField("依据条款", max_length=10)
    problem = models.CharField("存在的问题", max_length=500)
    demand = models.CharField("整改要求", max_length=500)
    verdict = models.CharField("复查结论", max_length=6, choices=Verdict, blank=True)
    verdict_note = models.CharField("复查情况", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改事项"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="rectification_item_once"),
            models.CheckConstraint(
                condition=~Q(problem="") & ~Q(demand="") & ~Q(clause=""), name="rectification_item_said"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_note="")
                | (Q(verdict__in=["met", "unmet"]) & ~Q(verdict_note="")),
                name="rectification_item_judged_with_note",
            ),
        ]

    def __str__(self):
        return f"{self.order} 第{self.number}项"


class RectificationReport(models.Model):
    """What the studio says it did. Each stands as it was sent; a supplement is the next one."""

    order = models.ForeignKey(RectificationOrder, on_delete=models.PROTECT, related_name="reports")
    round = models.PositiveSmallIntegerField("第几次报告")
    statement = models.TextField("总体情况", max_length=2000, blank=True)
    is_late = models.BooleanField("期限届满后报告", default=False)
    made_at = models.DateTimeField("报告时间", default=timezone.now)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField("退回时间", null=True)
    returned_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    returned_why = models.CharField("退回原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改报告"
        ordering = ["-round"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="rectification_report_once"),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None, returned_why="")
                | (Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(returned_why="")),
                name="rectification_report_returned_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.order} 第{self.round}次报告"


class RectificationAnswer(models.Model):
    """What a report says about one item."""

    report = models.ForeignKey(RectificationReport, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(RectificationItem, on_delete=models.PROTECT, related_name="answers")
    done = models.TextField("整改情况", max_length=1000)

    class Meta:
        verbose_name = verbose_name_plural = "逐项整改情况"
        ordering = ["item__number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "item"], name="rectification_answer_once"),
        ]


class RectificationProof(models.Model):
    """A picture or paper for one item; what an earlier report brought stays."""

    item = models.ForeignKey(RectificationItem, on_delete=models.PROTECT, related_name="proofs")
    report = models.ForeignKey(RectificationReport, on_delete=models.PROTECT, related_name="proofs")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "整改证明"
        ordering = ["pk"]


class RectificationPhoto(models.Model):
    """A picture of the re-check. `client_key` lets a phone send it again safely."""

    order = models.ForeignKey(RectificationOrder, on_delete=models.PROTECT, related_name="photos")
    client_key = models.UUIDField(default=uuid.uuid4)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "复查照片"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "client_key"], name="rectification_photo_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="rectification_photo_removal_paired",
            ),
        ]


class RectificationWarning(models.Model):
    """That people were told of the deadline: once for each deadline and threshold; −1 is the day after."""

    order = models.ForeignKey(RectificationOrder, on_delete=models.PROTECT, related_name="warnings")
    deadline = models.DateField("整改期限")
    days = models.SmallIntegerField("届满前天数")
    warned_at = models.DateTimeField("提醒时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "整改期限提醒"
        ordering = ["-warned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "deadline", "days"], name="rectification_warning_once"),
        ]
