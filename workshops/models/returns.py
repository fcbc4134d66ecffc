"""What the studios report at the end of a month, quarter or year (统计报表) [5.3][T10]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case
from workshops.models.residency import Residency
from workshops.models.studio import StudioRecordQuerySet


class PeriodKind(models.TextChoices):
    """How often a return is due."""

    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    YEAR = "year", "年报"


class FigureKind(models.TextChoices):
    """What one figure is. Money is kept in fen."""

    INT = "int", "整数"
    DECIMAL = "decimal", "小数（两位）"
    MONEY = "money", "金额（元）"


class ReturnStatus(models.TextChoices):
    """Where one return stands."""

    OPEN = "open", "待报送"
    SUBMITTED = "submitted", "待审核"
    QUERIED = "queried", "待答复"
    ACCEPTED = "accepted", "已审核"
    WAIVED = "waived", "免予报送"


FILLING = (ReturnStatus.OPEN, ReturnStatus.QUERIED)  # the studio has to act
REPORTED = (ReturnStatus.SUBMITTED, ReturnStatus.ACCEPTED)  # counts in what is added up


def first_of_this_month():
    return timezone.localdate().replace(day=1)


class ReturnDefinitionQuerySet(models.QuerySet):
    def current(self):
        """The version in use of each definition."""
        return self.filter(is_current=True)


class ReturnDefinition(models.Model):
    """One form that the office defined, in one version. Once a return was opened on it, its figures do not change:
    other figures are a new version under the same `code`."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("代码", max_length=20)
    version = models.PositiveSmallIntegerField("版本", default=1)
    title = models.CharField("名称", max_length=60)
    period = models.CharField("报送周期", max_length=10, choices=PeriodKind)
    guidance = models.CharField("填报说明", max_length=500, blank=True)
    due_days = models.PositiveSmallIntegerField("报送期限（工作日）", null=True, blank=True)
    active_from = models.DateField("启用日期", default=first_of_this_month)
    active_until = models.DateField("停用日期", null=True, blank=True)
    is_current = models.BooleanField("现行版本", default=True, editable=False)
    created_at = models.DateTimeField("定义时间", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = ReturnDefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报表定义"
        ordering = ["period", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="return_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="return_one_current_version"
            ),
            models.CheckConstraint(condition=Q(period__in=PeriodKind.values), name="return_period_known"),
            models.CheckConstraint(
                condition=Q(active_until=None) | Q(active_until__gte=F("active_from")),
                name="return_active_in_order",
            ),
            models.CheckConstraint(
                condition=Q(due_days=None) | Q(due_days__range=(1, 60)), name="return_due_days_sensible"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:return_definition", args=[self.key])


class ReturnFigureQuerySet(models.QuerySet):
    def of_period(self, code: str, first_on):
        """Those of the version that the period was opened with; of the latest where there were several."""
        rows = StatisticalReturn.objects.filter(definition_code=code, first_on=first_on)
        return self.filter(definition__in=rows.order_by("-definition__version").values("definition")[:1])


class ReturnFigure(models.Model):
    """One line of the form. `code` is the same in every version; `source` names a figure the system knows itself."""

    definition = models.ForeignKey(ReturnDefinition, on_delete=models.PROTECT, related_name="figures")
    code = models.SlugField("代码", max_length=30)
    label = models.CharField("指标", max_length=40)
    unit = models.CharField("单位", max_length=10, blank=True)
    kind = models.CharField("类型", max_length=10, choices=FigureKind, default=FigureKind.INT)
    help = models.CharField("填报口径", max_length=200, blank=True)
    source = models.CharField("系统取数", max_length=30, blank=True)
    is_required = models.BooleanField("必填", default=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    objects = ReturnFigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报表指标"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "code"], name="return_figure_once"),
            models.UniqueConstraint(fields=["definition", "label"], name="return_label_once"),
            models.CheckConstraint(condition=Q(kind__in=FigureKind.values), name="return_figure_kind_known"),
        ]

    def __str__(self):
        return self.label


class ReturnQuerySet(StudioRecordQuerySet):
    path = "residency__studio"

    def missing(self):
        """Not reported, or not again since the office asked."""
        return self.filter(status__in=FILLING)

    def overdue(self, today=None):
        """Never reported by the day it was due."""
        return self.filter(
            status=ReturnStatus.OPEN, first_submitted_at=None, deadline__lt=today or timezone.localdate()
        )


class StatisticalReturn(Case):
    """What one studio reports for one period. The days are inclusive.

    `deadline` is set once and never moves, whatever is asked and answered later; `due_on` is the running clock of the
    procedure.
    """

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="returns")
    definition = models.ForeignKey(ReturnDefinition, on_delete=models.PROTECT, related_name="returns")
    definition_code = models.SlugField(max_length=20, editable=False)  # one per period, in whichever version
    first_on = models.DateField("期初")
    last_on = models.DateField("期末")
    status = models.CharField(
        "状态", max_length=10, choices=ReturnStatus, default=ReturnStatus.OPEN, editable=False
    )
    deadline = models.DateField("报送期限")
    note = models.CharField("情况说明", max_length=500, blank=True)
    reason = models.CharField("免予报送的原因", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)  # a save that names an older one is refused
    opened_at = models.DateTimeField("开报时间", default=timezone.now)
    first_submitted_at = models.DateTimeField("首次报送时间", null=True)
    submitted_at = models.DateTimeField("报送时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField("审核时间", null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    early_reminder_on = models.DateField("到期前提醒", null=True)
    overdue_reminder_on = models.DateField("逾期提醒", null=True)
    urged_on = models.DateField("最近催报", null=True)  # by the office

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统计报表"
        ordering = ["-last_on", "pk"]
        indexes = [
            models.Index(fields=["residency", "-last_on", "-id"], name="return_by_residency"),
            models.Index(fields=["definition_code", "first_on", "status"], name="return_by_period"),
            models.Index(fields=["status", "deadline", "id"], name="return_by_deadline"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ReturnStatus.values), name="return_status_known"),
            models.UniqueConstraint(
                fields=["residency", "definition", "first_on"], name="return_once_per_period"
            ),
            models.UniqueConstraint(
                fields=["residency", "definition_code", "first_on"], name="return_once_in_any_version"
            ),
            models.CheckConstraint(condition=Q(last_on__gt=F("first_on")), name="return_period_in_order"),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("last_on")), name="return_due_after_its_period"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None, first_submitted_at=None)
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    first_submitted_at__isnull=False,
                ),
                name="return_submission_paired",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="return_acceptance_paired",
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at=None)),
                name="return_accepted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "accepted"]) | Q(submitted_at__isnull=False),
                name="return_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="waived") | ~Q(reason=""), name="return_waived_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.definition.title} {self.period_label}"

    def get_absolute_url(self):
        return reverse("workshops:return", args=[self.key])

    @property
    def period_label(self) -> str:
        """2026年3月, 2026年第1季度, 2026年."""
        days = (self.last_on - self.first_on).days
        if days > 100:
            return f"{self.first_on.year}年"
        if days > 31:
            return f"{self.first_on.year}年第{(self.first_on.month + 2) // 3}季度"
        return f"{self.first_on.year}年{self.first_on.month}月"

    @property
    def is_late(self) -> bool:
        """Reported after the deadline, or not reported and the deadline has passed; an answer does not change it."""
        if self.status == ReturnStatus.WAIVED:
            return False
        if self.first_submitted_at:
            return timezone.localdate(self.first_submitted_at) > self.deadline
        return self.deadline < timezone.localdate()


