"""The outbox: letters on the result, read once more, put right, sent together [3.2.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.actions import admitting
from applications.forms.admitting import LetterForm
from applications.models import Application, Letter
from applications.papers.letters import preview_letter_pdf
from applications.permissions import is_officer
from park.formkeys import write_once
from park.permissions import is_office
from park.tables import Page
from park.validators import number_in
from park.workflow import Refused

SHOWN = (("waiting", "待发出"), ("sent", "已发出"), ("dropped", "已作废"))


def _visible(user):
    """Letters of the cases that this officer may see; not those on a studio of their own."""
    if not is_office(user):
        raise PermissionDenied("办理结果文书由管理办公室核发。")
    mine = Application.objects.filter(collaborators__user=user)
    cases = Application.objects.visible_to(user).exclude(pk__in=mine)
    return Letter.objects.filter(application__in=cases)


def outbox(request):
    """Letters that wait, by kind and studio; POST previews the ticked ones, and sends them once confirmed."""
    letters = _visible(request.user)
    if request.method == "POST":
        return _send(request, letters)
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in dict(SHOWN) else "waiting"
    kind = request.GET.get("kind", "")
    kind = kind if kind in Letter.Kind.values else ""
    asked = request.GET.get("q", "").strip()[:40]
    rows = {
        "waiting": admitting.waiting(letters),
        "sent": letters.exclude(sent_at=None),
        "dropped": letters.exclude(dropped_at=None),
    }[shown]
    if kind:
        rows = rows.filter(kind=kind)
    if asked:
        rows = rows.filter(application__studio_name__contains=asked)
    page = Page.of(
        rows.order_by("-pk"), request.GET.get("page", 1), related=("application", "document", "sent_by")
    )
    context = {
        "page": page,
        "tabs": SHOWN,
        "shown": shown,
        "kind": kind,
        "kinds": Letter.Kind.choices,
        "q": asked,
        "is_filtered": bool(kind or asked),
    }
    return render(request, "applications/letters.html", context)


def _send(request, letters):
    here = reverse("applications:letters")
    keys = [number_in(text) for text in request.POST.getlist("letter")][: admitting.MOST]
    chosen = list(letters.filter(pk__in=keys).select_related("application").order_by("pk"))
    if not chosen:
        messages.error(request, "没有发出：请先勾选文书。")
        return redirect(here)
    if "confirm" not in request.POST:
        rows = [
            {"letter": row, "why_not": admitting.why_not(row, row.application, request.user)}
            for row in chosen
        ]
        context = {"rows": rows, "good": sum(not row["why_not"] for row in rows)}
        return render(request, "applications/letters_confirm.html", context)
    try:
        with write_once(request, verb="send_letters") as write:
            sent, refused = admitting.send_many([row.pk for row in chosen], by=request.user)
            write.location = f"{here}?show={'sent' if sent else 'waiting'}"
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(here)
    if sent:
        numbers = "、".join(str(row.application) for row in sent)
        messages.success(request, f"已发出 {len(sent)} 件：{numbers}。")
    for sentence in refused:
        messages.warning(request, f"没有发出　{sentence}")
    return redirect(write.location)


def letter(request, number):
    """One letter: its reason, to be put right until it goes out."""
    found = get_object_or_404(
        _visible(request.user).select_related("application", "document", "sent_by"), pk=number
    )
    waits = found.sent_at is None and found.dropped_at is None
    refusal = found.kind == Letter.Kind.NOT_ADMITTED
    form = LetterForm(
        request.POST or None, record=found, kind_is_refusal=refusal, initial={"reason": found.reason}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, found.application, "change_letter") as write:
                    admitting.change_reason(found, form.cleaned_data["reason"], by=request.user)
                    write.location = reverse("applications:letter", args=[found.pk])
            except Refused as refused:
                messages.error(request, str(refused))
                status = 409
            else:
                messages.success(request, "已保存。")
                return redirect(write.location)
    context = {
        "letter": found,
        "application": found.application,
        "form": form,
        "waits": waits,
        "why_not": admitting.why_not(found, found.application, request.user) if waits else "",
        "days": admitting.dates(found) if waits else {},
        "is_officer": is_officer(request.user, found.application),
    }
    return render(request, "applications/letter.html", context, status=status)


@require_safe
def preview(request, number):
    """How it will print, marked as a draft."""
    found = get_object_or_404(_visible(request.user).select_related("application"), pk=number)
    days = admitting.dates(found)
    if found.sent_at:
        days = {"respond_by": found.respond_by, "may_apply_from": found.may_apply_from}
    response = HttpResponse(preview_letter_pdf(found, days), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="letter-draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
