"""A studio of the park, and its right to be there: the residency [4.1][5.3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from park.models import Case


class Studio(models.Model):
    """技能大师工作室. What it is called and who leads it now; how it came in is its residency's `source`."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("工作室名称", max_length=60)
    leader_name = models.CharField("领衔人", max_length=30)
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    unit_name = models.CharField("所在单位", max_length=80, blank=True)
    district = models.ForeignKey(
        "park.District", verbose_name="属地", null=True, blank=True, on_delete=models.PROTECT
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="可登录办理的账号", related_name="studios", blank=True
    )
    registered_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "工作室"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class ResidencyStatus(models.TextChoices):
    """Where a residency stands [4.1][5.4]."""

    PENDING_AGREEMENT = "pending_agreement", "待签协议"
    ACTIVE = "active", "入驻"
    UNDER_RECTIFICATION = "under_rectification", "限期整改"
    ENDED = "ended", "已退出"
    REVOKED = "revoked", "已取消资格"


class Residency(Case):
    """One stay of one studio in the park."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="residencies")
    status = models.CharField(
        "状态",
        max_length=20,
        choices=ResidencyStatus,
        default=ResidencyStatus.PENDING_AGREEMENT,
        editable=False,
    )
    source = models.CharField("申报编号", max_length=20, unique=True)  # the application it comes from
    admitted_on = models.DateField("确定入驻日期")

    class Meta:
        verbose_name = verbose_name_plural = "入驻"
        ordering = ["-admitted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ResidencyStatus.values), name="residency_status_known"
            ),
            models.UniqueConstraint(
                fields=["studio"],
                condition=Q(status__in=["pending_agreement", "active", "under_rectification"]),
                name="residency_one_active_per_studio",
            ),
        ]

    def __str__(self):
        return f"{self.studio} {self.get_status_display()}"
