"""The rules of the park, who has read them, and who broke them [5.3 自觉遵循园区各项规章制度][M3.1]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from park.models import StoredFile
from workshops.models.residency import IN_PARK, Residency
from workshops.models.studio import Studio, StudioRecordQuerySet


class HouseRule(models.Model):
    """One regulation of the park; its text stands in versions."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("名称", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    retired_on = models.DateField("废止日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "规章制度"
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:house_rule", args=[self.key])


class HouseRuleVersionQuerySet(models.QuerySet):
    def in_force(self):
        """The newest version of every rule that is not retired."""
        newer = HouseRuleVersion.objects.filter(rule=OuterRef("rule"), number__gt=OuterRef("number"))
        return (
            self.filter(~Exists(newer), rule__retired_on=None)
            .select_related("rule")
            .order_by("rule__order", "rule")
        )


class HouseRuleVersion(models.Model):
    """The text as published once; a change is the next version, to be read again. Never changed."""

    rule = models.ForeignKey(HouseRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    text = models.TextField("正文", max_length=20000)
    change = models.CharField("修订说明", max_length=300, blank=True)
    stored = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    read_by = models.DateField("阅读期限")
    published_at = models.DateTimeField("发布时间", default=timezone.now, editable=False)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reminded_on = models.DateField("最近提醒日期", null=True)

    objects = HouseRuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规章制度版本"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="house_rule_version_once")]

    def __str__(self):
        return f"{self.rule} 第{self.number}版"

    def get_absolute_url(self):
        return self.rule.get_absolute_url()


def readers_in_park():
    """(studio, person) rows of everybody who acts for a studio in the park."""
    in_park = Residency.objects.filter(studio=OuterRef("studio"), status__in=IN_PARK)
    rows = Studio.people.through.objects.filter(Exists(in_park), user__is_active=True)
    return rows.select_related("studio", "user").order_by("studio__name", "user__real_name", "pk")


class ReadReceipt(models.Model):
    """“我已阅读”: one person, one version, once. Never changed."""

    version = models.ForeignKey(HouseRuleVersion, on_delete=models.PROTECT, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField("阅读时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "阅读确认"
        ordering = ["-read_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="read_receipt_once")]


class BreachQuerySet(StudioRecordQuerySet):
    def standing(self):
        """Not struck out; the yearly evaluation reads these."""
        return self.filter(struck_at=None)


class Breach(models.Model):
    """违规记录: what was broken, and what the studio says to it. Struck out where it was an error, never deleted."""

    class Measure(models.TextChoices):
        REMINDER = "reminder", "口头提醒"
        WARNING = "warning", "书面提醒"
        RECTIFY = "rectify", "要求改正"
        CRITICISM = "criticism", "通报批评"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, verbose_name="工作室", on_delete=models.PROTECT, related_name="breaches"
    )
    rule = models.ForeignKey(
        HouseRule, verbose_name="规章制度", null=True, on_delete=models.PROTECT, related_name="breaches"
    )
    provision = models.CharField("违反的条款", max_length=120)
    happened_on = models.DateField("发生日期")
    facts = models.TextField("事实", max_length=1000)
    measure = models.CharField("处理措施", max_length=10, choices=Measure)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state_by = models.DateField("说明期限")
    statement = models.TextField("工作室说明", max_length=1000, blank=True)
    stated_at = models.DateTimeField("说明时间", null=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    struck_why = models.CharField("撤销原因", max_length=300, blank=True)
    struck_at = models.DateTimeField("撤销时间", null=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "违规记录"
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__in=["reminder", "warning", "rectify", "criticism"]),
                name="breach_measure_known",
            ),
            models.CheckConstraint(
                condition=Q(stated_at=None, stated_by=None, statement="")
                | (Q(stated_at__isnull=False, stated_by__isnull=False) & ~Q(statement="")),
                name="breach_statement_whole",
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_why="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why="")),
                name="breach_struck_whole",
            ),
        ]

    def __str__(self):
        return f"{self.studio} 违规记录"

    def get_absolute_url(self):
        return reverse("workshops:breach", args=[self.key])