class ReturnValue(models.Model):
    """One figure of one return: what the system knew, and what the studio reports. Both stay; money is in fen."""

    statistical_return = models.ForeignKey(StatisticalReturn, on_delete=models.PROTECT, related_name="values")
    figure = models.ForeignKey(ReturnFigure, on_delete=models.PROTECT, related_name="values")
    known = models.DecimalField("系统记录", max_digits=18, decimal_places=2, null=True)
    value = models.DecimalField("报送数", max_digits=18, decimal_places=2, null=True)
    reason = models.CharField("更正原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报送数据"
        ordering = ["figure__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["statistical_return", "figure"], name="return_value_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="return_value_sensible"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(known=None) | Q(value=F("known")) | ~Q(reason=""),
                name="return_correction_has_reason",
            ),
        ]


class ReturnQuestion(models.Model):
    """What the office asked about one figure, and the studio's answer."""

    value = models.ForeignKey(ReturnValue, on_delete=models.PROTECT, related_name="questions")
    question = models.CharField("疑问", max_length=300)
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    before = models.DecimalField("当时的报送数", max_digits=18, decimal_places=2, null=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "报表疑问"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["value"], condition=Q(answered_at=None), name="return_one_open_question"
            ),
            models.CheckConstraint(condition=~Q(question=""), name="return_question_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="return_answer_paired",
            ),
        ]
