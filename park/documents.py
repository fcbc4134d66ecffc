"""How is a paper issued, rendered once, stored, superseded, served and checked?

Upper apps register a builder per kind (`AppConfig.ready`); a builder collects what the paper says from
frozen rows, so nothing personal is kept here or in a task's arguments.
"""

import contextlib
import hashlib
import io
import json
import logging
import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import FileResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from park import audit, pdf
from park.models.document import CHECK_ALPHABET, CHECK_LENGTH, STANDING, Document, DocumentState, next_number

log = logging.getLogger(__name__)

# Private-use signs, emoji and control characters have no glyph in any text face, and a missing glyph is no
# PDF/A: they print as the geta mark 〓, by which a printer's reader knows that a sign is missing.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff\U0001f000-\U0001faff\U000f0000-\U0010ffff]"
)

# Builds (template, context) of a paper. Context keys of every paper: `print_label` (which version of the
# content this is, e.g. 第2版, 用印稿 第1稿), `copies` (the same pages so many times).
Builder = Callable[[Document], tuple[str, dict]]


@dataclass(frozen=True)
class Kind:
    code: str
    title: str
    prefix: str
    build: Builder


KINDS: dict[str, Kind] = {}


def register(code: str, builder: Builder, *, title: str, prefix: str) -> None:
    """Make a kind of paper known. `title` is public (check page); numbers read `prefix-year-0001`."""
    KINDS[code] = Kind(code, title, prefix, builder)


class NotPrinted(Exception):
    """The paper has no file and cannot get one now; the message is one plain sentence."""


def hash_of(data) -> str:
    """SHA-256 of plain data in canonical JSON: equal data, equal hash, whatever the order of keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


# ── issuing ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def issue(
    kind, subject, *, by, title="", content_hash="", number="", draft=False, supersedes=None, reason=""
) -> Document:
    """Give a paper its number, version and check code in the caller's transaction; it is printed after commit.

    `supersedes` is the paper it replaces: it keeps that number and gets the next version. `number` is for
    papers numbered by their case; by default the next number of the kind is drawn, drafts get none.
    Raises ValueError when the replaced paper is of another kind or no longer stands.
    """
    known = KINDS[kind]
    version = 1
    if supersedes is not None:
        old = Document.objects.select_for_update(no_key=True).get(pk=supersedes.pk)
        if old.kind != kind or old.state in (DocumentState.SUPERSEDED, DocumentState.WITHDRAWN):
            raise ValueError("被取代的文书不是同一种，或者已经失效。")
        number, version = number or old.number, old.version + 1
    if not number and not draft:
        number = next_number(known.prefix, timezone.localdate().year)
    document = Document.objects.create(
        kind=kind,
        title=title or known.title,
        number=number,
        version=version,
        is_draft=draft,
        subject_model=subject._meta.label_lower,
        subject_id=str(subject.pk),
        content_hash=content_hash,
        issued_by=by,
        issued_at=timezone.now() if by is not None else None,
    )
    audit.record("issue_document", document, by=by, after=f"第 {version} 版", note=kind)
    if supersedes is not None:
        _end(old, DocumentState.SUPERSEDED, by=by, reason=reason or "有了新版本", superseded_by=document)
    transaction.on_commit(partial(render_in_background.enqueue, str(document.public_id)))
    return document


def standing(subject, kind) -> Document | None:
    """The paper of this kind that is in force about a record; the newest, should there be several."""
    return Document.objects.about(subject).standing().filter(kind=kind).first()


@transaction.atomic
def withdraw(document, *, by, reason: str) -> Document:
    """The paper no longer stands; its file and its row stay. Raises ValueError when it already fell."""
    if not reason.strip():
        raise ValueError("撤回文书必须写明原因。")
    _end(document, DocumentState.WITHDRAWN, by=by, reason=reason)
    document.refresh_from_db()
    return document


@transaction.atomic
def purge(document, *, by, reason: str) -> None:
    """Remove a paper's bytes for good (on commit); number, hash and reason stay. For drafts whose person left."""
    Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    document.refresh_from_db()
    if document.state in STANDING:
        withdraw(document, by=by, reason=reason)
    if document.is_stored:
        transaction.on_commit(partial(default_storage.delete, document.storage_name))


def _end(document, state, *, by, reason, superseded_by=None):
    moved = (
        Document.objects.filter(pk=document.pk)
        .standing()
        .update(state=state, reason=reason[:200], superseded_by=superseded_by)
    )
    if not moved:
        raise ValueError("文书已经被取代或撤回。")
    audit.record(f"{state}_document", document, by=by, before=document.state, after=state, note=reason)


# ── rendering ───────────────────────────────────────────────────────────────────────────────────
def render_html(document: Document) -> str:
    """The paper's HTML: the builder's template and context, with the marks every print carries."""
    template, context = KINDS[document.kind].build(document)
    return page_html(template, context, document)


