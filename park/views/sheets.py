"""Importing a sheet: the same pages for every kind (`park.sheets.ImportKind`): template, upload, check, confirmation."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from park import jobs, rules, sheets
from park.formkeys import write_once
from park.models import Job
from park.sheets import kinds, running, writing
from park.workflow import Refused

FAULTS_A_PAGE = 100
FAULTS = sheets.Sheet(
    "faults",
    "问题清单",
    (
        sheets.Column("row", "表格行号", "int", width=10),
        sheets.Column("column", "列", width=20),
        sheets.Column("text", "问题", width=80),
    ),
)


class UploadForm(forms.Form):
    sheet = forms.FileField(
        label="填好的表格",
        help_text="xlsx 或 csv（UTF-8 或 GB18030 编码）。",
        allow_empty_file=True,
        error_messages={"required": "请选择填好的表格。"},
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def clean_sheet(self):
        upload, limit = self.cleaned_data["sheet"], rules.get("upload_max_mb")
        if not upload.size:
            raise forms.ValidationError("这是空文件，请检查后重新选择。")
        if upload.size > limit * 1024 * 1024:
            size = f"{upload.size / 1024**2:.1f}"
            raise forms.ValidationError(f"表格有 {size} MB，超过 {limit} MB 的上限，请分几份上传。")
        return upload


def _kind(request, code, key):
    kind = kinds.KINDS.get(code)
    if kind is None:
        raise Http404
    context = kind.context(request.user, key)
    if not kind.may(request.user, context):
        raise PermissionDenied("您的账号不能办理这项导入。")
    return kind, context


def sheet_import(request, code, key=""):
    """Template and upload. The check runs at once for a small sheet, else in the background."""
    kind, context = _kind(request, code, key)
    form, status = UploadForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with write_once(request, kind.title, "start_job") as write:
                job = running.start(kind, context, key, form.cleaned_data["sheet"], request.user)
                write.location = running.page_of(job)
            if running.is_small(job):
                jobs.run(job.key)
            return redirect(write.location)
    explained = [
        (column.label, writing.how(column), column.help) for column in kind.sheet_for(context).columns
    ]
    values = {"form": form, "key": key, "explained": explained}
    return _page(request, "park/sheet_import.html", kind, context, values, status)


def _page(request, template, kind, context, values, status=200):
    address, clause = kind.back(context)
    values |= {"kind": kind, "sheet": kind.sheet_for(context), "back": address, "clause_code": clause}
    return render(request, template, values, status=status)


@require_safe
def sheet_template(request, code, key=""):
    """The xlsx to fill in."""
    kind, context = _kind(request, code, key)
    sheet = kind.sheet_for(context)
    return writing.attachment(sheets.template(sheet), f"{sheet.file_stem}-模板.xlsx")


def _run(request, key):
    """One's own check or writing, as long as one may import this."""
    job = get_object_or_404(
        Job.objects.visible_to(request.user), key=key, kind__in=[running.CHECK, running.WRITE]
    )
    return job, *running.resolve(job, request.user)


@require_safe
def sheet_run(request, key):
    """How far it is; then every fault, or what would happen and the button that makes it happen, or what happened."""
    return _show(request, *_run(request, key))


def _show(request, job, kind, context, status=200):
    values = {
        "job": job,
        "looks_again": job.is_open and not job.is_stuck,
        "is_writing": job.kind == running.WRITE,
        "again": sheets.import_url(kind.code, job.arguments["into"]),
    }
    if job.kind == running.CHECK and job.state == Job.State.DONE:
        outcome = running.outcome_of(job)
        values |= {"outcome": outcome, "written": running.writing_of(job)}
        if outcome and outcome["faults"]:
            values["page"] = Paginator(outcome["faults"], FAULTS_A_PAGE).get_page(request.GET.get("page"))
        elif outcome:
            counts = outcome["counts"]
            values["counts"] = [(kinds.HAPPENS[n], n, counts.get(n, 0)) for n in kinds.HAPPENS]
            values["writes"] = counts.get(kinds.NEW, 0) + counts.get(kinds.CHANGED, 0)
    return _page(request, "park/sheet_run.html", kind, context, values, status)


@require_safe
def sheet_faults(request, key):
    """Every fault, as a sheet to work through."""
    job, _, _ = _run(request, key)
    outcome = running.outcome_of(job) if job.kind == running.CHECK else None
    if not outcome or not outcome["faults"]:
        raise Http404
    return sheets.response(FAULTS, [(f.row, f.column, f.text) for f in outcome["faults"]], "问题清单.xlsx")


@require_POST
def sheet_confirm(request, key):
    """Write what was checked."""
    job, kind, context = _run(request, key)
    if job.kind != running.CHECK:
        raise Http404
    try:
        with write_once(request, job, "import") as write:
            second = running.confirm(job, request.user)
            write.location = running.page_of(second)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _show(request, job, kind, context, 409)
    if running.is_small(second):
        jobs.run(second.key)
    return redirect(write.location)
