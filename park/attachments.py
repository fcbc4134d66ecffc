"""How does a stranger's file get into the house, and out again? (design §6 Files; domain §5.2 rows 9 and 13)

In: `check` (no database but one rule, so do it while the form is cleaned, outside the transaction), then `store`
inside the transaction of the act; `accept` is both. Out: `serve`, after the view has asked who may see it.
Everything that parses the bytes happens in a child process with limits (`park/inspection`).
"""

import contextlib
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.http import FileResponse, Http404
from django.utils import timezone

from park import audit, rules
from park.crypto import mask
from park.inspection import CONTENT_TYPES, Unacceptable, ending_of, sniff
from park.models import StoredFile
from park.models.attachment import FileKind
from park.validators import mobile, resident_id

logger = logging.getLogger(__name__)

PDF = frozenset({FileKind.PDF})
IMAGE = frozenset({FileKind.IMAGE})
DOCX = frozenset({FileKind.DOCX})
XLSX = frozenset({FileKind.XLSX})
VIDEO = frozenset({FileKind.MP4})
EVIDENCE = PDF | IMAGE  # what an applicant is asked for

KIND_OF = {
    "pdf": FileKind.PDF,
    "jpg": FileKind.IMAGE,
    "png": FileKind.IMAGE,
    "docx": FileKind.DOCX,
    "xlsx": FileKind.XLSX,
    "mp4": FileKind.MP4,
}
WANTED = {
    FileKind.PDF: "PDF",
    FileKind.IMAGE: "JPG/PNG 图片",
    FileKind.DOCX: "Word 文档（docx）",
    FileKind.XLSX: "Excel 表格（xlsx）",
    FileKind.MP4: "MP4 视频",
}
FOLDER = "uploads"
PURGED_NAME = "（已清除）"  # a name may say who it was about
NAME_LENGTH = 120
QR_PAGES = "3"  # the first pages of a scan that are searched for codes
PATIENCE_SECONDS = 20  # of the clock, for a busy machine; processor time has its own limit
ORPHAN_AGE = timedelta(hours=24)

scan_hooks: list[Callable[[str], None]] = []
"""Virus scanners and the like: each gets the path of the file and raises UnacceptableFile to refuse it."""


class UnacceptableFile(ValidationError):
    """The file stays outside; the message is one plain Chinese sentence: why, and what to do."""


@dataclass(frozen=True)
class CheckedUpload:
    """A file that passed every check and is not stored yet; `content` lives as long as the request."""

    content: File
    name: str
    format: str  # key of CONTENT_TYPES
    size: int
    sha256: str
    pages: int | None
    qr_texts: tuple[str, ...] = ()  # of the first pages, where `check` was asked to read them

    @property
    def kind(self) -> FileKind:
        return KIND_OF[self.format]


def check(upload, *, kinds=EVIDENCE, max_mb=None, read_qr=False) -> CheckedUpload:
    """Examine an uploaded file. Raises UnacceptableFile.

    `max_mb` overrides the park's own rule. Pictures come back drawn anew, without EXIF and GPS; other files come
    back byte for byte. `read_qr` also reads the QR codes of a picture or scan, which takes up to a few seconds.
    """
    name = clean_name(upload.name)
    _check_outside(upload, name, kinds, max_mb)
    with tempfile.TemporaryDirectory(prefix="park-upload-") as folder:
        source, target = _on_disk(upload, folder), str(Path(folder, "drawn"))
        for hook in scan_hooks:
            hook(source)
        answer = examine(name, "check", source, target)
        drawn = os.path.exists(target)
        content = ContentFile(Path(target).read_bytes()) if drawn else upload
        _check_kind(name, answer["format"], kinds)
        texts = _qr_texts(name, target if drawn else source, KIND_OF[answer["format"]]) if read_qr else ()
    return CheckedUpload(
        content, name, answer["format"], content.size, _digest(content), answer.get("pages"), texts
    )


