"""Entering and changing a ledger record, by phone or desk, and its files [5.3]."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import attachments, audit
from park.formkeys import write_once
from park.models.attachment import FileKind
from park.validators import is_uuid
from park.workflow import Conflict, Refused
from workshops.actions import ledger as acts
from workshops.conditions.ledger import warnings_for
from workshops.forms.ledger import FileForm, entry_form, initial_of, initial_of_copy
from workshops.models import LedgerFile, LedgerRecord
from workshops.permissions.ledger import may_edit_record
from workshops.views.ledger import kind_or_404, ledger_context, own_only, to_record, visible_record
from workshops.views.tabs import visible_studio
from workshops.workflow import LEDGER

NAMES = 60  # suggestions of participants


def new(request, key, kind):
    """A new record: the few fields first, more below. `copy` begins from the last one, or from the one named."""
    studio = visible_studio(request, key)
    kind = kind_or_404(kind)
    context = own_only(ledger_context(request, studio))
    source = _source(studio, kind, request.GET.get("copy", ""))
    initial = initial_of_copy(source) if source else {"happened_on": timezone.localdate()}
    form = _form(request, kind, initial)
    if request.method == "POST" and form.is_valid():
        try:
            with write_once(request, studio, "create_ledger") as write:
                record = acts.create_record(
                    studio, kind, values=form.values(), files=form.uploads(), by=request.user, **form.common()
                )
                record = _submitted(request, record)
                write.location = _next(request, record)
            _say(request, record, "已登记")
            return redirect(write.location)
        except Refused as refusal:
            return _page(request, kind, form, context, refusal)
    return _page(request, kind, form, context | {"source": source})


def _source(studio, kind, asked) -> LedgerRecord | None:
    """What a new record is copied from: one that is named, or the last of its kind."""
    rows = LedgerRecord.objects.filter(studio=studio, kind=kind.code).standing()
    if asked == "last":
        return rows.order_by("-happened_on", "-pk").first()
    return rows.filter(key=asked).first() if is_uuid(asked) else None


def _form(request, kind, initial):
    if request.method == "POST":
        return entry_form(kind.code)(request.POST, request.FILES, initial=initial)
    return entry_form(kind.code)(initial=initial)


def _submitted(request, record):
    """Goes on to be verified at once where that was the button; what is missing leaves it a draft, and says so."""
    if request.POST.get("then") != "submit":
        return record
    missing = LEDGER.steps["submit_ledger"].missing(record)
    if missing:
        messages.warning(request, "已存为草稿，还不能提交：" + "".join(missing))
        return record
    return LEDGER.perform(record, "submit_ledger", by=request.user)


def _next(request, record) -> str:
    if request.POST.get("then") == "another":
        return reverse("workshops:ledger_new", args=[record.studio.key, record.kind])
    return record.get_absolute_url()


def _say(request, record, done):
    messages.success(request, f"{record}：{done}，{record.get_status_display()}。")
    for text in warnings_for([record])[record.pk]:
        messages.warning(request, text)


def edit(request, key):
    """Change a draft or a returned record; what another page saved meanwhile is not overwritten."""
    record = visible_record(request, key)
    kind = kind_or_404(record.kind)
    context = own_only(ledger_context(request, record.studio))
    if not may_edit_record(request.user, record):
        messages.error(request, f"{record.number} 现在是“{record.get_status_display()}”，不能修改。")
        return to_record(record)
    form = _form(request, kind, initial_of(record))
    context |= {"record": record}
    if request.method == "POST" and form.is_valid():
        try:
            with write_once(request, record, "change_ledger") as write:
                changed = acts.change_record(
                    record,
                    values=form.values(),
                    version=form.cleaned_data["version"] or 0,
                    files=form.uploads(),
                    by=request.user,
                    **form.common(),
                )
                changed = _submitted(request, changed)
                write.location = _next(request, changed)
            _say(request, changed, "已保存")
            return redirect(write.location)
        except Conflict as refusal:
            return _page(request, kind, form, context | {"is_stale": True}, refusal)
        except Refused as refusal:
            return _page(request, kind, form, context, refusal)
    return _page(request, kind, form, context)


def _page(request, kind, form, context, refusal=None):
    status = 200
    if refusal is not None:
        status = 409
        for sentence in refusal.sentences:
            messages.error(request, sentence)
    elif request.method == "POST":
        status = 422
    names = context["studio"].persons.filter(left_on=None).values_list("name", flat=True)[:NAMES]
    context |= {"kind": kind, "form": form, "names": "、".join(names)}
    return render(request, "workshops/ledger_form.html", context, status=status)


# ── files ───────────────────────────────────────────────────────────────────────────────────────
@require_POST
def add_file(request, key):
    """One more file for a draft or a returned record."""
    record = visible_record(request, key)
    own_only(ledger_context(request, record.studio))
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        for texts in form.errors.values():
            for text in texts:
                messages.error(request, text)
        return to_record(record)
    try:
        with write_once(request, record, "add_ledger_file") as write:
            data = form.cleaned_data
            acts.add_file(record, data["file"], caption=data["caption"], by=request.user)
            write.location = record.get_absolute_url()
        messages.success(request, "附件已添加。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return to_record(record)


def _file(record, file_key: uuid.UUID) -> LedgerFile:
    rows = record.files.filter(removed_at=None).select_related("stored", "record__studio")
    return get_object_or_404(rows, stored__key=file_key)


@require_safe
def file(request, key, file_key):
    """The file itself; a download and a document are on the trail, a picture within the page is not."""
    record = visible_record(request, key)
    row = _file(record, file_key)
    if row.stored.purged_at:
        raise Http404
    inline = "inline" in request.GET
    if not inline or row.stored.kind != FileKind.IMAGE:
        audit.record("download_file", record, by=request.user, note=f"sha256 {row.stored.sha256}")
    return attachments.serve(row.stored, inline=inline)


@require_POST
def remove_file(request, key, file_key):
    record = visible_record(request, key)
    if not ledger_context(request, record.studio)["is_own"]:
        raise PermissionDenied("只有本工作室的人员可以删除附件。")
    row = get_object_or_404(record.files.select_related("stored", "record__studio"), stored__key=file_key)
    if row.removed_at:  # pressed twice, or somebody was first
        messages.info(request, "这个附件已经删除。")
        return to_record(record)
    try:
        with write_once(request, record, "remove_ledger_file") as write:
            acts.remove_file(row, by=request.user)
            write.location = record.get_absolute_url()
        messages.success(request, "附件已删除。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return to_record(record)
