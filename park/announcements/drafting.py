"""Writing an announcement before anybody reads it: text, rows, files."""

from django.db import transaction
from django.utils import timezone

from park import attachments, audit
from park.announcements.kinds import KINDS, kind_of
from park.announcements.table import handles
from park.models import Announcement, AnnouncementFile, AnnouncementStatus
from park.models.document import next_number
from park.workflow import Refused

MAX_FILES = 10


@transaction.atomic
def draft(kind, *, title, text, columns=(), rows=(), notice_days=0, by) -> Announcement:
    """A new draft. `columns` is [{key, label}]; each row has those keys and "key", which names its record."""
    known = {column["key"] for column in columns} | {"key"}
    if any(set(row) != known for row in rows):
        raise ValueError("rows of an announcement hold its public columns and nothing else")
    announcement = Announcement.objects.create(
        kind=kind,
        number=next_number(KINDS[kind].prefix, timezone.localdate().year),
        title=title,
        text=text,
        columns=list(columns),
        rows=list(rows),
        notice_days=notice_days,
        drafted_by=by,
    )
    audit.record(
        "draft_announcement", announcement, by=by, after=f"{len(rows)} 行", clause=KINDS[kind].clause
    )
    return announcement


def _being_drafted(announcement, by) -> Announcement:
    row = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if not handles(by, row):
        raise Refused("您参与了公示名单上的申报，不能办理这份公示。")
    if row.status != AnnouncementStatus.DRAFTING:
        raise Refused(f"只有拟稿时可以修改，当前是“{row.get_status_display()}”。要修改请先退回。")
    return row


@transaction.atomic
def change_text(announcement, *, title, text, by):
    """Write title and text anew; whoever does so is one of its authors and reads none of it."""
    row = _being_drafted(announcement, by)
    if (row.title, row.text) != (title, text):
        row.title, row.text = title, text
        row.save(update_fields=["title", "text"])
        audit.record("change_announcement", row, by=by)


@transaction.atomic
def renew_rows(announcement, *, by) -> int:
    """Write the rows as the app's records stand now; the number of rows."""
    row = _being_drafted(announcement, by)
    if kind_of(row).renew is None:
        raise Refused("这份公告没有名单。")
    row.rows = kind_of(row).renew(row)
    row.save(update_fields=["rows"])
    audit.record("renew_rows", row, by=by, after=f"{len(row.rows)} 行")
    return len(row.rows)


@transaction.atomic
def add_file(announcement, *, title, checked, by) -> AnnouncementFile:
    row = _being_drafted(announcement, by)
    if row.files.count() >= MAX_FILES:
        raise Refused(f"最多 {MAX_FILES} 个附件。")
    stored = attachments.store(checked, by=by)
    file = AnnouncementFile.objects.create(announcement=row, stored=stored, title=title)
    audit.record("add_announcement_file", row, by=by, after=stored.sha256)
    return file


@transaction.atomic
def remove_file(announcement, file, *, by):
    row = _being_drafted(announcement, by)
    audit.record("remove_announcement_file", row, by=by, before=file.stored.sha256)
    file.delete()
    attachments.purge(file.stored, by=by, reason="公告附件删除")