def store(checked: CheckedUpload, *, by) -> StoredFile:
    """Write the bytes to the storage, durably, and then the row. Call it inside the transaction of the act.

    If that is rolled back the bytes stay behind without a row; `manage.py purge_orphans` removes them.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("attachments.store() belongs inside a transaction")
    random = uuid.uuid4().hex
    storage_name = f"{FOLDER}/{random[:2]}/{random[2:4]}/{random}"
    checked.content.seek(0)
    default_storage.save(
        storage_name, File(checked.content)
    )  # wrapped, so that Django copies and never moves
    _sync(storage_name)
    return StoredFile.objects.create(
        sha256=checked.sha256,
        size=checked.size,
        kind=checked.kind,
        content_type=CONTENT_TYPES[checked.format],
        pages=checked.pages,
        original_name=checked.name,
        storage_name=storage_name,
        uploaded_by=by,
    )


def accept(upload, *, by, kinds=EVIDENCE, max_mb=None) -> StoredFile:
    """`check` and `store` in one; where a form is involved use `UploadField`, which checks before the transaction."""
    return store(check(upload, kinds=kinds, max_mb=max_mb), by=by)


class UploadField(forms.FileField):
    """A file in a form; `cleaned_data` holds a CheckedUpload for `store`."""

    def __init__(self, *, kinds=EVIDENCE, max_mb=None, read_qr=False, **kwargs):
        self.kinds, self.max_mb, self.read_qr = kinds, max_mb, read_qr
        super().__init__(allow_empty_file=True, **kwargs)  # `check` has the better words

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and check(upload, kinds=self.kinds, max_mb=self.max_mb, read_qr=self.read_qr)

    def widget_attrs(self, widget):
        endings = [f".{name}" for name, kind in KIND_OF.items() if kind in self.kinds]
        return {"accept": ",".join(endings + [".jpeg"] * (FileKind.IMAGE in self.kinds))}


def clean_name(name) -> str:
    """A file's name fit to be shown: no path, no control or invisible characters, at most 120 characters."""
    last = re.split(r"[/\\]", str(name or ""))[-1]
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " if c in "\t\r\n" else "" for c in last)
    shown = " ".join(unicodedata.normalize("NFC", shown).split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    if len(shown) > NAME_LENGTH:
        shown = f"{stem[: NAME_LENGTH - 11]}…{dot}{ending[:9]}" if dot else shown[: NAME_LENGTH - 1] + "…"
    return shown or "未命名"


def _shown(name: str) -> str:
    return f"“{name}”" if len(name) <= 40 else f"“{name[:28]}…{name[-10:]}”"


def _check_outside(upload, name, kinds, max_mb):
    """What can be said without a child process: size, name, first bytes."""
    if not upload.size:
        raise UnacceptableFile(f"{_shown(name)}是空文件，请检查后重新选择。", code="empty")
    if "身份证" in re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)):
        raise UnacceptableFile(
            f"{_shown(name)}看起来是身份证件，本系统不收身份证复印件或照片，请改传其他证明材料。",
            code="id_card",
        )
    upload.seek(0)
    try:
        found = sniff(upload.read(64))
    except Unacceptable as refusal:
        raise UnacceptableFile(f"{_shown(name)}{refusal}。", code="content") from None
    if found != "zip":
        _check_kind(name, found, kinds)
    limit = max_mb or rules.get("video_max_mb" if found == "mp4" else "upload_max_mb")
    if upload.size > limit * 1024 * 1024:
        raise UnacceptableFile(
            f"{_shown(name)}有 {upload.size / 1024**2:.1f} MB，超过 {limit} MB 的上限，请压缩或拆分后再上传。",
            code="too_large",
        )


