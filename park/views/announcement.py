"""The office's side of announcements: the list, one case with its readings, drafting, objections."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from park import attachments, audit, documents, workdays
from park.announcements import ANNOUNCEMENT, checks, conditions, drafting, handles, objections
from park.announcements.forms import FileForm, FindingsForm, ObjectionForm, TextForm
from park.announcements.kinds import kind_of
from park.announcements.papers import PAPERS, announcement_paper, cells, paragraphs
from park.announcements.table import wrote
from park.audit import history_of
from park.formkeys import write_once
from park.models import Announcement, AnnouncementStatus, Document, Objection
from park.permissions import is_office
from park.tables import Page
from park.views.steps import step_buttons, take_step
from park.workflow import Refused

SHOWN = [("open", "在办"), *AnnouncementStatus.choices, ("all", "全部")]
IN_HAND = (AnnouncementStatus.DRAFTING, AnnouncementStatus.REVIEWING, AnnouncementStatus.PUBLISHED)


def _office_only(user):
    if not is_office(user):
        raise PermissionDenied("公告公示由管理办公室办理。")


def _case(request, key) -> Announcement:
    """The announcement, to the office; 404 for whoever may not know it, 403 for whoever may only read it."""
    row = get_object_or_404(Announcement.objects.visible_to(request.user), key=key)
    _office_only(request.user)
    if row.published_at is None and not handles(request.user, row):
        raise PermissionDenied("名单上有您参与的申报，公布之前您不能查看。")
    return row


def _handled(request, key) -> Announcement:
    row = _case(request, key)
    if not handles(request.user, row):
        raise PermissionDenied("您参与了公示名单上的申报，不能办理这份公示，也不能查看异议。")
    return row


@require_safe
def cases(request):
    """Every announcement by status and title; what is in hand first."""
    _office_only(request.user)
    shown = request.GET.get("status", "open")
    shown = shown if shown in dict(SHOWN) else "open"
    asked = request.GET.get("q", "").strip()[:40]
    rows = Announcement.objects.visible_to(request.user)
    if shown == "open":
        rows = rows.filter(status__in=IN_HAND).exclude(status=AnnouncementStatus.PUBLISHED, notice_days=0)
    elif shown != "all":
        rows = rows.filter(status=shown)
    if asked:
        rows = rows.filter(title__contains=asked)
    page = Page.of(rows.order_by("-pk"), request.GET.get("page", 1), related=("drafted_by",))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "rows": [{"announcement": r, "kind": kind_of(r), "label": label_of(r)} for r in page.rows],
        "tabs": SHOWN,
        "shown": shown,
        "q": asked,
        "kept": kept.urlencode(),
    }
    return render(request, "park/announcement_cases.html", context)


def label_of(announcement) -> str:
    return ANNOUNCEMENT.stage(announcement).label


@require_safe
def case(request, key):
    """One announcement: how it reads, how far it is, who read it, what came against it."""
    row = _case(request, key)
    may = handles(request.user, row)
    steps = step_buttons(
        request.user, ANNOUNCEMENT, row, url=lambda name: reverse("announcement_step", args=[row.key, name])
    )
    valid = list(conditions.valid_readings(row).select_related("by"))
    names = conditions.readings()
    context = {
        "announcement": row,
        "kind": kind_of(row),
        "label": label_of(row),
        "paragraphs": paragraphs(row.text),
        "cells": cells(row),
        "files": row.files.select_related("stored"),
        "personal": checks.personal_data(row) if row.status in ("drafting", "reviewing") else [],
        "steps": steps,
        "readings": [
            {"name": name, "reading": valid[n] if n < len(valid) else None} for n, name in enumerate(names)
        ],
        "is_author": may and row.status == AnnouncementStatus.REVIEWING and wrote(request.user, row),
        "may": may,
        "days_left": workdays.workdays_between(timezone.localdate(), row.ends_on) if row.ends_on else None,
        "objections": row.objections.select_related("decided_by") if may else [],
        "objection_count": row.objections.count(),
        "names": _names(row),
        "papers": Document.objects.about(row).filter(kind__in=PAPERS),
        "links": kind_of(row).links(request.user, row) if may else [],
        "history": [
            {
                "at": e.at,
                "who": e.by_name,
                "label": audit.label(e.verb),
                "note": e.note,
                "clause": e.clause,
            }
            for e in history_of(row).filter(result="ok")[:100]
        ],
    }
    return render(request, "park/announcement_case.html", context)


def _names(announcement) -> dict[str, str]:
    first = announcement.columns[0]["key"] if announcement.columns else "key"
    return {row["key"]: str(row.get(first, "")) for row in announcement.rows} | {"": "整个公示"}


def step(request, key, name):
    row = _case(request, key)
    extra = {
        "announcement": row,
        "kind": kind_of(row),
        "paragraphs": paragraphs(row.text),
        "cells": cells(row),
    }
    return take_step(request, ANNOUNCEMENT, row, name, template="park/announcement_step.html", extra=extra)


# ── drafting ────────────────────────────────────────────────────────────────────────────────────
def edit(request, key):
    """Title and text; personal data in them are named while one writes."""
    row = _handled(request, key)
    form = TextForm(request.POST or None, instance=Announcement.objects.get(pk=row.pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, row, "change_announcement") as write:
                    drafting.change_text(
                        row,
                        title=form.cleaned_data["title"],
                        text=form.cleaned_data["text"],
                        by=request.user,
                    )
                    write.location = row.get_absolute_url()
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, "文稿已保存。")
                return redirect(write.location)
    elif row.status != AnnouncementStatus.DRAFTING:
        messages.error(request, f"现在不能修改，当前是“{label_of(row)}”。要修改请先退回。")
        return redirect(row)
    context = {"announcement": row, "form": form, "kind": kind_of(row)}
    return render(request, "park/announcement_edit.html", context, status=status)


@require_POST
def renew(request, key):
    """Write the rows anew from the app's records."""
    row = _handled(request, key)
    try:
        with write_once(request, row, "renew_rows") as write:
            count = drafting.renew_rows(row, by=request.user)
            write.location = row.get_absolute_url()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"名单已更新，现有 {count} 行。请核对正文中的数目。")
    return redirect(row)


