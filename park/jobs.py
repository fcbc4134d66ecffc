"""How does work go on that is too long for a page? A job: a task with progress, a result list and a file for a day.

An app registers a kind with the function that does the work; a view starts one inside its own transaction, and
the task runs after the commit. The function gets a `Work`: it says how far it is, notes a line per row, and may
leave one file. It works in as many transactions as it likes; progress is written between them, so that the page
sees it. What is asked for is in `arguments`: keys and codes, read again under the rights of the day.
"""

import contextlib
import hashlib
import logging
import shutil
import tempfile
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.http import FileResponse
from django.utils import timezone
from django_tasks import task

from park import audit, notices
from park.models import Job
from park.models.job import KEPT
from park.workflow import Refused

log = logging.getLogger(__name__)

FOLDER = "jobs"  # in the private storage
PAUSE = 0.5  # seconds between two writes of progress
MOST_LINES = 2000  # of one result list
KEEP_ROWS_DAYS = 90
TELL_AFTER_SECONDS = 20  # whoever waited longer gets a message when it is done

audit.LABELS |= {
    "start_job": "提交后台任务",
    "retry_job": "重新开始后台任务",
    "download_job_file": "下载任务结果",
}


class Failed(Exception):
    """The work cannot be done; the message is one plain sentence without personal data."""


class TakenOver(Exception):
    """The job was started again while this worker seemed dead: it writes nothing more."""


@dataclass(frozen=True)
class Kind:
    code: str
    run: Callable  # (Work) -> None
    may: Callable  # (user) -> bool: still, when the result is looked at
    resumes: bool
    page: Callable | None  # (job) -> address of a page of its own


KINDS: dict[str, Kind] = {}


def register(
    kind: str, run: Callable, *, may: Callable, resumes: bool = False, page: Callable | None = None
) -> None:
    """Make a kind of work known, in `AppConfig.ready`.

    `may(user)` must hold when a job is run and when its result is fetched. `resumes`: a second attempt gets the lines
    of the first and goes on after them; otherwise it begins anew. `page`: where its result is shown, if elsewhere.
    """
    KINDS[kind] = Kind(kind, run, may, resumes, page)


@transaction.atomic
def start(kind: str, title: str, arguments: dict, total: int, by, *, background: bool = True) -> Job:
    """A new job, in the caller's transaction; a task runs it after the commit. `title` names nobody.

    With `background=False` the caller runs it after its transaction by `run(job.key)`: short work in the request.
    """
    KINDS[kind]  # an unknown kind fails here and not in the worker
    job = Job.objects.create(kind=kind, title=title, arguments=arguments, total=total, by=by)
    audit.record("start_job", job, by=by, note=f"{kind} {total}")
    if background:
        transaction.on_commit(partial(run_in_background.enqueue, str(job.key)))
    return job


@transaction.atomic
def retry(job: Job, *, by) -> Job:
    """Once more, after a failure or when its worker died. Raises Refused while it is alive or once it is done."""
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    if not job.may_be_retried:
        raise Refused("这项任务正在进行或已经完成，不需要重新开始。")
    job.state, job.failure, job.ended_at, job.seen_at = Job.State.WAITING, "", None, timezone.now()
    if not KINDS[job.kind].resumes:
        job.done, job.result = 0, []
    job.save()
    audit.record("retry_job", job, by=by)
    transaction.on_commit(partial(run_in_background.enqueue, str(job.key)))
    return job


@task()
def run_in_background(key: str):
    run(key)


def run(key) -> None:
    """Do the work of a waiting job; nothing where it runs already, is done, or was never there."""
    claimed = Job.objects.filter(key=key, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, attempt=F("attempt") + 1, started_at=timezone.now(), seen_at=timezone.now()
    )
    if not claimed:
        return
    job = Job.objects.select_related("by").get(key=key)
    with _workshop() as folder:
        work = Work(job, folder)
        try:
            if not (job.by.is_active and KINDS[job.kind].may(job.by)):
                raise Failed("提出任务的账号现在没有办理这项工作的权限。")
            KINDS[job.kind].run(work)
            work.finish()
        except TakenOver:
            log.warning("job %s was taken over by another worker", job.key)
        except (Failed, Refused) as refusal:
            work.fail(str(refusal))
        except Exception as error:
            _log(job, error)
            work.fail(
                f"处理中出错（{type(error).__name__}），没有完成。可以重新开始；如仍不成功，请联系系统管理员。"
            )
    purge_files()


