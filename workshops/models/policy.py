"""On which policies do the benefits of the park rest, and what do they grant [4][T7]?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import StoredFile


class PolicyQuerySet(models.QuerySet):
    def in_force(self, day):
        """Known to hold on this day: begun, and not over."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day)
        )


class Policy(models.Model):
    """A document of a government or bureau to which [4] refers. What the document leaves open stays empty."""

    class Kind(models.TextChoices):
        BASIS = "basis", "制定依据"
        FUNDING = "funding", "补贴奖励"
        APPOINTMENT = "appointment", "聘任评聘"
        SELECTION = "selection", "评选表彰"
        OTHER = "other", "其他"

    class Clause(models.TextChoices):
        PREAMBLE = "", "规定全文的依据"
        RENT = "4.1", "（一）场地租金减免"
        STARTUP = "4.2", "（二）创业补贴"
        AWARD = "4.3", "（三）业绩奖励"
        APPOINTMENT = "4.4", "（四）优先受聘"
        NOMINATION = "4.5", "（五）优先参评"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("政策名称", max_length=120)
    document_no = models.CharField(
        "文号", max_length=60, unique=True, error_messages={"unique": "政策库中已有这个文号。"}
    )
    issuing_organ = models.CharField("发文机关", max_length=80)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    kind = models.CharField("种类", max_length=12, choices=Kind)
    clause = models.CharField("对应条款", max_length=4, choices=Clause, blank=True)
    summary = models.TextField("内容摘要", max_length=2000, blank=True)
    file = models.ForeignKey(
        StoredFile, verbose_name="文件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    added_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "政策"
        ordering = ["clause", "-issued_on", "document_no"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["basis", "funding", "appointment", "selection", "other"]),
                name="policy_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(clause__in=["", "4.1", "4.2", "4.3", "4.4", "4.5"]), name="policy_clause_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")),
                name="policy_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"《{self.title}》（{self.document_no}）"

    def get_absolute_url(self):
        return reverse("workshops:policy", args=[self.key])

    def holds_on(self, day) -> bool:
        """Both ends count; an end that is not known is open."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class PolicyAmountQuerySet(models.QuerySet):
    def offered(self, clause, day):
        """What may be chosen for a benefit of this clause on this day."""
        rows = self.filter(
            policy__in=Policy.objects.filter(clause=clause).in_force(day).values("pk"), retired_at=None
        )
        return rows.select_related("policy").order_by("policy_id", "pk")


class PolicyAmount(models.Model):
    """One line of what a policy grants. Fen; a line never changes: a new amount is a new line, the old one retires."""

    class Unit(models.TextChoices):
        TIME = "time", "次"
        PERSON = "person", "人"
        YEAR = "year", "年"

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="amounts")
    item = models.CharField("项目", max_length=60)
    amount_fen = models.BigIntegerField("标准（分）")
    unit = models.CharField("计量单位", max_length=8, choices=Unit)
    cap_fen = models.BigIntegerField("封顶（分）", null=True, blank=True)
    condition = models.CharField("条件", max_length=300, blank=True)
    added_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField("停用时间", null=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PolicyAmountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "政策标准"
        ordering = ["retired_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="policy_amount_positive"),
            models.CheckConstraint(
                condition=Q(cap_fen=None) | Q(cap_fen__gte=F("amount_fen")), name="policy_amount_below_cap"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["time", "person", "year"]), name="policy_amount_unit_known"
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_by=None)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="policy_amount_retired_pair",
            ),
        ]

    def __str__(self):
        return self.item