def files(request, key):
    """Put a file with the draft, or take one away."""
    row = _handled(request, key)
    form = FileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        removed = request.POST.get("remove", "")
        file = (
            row.files.filter(pk=int(removed)).first() if removed.isdecimal() and len(removed) < 10 else None
        )
        if "remove" in request.POST and file is None:
            raise Http404
        if file or form.is_valid():
            try:
                with write_once(request, row, "add_announcement_file") as write:
                    if file:
                        drafting.remove_file(row, file, by=request.user)
                    else:
                        data = form.cleaned_data
                        drafting.add_file(row, title=data["title"], checked=data["file"], by=request.user)
                    write.location = row.get_absolute_url()
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, "附件已删除。" if file else "附件已添加。")
                return redirect(write.location)
        else:
            status = 422
    context = {"announcement": row, "form": form, "with_files": True}
    return render(request, "park/announcement_files.html", context, status=status)


@require_safe
def draft_pdf(request, key):
    """How it will print, marked as a draft."""
    row = _case(request, key)
    template, context = announcement_paper(row)
    content = documents.preview_pdf(template, context, title=row.title)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="announcement-draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def paper(request, key, public_id):
    row = _case(request, key)
    found = get_object_or_404(Document.objects.about(row).filter(kind__in=PAPERS), public_id=public_id)
    if found.kind == "announcement_report" and not handles(request.user, row):
        raise PermissionDenied("您参与了公示名单上的申报，不能查看公示情况报告。")
    try:
        return documents.serve(found, by=request.user, inline="inline" in request.GET)
    except documents.NotPrinted as pending:
        messages.warning(request, str(pending))
        return redirect(row)


# ── objections ──────────────────────────────────────────────────────────────────────────────────
def record_objection(request, key):
    """An officer writes down what was said in person or came by letter."""
    row = _handled(request, key)
    if row.status != AnnouncementStatus.PUBLISHED or not row.notice_days:
        messages.error(request, "现在没有在公示，不能登记异议。")
        return redirect(row)
    form = ObjectionForm(request.POST or None, request.FILES or None, record=row, recorded=True)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                with write_once(request, row, "receive_objection") as write:
                    taken = objections.receive(
                        row,
                        row=data["row"],
                        name=data["name"],
                        contact=data["contact"],
                        text=data["text"],
                        checked=data["file"],
                        by=request.user,
                        recorded=True,
                    )
                    write.location = reverse("objection", args=[row.key, taken.key])
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, f"已登记，受理编号{taken.number}。")
                return redirect(write.location)
    context = {"announcement": row, "form": form, "with_files": True}
    return render(request, "park/objection_record.html", context, status=status)


def _objection(request, key, objection_key):
    row = _handled(request, key)
    return row, get_object_or_404(
        Objection.objects.filter(announcement=row).select_related("decided_by", "stored"), key=objection_key
    )


@never_cache
def objection(request, key, objection_key):
    """One objection with who objects; looking at it is on the trail. Findings, answer, and the office's decision."""
    row, found = _objection(request, key, objection_key)
    initial = {"row": found.row, "findings": found.findings, "answer": found.answer}
    form = FindingsForm(request.POST or None, record=row, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            dismissing = "dismiss" in request.POST
            try:
                with write_once(
                    request, found, "dismiss_objection" if dismissing else "save_findings"
                ) as write:
                    found = objections.save_findings(found, by=request.user, **form.cleaned_data)
                    if dismissing:
                        objections.dismiss(found, by=request.user)
                    write.location = reverse("objection", args=[row.key, found.key])
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, "已认定异议不成立。" if dismissing else "核查情况和答复已保存。")
                return redirect(write.location)
    else:
        audit.record("open_objection", found, by=request.user)
    context = {
        "announcement": row,
        "objection": found,
        "form": form,
        "about": _names(row).get(found.row, "整个公示"),
        "receipt": request.build_absolute_uri(reverse("objection_receipt", args=[found.key])),
    }
    return render(request, "park/objection.html", context, status=status)


@require_safe
def objection_file(request, key, objection_key):
    _, found = _objection(request, key, objection_key)
    if found.stored is None:
        raise Http404
    audit.record("download_file", found, by=request.user, note=f"sha256 {found.stored.sha256}")
    return attachments.serve(found.stored, inline="inline" in request.GET)
