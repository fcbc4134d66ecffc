"""Repairs [5.3]: reported on the phone, mended by the logistics, read by the office."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from park import attachments, audit
from park.audit import history_of, timeline
from park.tables import Page
from park.views.steps import step_buttons, take_step
from workshops.actions import repairing
from workshops.forms.repair import ReportForm
from workshops.models import RepairStatus, RepairTicket, Studio
from workshops.permissions import is_logistics, is_office
from workshops.permissions.repair import may_report
from workshops.tables import facilities
from workshops.views.answering import write_form
from workshops.views.tabs import tab_context, visible_studio
from workshops.workflow import REPAIR


def visible(request, key) -> RepairTicket:
    rows = RepairTicket.objects.visible_to(request.user).select_related("studio", "room", "reported_by")
    return get_object_or_404(rows, key=key)


@require_safe
def repairs(request):
    """All repairs for those who mend and for the office; one's own for a studio."""
    if not may_report(request.user):
        return redirect("workshops:mine")
    rows = facilities.repairs(request).order_by("-reported_at", "-pk")
    context = {
        "page": Page.of(rows, request.GET.get("page", 1), related=("studio",)),
        "status": request.GET.get("status", facilities.UNFINISHED),
        "statuses": [(facilities.UNFINISHED, "没有办完的"), ("all", "全部"), *RepairStatus.choices],
        "q": request.GET.get("q", ""),
        "is_filtered": bool(request.GET.get("q")) or "status" in request.GET,
        "of_house": is_office(request.user) or is_logistics(request.user),
    }
    return render(request, "workshops/repairs.html", context)


def report_repair(request):
    """A new ticket: for one's own studio, or for a public place."""
    user = request.user
    if not may_report(user):
        raise PermissionDenied("报修供工作室、后勤保障单位和管理办公室使用。")
    own = list(Studio.objects.of(user).order_by("name"))
    asked = request.GET.get("studio") or (str(own[0].key) if own else "")
    studio = next((row for row in own if str(row.key) == asked), None)
    if studio is None and not (is_office(user) or is_logistics(user)):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(posted, request.FILES if posted is not None else None, studio=studio)

    def write(data):
        photos = [data.pop("photo"), data.pop("photo_more")]
        return repairing.report_repair(studio=studio, by=user, photos=photos, **data)

    return write_form(
        request, form, write=write, verb="report_repair", template="workshops/repair_report.html",
        context={"studio": studio, "own": own}, done="报修已提交，后勤受理后会通知您。",
    )  # fmt: skip


@require_safe
def repair(request, key):
    row = visible(request, key)
    context = {
        "ticket": row,
        "stage": REPAIR.stage(row),
        "steps": step_buttons(
            request.user, REPAIR, row, url=lambda name: reverse("workshops:repair_step", args=[row.key, name])
        ),
        "photos": row.photos.select_related("stored"),
        "history": timeline(history_of(row).filter(result="ok")[:50]),
    }
    return render(request, "workshops/repair.html", context)


def repair_step(request, key, name):
    row = visible(request, key)
    return take_step(request, REPAIR, row, name, extra={"ticket": row})


@require_safe
def repair_photo(request, key, file_key):
    row = visible(request, key)
    photo = get_object_or_404(row.photos.select_related("stored"), stored__key=file_key)
    if "inline" not in request.GET:
        audit.record("download_file", row, by=request.user, note=f"sha256 {photo.stored.sha256}")
    return attachments.serve(photo.stored, inline="inline" in request.GET, filename=f"报修照片-{photo.pk}")


@require_safe
def studio_repairs(request, key):
    """What was and is broken in one studio."""
    studio = visible_studio(request, key)
    rows = RepairTicket.objects.visible_to(request.user).filter(studio=studio).order_by("-reported_at", "-pk")
    context = tab_context(request, studio, "workshops:studio_repairs") | {
        "page": Page.of(rows, request.GET.get("page", 1), related=("studio",))
    }
    return render(request, "workshops/studio_repairs.html", context)
