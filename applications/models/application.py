"""One application of one studio for a place in the park [3.2], and who may see it."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from park.crypto import blind_index
from park.models import Case, Role


class Status(models.TextChoices):
    """Where an application stands on the statutory road [3.2.1]–[3.2.3]."""

    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "材料初审"
    CORRECTION = "correction", "补正中"
    SITE_VISIT = "site_visit", "现场考察"
    DELIBERATION = "deliberation", "集中评议"
    BALLOT = "ballot", "投票表决"
    CANDIDATE = "candidate", "表决通过，待列名单"
    LISTED = "listed", "已列名单，待审核认定"
    WAITLISTED = "waitlisted", "候补"
    APPROVED = "approved", "认定同意，待公示"
    ON_NOTICE = "on_notice", "公示中"
    ADMITTED = "admitted", "确定入驻"
    REJECTED = "rejected", "不予通过"
    NOT_SELECTED = "not_selected", "未入选"
    DECLINED = "declined", "不予入驻"
    WITHDRAWN = "withdrawn", "已撤回"


# Filed and not at an end; one leader has one of them at a time.
ON_THE_ROAD = (
    Status.SUBMITTED,
    Status.CORRECTION,
    Status.SITE_VISIT,
    Status.DELIBERATION,
    Status.BALLOT,
    Status.CANDIDATE,
    Status.LISTED,
    Status.WAITLISTED,
    Status.APPROVED,
    Status.ON_NOTICE,
)
OPEN = (Status.DRAFT, *ON_THE_ROAD)
# How the decision went; the studio learns it by letter.
DECIDED = (Status.WAITLISTED, Status.ADMITTED, Status.NOT_SELECTED, Status.DECLINED)
# From the ballot on the studio reads one and the same sentence until its letter has gone out; 公示 is public.
TOLD_BY_LETTER = (Status.BALLOT, Status.CANDIDATE, Status.LISTED, Status.APPROVED, *DECIDED)


class Batch(models.Model):
    """An optional intake window (申报批次) [T18]; the park takes applications all year by default."""

    name = models.CharField("批次名称", max_length=60, unique=True)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申报批次"
        ordering = ["-opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="batch_closes_after_opening"
            )
        ]

    def __str__(self):
        return self.name

    @classmethod
    def open_now(cls):
        today = timezone.localdate()
        return cls.objects.filter(opens_on__lte=today, closes_on__gte=today).order_by("closes_on").first()


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own applications for people of the studio; everything filed for the office. What was never filed is
        nobody else's, also once it is withdrawn."""
        if user is None or not user.is_authenticated:
            return self.none()
        own = Q(pk__in=Collaborator.objects.filter(user=user).values("application"))
        if user.has_role(Role.OFFICE, Role.LEAD_DIVISION):
            return self.filter(Q(number__isnull=False) | own)
        if user.has_role(Role.EXPERT):
            own |= Q(pk__in=self._before_expert(user))
        if user.has_role(Role.WORKING_GROUP):
            own |= Q(pk__in=self._before_working_group())
        return self.filter(own)

    @staticmethod
    def _before_expert(user):
        """Cases on the agenda of a session they sit in, while it lasts, unless a conflict stands: the one place
        that takes a recused expert's sight of a case, in lists, counts, files, papers and mail alike."""
        items = apps.get_model("applications.AgendaItem").objects
        conflicts = apps.get_model("applications.Conflict").objects.standing().filter(seat__expert__user=user)
        return (
            items.filter(
                is_open=True,
                session__status__in=["convened", "sitting"],
                session__seats__in=apps.get_model("applications.Seat")
                .objects.taken()
                .filter(expert__user=user),
            )
            .exclude(pk__in=conflicts.values("item"))
            .values("application")
        )

    @staticmethod
    def _before_working_group():
        """Cases on a list that was sent to the working group."""
        entries = apps.get_model("applications.ListEntry").objects
        return entries.filter(list__status__in=["sent", "resolved"]).values("application")

    def filed(self):
        """Ever handed in: the filing gives the number."""
        return self.filter(number__isnull=False)

    def overdue(self):
        return self.filter(due_on__lt=timezone.localdate())


class Application(Case):
    """The case. What was typed lives in its sections, what was filed in its submissions; the columns here are
    copied from the latest of them, for lists and search."""

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("申报编号", max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001 - none before filing
    status = models.CharField("状态", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    batch = models.ForeignKey(
        Batch, verbose_name="批次", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申报账号",
        on_delete=models.PROTECT,
        related_name="applications",
    )
    studio_name = models.CharField("申报工作室名称", max_length=60, blank=True)
    leader_name = models.CharField("领衔人", max_length=30, blank=True)
    leader_sort_key = models.CharField(max_length=120, blank=True, editable=False)
    leader_id_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    unit_name = models.CharField("所在单位", max_length=80, blank=True)
    district = models.ForeignKey(
        "park.District", verbose_name="属地", null=True, on_delete=models.PROTECT, db_index=False
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_applications",
        db_index=False,
    )
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    submitted_at = models.DateTimeField("首次提交时间", null=True, editable=False)
    originals_received_at = models.DateTimeField("收到纸质原件的时间", null=True, editable=False)
    originals_received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    result_told_at = models.DateTimeField("告知结果的时间", null=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入驻申报"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(number__isnull=False, submitted_at__isnull=False),
                name="application_filed_has_number",
            ),
            models.CheckConstraint(
                condition=Q(originals_received_at=None, originals_received_by=None)
                | Q(originals_received_at__isnull=False, originals_received_by__isnull=False),
                name="application_originals_paired",
            ),
            models.UniqueConstraint(
                fields=["leader_id_index"],
                condition=~Q(leader_id_index="") & Q(status__in=ON_THE_ROAD),
                name="application_one_per_leader",
            ),
        ]
        # The office's queue is read off an index in each of its orders, alone and behind each of its filters;
        # so these foreign keys need no index of their own, which SQLite would prefer and then sort.
        indexes = [
            models.Index(
                fields=[*filtered_by, order, "id"],
                condition=Q(number__isnull=False),
                name="_".join(["queue", *filtered_by, order]),
            )
            for filtered_by in ([], ["status"], ["officer"], ["district"], ["batch"])
            for order in ("due_on", "submitted_at", "leader_sort_key")
        ]

    def __str__(self):
        return self.number or "未提交的申报"

    def get_absolute_url(self):
        return reverse("applications:detail", args=[self.key])

    @staticmethod
    def index_of(id_number: str) -> str:
        """The blind index that finds applications of one leader by exact identity number."""
        return blind_index(id_number, purpose="resident_id")

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_untold(self) -> bool:
        """A decision is being taken, or was taken and its letter has not gone out: the studio sees neither which
        nor when. A case that came back to the panel from the ballot or the list is still under that decision."""
        if self.result_told_at is not None:
            return False
        if self.status == Status.DELIBERATION:
            return self.agenda_items.filter(rounds__isnull=False).exists()
        return self.status in TOLD_BY_LETTER

    @property
    def status_for_studio(self) -> str:
        """The status in a sentence to the studio, which learns a decision by letter."""
        return "审核认定中" if self.is_untold else self.get_status_display()

    def latest_submission(self):
        return self.submissions.order_by("-number").first()

    def open_correction(self):
        return self.corrections.filter(issued_at__isnull=False, closed_at=None).first()

    def standing_recommendation(self):
        return self.recommendations.filter(replaced_at=None).first()


class Collaborator(models.Model):
    """Somebody of the studio who fills the form: the applicant and those they let in."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="collaborators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "共同填报人"
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="collaborator_once")]
