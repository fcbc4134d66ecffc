"""How far is my work, what became of each row, where is the file? One's own jobs only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from park import jobs as work
from park.formkeys import write_once
from park.models import Job
from park.workflow import Refused


def _own(request):
    """One's own, of kinds that one may still ask for: who lost a role has lost what was made under it."""
    allowed = [code for code, kind in work.KINDS.items() if kind.may(request.user)]
    return Job.objects.visible_to(request.user).filter(kind__in=allowed)


@require_safe
def jobs(request):
    """What one asked for, newest first."""
    page = Paginator(_own(request).defer("result", "arguments"), 30).get_page(request.GET.get("page"))
    return render(request, "park/jobs.html", {"page": page})


@require_safe
def job(request, key):
    """Progress while it runs, the result list and the file afterwards. The page looks again by itself."""
    row = get_object_or_404(_own(request), key=key)
    if page := work.KINDS[row.kind].page:
        return redirect(page(row))
    lines = row.result
    context = {
        "job": row,
        "lines": lines,
        "good": sum(line["ok"] for line in lines),
        "bad": sum(not line["ok"] for line in lines),
        "looks_again": row.is_open and not row.is_stuck,
        "back": row.arguments.get("back", ""),
    }
    return render(request, "park/job.html", context)


@require_safe
def job_file(request, key):
    """The result file, as a download."""
    row = get_object_or_404(_own(request), key=key)
    if not row.file_name:
        raise Http404
    try:
        return work.serve(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(row)


@require_POST
def job_retry(request, key):
    """Start a failed or dead job again."""
    row = get_object_or_404(_own(request), key=key)
    try:
        with write_once(request, row, "retry_job") as write:
            work.retry(row, by=request.user)
            write.location = row.get_absolute_url()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已重新开始。")
    return redirect(row)