def page_html(template: str, context: dict, document: Document) -> str:
    """The same for a given template and context; `document` may be unsaved (previews, blank forms)."""
    on_record = not document._state.adding
    paper = {
        "title": document.title,
        "number": document.number,
        "label": context.get("print_label") or f"第 {document.version} 版",
        "is_draft": document.is_draft,
        "check_code": document.printed_check_code if on_record else "",
        "qr": pdf.qr_png(document.check_url) if on_record else "",
        "fonts": pdf.font_families(),
    }
    return _UNPRINTABLE.sub("〓", render_to_string(template, {**context, "paper": paper}))


def preview_pdf(template: str, context: dict, *, title: str, draft: bool = True) -> bytes:
    """A print without a row: no number, no check code. Raises park.pdf.RenderFailed."""
    html = page_html(template, context, Document(title=title, is_draft=draft))
    return pdf.render_pdf(html, copies=context.get("copies", 1))


def render_document(document: Document) -> Document:
    """Print and store the paper once. Safe to run twice, or twice at a time; a failure can be retried."""
    document.refresh_from_db()
    if document.state not in (DocumentState.PENDING, DocumentState.FAILED):
        return document
    unprinted = Document.objects.filter(
        pk=document.pk, state__in=[DocumentState.PENDING, DocumentState.FAILED]
    )
    try:
        template, context = KINDS[document.kind].build(document)
        content = pdf.render_pdf(page_html(template, context, document), copies=context.get("copies", 1))
    except Exception as error:
        log.exception("document %s could not be rendered", document.public_id)
        failure = str(error) if isinstance(error, pdf.RenderFailed) else f"出错：{type(error).__name__}"
        unprinted.update(state=DocumentState.FAILED, failure=failure[:200])
    else:
        name = _store(content)
        mine = unprinted.update(
            state=DocumentState.ISSUED,
            storage_name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            pages=pdf.page_count(content),
            failure="",
        )
        if not mine:  # another worker was first, or the paper fell meanwhile
            default_storage.delete(name)
    document.refresh_from_db()
    return document


@task()
def render_in_background(public_id: str):
    document = Document.objects.filter(public_id=public_id).first()
    if document is not None:
        render_document(document)


def _store(content: bytes) -> str:
    """Write under a random name, on the disk before any row points to it."""
    key = uuid.uuid4().hex
    name = default_storage.save(f"documents/{key[:2]}/{key}.pdf", ContentFile(content))
    with contextlib.suppress(NotImplementedError):  # object stores have no path, and their own durability
        path = default_storage.path(name)
        for target in (path, os.path.dirname(path)):
            handle = os.open(target, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    return name


# ── handing out ─────────────────────────────────────────────────────────────────────────────────
def read(document: Document) -> bytes:
    """The stored bytes, printing a paper whose task was lost. Raises NotPrinted, also for a damaged file."""
    if not document.is_stored:
        render_document(document)
    if not document.is_stored:
        raise NotPrinted(
            f"《{document.title}》暂时没有生成出来，请稍后再试；如一直如此，请联系管理办公室。"
            if document.state == DocumentState.FAILED
            else f"《{document.title}》在生成之前已经失效，没有可下载的文件。"
        )
    try:
        with default_storage.open(document.storage_name) as stored:
            content = stored.read()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != document.sha256:
        log.error("stored file of document %s is missing or changed", document.public_id)
        raise NotPrinted(f"《{document.title}》的存档文件缺失或与登记不符，已停止下载，请联系系统管理员。")
    return content


def serve(document: Document, *, by, inline: bool = False, copies: int = 1) -> FileResponse:
    """The stored PDF to a person whose right the view has checked, recorded in the audit trail.

    The file name holds number and version only. Raises NotPrinted.
    """
    content = read(document)
    if copies > 1:
        content = pdf.repeat(content, copies)
    audit.record("view_document" if inline else "download_document", document, by=by)
    response = FileResponse(
        io.BytesIO(content),
        as_attachment=not inline,
        filename=file_name(document),
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(document: Document) -> str:
    return f"{document.number or 'draft-' + document.check_code}-v{document.version}.pdf"


# ── checking ────────────────────────────────────────────────────────────────────────────────────
def find(code: str) -> Document | None:
    """The paper of a check code as typed: any case, with or without hyphens and spaces."""
    tidy = "".join(sign for sign in code.upper()[:40] if sign in CHECK_ALPHABET)
    if len(tidy) != CHECK_LENGTH:
        return None
    return Document.objects.select_related("superseded_by").filter(check_code=tidy).first()


def code_in(text: str) -> str:
    """The check code inside a scanned QR text (`…/check/CODE/`), or ""."""
    _, found, rest = text.partition("/check/")
    code = rest.strip("/ \n")
    return code if found and len(code) == CHECK_LENGTH and set(code) <= set(CHECK_ALPHABET) else ""