def _log(job, error):
    """Where it went wrong. The message of an exception may quote a name or a number, so it stays out of the log."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    log.error("job %s (%s) failed: %s at %s", job.key, job.kind, type(error).__name__, where)


class Work:
    """What the function of a kind has in hand."""

    def __init__(self, job: Job, folder: Path):
        self.job = job
        self.by = job.by
        self.arguments = job.arguments
        self.folder = folder  # for files on the way to the result; gone afterwards
        self.lines = list(job.result)  # of an earlier attempt, where the kind resumes
        self.done = job.done
        self._file: tuple[Path, str] | None = None
        self._written = 0.0

    def advance(self, n: int = 1) -> None:
        """So many more of the total are done. Call it outside a transaction, else the page sees it only afterwards."""
        self.done = min(self.done + n, self.job.total)
        if time.monotonic() - self._written >= PAUSE:
            self._write()

    def note(self, label: str, *, ok: bool = True, text: str = "", url: str = "", n: int = 1) -> None:
        """A line of the result list, and `n` of the total done. The label is a number, never a name."""
        if len(self.lines) < MOST_LINES:
            self.lines.append({"label": label, "ok": ok, "text": text, "url": url})
        self.advance(n)

    @contextlib.contextmanager
    def row(self, label: str, *, text: str, url: str = ""):
        """One row in its own transaction, all or nothing; its line is written in the same transaction, so that a
        second attempt knows for certain what was done. What goes wrong in a row ends the row, not the job."""
        refused = ""
        try:
            with self.alone():
                yield
                self.note(label, text=text, url=url)
        except TakenOver:
            raise
        except (Refused, PermissionDenied) as refusal:
            refused = str(refusal)
        except Exception as error:
            _log(self.job, error)
            refused = f"处理中出错（{type(error).__name__}），这一件没有办理。"
        if refused:
            self.note(label, ok=False, text=refused, url=url)
            self._write()

    @contextlib.contextmanager
    def alone(self):
        """One transaction that no other worker carries out as well; the lines noted inside stand or fall with it."""
        before = list(self.lines), self.done
        try:
            with transaction.atomic():
                # Locked before the records, so that a worker that was given up on cannot do its work twice.
                if not list(self._mine().select_for_update(no_key=True).values_list("pk")):
                    raise TakenOver
                yield
                self._write()
        except BaseException:
            self.lines, self.done = before
            raise

    def keep(self, path: Path, file_name: str) -> None:
        """This file is the result. The name holds numbers and dates, never a person's name."""
        self._file = (Path(path), file_name)

    def finish(self) -> None:
        ended = timezone.now()
        fields = {"state": Job.State.DONE, "done": self.job.total, "ended_at": ended, "result": self.lines}
        if self._file is not None:
            fields |= _store(*self._file)
        if not self._mine().update(**fields, seen_at=ended):
            if "storage_name" in fields:
                default_storage.delete(fields["storage_name"])
            raise TakenOver
        if (ended - self.job.asked_at).total_seconds() > TELL_AFTER_SECONDS:
            notices.notify([self.by], f"后台任务“{self.job.title}”已完成。", url=self.job.get_absolute_url())

    def fail(self, sentence: str) -> None:
        now = timezone.now()
        fields = {"state": Job.State.FAILED, "failure": sentence[:300], "ended_at": now, "seen_at": now}
        if self._mine().update(**fields, result=self.lines, done=self.done):
            text = f"后台任务“{self.job.title}”没有完成：{sentence}"
            notices.notify([self.by], text, url=self.job.get_absolute_url())

    def _mine(self):
        return Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state=Job.State.RUNNING)

    def _write(self):
        self._written = time.monotonic()
        if not self._mine().update(done=self.done, result=self.lines, seen_at=timezone.now()):
            raise TakenOver


# ── files ───────────────────────────────────────────────────────────────────────────────────────
def _working_place() -> Path:
    place = Path(settings.VAR_DIR, "work")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


@contextlib.contextmanager
def _workshop():
    """A folder of its own for one run, readable by nobody else."""
    with tempfile.TemporaryDirectory(
        prefix="job-", dir=_working_place(), ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def put(file) -> str:
    """Bytes that a job will need, into the private storage; the daily tidying deletes them after 24 hours."""
    random = uuid.uuid4().hex
    return default_storage.save(f"{FOLDER}/{random[:2]}/{random}", File(file))


def _store(path: Path, file_name: str) -> dict:
    """Into the private storage under a random name, without reading it whole into memory."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
        size = file.tell()
        file.seek(0)
        name = put(file)
    return {"storage_name": name, "file_name": file_name, "size": size, "sha256": digest.hexdigest()}


def serve(job: Job, *, by) -> FileResponse:
    """The result as a download, audited. Raises Refused once it was deleted. The caller has checked whose it is."""
    if not job.has_file:
        raise Refused("结果文件只保留 24 小时，已经删除。需要时请重新办理。")
    try:
        stored = default_storage.open(job.storage_name)
    except FileNotFoundError:
        raise Refused("结果文件已经不在，请重新办理；如仍不成功，请联系系统管理员。") from None
    audit.record("download_job_file", job, by=by, note=f"sha256 {job.sha256}")
    response = FileResponse(
        stored, as_attachment=True, filename=job.file_name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def purge_files() -> int:
    """Delete result files older than 24 hours; the row stays and says that there was one."""
    count = 0
    for job in Job.objects.exclude(storage_name="").filter(ended_at__lt=timezone.now() - KEPT):
        Job.objects.filter(pk=job.pk).update(storage_name="")
        default_storage.delete(job.storage_name)
        count += 1
    return count


def purge() -> tuple[int, int]:
    """The daily tidying: (files of finished jobs, leavings of dead workers). Rows go after 90 days."""
    now = timezone.now()
    count, leavings = purge_files(), 0
    for folder in _listed(FOLDER, 0):
        names = {f"{FOLDER}/{folder}/{name}" for name in _listed(f"{FOLDER}/{folder}", 1)}
        known = set(Job.objects.filter(storage_name__in=names).values_list("storage_name", flat=True))
        for name in names - known:
            if default_storage.get_modified_time(name) < now - KEPT:
                default_storage.delete(name)
                leavings += 1
    for place in _working_place().glob("job-*"):
        if datetime.fromtimestamp(place.stat().st_mtime, tz=now.tzinfo) < now - KEPT:
            shutil.rmtree(place, ignore_errors=True)
            leavings += 1
    Job.objects.filter(ended_at__lt=now - timedelta(days=KEEP_ROWS_DAYS), storage_name="").delete()
    return count, leavings


def _listed(folder: str, which: int) -> list[str]:
    try:
        return sorted(default_storage.listdir(folder)[which])
    except FileNotFoundError:
        return []
