"""Papers of the park: every print has a row with its number, version, check code and the hash of its file."""

import secrets
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

# 32 signs nobody mistakes for another on paper: without 0 and O, 1 and I.
CHECK_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CHECK_LENGTH = 12


def new_check_code() -> str:
    """A public code that cannot be guessed (60 bits)."""
    return "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CHECK_LENGTH))


class DocumentState(models.TextChoices):
    PENDING = "pending", "正在生成"
    ISSUED = "issued", "有效"
    SUPERSEDED = "superseded", "已被新版本取代"
    WITHDRAWN = "withdrawn", "已撤回"
    FAILED = "failed", "生成失败"


STANDING = (DocumentState.PENDING, DocumentState.ISSUED, DocumentState.FAILED)


class DocumentQuerySet(models.QuerySet):
    def standing(self):
        """Neither superseded nor withdrawn, printed already or not."""
        return self.filter(state__in=STANDING)

    def about(self, subject):
        """The papers of one record, newest first."""
        return self.filter(subject_model=subject._meta.label_lower, subject_id=str(subject.pk))

    def about_many(self, subjects):
        """The papers of several records of one model, oldest first."""
        keys = [str(row.pk) for row in subjects]
        model = subjects[0]._meta.label_lower if keys else ""
        return self.filter(subject_model=model, subject_id__in=keys).order_by("pk")

    def delete(self):
        raise TypeError("文书不能删除，只能撤回。")


class Document(models.Model):
    """One paper. What it says is frozen: after the insert only `park/documents.py` moves its state.

    `content_hash` is the SHA-256 of the data the print shows, so that a stale print can be recognised;
    `sha256` is that of the stored PDF. No personal data in any column: the check page is public.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=40, editable=False)
    title = models.CharField("名称", max_length=100, editable=False)
    number = models.CharField("编号", max_length=40, blank=True, editable=False)
    version = models.PositiveSmallIntegerField("版本", default=1, editable=False)
    is_draft = models.BooleanField("草稿", default=False, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=DocumentState.choices, default=DocumentState.PENDING, editable=False
    )
    subject_model = models.CharField("对象类型", max_length=60, editable=False)
    subject_id = models.CharField("对象编号", max_length=60, editable=False)
    check_code = models.CharField(
        "核验码", max_length=CHECK_LENGTH, unique=True, default=new_check_code, editable=False
    )
    content_hash = models.CharField("内容摘要", max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    issued_at = models.DateTimeField("出具时间", null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="出具人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    storage_name = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField("字节数", default=0, editable=False)
    pages = models.PositiveSmallIntegerField("页数", default=0, editable=False)
    failure = models.CharField("失败原因", max_length=200, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name="取代它的版本",
        null=True,
        on_delete=models.PROTECT,
        related_name="supersedes",
        editable=False,
    )
    reason = models.CharField("取代或撤回的原因", max_length=200, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject_model", "subject_id", "kind"], name="document_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "version"], condition=~Q(number=""), name="document_number_version_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "issued", "superseded", "withdrawn", "failed"]),
                name="document_state_known",
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None)
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="document_issued_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | (~Q(storage_name="") & ~Q(sha256="") & Q(size__gt=0, pages__gt=0)),
                name="document_issued_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False),
                name="document_superseded_by_set",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="document_withdrawn_has_reason"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="document_version_positive"),
        ]

    def __str__(self):
        return f"{self.title} {self.number}".strip()

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("文书出具后不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("文书不能删除，只能撤回。")

    @property
    def is_stored(self) -> bool:
        """Its file exists, whatever became of its validity."""
        return bool(self.storage_name)

    @property
    def printed_check_code(self) -> str:
        """The code in groups of four, as people read it aloud."""
        return "-".join(self.check_code[i : i + 4] for i in range(0, CHECK_LENGTH, 4))

    @property
    def check_url(self) -> str:
        """What the QR code holds."""
        return f"{settings.SITE_URL}/check/{self.check_code}/"


class NumberSequence(models.Model):
    """The last number given out, per kind of number and year: no gaps, no doubles."""

    kind = models.CharField("字头", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号序列"
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="number_sequence_once")]

    def __str__(self):
        return f"{self.kind}-{self.year}"


@transaction.atomic
def next_number(kind: str, year: int) -> str:
    """`SB-2026-0001`: the next number of this prefix and year, given back if the transaction rolls back."""
    NumberSequence.objects.get_or_create(kind=kind, year=year)
    row = NumberSequence.objects.select_for_update(no_key=True).get(kind=kind, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{kind}-{year}-{row.last:04d}"


def hold_numbers(kinds, year: int):
    """Lock the sequences of these prefixes in one order, before the trail: for a transaction that draws numbers of
    several kinds with entries on the trail in between."""
    for kind in sorted(set(kinds)):
        NumberSequence.objects.get_or_create(kind=kind, year=year)
        NumberSequence.objects.select_for_update(no_key=True).get(kind=kind, year=year)
