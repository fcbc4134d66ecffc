"""The expert panel in session [3.2.2 集中评议]: seats, agenda, who must leave, what was said and agreed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from applications.models.application import Application
from applications.models.expert import Expert
from park.models import Case, Role


class PanelStatus(models.TextChoices):
    """Where a session stands."""

    PLANNING = "planning", "筹备中"
    CONVENED = "convened", "已发通知"
    SITTING = "sitting", "会议进行中"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已取消"


class Voting(models.TextChoices):
    SECRET = "secret", "无记名投票"
    OPEN = "open", "记名投票"


class Means(models.TextChoices):
    ONLINE = "online", "在各自手机或电脑上表决"
    PAPER = "paper", "填写纸质选票"


class PanelQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the office; for an expert those they are invited to, once the invitation is out."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self
        if not user.has_role(Role.EXPERT):
            return self.none()
        mine = Seat.objects.filter(expert__user=user).exclude(response=Seat.Response.DECLINED)
        return self.filter(pk__in=mine.values("session")).exclude(status=PanelStatus.PLANNING)


class PanelSession(Case):
    """One meeting of a panel. Its rules are copied from the park's settings when it is convened."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("会议编号", max_length=20, unique=True, editable=False)
    title = models.CharField("会议名称", max_length=60)
    status = models.CharField(
        "状态", max_length=20, choices=PanelStatus, default=PanelStatus.PLANNING, editable=False
    )
    meets_on = models.DateField("会议日期")
    meets_at = models.TimeField("开始时间")
    place = models.CharField("会议地点", max_length=120)
    seats_wanted = models.PositiveSmallIntegerField("专家组人数")
    fields = models.ManyToManyField("park.CraftField", verbose_name="所需专业领域", related_name="+")
    # the rules of this session (codes of the settings of the same name)
    voting = models.CharField("表决方式", max_length=10, choices=Voting, default=Voting.SECRET)
    means = models.CharField("投票手段", max_length=10, choices=Means, default=Means.ONLINE)
    quorum = models.CharField("到会人数要求", max_length=20)
    threshold = models.CharField("通过票数要求", max_length=20)
    min_voters = models.PositiveSmallIntegerField("最少表决人数")
    reballot_on = models.JSONField("可重新投票的情形", default=list)
    reballot_max = models.PositiveSmallIntegerField("重新投票次数上限")
    assent = models.CharField("评估意见的形成方式", max_length=10)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    current_item = models.ForeignKey(
        "AgendaItem", verbose_name="正在评议", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家评议会"
        ordering = ["-meets_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PanelStatus.values), name="panel_status_known"),
            models.CheckConstraint(condition=Q(seats_wanted__in=range(3, 36, 2)), name="panel_seats_are_odd"),
            models.CheckConstraint(condition=Q(voting__in=Voting.values), name="panel_voting_known"),
            models.CheckConstraint(condition=Q(means__in=Means.values), name="panel_means_known"),
            models.CheckConstraint(
                condition=~Q(voting="open") | Q(means="online"), name="panel_open_vote_is_online"
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("applications:panel", args=[self.key])


class PanelDraw(models.Model):
    """A draw by lot: whoever has the seed and the pool of the day gets the same names again."""

    session = models.ForeignKey(PanelSession, on_delete=models.PROTECT, related_name="draws")
    seed = models.CharField("种子", max_length=64)
    wanted = models.PositiveSmallIntegerField("抽取人数")
    pool = models.JSONField(
        "当日专家库"
    )  # [{expert, name, unit, group, excluded: reason or ""}], in the order of keys (applications.draw)
    terms = models.JSONField(
        "抽取条件"
    )  # {day, fields: [label], max_per_unit, avoid_last, seated: {unit as compared: seats taken}}
    chosen = models.JSONField("抽取结果")  # [expert key], in the order of the lot
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "专家抽取记录"
        ordering = ["pk"]


class SeatQuerySet(models.QuerySet):
    def taken(self):
        """Invited and not declined."""
        return self.exclude(response=Seat.Response.DECLINED)

    def present(self):
        """In the room now."""
        return self.taken().filter(signed_in_at__isnull=False, left_at=None)


class Seat(models.Model):
    """One expert's seat in one session."""

    class Response(models.TextChoices):
        PENDING = "pending", "待答复"
        ACCEPTED = "accepted", "能参加"
        DECLINED = "declined", "不能参加"

    session = models.ForeignKey(PanelSession, on_delete=models.CASCADE, related_name="seats")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="seats")
    is_chair = models.BooleanField("组长", default=False)
    by_lot = models.BooleanField("随机抽取", default=False)
    response = models.CharField("答复", max_length=10, choices=Response, default=Response.PENDING)
    response_note = models.CharField("答复说明", max_length=200, blank=True)
    responded_at = models.DateTimeField("答复时间", null=True)
    responded_by = models.ForeignKey(  # the expert, or an officer who was told by telephone
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_in_at = models.DateTimeField("签到时间", null=True)
    signed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField("离会时间", null=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家席位"
        ordering = ["-is_chair", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "expert"], name="seat_once"),
            models.UniqueConstraint(fields=["session"], condition=Q(is_chair=True), name="seat_one_chair"),
            models.CheckConstraint(
                condition=Q(response__in=["pending", "accepted", "declined"]), name="seat_response_known"
            ),
            models.CheckConstraint(
                condition=Q(responded_at=None, responded_by=None)
                | Q(responded_at__isnull=False, responded_by__isnull=False),
                name="seat_response_paired",
            ),
            models.CheckConstraint(
                condition=Q(signed_in_at=None, signed_in_by=None)
                | Q(signed_in_at__isnull=False, signed_in_by__isnull=False),
                name="seat_sign_in_paired",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_by=None) | Q(left_at__isnull=False, left_by__isnull=False),
                name="seat_leaving_paired",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(signed_in_at__isnull=False), name="seat_leaves_after_sign_in"
            ),
        ]

    def __str__(self):
        return f"{self.session} {self.expert.name}"


class AgendaQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the office; for an expert those of their sessions from which no conflict keeps them."""
        sessions = PanelSession.objects.visible_to(user)
        rows = self.filter(session__in=sessions)
        if user is not None and user.is_authenticated and user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return rows
        conflicts = Conflict.objects.standing().filter(seat__expert__user=user)
        return rows.exclude(pk__in=conflicts.values("item"))


class AgendaItem(models.Model):
    """One case before one session, with the panel's opinion. Locked first by whatever touches its ballot."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(PanelSession, on_delete=models.PROTECT, related_name="agenda")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField("顺序")
    acting_chair = models.ForeignKey(  # presides over this case where the chair has to leave
        Seat, verbose_name="代行组长", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_open = models.BooleanField("尚未办结", default=True)  # closed by an outcome, or taken off the agenda
    opinion = models.TextField("专家组评估意见", max_length=2000, blank=True)
    opinion_version = models.PositiveIntegerField(
        default=0
    )  # a new text voids what was agreed to the old one
    opinion_at = models.DateTimeField("起草时间", null=True)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议事项"
        ordering = ["session", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "application"], name="agenda_item_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_open=True), name="agenda_one_open_per_case"
            ),
            models.CheckConstraint(
                condition=Q(opinion_at=None, opinion_by=None)
                | Q(opinion_at__isnull=False, opinion_by__isnull=False),
                name="agenda_opinion_paired",
            ),
        ]

    def __str__(self):
        return f"{self.session} 第{self.order}项"


class ConflictQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(state=Conflict.State.CONFIRMED)

    def standing(self):
        """Confirmed or not yet decided: until it is dismissed the expert sees nothing of the case."""
        return self.exclude(state=Conflict.State.DISMISSED)


class Conflict(models.Model):
    """Why an expert may have to step aside from one case (回避)."""

    class Basis(models.TextChoices):
        SAME_PERSON = "same_person", "专家本人是申报的领衔人、成员或填报人"
        SAME_UNIT = "same_unit", "与申报单位同属一个单位"
        FAMILY_NAME = "family_name", "与领衔人同姓且同单位"
        DECLARED = "declared", "本人声明回避"
        REPORTED = "reported", "他人提出"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "回避"
        DISMISSED = "dismissed", "无需回避"

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="conflicts")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="conflicts")
    basis = models.CharField("情形", max_length=20, choices=Basis)
    state = models.CharField("处理", max_length=10, choices=State, default=State.PROPOSED)
    detail = models.CharField("说明", max_length=200, blank=True)
    reason = models.CharField("处理理由", max_length=200, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回避事项"
        ordering = ["item", "seat", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "seat", "basis"], name="conflict_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None)
                | Q(state__in=["confirmed", "dismissed"], decided_at__isnull=False, decided_by__isnull=False),
                name="conflict_decided_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""), name="conflict_dismissal_has_reason"
            ),
        ]


class ExpertNote(models.Model):
    """What one expert writes down about one case; nobody else reads it before the ballot has closed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="notes")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField("个人评议记录", max_length=2000)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "个人评议记录"
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="expert_note_once")]


class Assent(models.Model):
    """A present expert agrees with one version of the panel's opinion; the clerk may record what was said aloud."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="assents")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="assents")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "对评估意见的同意"
        constraints = [models.UniqueConstraint(fields=["item", "seat", "version"], name="assent_once")]
