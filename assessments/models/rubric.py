"""The printed scorecard as data [A2]: editions of it, and their items with the rule that gives the points."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.models import Role
from park.points import PointsField


class RubricQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What holds is law that everybody reads; what is only being prepared is the office's."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self
        return self.exclude(in_force_from=None)

    def in_force(self, day=None):
        """Editions that may be opened for a year, the newest first."""
        return self.filter(in_force_from__lte=day or timezone.localdate()).order_by("-in_force_from", "-pk")


class Rubric(models.Model):
    """One edition of the 考核评估细则. It is being prepared until it has a day of coming into force, and frozen once a
    year was opened with it."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    edition = models.CharField("版本", max_length=20, unique=True)
    title = models.CharField("名称", max_length=80)
    legal_basis = models.CharField("依据", max_length=120)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核评估细则"
        ordering = ["-in_force_from", "-pk"]

    def __str__(self):
        return f"{self.title}（{self.edition}）"

    def get_absolute_url(self):
        return reverse("assessments:rubric", args=[self.key])

    @property
    def is_used(self) -> bool:
        """A year was opened with it: nothing in it changes any more."""
        return self.cycles.exists()


class ItemKind(models.TextChoices):
    """How points come about; each is one function of `assessments.scoring`."""

    ALL_OR_NOTHING = "all_or_nothing", "有即满分，无即零分"
    CHOICE = "choice", "按印定的分值选取"
    MONTHLY = "monthly", "按月计算缺少的天数"
    DEDUCTIONS = "deductions", "逐项扣分"
    COMPLETENESS = "completeness", "齐全才得分"
    BANDS = "bands", "按人数分档"
    PER_OCCURRENCE = "per_occurrence", "按级别每次计分，封顶"
    GRADE = "grade", "评等得分"


class RubricItem(models.Model):
    """One row of the printed form. `parameters` are the numbers that its 评分标准 names."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="items")
    code = models.CharField("编号", max_length=8)  # A2.1 … A2.14, A2.B1 … A2.B4
    order = models.PositiveSmallIntegerField("顺序")
    category = models.CharField("考核项目", max_length=20)
    content = models.CharField("考核内容", max_length=200)
    max_points = PointsField("分值")
    rule_text = models.CharField("评分标准", max_length=200)
    kind = models.CharField("计分方式", max_length=16, choices=ItemKind)
    parameters = models.JSONField("计分参数", default=dict, blank=True)
    is_bonus = models.BooleanField("加分项目", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "考核项目"
        ordering = ["rubric", "order"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="rubric_item_once"),
            models.UniqueConstraint(fields=["rubric", "order"], name="rubric_item_order_once"),
            models.CheckConstraint(condition=Q(max_points__gt=0), name="rubric_item_has_points"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="rubric_item_kind_known"),
        ]

    def __str__(self):
        return f"{self.number}. {self.content}"

    @property
    def number(self) -> str:
        """As the form counts: 1 to 14, and the bonus items from 1 again."""
        return self.code.rpartition(".")[2].removeprefix("B")
