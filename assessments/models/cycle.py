"""One year's evaluation of the studios in the park [5.2]: which edition, which settings, who grades."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.rubric import Rubric
from park.models import Case, Role
from park.points import PointsField


class CycleStatus(models.TextChoices):
    OPEN = "open", "考核进行中"
    ANNOUNCED = "announced", "初步结果已告知"
    CLOSED = "closed", "已办结"


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The house; experts those years that they grade. A studio sees its own card instead."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(
            Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS, Role.ATTRACTION, Role.WORKING_GROUP
        ):
            return self
        return self.filter(graders__user=user)

    def unfinished(self):
        return self.exclude(status=CycleStatus.CLOSED)


class EvaluationCycle(Case):
    """The evaluation of one calendar year [S16]. `rules` are the park's settings as they stood when it was opened: what
    is changed afterwards counts for the next year."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField("考核年度", unique=True)
    rubric = models.ForeignKey(
        Rubric, on_delete=models.PROTECT, related_name="cycles", verbose_name="考核评估细则"
    )
    rules = models.JSONField("本园设定", default=dict, editable=False)
    status = models.CharField(
        "状态", max_length=10, choices=CycleStatus, default=CycleStatus.OPEN, editable=False
    )
    self_until = models.DateField("自评截止")
    note = models.CharField("考核要求", max_length=500, blank=True)
    opened_at = models.DateTimeField("启动时间", default=timezone.now, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField("告知时间", null=True, editable=False)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("办结时间", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度考核"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CycleStatus.values), name="cycle_status_known"),
            models.CheckConstraint(
                condition=Q(announced_at=None, announced_by=None)
                | Q(announced_at__isnull=False, announced_by__isnull=False),
                name="cycle_announcing_paired",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="cycle_closing_paired",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(announced_at__isnull=False), name="cycle_announced_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False), name="cycle_closed_is_dated"
            ),
        ]

    def __str__(self):
        return f"{self.year}年度考核"

    def get_absolute_url(self):
        return reverse("assessments:cycle", args=[self.key])


class Grader(models.Model):
    """An expert who grades the items that the form leaves to judgement (优、良、中) [A2.B4][S17]."""

    cycle = models.ForeignKey(EvaluationCycle, on_delete=models.PROTECT, related_name="graders")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="评审专家"
    )
    is_leader = models.BooleanField("组长", default=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "评审专家"
        ordering = ["-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "user"], name="grader_once"),
            models.UniqueConstraint(fields=["cycle"], condition=Q(is_leader=True), name="grader_one_leader"),
        ]

    def __str__(self):
        return f"{self.cycle} {self.user}"


class Projection(models.Model):
    """What a studio's card of the running year would say today, for the view of all studios side by side. Renewed by
    the chore of the day and on demand; nobody is judged by it."""

    studio = models.ForeignKey("workshops.Studio", on_delete=models.CASCADE, related_name="projections")
    year = models.PositiveSmallIntegerField()
    points = models.JSONField(default=dict)  # item code → points, as text
    base = PointsField("基础分")
    bonus = PointsField("附加分")
    at_risk = models.BooleanField("有不合格的风险", default=False)
    computed_at = models.DateTimeField("计算时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "年度得分预测"
        ordering = ["year", "studio"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "year"], name="projection_once"),
            models.CheckConstraint(
                condition=Q(base__gte=0, base__lte=100, bonus__gte=0, bonus__lte=100),
                name="projection_in_range",
            ),
        ]

    def __str__(self):
        return f"{self.studio} {self.year}"

    @property
    def total(self):
        return self.base + self.bonus