def _check_kind(name, found, kinds):
    if KIND_OF[found] not in kinds:
        wanted = "、".join(text for kind, text in WANTED.items() if kind in kinds)
        raise UnacceptableFile(
            f"这里只收{wanted}，{_shown(name)}是{WANTED[KIND_OF[found]]}，请换成要求的格式后再上传。",
            code="kind",
        )
    if ending_of(name) != found:
        raise UnacceptableFile(
            f"{_shown(name)}的内容是 {found.upper()}，文件名却不是以 .{found} 结尾，请确认选对了文件并改正文件名后再上传。",
            code="mislabelled",
        )


def examine(name: str, *arguments: str) -> dict:
    """Run one task of `park.inspection` in a child process and return its answer. Raises UnacceptableFile."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "park.inspection", *arguments],
            cwd=settings.BASE_DIR,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnacceptableFile(
            f"系统正忙，没能检查完{_shown(name)}，请稍后再上传一次。", code="busy"
        ) from None
    if child.returncode:
        last = child.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        logger.warning("inspection of an upload ended with code %s: %s", child.returncode, last)
        raise UnacceptableFile(
            f"{_shown(name)}展开后过大、结构过于复杂或已损坏，无法检查，请另存或打印为 PDF 后再上传。",
            code="unreadable",
        )
    answer = json.loads(child.stdout)
    if "refusal" in answer:
        raise UnacceptableFile(f"{_shown(name)}{answer['refusal']}。", code="content")
    return answer


def _qr_texts(name, path, kind) -> tuple[str, ...]:
    """Texts of the QR codes on a picture or on the first pages of a scan; none when it cannot be read."""
    if kind not in EVIDENCE:
        return ()
    try:
        return tuple(examine(name, "qr", path, kind, QR_PAGES)["texts"])
    except UnacceptableFile:
        return ()


def _on_disk(upload, folder) -> str:
    """A path to the upload's bytes; large ones have one already."""
    if hasattr(upload, "temporary_file_path"):
        return upload.temporary_file_path()
    upload.seek(0)
    path = Path(folder, "source")
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return str(path)


def _digest(content) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _sync(storage_name):
    """Make the bytes and the folders that lead to them survive a power cut; other storages see to it themselves."""
    try:
        path = Path(default_storage.path(storage_name))
    except NotImplementedError:
        return
    root = Path(default_storage.location)
    for place in (path, *(folder for folder in path.parents if folder.is_relative_to(root))):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def content_of(stored_file: StoredFile) -> bytes:
    """The bytes, compared with the hash of the row. Raises ValueError when they differ, FileNotFoundError when gone."""
    with default_storage.open(stored_file.storage_name) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != stored_file.sha256:
        raise ValueError(f"附件 {stored_file.key} 的内容与登记的哈希不符。")
    return content


def serve(stored_file: StoredFile, *, filename=None, inline=False) -> FileResponse:
    """The file as a download, or `inline` for a PDF or picture. The caller has checked who may see it, and audits.

    `filename` should name no person; by default it is 附件 and eight digits of the key. 404 once purged.
    """
    if stored_file.purged_at:
        raise Http404("这个附件的内容已按规定清除。")
    ending = next(e for e, t in CONTENT_TYPES.items() if t == stored_file.content_type)
    stem = clean_name(filename).removesuffix(f".{ending}") if filename else f"附件-{stored_file.key.hex[:8]}"
    inline = inline and stored_file.kind in EVIDENCE
    response = FileResponse(
        default_storage.open(stored_file.storage_name),
        as_attachment=not inline,
        filename=f"{stem}.{ending}",
        content_type=stored_file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # Not every browser shows a PDF inside a sandbox; its viewer is an object of the page.
    viewer = inline and stored_file.kind == FileKind.PDF
    rest = "object-src 'self'" if viewer else "sandbox"
    response["Content-Security-Policy"] = f"default-src 'none'; frame-ancestors 'self'; {rest}"
    return response


RESIDENT_ID = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){16}[ \-]?[0-9Xx](?![0-9])")
MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9](?:[ \-]?[0-9]){8}(?![0-9])")
# 出生日期：1975-01-01, 1975年1月出生, 生于1975年1月2日, 生日1975.1.2; a plain year or date is none.
_DAY = r"(?:19|20)[0-9]{2}[ ]?[年./\-][ ]?[0-9]{1,2}(?:[ ]?[月./\-](?:[ ]?[0-9]{1,2}[ ]?日?)?)?"
BIRTH = re.compile(
    rf"(?:出生(?:日期|年月日|年月|时间)?|生日|生于)[ ]*(?:是|为|于)?[ ]*[:,]?[ ]*({_DAY})|({_DAY})[ ]*(?:出生|生(?![产成活效命态物动日存涯意长]))"
)


