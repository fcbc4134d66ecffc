"""Who carries the park [5.1] and the units (单位) that people belong to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from park import validators


class Body(models.Model):
    """An organ of the park with its duties [5.1]. Names change over the years; printed forms keep those of 2015 [T8]."""

    code = models.SlugField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    duties = models.TextField("职责")
    clause = models.CharField("条款", max_length=20, default="5.1")
    parent = models.ForeignKey("self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_until = models.DateField("停用日期", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "管理机构"
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


class Unit(models.Model):
    """An employer or sponsor (单位). The credit code is optional: a town street or a guild may have none at hand."""

    name = models.CharField("单位名称", max_length=80)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, validators=[validators.credit_code]
    )
    kind = models.ForeignKey(
        "park.UnitKind", verbose_name="单位性质", null=True, blank=True, on_delete=models.PROTECT
    )
    district = models.ForeignKey(
        "park.District", verbose_name="属地", null=True, blank=True, on_delete=models.PROTECT
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="unit_credit_code_once"
            ),
        ]

    def __str__(self):
        return self.name


class WorkingGroupMember(models.Model):
    """A person of the project working group [5.1]: which unit they speak for, and who leads it (组长)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        on_delete=models.PROTECT,
        related_name="working_group_seat",
    )
    body = models.ForeignKey(Body, verbose_name="代表的单位", on_delete=models.PROTECT, related_name="+")
    is_leader = models.BooleanField("组长", default=False)
    left_on = models.DateField("离任日期", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "工作小组成员"
        ordering = ["-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_leader"],
                condition=Q(is_leader=True, left_on=None),
                name="working_group_one_leader",
            )
        ]

    def __str__(self):
        return f"{self.user}（{self.body}）"
