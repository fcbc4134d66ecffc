"""The writes of the ledgers beside their steps: entering and changing, files, rosters, printing [5.3][A2.10]."""

from datetime import date

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from park import attachments, audit, documents
from park.models import Document
from park.workflow import Conflict, Refused
from workshops.kinds import KINDS
from workshops.models import LedgerFile, LedgerPrint, LedgerRecord, Studio, Trainee, person_key
from workshops.papers.ledger import ROSTER, data_to_print
from workshops.permissions import is_of_studio, is_office
from workshops.permissions.ledger import keeps_record

MAX_FILES = 20  # of one record
MAX_TRAINEES = 1000  # of one training
CLAUSE = "5.3"


# ── records ─────────────────────────────────────────────────────────────────────────────────────
def next_serial(studio) -> int:
    """The next number of the studio; the studio must be locked."""
    last = LedgerRecord.objects.filter(studio=studio).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def lock_studio(studio) -> Studio:
    return Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)


@transaction.atomic
def create_record(
    studio, kind, *, title, happened_on: date, values, by, until_on=None, people="", note="", files=()
) -> LedgerRecord:
    """A new draft with its files (checked uploads). `values` are of the kind's fields. Raises Refused."""
    studio = lock_studio(studio)
    if not is_of_studio(by, studio):
        raise Refused("只有本工作室的人员可以登记台账。")
    _check_days(kind, happened_on, until_on)
    record = LedgerRecord.objects.create(
        studio=studio,
        kind=kind.code,
        serial=next_serial(studio),
        title=title,
        happened_on=happened_on,
        until_on=until_on,
        people=people,
        note=note,
        data=kind.dump(values),
        created_by=by,
        **kind.columns(values, happened_on, until_on),
    )
    audit.record("create_ledger", record, by=by, note=kind.title, clause=CLAUSE)
    for checked in files:
        _attach(record, checked, by=by)
    return record


@transaction.atomic
def change_record(
    record, *, title, happened_on: date, values, version, by, until_on=None, people="", note="", files=()
):
    """Rewrite a draft or a returned record. Raises Conflict when somebody changed it since `version`, Refused once it
    may not be changed; nothing is written then."""
    record = _editable(record, by)
    kind = KINDS[record.kind]
    if record.version != version:
        raise Conflict(f"{record.number} 在您打开之后已有人修改，您现在写的还没有保存，请核对后重新填写。")
    _check_days(kind, happened_on, until_on)
    new = {
        "title": title,
        "happened_on": happened_on,
        "until_on": until_on,
        "people": people,
        "note": note,
        "data": kind.dump(values),
    } | kind.columns(values, happened_on, until_on)
    changed = [name for name, value in new.items() if getattr(record, name) != value]
    if changed:
        for name in changed:
            setattr(record, name, new[name])
        record.version += 1
        record.save(update_fields=[*changed, "version"])
        audit.record("change_ledger", record, by=by, note=f"第{record.version}次保存的内容", clause=CLAUSE)
    for checked in files:
        _attach(record, checked, by=by)
    return record


def _check_days(kind, happened_on, until_on):
    if until_on and until_on < happened_on:
        raise Refused(f"“{kind.until_label or '至'}”早于“{kind.day_label}”。")


def _editable(record, by) -> LedgerRecord:
    """The record, locked, while its studio may change it. Raises Refused."""
    record = LedgerRecord.objects.select_for_update(no_key=True).get(pk=record.pk)
    if not keeps_record(by, record):
        raise Refused("只有本工作室的人员可以修改台账。")
    if not record.is_editable:
        raise Refused(f"{record.number} 现在是“{record.get_status_display()}”，不能修改。")
    return record


# ── files ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_file(record, checked, *, by, caption="") -> LedgerFile:
    """A file that passed `attachments.check`; pictures have lost their EXIF there."""
    return _attach(_editable(record, by), checked, by=by, caption=caption)


