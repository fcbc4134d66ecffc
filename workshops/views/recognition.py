"""Decisions of the recognising authority about a studio: recorded by the office, never changed [5.4.1][T19]."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from park import attachments, audit
from workshops.actions.recognition import record_recognition
from workshops.forms.recognition import RecognitionForm
from workshops.permissions import is_officer
from workshops.views.tabs import tab_context, visible_studio
from workshops.views.writing import form_page


def add_recognition(request, key):
    """认定, 复核, 注销 or 撤销, with its paper."""
    studio = visible_studio(request, key)
    if not is_officer(request.user, studio):
        raise PermissionDenied("认定事项由管理办公室登记，且不能办理本人工作室的事项。")
    form = RecognitionForm(request.POST or None, request.FILES or None)

    def write(data):
        record_recognition(studio, by=request.user, **data)
        return studio.get_absolute_url()

    context = tab_context(request, studio, "workshops:studio") | {
        "label": "登记认定事项",
        "clause_code": "5.4.1",
    }
    return form_page(
        request,
        "workshops/studio_act.html",
        form,
        write,
        subject=studio,
        verb="record_recognition",
        done="认定事项已登记。",
        context=context,
    )


@require_safe
def recognition_file(request, key, event):
    """The scan of the decision, to whoever sees the studio."""
    studio = visible_studio(request, key)
    row = get_object_or_404(studio.recognitions.select_related("stored"), key=event)
    if row.stored is None:
        raise Http404
    audit.record("download_file", studio, by=request.user, note=f"sha256 {row.stored.sha256}")
    return attachments.serve(row.stored, inline="inline" in request.GET)
