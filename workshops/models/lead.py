"""Masters to win over [5.1 招引]: who they are, what was talked about, how it ended. The 鉴定指导中心 keeps it [M1.4][F0.3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.fields import EncryptedTextField
from park.models import Case, Role


class LeadStatus(models.TextChoices):
    """How far a master has been won over."""

    FOUND = "found", "线索"
    CONTACTING = "contacting", "接洽中"
    INTERESTED = "interested", "有意向"
    APPLIED = "applied", "已申报"
    RESIDENT = "resident", "已入驻"
    GIVEN_UP = "given_up", "放弃"


WORKED_ON = (LeadStatus.FOUND, LeadStatus.CONTACTING, LeadStatus.INTERESTED, LeadStatus.APPLIED)


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The 鉴定指导中心, whose work it is, and the office; nobody else, for these people have not asked for it."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_role(Role.ATTRACTION, Role.OFFICE, Role.LEAD_DIVISION) else self.none()

    def worked_on(self):
        return self.filter(status__in=WORKED_ON)

    def contact_due(self, day):
        """Somebody promised to get in touch by this day."""
        return self.worked_on().filter(next_contact_on__lte=day)


class AttractionLead(Case):
    """One master whom the park would like to have. Their mobile is encrypted and shown one at a time, for a reason."""

    class Intent(models.TextChoices):
        UNKNOWN = "unknown", "不详"
        LOW = "low", "观望"
        MEDIUM = "medium", "有兴趣"
        HIGH = "high", "意愿强"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    row_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    status = models.CharField(
        "状态", max_length=12, choices=LeadStatus, default=LeadStatus.FOUND, editable=False
    )
    name = models.CharField("姓名", max_length=30)
    craft = models.CharField("职业（工种）", max_length=60)
    craft_field = models.ForeignKey(
        "park.CraftField",
        verbose_name="专业领域",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    origin = models.ForeignKey(
        "park.Origin", verbose_name="来源地", on_delete=models.PROTECT, related_name="+"
    )
    province = models.CharField("省份", max_length=20, blank=True)
    city = models.CharField("城市", max_length=20, blank=True)
    unit_name = models.CharField("所在单位", max_length=80, blank=True)
    mobile = EncryptedTextField("手机", blank=True, default="")
    honours = models.CharField("荣誉称号", max_length=300, blank=True)
    source = models.CharField("线索来源", max_length=120)
    intent = models.CharField("意向程度", max_length=10, choices=Intent, default=Intent.UNKNOWN)
    next_contact_on = models.DateField("下次联系日期", null=True, blank=True)
    application_number = models.CharField("申报编号", max_length=20, blank=True)
    given_up_why = models.CharField("放弃原因", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    added_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "招引线索"
        ordering = ["-added_at", "-pk"]
        indexes = [
            models.Index(fields=["-added_at", "-id"], name="lead_newest"),
            models.Index(fields=["next_contact_on"], name="lead_by_next_contact"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LeadStatus.values), name="lead_status_known"),
            models.CheckConstraint(
                condition=Q(intent__in=["unknown", "low", "medium", "high"]), name="lead_intent_known"
            ),
            models.UniqueConstraint(fields=["name", "unit_name"], name="lead_once"),
            models.UniqueConstraint(
                fields=["application_number"],
                condition=~Q(application_number=""),
                name="lead_application_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["applied", "resident"]) | ~Q(application_number=""),
                name="lead_applied_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="given_up") | ~Q(given_up_why=""), name="lead_given_up_has_reason"
            ),
        ]

    def __str__(self):
        return f"招引线索 {self.number}"

    def get_absolute_url(self):
        return reverse("workshops:lead", args=[self.key])

    @property
    def is_contact_overdue(self) -> bool:
        return (
            self.status in WORKED_ON
            and self.next_contact_on is not None
            and self.next_contact_on < timezone.localdate()
        )


class LeadContact(models.Model):
    """One talk with a master or their unit. Never changed, only added."""

    class Means(models.TextChoices):
        PHONE = "phone", "电话"
        VISIT = "visit", "上门走访"
        MEETING = "meeting", "会面"
        EVENT = "event", "赛事展会"
        MESSAGE = "message", "信函消息"

    lead = models.ForeignKey(AttractionLead, on_delete=models.PROTECT, related_name="contacts")
    on = models.DateField("日期")
    means = models.CharField("方式", max_length=10, choices=Means)
    summary = models.TextField("联系情况", max_length=1000)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "联系记录"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(means__in=["phone", "visit", "meeting", "event", "message"]),
                name="lead_contact_means_known",
            )
        ]
