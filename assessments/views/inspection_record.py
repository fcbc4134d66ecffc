"""The phone at the place [5.2 定期检查]: checklist and pictures, saved when there is a line."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import inspection as acts
from assessments.forms.inspection import LineForm, RecordForm
from assessments.models import Inspection, InspectionLine, InspectionStatus, LineVerdict
from assessments.permissions.inspection import is_inspector
from assessments.views.inspection import visible
from park import attachments, audit, rules
from park.formkeys import AlreadyDone, write_once
from park.templatetags.ui import date_zh
from park.views.fieldwork import remove_photo, take_photos, wants_json
from park.workflow import Conflict, Refused
from workshops.permissions import is_of_studio


def inspection_record(request, key):
    """The record of one inspection: typed any number of times, kept with its version."""
    row = visible(request, key)
    if not is_inspector(request.user, row):
        raise PermissionDenied("只有参加本次检查的人员可以记录，且不能检查本人所在的工作室。")
    if request.method == "POST":
        return _save(request, row)
    if row.status != InspectionStatus.PLANNED:
        messages.info(request, f"{row}现在是“{row.get_status_display()}”，记录不能修改。")
        return redirect(row)
    return _page(request, row)


def _save(request, row):
    form = RecordForm(request.POST)
    lines = [LineForm(request.POST, line=line) for line in row.lines.select_related("item")]
    if not all([form.is_valid(), *(line.is_valid() for line in lines)]):
        return _answer(request, row, 422, form=form, lines=lines)
    typed = {line.line.pk: line.typed() for line in lines}
    there = (
        reverse("assessments:inspection_step", args=[row.key, "finish_inspection"])
        if "finish" in request.POST
        else ""
    )
    try:
        with write_once(request, row, "save_inspection") as write:
            write.location = there or reverse("assessments:inspection_record", args=[row.key])
            saved = acts.save_record(
                row,
                summary=form.cleaned_data["summary"],
                lines=typed,
                version=form.cleaned_data["version"],
                saved_from=form.cleaned_data["saved_from"],
                by=request.user,
            )
    except Conflict as conflict:
        return _answer(request, row, 409, form=form, lines=lines, typed=typed, text=str(conflict))
    except Refused as refusal:
        return _answer(request, row, 409, form=form, lines=lines, text=str(refusal))
    except AlreadyDone:
        if not wants_json(request):
            raise
        saved = Inspection.objects.get(pk=row.pk)
    if wants_json(request):
        at = timezone.localtime(saved.saved_at).strftime("%H:%M") if saved.saved_at else ""
        return JsonResponse({"ok": True, "version": saved.version, "saved_at": at, "location": there})
    messages.success(request, "检查记录已保存。")
    return redirect(write.location)


def _answer(request, row, status, *, form, lines, typed=None, text=""):
    """Why nothing was kept; what was typed stays, beside what somebody else saved meanwhile."""
    if wants_json(request):
        faults = (
            [text] if text else [t for f in (form, *lines) for errors in f.errors.values() for t in errors]
        )
        answer = {"ok": False, "conflict": typed is not None, "message": "".join(faults)}
        return JsonResponse(answer, status=status)
    if text and typed is None:  # a conflict is told above both texts
        messages.error(request, text)
    row = visible(request, row.key)
    if row.status != InspectionStatus.PLANNED:
        return _page(request, row, form=form, lines=lines, status=status, closed=True)
    theirs = _differences(row, form.cleaned_data["summary"], typed) if typed is not None else None
    return _page(request, row, form=form, lines=lines, status=status, theirs=theirs)


def _differences(row, summary, typed) -> list[dict]:
    """What is saved and reads otherwise than what this page holds."""
    found = []
    for line in row.lines.all():
        saved = (line.verdict, line.severity, line.note)
        if saved != typed[line.pk]:
            found.append({"label": line.text, "theirs": _words(saved), "mine": _words(typed[line.pk])})
    if row.summary != summary:
        found.append({"label": "总体情况", "theirs": row.summary, "mine": summary})
    return found


def _words(triple) -> str:
    verdict, severity, note = triple
    labels = dict(LineVerdict.choices), dict(InspectionLine.Severity.choices)
    return "　".join(filter(None, (labels[0].get(verdict, ""), labels[1].get(severity, ""), note)))


def _page(request, row, *, form=None, lines=None, status=200, theirs=None, closed=False):
    if form is None:
        given = {"summary": row.summary, "version": row.version, "saved_from": uuid.uuid4()}
        form = RecordForm(initial=given)
        lines = [
            LineForm(
                line=line, initial={"verdict": line.verdict, "severity": line.severity, "note": line.note}
            )
            for line in row.lines.select_related("item")
        ]
    context = {
        "inspection": row,
        "studio": row.studio,
        "form": form,
        "lines": lines,
        "version": row.version,  # after a conflict the newer one: saving again is then meant
        "saved_from": form["saved_from"].value() or "",
        "last_saved_from": row.saved_from or "",
        "saved_at": row.saved_at,
        "saved_by": row.saved_by,
        "theirs": theirs,
        "closed": closed,
        "photos": row.photos.filter(removed_at=None).select_related("stored"),
        "photo_key": uuid.uuid4(),
        "max_mb": rules.get("upload_max_mb"),
        "problems": [
            {"anchor": field.auto_id, "text": text}
            for bound in (*lines, form)
            for field in bound
            for text in field.errors
        ],
    }
    return render(request, "assessments/inspection_record.html", context, status=status)


# ── pictures ────────────────────────────────────────────────────────────────────────────────────
@require_POST
def inspection_photos(request, key):
    """Pictures from the camera or the album."""
    row = visible(request, key)
    if not is_inspector(request.user, row):
        raise PermissionDenied("只有参加本次检查的人员可以上传照片。")
    return take_photos(
        request,
        row,
        add=lambda checked, **about: acts.add_photo(row, checked, by=request.user, **about),
        verb="add_inspection_photo",
        back=reverse("assessments:inspection_record", args=[row.key]) + "#photos",
    )


@require_safe
def inspection_photo(request, key, file_key):
    """One picture: to those who see the inspection, to the studio once the record is made."""
    row = visible(request, key)
    if is_of_studio(request.user, row.studio) and row.recorded_at is None:
        raise Http404
    photos = row.photos.filter(removed_at=None).select_related("stored")
    photo = get_object_or_404(photos, stored__key=file_key)
    if "inline" not in request.GET:
        audit.record("download_file", row, by=request.user, note=f"sha256 {photo.stored.sha256}")
    name = f"{date_zh(row.inspect_on)}检查照片-{photo.pk}"
    return attachments.serve(photo.stored, inline="inline" in request.GET, filename=name)


@require_POST
def inspection_photo_remove(request, key, file_key):
    """Take a picture out of the record."""
    row = visible(request, key)
    photo = get_object_or_404(row.photos.select_related("stored"), stored__key=file_key)
    if not is_inspector(request.user, row):
        raise PermissionDenied("只有参加本次检查的人员可以删除照片。")
    back = reverse("assessments:inspection_record", args=[row.key]) + "#photos"
    return remove_photo(
        request,
        row,
        lambda: acts.remove_photo(photo, by=request.user),
        verb="remove_inspection_photo",
        back=back,
    )
