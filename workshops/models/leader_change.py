"""Another leader for a studio [5.4.2]: who left, who is to follow, by which condition of [3.1.1], and what was decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, Role, StoredFile
from workshops.models.studio import Person, Studio, StudioRecordQuerySet


class LeaderChangeStatus(models.TextChoices):
    """Where one change of the leader stands."""

    REPORTED = "reported", "待提名接替人"
    NOMINATED = "nominated", "待核对条件"
    REVIEWED = "reviewed", "待工作小组审核"
    APPROVED = "approved", "同意变更"
    LAPSED = "lapsed", "逾期无人接替"
    CANCELLED = "cancelled", "已撤销"


OPEN_CHANGE = (LeaderChangeStatus.REPORTED, LeaderChangeStatus.NOMINATED, LeaderChangeStatus.REVIEWED)


class LeaderChangeQuerySet(StudioRecordQuerySet):
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP})

    def open(self):
        """Neither approved nor lapsed nor called off."""
        return self.filter(status__in=OPEN_CHANGE)

    def unfollowed(self):
        """No successor within the window, nor since: the ground of [5.4.2] is there, and whoever evaluates reads it
        here."""
        later = LeaderChange.objects.filter(
            studio=OuterRef("studio"),
            status=LeaderChangeStatus.APPROVED,
            reported_at__gt=OuterRef("reported_at"),
        )
        return self.filter(status=LeaderChangeStatus.LAPSED).exclude(Exists(later))


class LeaderChange(Case):
    """One departure of a leader (领衔人变更). The window is counted in calendar days [T14] and copied when reported.

    A nomination that came in time may be decided after the window; only where none is pending does it lapse.
    """

    class Reason(models.TextChoices):
        TRANSFERRED = "transferred", "调离岗位"
        RETIRED = "retired", "退休"
        RESIGNED = "resigned", "辞职"
        DIED = "died", "去世"
        OTHER = "other", "其他"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(
        Studio, on_delete=models.PROTECT, related_name="leader_changes", verbose_name="工作室"
    )
    status = models.CharField(
        "状态",
        max_length=12,
        choices=LeaderChangeStatus,
        default=LeaderChangeStatus.REPORTED,
        editable=False,
    )
    leaving = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="离任领衔人")
    reason_kind = models.CharField("离任原因", max_length=12, choices=Reason)
    reason = models.CharField("情况说明", max_length=300)
    left_on = models.DateField("离任日期")
    window_ends_on = models.DateField("接替期限")
    reported_at = models.DateTimeField("报告时间", default=timezone.now, editable=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField("撤销原因", max_length=300, blank=True)

    objects = LeaderChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领衔人变更"
        ordering = ["-reported_at", "-pk"]
        indexes = [models.Index(fields=["-reported_at", "-id"], name="leader_change_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=LeaderChangeStatus.values), name="leader_change_status_known"
            ),
            models.CheckConstraint(
                condition=Q(reason_kind__in=["transferred", "retired", "resigned", "died", "other"]),
                name="leader_change_reason_known",
            ),
            models.UniqueConstraint(
                fields=["studio"],
                condition=Q(status__in=["reported", "nominated", "reviewed"]),
                name="leader_change_one_open",
            ),
            models.CheckConstraint(
                condition=Q(window_ends_on__gte=F("left_on")), name="leader_change_window_after_leaving"
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(ended_why=""), name="leader_change_cancelled_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.studio}领衔人变更"

    def get_absolute_url(self):
        return reverse("workshops:leader_change", args=[self.key])

    def nomination(self):
        """The last nomination, decided or not; None while nobody was named."""
        return self.nominations.order_by("-round").first()

    def window_is_open(self, day=None) -> bool:
        """The last day of the window still counts."""
        return (day or timezone.localdate()) <= self.window_ends_on


class LeaderNomination(models.Model):
    """One person named to follow. What was named is frozen; the office's findings and the decision come once each."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "同意变更"
        DECLINED = "declined", "不同意"
        RETURNED = "returned", "退回重新提名"
        DROPPED = "dropped", "随变更撤销"

    change = models.ForeignKey(LeaderChange, on_delete=models.PROTECT, related_name="nominations")
    round = models.PositiveSmallIntegerField("第几次提名")
    member = models.ForeignKey(  # none: somebody who is not on the register yet
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="室内成员"
    )
    name = models.CharField("姓名", max_length=30)
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    occupation = models.CharField("职业（工种）", max_length=60)
    skill_level = models.ForeignKey(
        "park.SkillLevel",
        verbose_name="职业资格等级",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit_name = models.CharField("所在单位", max_length=80)
    honours = models.CharField("荣誉称号", max_length=300, blank=True)
    achievements = models.TextField("主要业绩", max_length=1000)
    nominated_at = models.DateTimeField("提名时间", default=timezone.now, editable=False)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    opinion = models.TextField("核对意见", max_length=1000, blank=True)
    reviewed_at = models.DateTimeField("核对时间", null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    outcome = models.CharField("结果", max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.CharField("理由", max_length=500, blank=True)
    minutes_no = models.CharField("会议纪要文号", max_length=60, blank=True)
    minutes_on = models.DateField("会议日期", null=True, blank=True)
    effective_on = models.DateField("接任日期", null=True, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "接替人提名"
        ordering = ["-round"]
        constraints = [
            models.UniqueConstraint(fields=["change", "round"], name="leader_nomination_round_once"),
            models.UniqueConstraint(
                fields=["change"], condition=Q(outcome=""), name="leader_nomination_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "approved", "declined", "returned", "dropped"]),
                name="leader_nomination_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, opinion="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(opinion="")),
                name="leader_nomination_review_paired",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, outcome="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome="")),
                name="leader_nomination_decision_paired",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["approved", "declined"])
                | (Q(minutes_on__isnull=False, reviewed_at__isnull=False) & ~Q(minutes_no="")),
                name="leader_nomination_decision_has_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="approved") | Q(effective_on__isnull=False),
                name="leader_nomination_approved_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["declined", "returned", "dropped"]) | ~Q(outcome_reason=""),
                name="leader_nomination_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["approved", "declined"]) | ~Q(decided_by=F("reviewed_by")),
                name="leader_nomination_decider_did_not_review",
            ),
        ]

    def __str__(self):
        return f"{self.change} 第{self.round}次提名"


class NominationGround(models.Model):
    """One of the three conditions of [3.1.1] that the successor is said to meet, and what the office found."""

    class Clause(models.TextChoices):
        SKILL = "3.1.1a", "具有绝技绝活，在国家、省内本职业（工种）中得到高度认可，取得显著经济效益和社会效益"
        INVENTION = "3.1.1b", "有发明创造、重大技术革新成果或先进操作技术方法，在国家、省内得到广泛推广应用"
        TEACHING = "3.1.1c", "具备较高技艺，特别注重传艺带徒，所带徒弟多人成为技能骨干或在竞赛中取得优异成绩"

    class Verdict(models.TextChoices):
        MET = "met", "符合"
        UNMET = "unmet", "不符合"

    nomination = models.ForeignKey(LeaderNomination, on_delete=models.PROTECT, related_name="grounds")
    clause = models.CharField("条件", max_length=10, choices=Clause)
    statement = models.TextField("符合该条件的情况", max_length=800)
    proof = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="证明材料"
    )
    verdict = models.CharField("核对结论", max_length=10, choices=Verdict, blank=True)
    verdict_reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接替人条件"
        ordering = ["clause"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "clause"], name="nomination_ground_once"),
            models.CheckConstraint(
                condition=Q(clause__in=["3.1.1a", "3.1.1b", "3.1.1c"]), name="nomination_ground_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_reason="")
                | (Q(verdict__in=["met", "unmet"]) & ~Q(verdict_reason="")),
                name="nomination_ground_judged_with_reason",
            ),
        ]