def _attach(record, checked, *, by, caption="") -> LedgerFile:
    if record.file_count >= MAX_FILES:
        raise Refused(f"一条台账最多 {MAX_FILES} 个附件，请先删除不需要的。")
    if record.files.filter(removed_at=None, stored__sha256=checked.sha256).exists():
        raise Refused("这个文件已经在这条台账里了。")
    row = LedgerFile.objects.create(
        record=record, stored=attachments.store(checked, by=by), caption=caption, added_by=by
    )
    record.file_count += 1
    record.save(update_fields=["file_count"])
    audit.record("add_ledger_file", record, by=by, after=f"sha256 {row.stored.sha256}", clause=CLAUSE)
    return row


@transaction.atomic
def remove_file(row, *, by):
    """Take a file out of the record; its row and bytes stay."""
    record = _editable(row.record, by)
    if LedgerFile.objects.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now(), removed_by=by):
        LedgerRecord.objects.filter(pk=record.pk).update(file_count=F("file_count") - 1)
        audit.record("remove_ledger_file", record, by=by, before=f"sha256 {row.stored.sha256}", clause=CLAUSE)


# ── rosters ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_trainee(
    record, *, name, by, unit_name="", certificate_kind="none", certificate_no="", certified_on=None, level=""
) -> Trainee:
    """One person on the roster [A2.11]. Raises Refused for somebody who is on it already."""
    record = _editable(record, by)
    if not KINDS[record.kind].roster:
        raise Refused("这类台账没有花名册。")
    if record.row_count >= MAX_TRAINEES:
        raise Refused(f"一次培训的花名册最多 {MAX_TRAINEES} 人。")
    key = person_key(name, unit_name, certificate_no)
    if record.trainees.filter(person_key=key).exists():  # the record is locked: nobody comes in between
        raise Refused(f"{name}已经在这份花名册里了（姓名、证书编号或单位都相同）。")
    row = Trainee.objects.create(
        record=record,
        studio_id=record.studio_id,
        name=name,
        unit_name=unit_name,
        certificate_kind=certificate_kind,
        certificate_no=certificate_no,
        certified_on=certified_on,
        level=level,
        person_key=key,
    )
    count_rows(record)
    audit.record("add_trainee", record, by=by, after="1人", clause="A2.11")
    return row


@transaction.atomic
def remove_trainee(row, *, by):
    record = _editable(row.record, by)
    deleted, _ = Trainee.objects.filter(pk=row.pk, record=record).delete()
    if deleted:
        count_rows(record)
        audit.record("remove_trainee", record, by=by, before="1人", clause="A2.11")


def count_rows(record):
    """Keep the number of trainees with the record; the record must be locked."""
    record.row_count = record.trainees.count()
    record.save(update_fields=["row_count"])


# ── printing ────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def print_ledger(studio, kind: str, year: int, *, by) -> Document:
    """Issue the printed ledger of one kind, or the roster (`papers.ledger.ROSTER`), of a year as it stands now.

    A later one replaces the one before. Raises Refused when there is nothing to print, or too much for one paper.
    """
    studio = lock_studio(studio)
    if not is_of_studio(by, studio) and not is_office(by):
        raise Refused("只有本工作室和管理办公室可以打印台账。")
    data = data_to_print(studio, kind, year)
    row = LedgerPrint.objects.create(studio=studio, kind=kind, year=year, data=data, made_by=by)
    paper = "ledger_roster" if kind == ROSTER else "ledger_book"
    former = standing_print(studio, kind, year)
    document = documents.issue(
        paper,
        row,
        by=by,
        content_hash=documents.hash_of(data),
        supersedes=former,
        reason="按最新台账重新打印" if former else "",
    )
    audit.record("print_ledger", studio, by=by, note=f"{document.number} {year}年", clause="A2.10")
    return document


def standing_print(studio, kind, year) -> Document | None:
    """The printed ledger of this kind and year that is in force."""
    prints = LedgerPrint.objects.filter(studio=studio, kind=kind, year=year).values_list("pk", flat=True)
    papers = Document.objects.filter(
        subject_model=LedgerPrint._meta.label_lower,
        subject_id__in=[str(pk) for pk in prints.order_by("-pk")[:5]],
    )
    return papers.standing().order_by("-pk").first()
