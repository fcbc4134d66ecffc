"""The pool of experts [3.2.2 有关专家]: who knows what, and when they are away."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from park.fields import EncryptedTextField
from park.models import Role


class ExpertQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole pool for the office; an expert sees their own entry."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self
        return self.filter(user=user) if user.has_role(Role.EXPERT) else self.none()

    def available_on(self, day):
        """In the pool and not away on that day."""
        away = ExpertAbsence.objects.filter(starts_on__lte=day, ends_on__gte=day)
        return self.filter(is_active=True).exclude(pk__in=away.values("expert"))


class Expert(models.Model):
    """One person of the pool (专家库). With an account they vote on their phone; without one, on paper."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=30)
    unit_name = models.CharField("所在单位", max_length=80)
    title = models.CharField("职称（职务）", max_length=60, blank=True)
    craft = models.CharField("职业（工种）", max_length=60, blank=True)
    expertise = models.CharField("专长", max_length=300, blank=True)
    fields = models.ManyToManyField("park.CraftField", verbose_name="专业领域", related_name="+")
    mobile = EncryptedTextField("手机", blank=True, default="")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="登录账号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="expert",
    )
    is_active = models.BooleanField("在库", default=True)
    left_reason = models.CharField("出库原因", max_length=200, blank=True)
    added_at = models.DateTimeField("入库时间", default=timezone.now, editable=False)

    objects = ExpertQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["mobile"])

    class Meta:
        verbose_name = verbose_name_plural = "专家"
        ordering = ["name", "unit_name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "unit_name"], name="expert_once"),
            models.CheckConstraint(
                condition=Q(is_active=True) | ~Q(left_reason=""), name="expert_left_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.unit_name}）"

    def get_absolute_url(self):
        return reverse("applications:expert", args=[self.key])


class ExpertAbsence(models.Model):
    """Days on which an expert cannot come."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField("从")
    ends_on = models.DateField("至")
    reason = models.CharField("原因", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "不能参加的日期"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="expert_absence_ends_after_start"
            )
        ]