def contains_personal_data(stored_file: StoredFile) -> list[str]:
    """Identity numbers, mobiles and birth dates in the text of a PDF, Word or Excel file, masked, each once [L6].

    Pictures, and scans without a text layer, are not read: [] does not prove that they are free of them. A text
    that cannot be read gives one sentence saying so, so that publishing stops.
    """
    if stored_file.kind not in PDF | DOCX | XLSX:
        return []
    try:
        text = _read(stored_file, "text", stored_file.kind)["text"]
    except (UnacceptableFile, FileNotFoundError):
        return ["文字无法读取，请人工核对"]
    return personal_data_in(text)


def personal_data_in(text: str) -> list[str]:
    """Identity numbers (with a valid check digit), mobiles and birth dates in a text, masked, each once."""
    text, found = unicodedata.normalize("NFKC", text), []
    for label, pattern, validate in (("身份证号码", RESIDENT_ID, resident_id), ("手机号码", MOBILE, mobile)):
        for match in pattern.finditer(text):
            with contextlib.suppress(ValidationError):
                found.append(f"{label} {mask(validate(match[0].replace('-', '')))}")
    found += [f"出生日期 {(match[1] or match[2])[:4]}年**" for match in BIRTH.finditer(text)]
    return list(dict.fromkeys(found))


def _read(stored_file, task, *arguments) -> dict:
    """Run a reading task on a stored file, wherever the storage keeps it."""
    with tempfile.TemporaryDirectory(prefix="park-read-") as folder:
        try:
            path = default_storage.path(stored_file.storage_name)
        except NotImplementedError:
            with default_storage.open(stored_file.storage_name) as file:
                path = _on_disk(file, folder)
        return examine(stored_file.original_name, task, path, *arguments)


@transaction.atomic
def purge(stored_file: StoredFile, *, by, reason: str):
    """Remove the bytes for good (on commit) and keep the row, with reason and audit entry. Twice is once."""
    changed = StoredFile.objects.filter(pk=stored_file.pk, purged_at=None).update(
        purged_at=timezone.now(), purge_reason=reason, original_name=PURGED_NAME
    )
    if changed:
        audit.record("purge_file", stored_file, by=by, note=reason)
        transaction.on_commit(lambda: default_storage.delete(stored_file.storage_name))
    stored_file.refresh_from_db(fields=["purged_at", "purge_reason", "original_name"])


def orphans(older_than=ORPHAN_AGE) -> Iterator[str]:
    """Storage names of uploads without a living row: leavings of rolled-back transactions and failed purges."""
    before = timezone.now() - older_than
    for first in _folders(FOLDER):
        for second in _folders(first):
            names = {f"{second}/{name}" for name in default_storage.listdir(second)[1]}
            living = StoredFile.objects.filter(storage_name__in=names, purged_at=None)
            for name in sorted(names - set(living.values_list("storage_name", flat=True))):
                if default_storage.get_modified_time(name) < before:
                    yield name


def _folders(folder) -> list[str]:
    try:
        return [f"{folder}/{name}" for name in sorted(default_storage.listdir(folder)[0])]
    except FileNotFoundError:
        return []
