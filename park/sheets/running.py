"""From the upload to the last row: a job checks, the person confirms, a second job checks again and writes.

What a sheet says lies in the private storage for a day, beside each other: the upload, until it is read; its cells,
until they are written; the outcome of the check, which the page shows. The rows of the jobs hold keys and counts.
"""

import hashlib
import json
from collections import Counter

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from park import audit, jobs
from park.models import Job
from park.models.job import KEPT
from park.sheets import kinds, reading, writing
from park.sheets.columns import Fault
from park.sheets.kinds import CHANGED, HAPPENS, NEW, SAME, ImportKind
from park.workflow import Refused

CHECK, WRITE = "sheet_check", "sheet_write"  # kinds of job
SMALL = 60_000  # bytes of an upload: about 300 rows; checked and written within the request
PREVIEWED = 20
CELLS, OUTCOME = ".cells", ".outcome"  # beside the upload
CHANGED_SINCE = "没有写入：检查之后情况有了变化。请重新上传表格，检查后再确认。"
EXPIRED = "检查结果只保留 24 小时，已经删除。请重新上传表格检查。"


def register():
    """The two kinds of job; who may is asked of the kind of import, which each job names."""
    jobs.register(CHECK, check, may=lambda user: True, page=page_of)
    jobs.register(WRITE, write, may=lambda user: True, resumes=True, page=page_of)


def page_of(job: Job) -> str:
    return reverse("sheet_run", args=[job.key])


def resolve(job: Job, user) -> tuple[ImportKind, object]:
    """The kind of import and what it goes into, under the rights of the moment. Raises Http404, PermissionDenied."""
    kind = kinds.KINDS.get(job.arguments["import"])
    if kind is None:
        raise Http404
    context = kind.context(user, job.arguments["into"])
    if not kind.may(user, context):
        raise PermissionDenied
    return kind, context


# ── the check ───────────────────────────────────────────────────────────────────────────────────
def start(kind: ImportKind, context, into: str, upload, by) -> Job:
    """Keep the upload and check it in the background, in the caller's transaction.

    A small one is left to the caller: `jobs.run(job.key)` after the commit, if `is_small(job)`.
    """
    upload.seek(0)
    arguments = {"import": kind.code, "into": into, "stored": jobs.put(upload), "small": upload.size <= SMALL}
    title = f"检查：{kind.title}"
    return jobs.start(CHECK, title, arguments, 100, by, background=not arguments["small"])


def is_small(job: Job) -> bool:
    return job.arguments["small"]


def check(work):
    """The dry run: every fault, or what would happen to each row. It writes nothing but its outcome."""
    stored = work.arguments["stored"]
    if default_storage.exists(stored + OUTCOME):  # by an attempt that died in its last breath
        return
    kind, context = _resolve(work)
    sheet = kind.sheet_for(context)
    source, cells = work.folder / "upload", work.folder / "cells"
    _fetch(stored, source)
    fault = reading.examine(source, cells, sheet)
    _reach(work, 30)
    read = reading.Reading(faults=[fault])
    if not fault:
        read = reading.convert(cells, sheet, lambda share: _reach(work, 30 + int(share * 30)))
    _reach(work, 60)
    prepared, faults = kind.check(read.rows, context, work.by) if read.rows else ([], [])
    faults = sorted([*read.faults, *faults])[: reading.MOST_FAULTS + 1]
    counts = dict(Counter(item.happens for item in prepared))
    outcome = {
        "faults": [[f.row, f.column, f.text] for f in faults],
        "read": len(read.rows),
        "counts": counts,
    }
    if faults:
        work.note("检查", ok=False, text=f"有 {len(faults)} 处问题，没有写入。", n=0)
    else:
        outcome |= {"digest": _digest(prepared), "preview": _preview(kind, sheet, read.rows, prepared)}
        with cells.open("rb") as file:
            default_storage.save(stored + CELLS, File(file))
        work.note("检查", text=in_words(counts) + "，还没有写入。", n=0)
    default_storage.save(stored + OUTCOME, ContentFile(json.dumps(outcome, ensure_ascii=False).encode()))
    default_storage.delete(stored)


def _resolve(work):
    try:
        return resolve(work.job, work.by)
    except (Http404, PermissionDenied):
        raise jobs.Failed("现在不能办理这项导入：记录已不在，或账号没有这项权限。") from None


