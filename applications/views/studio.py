"""The applicant's side around the form: own applications, start, preview, colleagues."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.actions import filling
from applications.forms.filing import CollaboratorForm
from applications.forms.progress import Progress
from applications.models import Application, Batch
from applications.papers import filing
from applications.permissions import (
    is_applicant,
    is_of_studio,
)
from applications.views.case import visible
from applications.workflow.admission import studio_stage
from park.formkeys import write_once
from park.models import Role, User
from park.validators import is_uuid, number_in
from park.workflow import Refused


@require_safe
def index(request):
    """The applicant's own applications."""
    rows = Application.objects.filter(collaborators__user=request.user).order_by("-created_at")
    cards = [{"application": a, "stage": studio_stage(a), "untold": a.is_untold} for a in rows]
    return render(request, "applications/index.html", {"cards": cards, "batch": Batch.open_now()})


@require_POST
def start(request):
    """A new application, empty or after an earlier one of one's own; a double click makes one."""
    if not request.user.has_role(Role.APPLICANT):
        raise PermissionDenied("只有申报人账号可以新建申报。")
    try:
        with write_once(request, verb="start") as write:
            earlier = request.POST.get("based_on")
            earlier = visible(request, earlier) if earlier and is_uuid(earlier) else None
            if earlier and not is_applicant(request.user, earlier):
                raise PermissionDenied("只能以本人的申报为底稿。")
            application = filling.start_application(by=request.user, based_on=earlier)
            write.location = reverse("applications:section", args=[application.key, "leader"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:list")
    return redirect(write.location)


@require_safe
def preview(request, key):
    """What is filled in, what is missing, and the form as it will print: the PDF itself."""
    application = visible(request, key)
    if not is_of_studio(request.user, application):
        raise Http404
    progress = Progress(application)
    context = {"application": application, "progress": progress, "unfinished": progress.unfinished()}
    return render(request, "applications/preview.html", context)


@require_safe
def preview_pdf(request, key):
    """The draft of Annex 1, printed from what is typed now."""
    application = visible(request, key)
    if not is_of_studio(request.user, application):
        raise Http404
    data = Progress(application).as_typed() | {"filled_on": timezone.localdate().isoformat()}
    response = HttpResponse(filing.preview_form_pdf(data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="annex1-draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def people(request, key):
    """Who fills in this application; only the applicant lets others in or out."""
    application = visible(request, key)
    if not is_of_studio(request.user, application):
        raise Http404
    form = CollaboratorForm(request.POST or None)
    if request.method == "POST":
        rows = application.collaborators.select_related("user")
        row = (
            get_object_or_404(rows, pk=number_in(request.POST["remove"]))
            if "remove" in request.POST
            else None
        )
        leaving = row is not None and row.user_id == request.user.pk
        if not leaving and not is_applicant(request.user, application):
            raise PermissionDenied("只有申报账号本人可以增减共同填报人。")
        if row is not None:
            return _change_people(request, application, filling.remove_collaborator, row.user)
        if form.is_valid():
            if user := User.objects.with_role(Role.APPLICANT).filter(**form.cleaned_data).first():
                return _change_people(request, application, filling.add_collaborator, user)
            form.add_error("username", "没有找到登录名和姓名都相符的申报人账号，请核对。")
    context = {
        "application": application,
        "form": form,
        "rows": application.collaborators.select_related("user"),
        "may_change": is_applicant(request.user, application),
    }
    return render(request, "applications/people.html", context, status=422 if form.errors else 200)


def _change_people(request, application, act, user):
    leaving = act is filling.remove_collaborator and user == request.user != application.applicant
    here = reverse("applications:list") if leaving else reverse("applications:people", args=[application.key])
    try:
        with write_once(request, application, act.__name__) as write:
            act(application, user, by=request.user)
            write.location = here
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = f"{user}可以共同填报了。" if act is filling.add_collaborator else f"已移出{user}。"
        messages.success(request, "已退出共同填报。" if leaving else done)
    return redirect(here)
