"""取消入驻资格 [5.4]: on which of the four grounds, what was said against it, what was decided, what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.rectification import RectificationOrder
from park.models import Announcement, Case, Role, StoredFile
from workshops.models import LeaderChange, RecognitionEvent, Residency, Studio, StudioRecordQuerySet

USER = settings.AUTH_USER_MODEL


class RevocationStatus(models.TextChoices):
    PROPOSED = "proposed", "待出具告知书"
    NOTIFIED = "notified", "告知书待送达"
    DEFENDING = "defending", "待陈述申辩"
    HEARD = "heard", "待工作小组决定"
    RESOLVED = "resolved", "决定书待送达"
    SERVED = "served", "待腾退"
    VACATED = "vacated", "待归档"
    ARCHIVED = "archived", "已归档"
    DROPPED = "dropped", "未取消"


OPEN_REVOCATION = (
    RevocationStatus.PROPOSED,
    RevocationStatus.NOTIFIED,
    RevocationStatus.DEFENDING,
    RevocationStatus.HEARD,
    RevocationStatus.RESOLVED,
)
TAKEN_EFFECT = (RevocationStatus.SERVED, RevocationStatus.VACATED, RevocationStatus.ARCHIVED)


class RevocationQuerySet(StudioRecordQuerySet):
    path = "residency__studio"
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP})

    def visible_to(self, user):
        """The studio, and whoever belongs to it, from the 告知书 on; what was only proposed is the office's."""
        rows = super().visible_to(user)
        if user is None or not user.is_authenticated:
            return rows
        return rows.exclude(notified_at=None, residency__studio__in=Studio.objects.of(user).values("pk"))

    def open(self):
        """Neither served nor given up."""
        return self.filter(status__in=OPEN_REVOCATION)


