"""入驻协议: what both sides signed, and the waiver of rent that goes with the first one [4.1][5.3]."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from park.models import Document, Role, StoredFile
from workshops.models.residency import Residency
from workshops.models.studio import Studio, StudioRecordQuerySet

USER = settings.AUTH_USER_MODEL


def paired(name, *, constraint):
    """`name_at` and `name_by` are both set or both empty."""
    at, by = f"{name}_at", f"{name}_by"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=constraint,
    )


class AgreementQuerySet(StudioRecordQuerySet):
    path = "residency__studio"
    readers = frozenset({Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP})

    def open(self):
        """Being prepared or signed: neither checked nor void."""
        return self.filter(checked_at=None, voided_at=None)


class Agreement(models.Model):
    """One agreement. Drafted, issued for signature, signed (its scan received), checked; or void.

    `said` is what the paper says, frozen when it is issued. A supplement renews the term and never the waiver [T6].
    """

    class Kind(models.TextChoices):
        FIRST = "first", "入驻协议"
        SUPPLEMENT = "supplement", "续期补充协议"

    class Match(models.TextChoices):
        QR = "qr", "二维码自动核对"
        HAND = "hand", "人工核对"

    key = models.UUIDField("链接标识", default=uuid.uuid4, unique=True, editable=False)
    residency = models.ForeignKey(Residency, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField("种类", max_length=12, choices=Kind, default=Kind.FIRST)
    term_starts_on = models.DateField("协议期起")
    term_ends_on = models.DateField("协议期止")
    rent_free_from = models.DateField("免租起", null=True, blank=True)
    rent_free_until = models.DateField("免租止", null=True, blank=True)
    namesake_reason = models.CharField("同名领衔人不是同一人的说明", max_length=200, blank=True)
    no_room_reason = models.CharField("不安排房间的说明", max_length=200, blank=True)
    ground = models.CharField("续期依据", max_length=300, blank=True)
    extra = models.TextField("其他约定", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)  # of the draft: two editors
    said = models.JSONField("协议内容", default=dict)
    document = models.OneToOneField(Document, null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("拟定时间", default=timezone.now)
    drafted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("出具时间", null=True)
    issued_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    matched_by = models.CharField("核对方式", max_length=4, choices=Match, blank=True)
    received_at = models.DateTimeField("收到扫描件的时间", null=True)
    received_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    returned_reason = models.CharField("退回扫描件的原因", max_length=300, blank=True)
    checked_at = models.DateTimeField("核对时间", null=True)
    checked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField("作废原因", max_length=300, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入驻协议"
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["residency"], condition=Q(checked_at=None, voided_at=None), name="agreement_one_open"
            ),
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(kind="first", checked_at__isnull=False, voided_at=None),
                name="agreement_one_first",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "supplement"]), name="agreement_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(matched_by__in=["", "qr", "hand"]), name="agreement_match_known"
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on__gte=F("term_starts_on")), name="agreement_term_whole"
            ),
            models.CheckConstraint(
                condition=Q(rent_free_from=None, rent_free_until=None)
                | Q(rent_free_from__isnull=False, rent_free_until__gte=F("rent_free_from")),
                name="agreement_waiver_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="first", ground="")
                | (Q(kind="supplement", rent_free_from=None) & ~Q(ground="")),
                name="agreement_supplement_renews_no_waiver",
            ),
            paired("issued", constraint="agreement_issue_paired"),
            paired("received", constraint="agreement_receipt_paired"),
            paired("checked", constraint="agreement_check_paired"),
            paired("voided", constraint="agreement_void_paired"),
            models.CheckConstraint(
                condition=Q(received_at=None, scan=None, matched_by="")
                | (
                    Q(received_at__isnull=False, scan__isnull=False, issued_at__isnull=False)
                    & ~Q(matched_by="")
                ),
                name="agreement_scan_of_an_issued_one",
            ),
            models.CheckConstraint(
                condition=Q(checked_at=None) | Q(received_at__isnull=False), name="agreement_checked_has_scan"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None) | Q(document__isnull=False), name="agreement_issued_has_paper"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""), name="agreement_void_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.residency.studio} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.checked_at is None and self.voided_at is None

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.voided_at:
            return "已作废"
        if self.checked_at:
            return "已签订"
        if self.received_at:
            return "扫描件待核对"
        return "待双方签字" if self.issued_at else "拟稿"


class RentWaiver(models.Model):
    """“2年内免交房租” granted [4.1]: once per studio and once per leader [T6]. Never changed.

    The studio is unique whoever leads it. No identity number is kept of a leader, so the name counts; somebody else of
    the same name gets the next `apart`, and the office says why they are not one person.
    """

    residency = models.OneToOneField(Residency, on_delete=models.PROTECT, related_name="waiver")
    studio = models.OneToOneField(Studio, on_delete=models.PROTECT, related_name="waiver")
    leader_name = models.CharField("领衔人", max_length=30)
    apart = models.PositiveSmallIntegerField("同名序号", default=0)
    apart_reason = models.CharField("不是同一人的说明", max_length=200, blank=True)
    starts_on = models.DateField("免租起")
    ends_on = models.DateField("免租止")
    granted_at = models.DateTimeField("登记时间", default=timezone.now)
    granted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "免租记录"
        constraints = [
            models.UniqueConstraint(fields=["leader_name", "apart"], name="waiver_once_per_leader"),
            models.CheckConstraint(
                condition=Q(apart=0) | ~Q(apart_reason=""), name="waiver_namesake_explained"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="waiver_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.studio} 免租"
