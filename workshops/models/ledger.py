"""What a studio did, kept as ledger records (台账) with their files and rosters [2][1][A2.9–A2.14][A2.B1–A2.B4]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from park.models import Case, StoredFile
from workshops.models.studio import Studio, StudioRecordQuerySet


class LedgerStatus(models.TextChoices):
    """Where one record stands."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待核验"
    VERIFIED = "verified", "已核验"
    RETURNED = "returned", "退回修改"
    VOIDED = "voided", "已删除"


EDITABLE = (LedgerStatus.DRAFT, LedgerStatus.RETURNED)


class LedgerQuerySet(StudioRecordQuerySet):
    def standing(self):
        """All but what was deleted."""
        return self.exclude(status=LedgerStatus.VOIDED)

    def verified(self):
        return self.filter(status=LedgerStatus.VERIFIED)

    def milestones(self):
        """升级为技能创业 as the office verified it [1.1]: what a startup subsidy rests on [4.2]."""
        return self.verified().filter(kind="startup")

    def of_year(self, year: int):
        """What counts in this year: what happened in it, and what holds on through it (a rule, an agreement) [S16]."""
        return self.filter(counts_from__lte=f"{year:04}-12-31", counts_until__gte=f"{year:04}-01-01")


class LedgerRecord(Case):
    """One entry of one ledger.

    `data` holds the fields of its kind (`workshops.kinds`) as plain JSON; what lists, searches and the scorecard read
    stands in columns of its own besides, filled from it by the one action that writes. Days are inclusive; it counts
    for every year that `counts_from`–`counts_until` touches. Money is in fen.
    """

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField("种类", max_length=20)
    serial = models.PositiveIntegerField("编号")  # within the studio, never given twice
    status = models.CharField(
        "状态", max_length=10, choices=LedgerStatus, default=LedgerStatus.DRAFT, editable=False
    )
    title = models.CharField("名称", max_length=100)
    happened_on = models.DateField("日期")
    until_on = models.DateField("至", null=True, blank=True)
    people = models.CharField("参加人员", max_length=200, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    data = models.JSONField("内容", default=dict)

    year = models.PositiveSmallIntegerField("年度")
    counts_from = models.DateField("计入考核起")
    counts_until = models.DateField("计入考核止")
    category = models.CharField("类别", max_length=20, blank=True)
    level = models.CharField("级别", max_length=20, blank=True)
    partner = models.CharField("单位", max_length=80, blank=True)
    person = models.CharField("人员", max_length=60, blank=True)
    certificate_no = models.CharField("证书或文件编号", max_length=60, blank=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True, blank=True)
    quantity = models.PositiveIntegerField("数量", null=True, blank=True)
    outcome_on = models.DateField("取得成果日期", null=True, blank=True)
    file_count = models.PositiveSmallIntegerField("附件数", default=0)
    row_count = models.PositiveIntegerField("花名册人数", default=0)

    version = models.PositiveIntegerField(default=1)  # a change that names an older one is refused
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField("核验时间", null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_why = models.CharField("退回原因", max_length=300, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账记录"
        ordering = ["-happened_on", "-pk"]
        indexes = [
            models.Index(fields=["studio", "kind", "-happened_on", "-id"], name="ledger_by_kind"),
            models.Index(fields=["studio", "-happened_on", "-id"], name="ledger_by_day"),
            models.Index(fields=["studio", "status", "-happened_on", "-id"], name="ledger_by_status"),
            models.Index(
                fields=["studio", "-amount_fen", "-happened_on", "-id"],
                condition=Q(amount_fen__isnull=False),
                name="ledger_by_amount",
            ),
            models.Index(fields=["status", "status_since", "id"], name="ledger_to_verify"),
            models.Index(fields=["status", "kind", "status_since", "id"], name="ledger_to_verify_by_kind"),
            models.Index(fields=["status", "-happened_on", "-id"], name="ledger_of_all_by_day"),
            models.Index(fields=["counts_from", "counts_until"], name="ledger_by_year"),
            # counting a year reads this index alone
            models.Index(
                fields=["studio", "kind", "category", "status", "counts_from", "counts_until", "happened_on"],
                name="ledger_counts",
            ),
            models.Index(
                fields=["certificate_no"], condition=~Q(certificate_no=""), name="ledger_by_certificate"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LedgerStatus.values), name="ledger_status_known"),
            models.UniqueConstraint(fields=["studio", "serial"], name="ledger_serial_once"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("happened_on")), name="ledger_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(counts_until__gte=F("counts_from")), name="ledger_counts_in_order"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=None) | Q(amount_fen__gte=0), name="ledger_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="ledger_submission_paired",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="ledger_verification_paired",
            ),
            models.CheckConstraint(
                condition=Q(status="verified", verified_at__isnull=False)
                | (~Q(status="verified") & Q(verified_at=None)),
                name="ledger_verified_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "verified"]) | Q(submitted_at__isnull=False),
                name="ledger_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(returned_why=""), name="ledger_returned_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("workshops:ledger_record", args=[self.key])

    @property
    def number(self) -> str:
        """How people name it within their studio: TZ-0012."""
        return f"TZ-{self.serial:04}"

    @property
    def amount(self) -> str:
        """The amount as people read it, in yuan; "" where there is none."""
        return "" if self.amount_fen is None else f"{self.amount_fen // 100:,}.{self.amount_fen % 100:02}"

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE


class TraineeQuerySet(StudioRecordQuerySet):
    def certified_in(self, year: int, kinds):
        """On a roster that the office verified, with a certificate of one of these kinds dated in the year [S11]."""
        return self.filter(
            record__status=LedgerStatus.VERIFIED,
            certificate_kind__in=kinds,
            certified_on__range=(f"{year:04}-01-01", f"{year:04}-12-31"),
        )


class Trainee(models.Model):
    """One person on the roster (花名册) of one training [A2.11][A2.B1]. No identity number is kept.

    `person_key` tells one person from another across trainings: name and certificate number; without a certificate,
    name and unit.
    """

    class Certificate(models.TextChoices):
        QUALIFICATION = "qualification", "职业资格证书"
        SKILL_LEVEL = "skill_level", "职业技能等级证书"
        SPECIAL = "special", "专项职业能力证书"
        TRAINING = "training", "培训合格证"
        NONE = "none", "无"

    record = models.ForeignKey(LedgerRecord, on_delete=models.PROTECT, related_name="trainees")
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="trainees")
    name = models.CharField("姓名", max_length=30)
    unit_name = models.CharField("单位", max_length=80, blank=True)
    certificate_kind = models.CharField(
        "证书种类", max_length=15, choices=Certificate, default=Certificate.NONE
    )
    certificate_no = models.CharField("证书编号", max_length=60, blank=True)
    certified_on = models.DateField("发证日期", null=True, blank=True)
    level = models.CharField("等级", max_length=5, blank=True)
    person_key = models.CharField(max_length=120, editable=False)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "花名册人员"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["studio", "name"], name="trainee_by_name"),
            models.Index(fields=["certified_on", "studio"], name="trainee_by_day"),
            models.Index(
                fields=["certificate_no"], condition=~Q(certificate_no=""), name="trainee_by_certificate"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record", "person_key"], name="trainee_once_per_training"),
            models.CheckConstraint(
                condition=Q(certificate_kind="none", certificate_no="", certified_on=None)
                | (
                    Q(
                        certificate_kind__in=["qualification", "skill_level", "special", "training"],
                        certified_on__isnull=False,
                    )
                    & ~Q(certificate_no="")
                ),
                name="trainee_certificate_whole",
            ),
        ]

    def __str__(self):
        return self.name


def person_key(name: str, unit_name: str, certificate_no: str) -> str:
    """Who this is, as far as a roster can say."""
    return f"{name}|#{certificate_no.upper()}" if certificate_no else f"{name}|{unit_name}"


class LedgerFile(models.Model):
    """A file or picture that proves a record. `client_key` lets a phone send it again safely."""

    record = models.ForeignKey(LedgerRecord, on_delete=models.PROTECT, related_name="files")
    client_key = models.UUIDField(default=uuid.uuid4)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "台账附件"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "client_key"], name="ledger_file_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="ledger_file_removal_paired",
            ),
        ]


class LedgerPrint(models.Model):
    """What one printed ledger or roster says: rows as they were when it was asked for. Never changed."""

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="ledger_prints")
    kind = models.CharField(max_length=20)  # of the records; "roster" for the 培训花名册
    year = models.PositiveSmallIntegerField()
    data = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = StudioRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账打印件"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["studio", "kind", "year"], name="ledger_print_by_kind")]

    def __str__(self):
        return f"{self.studio} {self.year}"
