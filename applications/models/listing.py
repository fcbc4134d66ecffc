"""From the ballot to the decision [3.2.2][3.2.3]: the candidate list, the working group's word on each row."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from applications.models.application import Application, Batch
from applications.models.ballot import BallotRound
from applications.models.panel import AgendaItem
from park.models import Announcement, Body, Case, Document, Role


class ListStatus(models.TextChoices):
    """Where a candidate list stands."""

    DRAFTING = "drafting", "编制中"
    SENT = "sent", "已报工作小组"
    RESOLVED = "resolved", "已审核认定"
    VOID = "void", "已作废"


class ListQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the office; for the working group whatever was sent to it, also what was taken back."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self
        if user.has_role(Role.WORKING_GROUP):
            return self.filter(sent_at__isnull=False)
        return self.none()


class CandidateList(Case):
    """候选名单: compiled by an officer, decided by the leader of the working group, never the same person."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("名单编号", max_length=20, unique=True, editable=False)
    title = models.CharField("名单名称", max_length=60)
    status = models.CharField(
        "状态", max_length=20, choices=ListStatus, default=ListStatus.DRAFTING, editable=False
    )
    batch = models.ForeignKey(
        Batch, verbose_name="批次", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    places = models.PositiveSmallIntegerField("可入驻名额")
    ranking = models.CharField("排序规则", max_length=20)  # code of the setting of the day
    note = models.TextField("编制说明", max_length=1000, blank=True)
    compiled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    compiled_at = models.DateTimeField("编制时间", default=timezone.now)
    sent_at = models.DateTimeField("报送时间", null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    minutes_no = models.CharField("会议纪要文号", max_length=60, blank=True)
    minutes_on = models.DateField("会议日期", null=True)
    resolution = models.TextField("审核认定意见", max_length=2000, blank=True)
    resolved_at = models.DateTimeField("认定时间", null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    announcement = models.ForeignKey(
        Announcement, verbose_name="公示", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "候选名单"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ListStatus.values), name="list_status_known"),
            models.CheckConstraint(condition=Q(places__gte=1), name="list_has_places"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="list_sending_paired",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="list_resolution_paired",
            ),
            models.CheckConstraint(
                condition=~Q(status="resolved")
                | (Q(resolved_at__isnull=False, minutes_on__isnull=False) & ~Q(minutes_no="")),
                name="list_resolution_names_minutes",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | ~Q(resolved_by=F("compiled_by")),
                name="list_not_decided_by_its_compiler",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | ~Q(resolved_by=F("sent_by")),
                name="list_not_decided_by_its_sender",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("applications:list_detail", args=[self.key])


class ListEntry(models.Model):
    """One case on one list: its rank and the votes it rests on, the working group's decision, box 12 of [A1]."""

    class Place(models.TextChoices):
        CANDIDATE = "candidate", "候选"
        WAITLIST = "waitlist", "候补"

    class Decision(models.TextChoices):
        APPROVE = "approve", "同意"
        DECLINE = "decline", "不同意"
        RETURN = "return", "退回复议"

    list = models.ForeignKey(CandidateList, on_delete=models.PROTECT, related_name="entries")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="list_entries")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(BallotRound, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField("名次")
    place = models.CharField("列为", max_length=10, choices=Place)
    approve = models.PositiveSmallIntegerField("同意票")
    eligible = models.PositiveSmallIntegerField("有表决权人数")
    is_open = models.BooleanField(
        "在用", default=True
    )  # closed when the list is void or the case went elsewhere
    decision = models.CharField("决定", max_length=10, choices=Decision, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    own_unit = models.BooleanField("决定人与申报单位同属一个单位", default=False)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    office_opinion = models.TextField("办公室审批意见", max_length=600, blank=True)
    office_opinion_at = models.DateTimeField("填写时间", null=True)
    office_opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    form = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(  # the 公示 that shows this row; a promoted one gets a notice of its own
        Announcement, verbose_name="公示", null=True, on_delete=models.PROTECT, related_name="listed"
    )

    class Meta:
        verbose_name = verbose_name_plural = "候选名单条目"
        ordering = ["list", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["list", "application"], name="list_entry_once"),
            models.UniqueConstraint(fields=["list", "rank"], name="list_rank_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_open=True), name="list_one_open_entry_per_case"
            ),
            models.CheckConstraint(
                condition=Q(place__in=["candidate", "waitlist"]), name="list_entry_place_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | Q(
                    decision__in=["approve", "decline", "return"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="list_decision_paired",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "approve"]) | ~Q(reason=""), name="list_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(office_opinion="", office_opinion_at=None, office_opinion_by=None)
                | (
                    ~Q(office_opinion="")
                    & ~Q(decision="")
                    & Q(office_opinion_at__isnull=False, office_opinion_by__isnull=False)
                ),
                name="list_office_box_after_decision",
            ),
        ]

    def __str__(self):
        return f"{self.list} 第{self.rank}名"


class MemberOpinion(models.Model):
    """What one member unit of the working group says on one candidate before the leader decides [5.1]."""

    class Stance(models.TextChoices):
        APPROVE = "approve", "建议同意"
        DECLINE = "decline", "建议不同意"
        RETURN = "return", "建议退回复议"

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="opinions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField("意见", max_length=10, choices=Stance)
    text = models.CharField("说明", max_length=500, blank=True)
    own_unit = models.BooleanField("与申报单位同属一个单位", default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "成员单位意见"
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="member_opinion_once"),
            models.CheckConstraint(
                condition=Q(stance="approve") | ~Q(text=""), name="member_opinion_against_has_text"
            ),
        ]