class Revocation(Case):
    """One proceeding, one ground. The facts of the ground stand in columns of their own, which the database checks, and
    are frozen once the studio was told."""

    class Ground(models.TextChoices):
        RECOGNITION = "recognition", "入驻大师工作室经考核后被注销或撤销"
        LEADER_GONE = "leader_gone", "领衔大师调离岗位，且无符合要求的人员接替"
        MISCONDUCT = "misconduct", "因违法违纪行为或者重大过失，造成重大损失和严重后果"
        UNRECTIFIED = "unrectified", "绩效评估不合格或弄虚作假，经限期整改后仍不达标准"

        @property
        def clause(self) -> str:
            return {
                "recognition": "5.4.1", "leader_gone": "5.4.2", "misconduct": "5.4.3", "unrectified": "5.4.4",
            }[self.value]  # fmt: skip

    class Act(models.TextChoices):
        UNLAWFUL = "unlawful", "违法违纪行为"
        NEGLIGENCE = "negligence", "重大过失"

    class Defence(models.TextChoices):
        ONLINE = "online", "在线提交"
        PAPER = "paper", "书面提交"
        NONE = "none", "期满未陈述申辩"

    class Ended(models.TextChoices):
        DROPPED = "dropped", "管理办公室终止"
        DECLINED = "declined", "工作小组决定不取消"
        RESCINDED = "rescinded", "工作小组撤销决定"
        OVER = "over", "入驻已结束"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="revocations")
    status = models.CharField(
        "状态", max_length=10, choices=RevocationStatus, default=RevocationStatus.PROPOSED, editable=False
    )
    ground = models.CharField("情形", max_length=12, choices=Ground)
    facts = models.TextField("事实和理由", max_length=2000)
    # [5.4.1]
    recognition = models.ForeignKey(
        RecognitionEvent,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="注销或撤销认定的文件",
    )
    # [5.4.2]
    leader_change = models.ForeignKey(
        LeaderChange,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="逾期无人接替的领衔人变更",
    )
    # [5.4.3]: the act and what came of it, each with its paper
    act_kind = models.CharField("行为性质", max_length=10, choices=Act, blank=True)
    act = models.TextField("行为", max_length=1000, blank=True)
    act_proof = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="行为的证明材料"
    )
    consequence = models.TextField("重大损失和严重后果", max_length=1000, blank=True)
    consequence_proof = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="损失和后果的证明材料"
    )
    established_by = models.CharField("认定机关", max_length=80, blank=True)
    established_no = models.CharField("认定文号", max_length=60, blank=True)
    # [5.4.4]
    order = models.ForeignKey(
        RectificationOrder,
        null=True,
        on_delete=models.PROTECT,
        related_name="revocations",
        verbose_name="限期整改",
    )
    proposed_at = models.DateTimeField("提出时间", default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    notified_at = models.DateTimeField("出具告知书的时间", null=True)
    notified_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    notice_served_on = models.DateField("告知书送达日期", null=True)
    defence_days = models.PositiveSmallIntegerField("陈述申辩工作日数", null=True)
    defence_until = models.DateField("陈述申辩截止", null=True)

    defence = models.CharField("陈述申辩方式", max_length=8, choices=Defence, blank=True)
    defence_text = models.TextField("陈述申辩", max_length=4000, blank=True)
    defence_on = models.DateField("陈述申辩日期", null=True)
    heard_at = models.DateTimeField("陈述申辩登记时间", null=True)
    heard_by = models.ForeignKey(
        USER, null=True, on_delete=models.PROTECT, related_name="+"
    )  # none: the system

    defence_answer = models.TextField("对陈述申辩的答复", max_length=2000, blank=True)
    decision_reason = models.TextField("决定理由", max_length=1000, blank=True)
    minutes_no = models.CharField("会议纪要文号", max_length=60, blank=True)
    minutes_on = models.DateField("会议日期", null=True)
    resolved_at = models.DateTimeField("决定时间", null=True)
    resolved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    vacate_days = models.PositiveSmallIntegerField("腾退天数", null=True)
    served_on = models.DateField("决定书送达日期", null=True)
    vacate_by = models.DateField("腾退期限", null=True)
    vacated_on = models.DateField("腾退日期", null=True)
    archived_at = models.DateTimeField("归档时间", null=True)
    archived_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    archive_no = models.CharField("档号", max_length=60, blank=True)
    announcement = models.ForeignKey(
        Announcement, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="公告"
    )

    ended_as = models.CharField("未取消的情形", max_length=10, choices=Ended, blank=True)
    ended_why = models.CharField("未取消的原因", max_length=500, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    ended_by = models.ForeignKey(
        USER, null=True, on_delete=models.PROTECT, related_name="+"
    )  # none: the system

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取消资格"
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["-proposed_at", "-id"], name="revocation_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RevocationStatus.values), name="revocation_status_known"
            ),
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(status__in=["proposed", "notified", "defending", "heard", "resolved"]),
                name="revocation_one_open",
            ),
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(status__in=["served", "vacated", "archived"]),
                name="revocation_takes_effect_once",
            ),
            models.CheckConstraint(condition=~Q(facts=""), name="revocation_says_why"),
            models.CheckConstraint(
                condition=(
                    Q(ground="recognition", recognition__isnull=False, leader_change=None, order=None)
                    | Q(ground="leader_gone", recognition=None, leader_change__isnull=False, order=None)
                    | Q(ground="unrectified", recognition=None, leader_change=None, order__isnull=False)
                )
                & Q(
                    act_kind="",
                    act="",
                    act_proof=None,
                    consequence="",
                    consequence_proof=None,
                    established_by="",
                    established_no="",
                )
                | (
                    Q(ground="misconduct", recognition=None, leader_change=None, order=None)
                    & Q(act_kind__in=["unlawful", "negligence"])
                    & Q(act_proof__isnull=False, consequence_proof__isnull=False)
                    & ~Q(act="")
                    & ~Q(consequence="")
                    & ~Q(established_by="")
                    & ~Q(established_no="")
                ),
                name="revocation_ground_has_its_facts",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None, notified_by=None)
                | Q(notified_at__isnull=False, notified_by__isnull=False),
                name="revocation_notice_paired",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "dropped"]) | Q(notified_at__isnull=False),
                name="revocation_moved_is_notified",
            ),
            models.CheckConstraint(
                condition=Q(notice_served_on=None, defence_until=None)
                | Q(
                    notice_served_on__isnull=False,
                    defence_days__isnull=False,
                    defence_until__gte=F("notice_served_on"),
                ),
                name="revocation_window_counts_from_service",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "notified", "dropped"])
                | Q(notice_served_on__isnull=False),
                name="revocation_defence_after_service",
            ),
            models.CheckConstraint(
                condition=Q(defence="", heard_at=None, heard_by=None, defence_text="", defence_on=None)
                | Q(defence="none", heard_at__isnull=False, defence_text="", defence_on=None)
                | (
                    Q(defence__in=["online", "paper"], heard_at__isnull=False, heard_by__isnull=False)
                    & Q(defence_on__isnull=False)
                    & ~Q(defence_text="")
                ),
                name="revocation_defence_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "notified", "defending", "dropped"]) | ~Q(defence=""),
                name="revocation_heard_first",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, minutes_no="", minutes_on=None)
                | (
                    Q(resolved_at__isnull=False, resolved_by__isnull=False, minutes_on__isnull=False)
                    & ~Q(minutes_no="")
                ),
                name="revocation_resolution_whole",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | ~Q(defence__in=["online", "paper"]) | ~Q(defence_answer=""),
                name="revocation_defence_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | ~Q(resolved_by=F("proposed_by")),
                name="revocation_resolver_did_not_propose",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["resolved", "served", "vacated", "archived"])
                | Q(resolved_at__isnull=False),
                name="revocation_moved_is_resolved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["served", "vacated", "archived"], served_on__isnull=False)
                & Q(vacate_by__gte=F("served_on"))
                | (~Q(status__in=["served", "vacated", "archived"]) & Q(served_on=None, vacate_by=None)),
                name="revocation_served_has_days",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["vacated", "archived"]) | Q(vacated_on__isnull=False),
                name="revocation_vacated_has_day",
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None, archived_by=None)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
                name="revocation_archiving_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status="archived") | Q(archived_at__isnull=False),
                name="revocation_archived_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="dropped", ended_at__isnull=False) & ~Q(ended_why="") & ~Q(ended_as="")
                | (~Q(status="dropped") & Q(ended_at=None, ended_by=None, ended_why="", ended_as="")),
                name="revocation_dropped_has_reason",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("assessments:revocation", args=[self.key])

    @property
    def studio(self):
        return self.residency.studio

    @property
    def ground_of(self) -> Ground:
        return self.Ground(self.ground)

    @property
    def clause(self) -> str:
        return self.ground_of.clause


class RevocationFile(models.Model):
    """What the studio put beside its 陈述申辩. Kept as long as the case."""

    revocation = models.ForeignKey(Revocation, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "陈述申辩材料"
        ordering = ["pk"]
