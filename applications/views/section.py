"""One section of the form: typed text is kept whatever it is; files come along; members also from xlsx."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.actions import filling
from applications.forms.progress import Progress
from applications.forms.reading import MASKED, read_sections
from applications.forms.sections import SECTIONS
from applications.models import ApplicationFile, SectionDraft
from applications.permissions import (
    is_of_studio,
    may_edit_on_behalf,
    may_edit_section,
)
from applications.resources import members_template, read_members
from applications.views.case import visible
from park import attachments, audit, rules
from park.forms.fields import tidy
from park.models import Occupation
from park.validators import number_in
from park.workflow import Conflict, Refused

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def section(request, key, name):
    """One section: typed text is kept whatever it is; what is missing is shown, not enforced, until filing."""
    application = visible(request, key)
    if name not in SECTIONS:
        raise Http404
    if request.method == "POST":
        return _save(request, application, SECTIONS[name])
    if not _may_edit(request.user, application, name):
        return _closed(request, application, name)
    if MASKED & SECTIONS[name].form.base_fields.keys() and not is_of_studio(request.user, application):
        audit.record("reveal", application, by=request.user, note=f"代为修改“{SECTIONS[name].title}”")
    draft = SectionDraft.objects.filter(application=application, name=name).first()
    return _section_page(request, application, SECTIONS[name], draft.data if draft else None, draft)


def _closed(request, application, name):
    """The section as it stands, for reading; personal numbers masked."""
    state = Progress(application).states[name]
    data = {name: state.bound.freeze()} if not state.problems else {}
    readings = [r for r in read_sections(data, files=[]) if r.name == name]
    context = {"application": application, "section": SECTIONS[name], "sections": readings}
    return render(request, "applications/section_closed.html", context)


def _may_edit(user, application, name) -> bool:
    return may_edit_section(user, application, name) or may_edit_on_behalf(user, application, name)


def _save(request, application, section):
    if not _may_edit(request.user, application, section.name):
        if not is_of_studio(request.user, application):
            raise PermissionDenied("您不能修改这份申报。")
        text = f"“{section.title}”现在不能修改，当前状态是“{application.status_for_studio}”。"
        if _is_autosave(request):
            return JsonResponse({"ok": False, "message": text}, status=409)
        messages.error(request, text)
        return redirect(application)
    version = request.POST.get("version", "0")
    version = number_in(version, 0)
    try:
        raw = section.typed(request.POST)
        reason = tidy(request.POST.get("reason", ""), "代为修改的原因")[:200]
    except ValidationError as error:
        return _refuse(request, application, section, " ".join(error.messages), 422)
    try:
        draft = filling.save_section(
            application,
            section.name,
            raw,
            version=version,
            by=request.user,
            reason=reason,
        )
    except Conflict as conflict:
        return _conflict(request, application, section, raw, conflict)
    except Refused as refusal:
        return _refuse(request, application, section, str(refusal), 409, raw)
    if _is_autosave(request):
        state = Progress(application).states[section.name]
        return JsonResponse(
            {
                "ok": True,
                "version": draft.version,
                "saved_at": timezone.localtime(draft.saved_at).strftime("%H:%M:%S"),
                "problems": [{"anchor": p.anchor, "text": p.text} for p in state.problems],
            }
        )
    bad_files = _take_files(request, application, section)
    return _after_save(request, application, section, draft, bad_files)


def _is_autosave(request) -> bool:
    return request.headers.get("X-Autosave") == "1"


def _refuse(request, application, section, text, status, raw=None):
    if _is_autosave(request):
        return JsonResponse({"ok": False, "message": text}, status=status)
    messages.error(request, text)
    draft = SectionDraft.objects.filter(application=application, name=section.name).first()
    raw = raw if raw is not None else _untidied(section, request.POST)
    return _section_page(request, application, section, raw, draft, status=status)


def _untidied(section, post) -> dict:
    """What was typed, for showing it again only: a text too long to be kept stays on the form."""
    return section.typed(post, longest=None)


def _conflict(request, application, section, mine, conflict):
    """Two editors: nothing is overwritten, both texts are on the page."""
    draft = SectionDraft.objects.select_related("saved_by").get(application=application, name=section.name)
    if _is_autosave(request):
        url = reverse("applications:section", args=[application.key, section.name])
        return JsonResponse({"ok": False, "conflict": True, "message": str(conflict), "url": url}, status=409)
    differing = [
        {"label": bound.label, "theirs": _in_words(bound, draft.data.get(name, ""))}
        for name, bound in section.form.base_fields.items()
        if draft.data.get(name, "") != mine.get(name, "")
    ]
    differing += [
        {"label": table.title, "theirs": _rows_in_words(table, draft.data.get(name, []))}
        for name, table in section.rows.items()
        if draft.data.get(name, []) != mine.get(name, [])
    ]
    if request.FILES:
        messages.warning(request, "随表单选择的文件没有上传，合并后请重新选择。")
    return _section_page(
        request,
        application,
        section,
        mine,
        draft,
        status=409,
        conflict=differing,
        conflict_text=str(conflict),
    )


def _in_words(bound, typed) -> str:
    """A typed value as people read it: labels for codes."""
    labels = dict(getattr(bound, "choices", ()))
    values = typed if isinstance(typed, list) else [typed]
    return "\n".join(str(labels.get(value, value)) for value in values if value)


def _rows_in_words(table, rows) -> str:
    fields = table.form.base_fields
    return "\n".join(
        "　".join(filter(None, (_in_words(bound, row.get(name, "")) for name, bound in fields.items())))
        for row in rows
    )


def _take_files(request, application, section) -> bool:
    """Store the files sent along; a refused one says why and keeps nothing else from being saved."""
    refused = False
    for evidence in section.evidence:
        for upload in request.FILES.getlist(f"file-{evidence.purpose}"):
            try:
                checked = attachments.check(upload)
                filling.add_file(application, section.name, evidence.purpose, checked, by=request.user)
            except (ValidationError, Refused) as error:
                refused = True
                text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                name = attachments.clean_name(upload.name)
                messages.error(request, f"没有上传：{text}" if name in text else f"“{name}”没有上传：{text}")
    return refused


def _after_save(request, application, section, draft, stay):
    here = reverse("applications:section", args=[application.key, section.name])
    if remove := request.POST.get("remove_file"):
        row = get_object_or_404(
            ApplicationFile, application=application, section=section.name, pk=number_in(remove)
        )
        filling.remove_file(row, by=request.user)
        messages.success(request, "已删除，需要时可以在下方恢复。")
        return redirect(f"{here}#evidence")
    if restore := request.POST.get("restore_file"):
        row = get_object_or_404(
            ApplicationFile, application=application, section=section.name, pk=number_in(restore)
        )
        filling.restore_file(row, by=request.user)
        messages.success(request, "已恢复。")
        return redirect(f"{here}#evidence")
    if "add_row" in request.POST:
        table = request.POST["add_row"]
        return redirect(f"{here}?extra={number_in(request.POST.get('extra'), 0) + 1}#rows-{table}")
    left = len(Progress(application).states[section.name].problems)
    messages.success(request, f"“{section.title}”已保存{f'，还有 {left} 处待完善' if left else ''}。")
    if stay or "stay" in request.POST or request.FILES:
        return redirect(here)
    names = list(SECTIONS)
    following = names[names.index(section.name) + 1 :]
    following = [n for n in following if _may_edit(request.user, application, n)]
    if following:
        return redirect("applications:section", application.key, following[0])
    return redirect("applications:recommendation", application.key)


def _section_page(request, application, section, data, draft, *, status=200, conflict=None, conflict_text=""):
    bound = section.bind(data)
    files = list(
        ApplicationFile.objects.filter(application=application, section=section.name).select_related("stored")
    )
    purposes = {f.purpose for f in files if f.removed_at is None}
    names = list(SECTIONS)
    at = names.index(section.name)
    extra = min(number_in(request.GET.get("extra"), 0), 20)
    correction = application.open_correction()
    context = {
        "application": application,
        "section": section,
        "number": at + 1,
        "sections": list(SECTIONS.values()),
        "previous": SECTIONS[names[at - 1]] if at else None,
        "following": SECTIONS[names[at + 1]] if at + 1 < len(names) else None,
        "bound": bound,
        "tables": [
            {
                "name": name,
                "spec": table,
                "forms": bound.rows[name]
                + [
                    table.blank(len(bound.rows[name]) + i, name)
                    for i in range(extra or (not bound.rows[name]))
                ],
                "template": table.blank("__prefix__", name),
                "total": len(bound.rows[name]) + (extra or (not bound.rows[name])),
            }
            for name, table in section.rows.items()
        ],
        "extra": extra,
        "version": draft.version if draft else 0,
        "draft": draft,
        "max_mb": rules.get("upload_max_mb"),
        "problems": bound.problems(purposes) if draft else [],
        "on_behalf": may_edit_on_behalf(request.user, application, section.name),
        "evidence": [
            {"spec": e, "files": [f for f in files if f.purpose == e.purpose and f.removed_at is None]}
            for e in section.evidence
        ],
        "removed": [f for f in files if f.removed_at is not None],
        "items": correction.items.filter(section=section.name) if correction else [],
        "conflict": conflict,
        "conflict_text": conflict_text,
        "occupations": Occupation.objects.offered()[:200] if section.name == "leader" else [],
    }
    return render(request, "applications/section.html", context, status=status)


@require_POST
def import_members(request, key):
    """A dry run of an xlsx of members: faults are listed and nothing is written; a clean sheet is shown for saving."""
    application = visible(request, key)
    if not _may_edit(request.user, application, "members"):
        raise PermissionDenied("现在不能修改成员。")
    upload = request.FILES.get("sheet")
    here = reverse("applications:section", args=[application.key, "members"])
    if upload is None:
        messages.error(request, "请选择填好的表格文件（xlsx）。")
        return redirect(here)
    try:
        attachments.check(upload, kinds=attachments.XLSX)
    except ValidationError as error:
        text = " ".join(error.messages)
        if error.code == "content":
            text = f"“{attachments.clean_name(upload.name)}”不是 Excel 表格，请下载成员表模板（xlsx），填好后上传。"
        messages.error(request, f"没有导入：{text}")
        return redirect(here)
    upload.seek(0)
    rows, faults = read_members(upload)
    draft = SectionDraft.objects.filter(application=application, name="members").first()
    if faults:
        context = {"application": application, "faults": faults, "rows": len(rows)}
        return render(request, "applications/members_faults.html", context, status=422)
    messages.info(request, f"读到 {len(rows)} 名成员，尚未保存。请核对下表，按“保存”后替换原有成员。")
    return _section_page(request, application, SECTIONS["members"], {"members": rows}, draft)


@require_safe
def members_sheet(request):
    """The xlsx to fill in."""
    response = HttpResponse(members_template(), content_type=XLSX_TYPE)
    response["Content-Disposition"] = 'attachment; filename="members-template.xlsx"'
    return response
