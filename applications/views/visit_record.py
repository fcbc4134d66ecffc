"""The phone at the place [3.2.2 现场考察]: checklist, findings and pictures, saved when there is a line."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.actions import visiting
from applications.checklist import place_lines
from applications.forms.reading import KINDS as PROJECT_KINDS
from applications.forms.reading import read_sections
from applications.forms.visit import PlaceLineForm, RecordForm
from applications.models import SiteVisit, VisitStatus
from applications.permissions import is_of_studio, is_visitor
from applications.views.visit import visible
from park import attachments, audit, rules
from park.formkeys import AlreadyDone, write_once
from park.templatetags.ui import date_zh
from park.views.fieldwork import remove_photo, take_photos, wants_json
from park.workflow import Conflict, Refused

LONG = 160  # characters of an answer that the phone shows folded


def visit_record(request, key):
    """The record of one visit: typed any number of times, kept with its version."""
    visit = visible(request, key)
    if not is_visitor(request.user, visit):
        raise PermissionDenied("只有参加本次考察的人员可以记录，且不能考察本人参与的申报。")
    if visit.status != VisitStatus.PLANNED and request.method != "POST":
        messages.info(request, f"{visit}现在是“{visit.get_status_display()}”，记录不能修改。")
        return redirect(visit)
    if request.method == "POST":
        return _save(request, visit)
    return _page(request, visit)


def _save(request, visit):
    lines = place_lines(visit.application.latest_submission().data)
    form = RecordForm(request.POST)
    rows = [PlaceLineForm(request.POST, line=line) for line in lines]
    if not all([form.is_valid(), *(row.is_valid() for row in rows)]):
        return _answer(request, visit, 422, form=form, rows=rows)
    typed = {row.line.item: (row.cleaned_data["verdict"], row.cleaned_data["note"]) for row in rows}
    then = "applications:visit_step" if "finish" in request.POST else "applications:visit_record"
    arguments = [visit.key, "finish_visit"] if "finish" in request.POST else [visit.key]
    try:
        with write_once(request, visit, "save_visit") as write:
            write.location = reverse(then, args=arguments)
            saved = visiting.save_record(
                visit,
                findings=form.cleaned_data["findings"],
                lines=typed,
                version=form.cleaned_data["version"],
                saved_from=form.cleaned_data["saved_from"],
                by=request.user,
            )
    except Conflict as conflict:
        return _answer(request, visit, 409, form=form, rows=rows, typed=typed, text=str(conflict))
    except Refused as refusal:
        return _answer(request, visit, 409, form=form, rows=rows, text=str(refusal))
    except AlreadyDone:
        if not wants_json(request):
            raise
        saved = SiteVisit.objects.get(pk=visit.pk)
    if wants_json(request):
        at = timezone.localtime(saved.saved_at).strftime("%H:%M") if saved.saved_at else ""
        return JsonResponse(
            {"ok": True, "version": saved.version, "saved_at": at, "location": write_to(request, visit)}
        )
    messages.success(request, "考察记录已保存。")
    return redirect(write.location)


def write_to(request, visit) -> str:
    """Where the script goes after a save: on to the last step, or nowhere."""
    return (
        reverse("applications:visit_step", args=[visit.key, "finish_visit"])
        if "finish" in request.POST
        else ""
    )


def _answer(request, visit, status, *, form, rows, typed=None, text=""):
    """Why nothing was kept; what was typed stays, beside what somebody else saved meanwhile."""
    if wants_json(request):
        faults = (
            [text] if text else [t for f in (form, *rows) for errors in f.errors.values() for t in errors]
        )
        return JsonResponse(
            {"ok": False, "conflict": typed is not None, "message": "".join(faults)}, status=status
        )
    if text and typed is None:  # a conflict is told above both texts
        messages.error(request, text)
    visit = SiteVisit.objects.select_related("application").get(pk=visit.pk)
    if visit.status != VisitStatus.PLANNED:
        return _page(request, visit, form=form, rows=rows, status=status, closed=True)
    theirs = _differences(visit, form.cleaned_data["findings"], typed) if typed is not None else None
    return _page(request, visit, form=form, rows=rows, status=status, theirs=theirs)


def _differences(visit, findings, typed) -> list[dict]:
    """What is saved and reads otherwise than what this page holds."""
    found = {row.item: (row.verdict, row.note) for row in visit.lines.all()}
    rows = []
    for line in place_lines(visit.application.latest_submission().data):
        saved, mine = found.get(line.item, ("", "")), typed.get(line.item, ("", ""))
        if saved != mine:
            rows.append({"label": line.text, "theirs": _words(line, saved), "mine": _words(line, mine)})
    if visit.findings != findings:
        rows.append({"label": "综合考察情况", "theirs": visit.findings, "mine": findings})
    return rows


def _words(line, pair) -> str:
    verdict, note = pair
    return "　".join(filter(None, (line.verdicts.get(verdict, ""), note)))


def _page(request, visit, *, form=None, rows=None, status=200, theirs=None, closed=False):
    data = visit.application.latest_submission().data
    found = {row.item: row for row in visit.lines.all()}
    lines = place_lines(data)
    if form is None:
        saved_from = uuid.uuid4()
        form = RecordForm(
            initial={"findings": visit.findings, "version": visit.version, "saved_from": saved_from}
        )
        rows = [PlaceLineForm(line=line, initial=_initial(found.get(line.item))) for line in lines]
    answers = _answers(data, lines)
    context = {
        "visit": visit,
        "application": visit.application,
        "form": form,
        "rows": [{"form": row, "line": row.line, "answers": answers[row.line.item]} for row in rows],
        "version": visit.version,  # after a conflict the newer one: saving again is then meant
        "saved_from": form["saved_from"].value() or "",
        "last_saved_from": visit.saved_from or "",
        "saved_at": visit.saved_at,
        "saved_by": visit.saved_by,
        "theirs": theirs,
        "closed": closed,
        "photos": visit.photos.filter(removed_at=None).select_related("stored"),
        "photo_key": uuid.uuid4(),
        "max_mb": rules.get("upload_max_mb"),
        "problems": [
            {"anchor": field.auto_id, "text": text}
            for bound in (*rows, form)
            for field in bound
            for text in field.errors
        ],
    }
    return render(request, "applications/visit_record.html", context, status=status)


def _initial(row) -> dict:
    return {"verdict": row.verdict, "note": row.note} if row else {}


def _answers(data, lines) -> dict[str, list[dict]]:
    """What the studio wrote in its application about each line; never its personal numbers."""
    texts = {
        (section.name, field.name): (field.label, field.text)
        for section in read_sections(data)
        for field in section.fields
    }
    projects = data.get("conditions", {}).get("projects", [])
    texts["conditions", "projects"] = (
        "项目",
        "\n".join(
            f"{PROJECT_KINDS.get(row['kind'], '')}“{row['title']}”（{row['partner']}）：{row['content']}"
            for row in projects
        ),
    )
    return {
        line.item: [
            {"label": label, "text": text, "long": len(text) > LONG, "start": text[:LONG]}
            for key in line.answers
            for label, text in [texts.get(key, ("", ""))]
            if text
        ]
        for line in lines
    }


# ── pictures ────────────────────────────────────────────────────────────────────────────────────
@require_POST
def visit_photos(request, key):
    """Pictures from the camera or the album. The key of the form makes sending them again harmless."""
    visit = visible(request, key)
    if not is_visitor(request.user, visit):
        raise PermissionDenied("只有参加本次考察的人员可以上传照片。")
    return take_photos(
        request,
        visit,
        add=lambda checked, **about: visiting.add_photo(visit, checked, by=request.user, **about),
        verb="add_visit_photo",
        back=reverse("applications:visit_record", args=[visit.key]) + "#photos",
    )


@require_safe
def visit_photo(request, key, file_key):
    """One picture: to those who see the visit, to the studio once the record is made."""
    visit = visible(request, key)
    if is_of_studio(request.user, visit.application) and visit.status in (
        VisitStatus.PLANNED,
        VisitStatus.CANCELLED,
    ):
        raise Http404
    photos = visit.photos.filter(removed_at=None).select_related("stored")
    photo = get_object_or_404(photos, stored__key=file_key)
    if "inline" not in request.GET:
        audit.record("download_file", visit, by=request.user, note=f"sha256 {photo.stored.sha256}")
    name = f"{date_zh(visit.visit_on)}现场照片-{photo.pk}"
    return attachments.serve(photo.stored, inline="inline" in request.GET, filename=name)


@require_POST
def visit_photo_remove(request, key, file_key):
    """Take a picture out of the record."""
    visit = visible(request, key)
    photo = get_object_or_404(visit.photos.select_related("stored"), stored__key=file_key)
    if not is_visitor(request.user, visit):
        raise PermissionDenied("只有参加本次考察的人员可以删除照片。")
    back = reverse("applications:visit_record", args=[visit.key]) + "#photos"
    return remove_photo(
        request,
        visit,
        lambda: visiting.remove_photo(photo, by=request.user),
        verb="remove_visit_photo",
        back=back,
    )
