"""Taking out the whole file of cases (案卷): the office chooses, a job makes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions import archiving
from applications.forms.archiving import ArchiveForm
from park.formkeys import write_once
from park.forms.fields import tidy
from park.permissions import is_office
from park.validators import is_uuid
from park.workflow import Refused


def archive(request):
    """Which cases, in which form; POST starts the job. The cases come along as `case`, from the queue or a case."""
    if not is_office(request.user):
        raise PermissionDenied("只有管理办公室可以导出案卷。")
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for key in dict.fromkeys(sent.getlist("case")) if is_uuid(key)]
    rows = archiving.exportable(request.user, keys)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    kept = tidy(sent.get("kept", "")[:1500])
    back = f"{reverse('applications:queue')}?{kept}"
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                with write_once(request, verb="export_dossier") as write:
                    job = archiving.start_dossiers(
                        keys, form.cleaned_data["form"], by=request.user, back=back
                    )
                    write.location = job.get_absolute_url()
                return redirect(write.location)
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
        else:
            status = 422
    context = {
        "rows": rows,
        "good": sum(not why for _, why in rows),
        "form": form,
        "back": back,
        "kept": kept,
    }
    return render(request, "applications/archive.html", context, status=status)