def _fetch(name, path):
    try:
        with default_storage.open(name) as stored, path.open("wb") as copy:
            while chunk := stored.read(1 << 20):
                copy.write(chunk)
    except FileNotFoundError:
        raise jobs.Failed(EXPIRED) from None


def _reach(work, percent: int):
    work.advance(max(0, percent - work.done))


def _digest(prepared) -> str:
    """What the check promised: the same rows, with the same to happen, resting on the same state."""
    digest = hashlib.sha256()
    for item in prepared:
        digest.update(repr((item.row, item.happens, item.seen)).encode())
    return digest.hexdigest()


def _preview(kind, sheet, rows, prepared) -> dict:
    """The first rows as the page shows them; what would change comes before what is new."""
    order = {CHANGED: 0, NEW: 1, SAME: 2}
    chosen = sorted(prepared, key=lambda item: order[item.happens])[:PREVIEWED]
    by_number = {row["_row"]: row for row in rows}
    columns = [(column, writing.labels_of(column)) for column in sheet.columns]
    lines = [
        {
            "row": item.row,
            "happens": item.happens,
            "note": item.note,
            "cells": [writing.preview(c, by_number[item.row][c.name], labels) for c, labels in columns],
        }
        for item in sorted(chosen, key=lambda item: item.row)
    ]
    return {"header": [column.label for column in sheet.columns], "lines": lines}


def in_words(counts: dict) -> str:
    return "，".join(f"{HAPPENS[name]} {counts.get(name, 0)} 行" for name in (NEW, CHANGED, SAME))


def outcome_of(job: Job) -> dict | None:
    """What the check found; None once it was deleted."""
    if job.asked_at < timezone.now() - KEPT:
        return None
    try:
        with default_storage.open(job.arguments["stored"] + OUTCOME) as file:
            found = json.loads(file.read())
    except FileNotFoundError:
        return None
    found["faults"] = [Fault(*fault) for fault in found["faults"]]
    return found


# ── the writing ─────────────────────────────────────────────────────────────────────────────────
def writing_of(job: Job) -> Job | None:
    """The one job that writes what this one checked. Where it failed it is tried again, never another one made."""
    return Job.objects.filter(kind=WRITE, by=job.by, arguments__checked=str(job.key)).first()


@transaction.atomic
def confirm(job: Job, by) -> Job:
    """Have the checked rows written, once. Raises Refused the second time, or when time is over."""
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    outcome = outcome_of(job)
    if outcome is None:
        raise Refused(EXPIRED)
    if outcome["faults"] or job.state != Job.State.DONE:
        raise Refused("表格还有问题或没有检查完，不能写入。")
    if writing_of(job):
        raise Refused("这份表格已经确认过，不会写入两次。")
    kind = kinds.KINDS[job.arguments["import"]]
    arguments = job.arguments | {"checked": str(job.key), "digest": outcome["digest"]}
    return jobs.start(WRITE, kind.title, arguments, 100, by, background=not is_small(job))


def write(work):
    """Check again and write, in one transaction: all rows or none."""
    if work.lines:  # an earlier attempt wrote, and died before it said so
        return
    kind, context = _resolve(work)
    sheet = kind.sheet_for(context)
    stored, cells = work.arguments["stored"], work.folder / "cells"
    _fetch(stored + CELLS, cells)
    read = reading.convert(cells, sheet, lambda share: _reach(work, int(share * 40)))
    if read.faults:  # a list to choose from has changed
        raise jobs.Failed(CHANGED_SINCE)
    _reach(work, 40)
    try:
        with work.alone():
            kind.lock(read.rows, context)
            prepared, faults = kind.check(read.rows, context, work.by)
            if faults or _digest(prepared) != work.arguments["digest"]:
                raise jobs.Failed(CHANGED_SINCE)
            kind.write([item for item in prepared if item.happens != SAME], context, work.by)
            counts = in_words(Counter(item.happens for item in prepared))
            subject = context if hasattr(context, "_meta") else kind.title
            audit.record("import", subject, by=work.by, note=f"{kind.code} {counts}")
            work.note("写入", text=counts + "。", n=0)
    except IntegrityError:  # somebody was quicker with the same new row
        raise jobs.Failed(CHANGED_SINCE) from None
    default_storage.delete(stored + CELLS)  # the outcome stays for the page, until the daily tidying
