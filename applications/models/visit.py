"""Going to see the studio where it works [3.2.2 现场考察]: the plan, who goes, what was found, the pictures."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from applications.models.application import Application, Collaborator
from applications.models.review import Verdict
from park.models import Case, Role, StoredFile


class VisitStatus(models.TextChoices):
    """Where one visit stands."""

    PLANNED = "planned", "待考察"
    RECORDED = "recorded", "已记录，待工作室确认"
    SETTLED = "settled", "已办结"
    CANCELLED = "cancelled", "已取消"


# Who may go along: whoever works for the park, and its experts.
VISITOR_ROLES = (
    Role.OFFICE,
    Role.LEAD_DIVISION,
    Role.ATTRACTION,
    Role.LOGISTICS,
    Role.EXPERT,
    Role.WORKING_GROUP,
)


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the office; the own ones for visitors, unless they have to avoid the case since; what concerns
        it for the studio."""
        if user is None or not user.is_authenticated:
            return self.none()
        own = Q(application__in=Collaborator.objects.filter(user=user).values("application"))
        if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self
        if user.has_role(*VISITOR_ROLES):
            conflicts = apps.get_model("applications.Conflict").objects.standing()
            avoided = conflicts.filter(seat__expert__user=user).values("item__application")
            own |= Q(pk__in=Visitor.objects.filter(user=user).values("visit")) & ~Q(application__in=avoided)
        return self.filter(own)

    def unfinished(self):
        return self.filter(status__in=[VisitStatus.PLANNED, VisitStatus.RECORDED])


class SiteVisit(Case):
    """One visit to one studio. A postponed visit keeps its row; a repeated one is a new `round`."""

    class Outcome(models.TextChoices):
        PASSED = "passed", "考察通过"
        FAILED = "failed", "考察不通过"
        AGAIN = "again", "需再次考察"

    class Confirmation(models.TextChoices):
        ONLINE = "online", "工作室在线确认"
        PAPER = "paper", "在考察记录表上签字"
        REFUSED = "refused", "工作室不予确认"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="visits")
    round = models.PositiveSmallIntegerField("第几次考察")
    status = models.CharField(
        "状态", max_length=20, choices=VisitStatus, default=VisitStatus.PLANNED, editable=False
    )
    visit_on = models.DateField("考察日期")
    meet_at = models.TimeField("到达时间", null=True, blank=True)
    place = models.CharField("考察地点", max_length=120)
    route_order = models.PositiveSmallIntegerField("当日路线顺序", default=1)
    preparation = models.CharField("请工作室准备", max_length=300, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=timezone.now)
    short_notice = models.CharField("通知不足期限的理由", max_length=300, blank=True)
    postponed = models.PositiveSmallIntegerField("改期次数", default=0)
    postponed_from = models.DateField("原定日期", null=True, blank=True)
    postponed_why = models.CharField("改期原因", max_length=300, blank=True)
    cancelled_why = models.CharField("取消原因", max_length=300, blank=True)

    # Of the record: a save that names an older version is refused, unless the same page wrote that version
    # (its answer was lost on the way to the phone).
    version = models.PositiveIntegerField(default=0)
    saved_from = models.UUIDField(null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    findings = models.TextField("综合考察情况", max_length=3000, blank=True)
    outcome = models.CharField("考察结论", max_length=10, choices=Outcome, blank=True)
    reason = models.TextField("理由", max_length=1000, blank=True)
    recorded_at = models.DateTimeField("记录时间", null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmation = models.CharField("确认方式", max_length=10, choices=Confirmation, blank=True)
    studio_remark = models.CharField("工作室意见", max_length=500, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_sheet = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    # Where the application ended with this visit: what the letter says.
    refusal_clause = models.CharField("不予通过的依据条款", max_length=20, blank=True)
    refusal_reason = models.TextField("不予通过的理由", max_length=1000, blank=True)
    refused_at = models.DateTimeField("不予通过的时间", null=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "现场考察"
        ordering = ["visit_on", "route_order", "meet_at", "pk"]
        indexes = [models.Index(fields=["visit_on", "route_order"], name="visit_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=VisitStatus.values), name="visit_status_known"),
            models.UniqueConstraint(fields=["application", "round"], name="visit_round_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status__in=["planned", "recorded"]),
                name="visit_one_unfinished",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at=None, recorded_by=None)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="visit_record_paired",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmation="")
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmation="")),
                name="visit_confirmation_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["recorded", "settled"])
                | (Q(recorded_at__isnull=False, outcome__in=["passed", "failed", "again"])),
                name="visit_recorded_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | Q(confirmed_at__isnull=False),
                name="visit_settled_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(saved_at=None, saved_by=None) | Q(saved_at__isnull=False, saved_by__isnull=False),
                name="visit_saving_paired",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None, refusal_clause="", refusal_reason="")
                | (
                    Q(refused_at__isnull=False, refused_by__isnull=False, outcome="failed", status="settled")
                    & ~Q(refusal_clause="")
                    & ~Q(refusal_reason="")
                ),
                name="visit_refusal_rests_on_outcome",
            ),
        ]

    def __str__(self):
        return f"{self.application} 第{self.round}次考察"

    def get_absolute_url(self):
        return reverse("applications:visit", args=[self.key])


class Visitor(models.Model):
    """Somebody who goes along."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.CASCADE, related_name="visitors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "考察人员"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="visitor_once")]


class VisitLine(models.Model):
    """What was found on one line of the checklist of [3.1.2] and the basics of [A2]."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.CASCADE, related_name="lines")
    item = models.CharField("考察项", max_length=30)
    verdict = models.CharField("结论", max_length=10, choices=Verdict, blank=True)  # none yet: only a note
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考察意见"
        constraints = [
            models.UniqueConstraint(fields=["visit", "item"], name="visit_line_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=[*Verdict.values, ""]), name="visit_verdict_known"
            ),
        ]


class VisitPhoto(models.Model):
    """A picture taken at the place, without its EXIF. `client_key` lets a phone send it again safely."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="photos")
    client_key = models.UUIDField(default=uuid.uuid4)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "考察照片"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "client_key"], name="visit_photo_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="visit_photo_removal_paired",
            ),
        ]
