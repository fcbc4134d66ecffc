"""Box 10 of Annex 1: the studio prints and uploads; the unit may confirm behind a one-time link [A1][A3]."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from applications.actions import recommending
from applications.forms.filing import RecommendationForm, UnitConfirmForm
from applications.forms.progress import Progress
from applications.models import RecommendationLink
from applications.papers.filing import printed_hash
from applications.permissions import is_of_studio, may_edit_section
from applications.views.case import visible
from park import documents
from park.formkeys import AlreadyDone, led_to, write_once
from park.workflow import Refused


def _own(request, key):
    application = visible(request, key)
    if not is_of_studio(request.user, application):
        raise Http404
    return application


def recommendation(request, key):
    """Three moves on one page: print the copy for the stamp, upload the scan, or send the unit a link."""
    application = _own(request, key)
    progress = Progress(application)
    unfinished = progress.unfinished()
    copy = application.stamp_copies.select_related("document").last()
    stale = bool(copy and (unfinished or copy.content_hash != printed_hash(progress.frozen())))
    form = RecommendationForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        if not may_edit_section(request.user, application, "recommendation"):
            raise PermissionDenied("现在不能修改推荐意见。")
        if form.is_valid() and (response := _receive(request, application, form)):
            return response
        status = 422
    context = {
        "application": application,
        "form": form,
        "unfinished": unfinished,
        "copy": copy,
        "stale": stale,
        "copy_is_current": bool(copy and not stale),
        "standing": application.standing_recommendation(),
        "link": application.recommendation_links.first(),
        "new_link": request.session.pop(f"link-{application.key}", None),
        "editable": may_edit_section(request.user, application, "recommendation"),
    }
    return render(request, "applications/recommendation.html", context, status=status)


def _receive(request, application, form):
    data = form.cleaned_data
    try:
        with write_once(request, application, "receive_recommendation") as write:
            recommending.receive_scan(
                application,
                data["scan"],
                by=request.user,
                mode=data["mode"],
                opinion=data["opinion"],
                reason=data["reason"],
                same_copy=data["same_copy"],
            )
            write.location = reverse("applications:recommendation", args=[application.key])
    except Refused as refusal:
        form.add_error("scan", str(refusal))
        return None
    messages.success(request, "推荐意见已收到，可以提交。")
    return redirect(write.location)


@require_POST
def print_copy(request, key):
    """Freeze and print the copy for the stamp."""
    application = _own(request, key)
    if not may_edit_section(request.user, application, "recommendation"):
        raise PermissionDenied("现在不能生成用印稿。")
    try:
        with write_once(request, application, "print_for_stamp") as write:
            copy = recommending.print_for_stamp(application, by=request.user)
            write.location = reverse("applications:recommendation", args=[application.key])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{copy}已生成，请打印后送单位盖章。")
    return redirect("applications:recommendation", application.key)


@require_POST
def make_link(request, key):
    """A new one-time link; it is shown once."""
    application = _own(request, key)
    if not may_edit_section(request.user, application, "recommendation"):
        raise PermissionDenied("现在不能生成确认链接。")
    try:
        with write_once(request, application, "make_recommendation_link") as write:
            _, token = recommending.make_link(application, by=request.user)
            write.location = reverse("applications:recommendation", args=[application.key])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        request.session[f"link-{application.key}"] = request.build_absolute_uri(
            reverse("applications:unit_confirm", args=[token])
        )
    return redirect("applications:recommendation", application.key)


@require_POST
def revoke_link(request, key):
    application = _own(request, key)
    link = application.recommendation_links.filter(used_at=None, revoked_at=None).first()
    if link is None or not may_edit_section(request.user, application, "recommendation"):
        return redirect("applications:recommendation", application.key)
    try:
        with write_once(request, application, "revoke_recommendation_link") as write:
            recommending.revoke_link(link, by=request.user)
            write.location = reverse("applications:recommendation", args=[application.key])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "链接已撤销。")
    return redirect("applications:recommendation", application.key)


@login_not_required
@never_cache
def unit_confirm(request, token):
    """The unit's page behind its link: what the studio applies for, without identity number or phone."""
    link = (
        RecommendationLink.objects.select_related("application", "copy__document")
        .filter(token_hash=recommending.hash_token(token))
        .first()
    )
    if request.method == "POST" and led_to(request):  # a double click on a link that its first click used up
        return render(request, "applications/unit_confirm_done.html")
    if link is None or not link.is_live:
        return render(request, "applications/unit_confirm_dead.html", status=410)
    if is_of_studio(request.user, link.application):
        raise PermissionDenied("确认链接要由推荐单位打开，请把它发给单位经办人。")
    form = UnitConfirmForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with write_once(request, link.application, "confirm_recommendation") as write:
                recommending.confirm_by_link(
                    link,
                    data["scan"],
                    opinion=data["opinion"],
                    signer_name=data["signer_name"],
                    signer_post=data["signer_post"],
                )
                write.location = reverse("portal")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except AlreadyDone:
            return render(request, "applications/unit_confirm_done.html")
        else:
            return render(request, "applications/unit_confirm_done.html")
    context = {"link": link, "form": form, "data": link.copy.data, "token": token}
    return render(request, "applications/unit_confirm.html", context, status=422 if form.errors else 200)


@login_not_required
def unit_copy(request, token):
    """The copy for the stamp as PDF, to the unit that stamps it."""
    link = (
        RecommendationLink.objects.select_related("copy__document")
        .filter(token_hash=recommending.hash_token(token))
        .first()
    )
    if link is None or not link.is_live:
        return render(request, "applications/unit_confirm_dead.html", status=410)
    try:
        return documents.serve(link.copy.document, by=request.user)
    except documents.NotPrinted:
        return render(request, "applications/unit_confirm_dead.html", {"pending": True}, status=202)
