"""Somebody asks what is held about them, and has no account (PIPL 45, 47): the office looks, copies out, erases.

The name travels in the body of a request, never in an address.
"""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from park import audit, personal_data
from park.formkeys import write_once
from park.forms.personal import SubjectForm
from park.permissions import is_office
from park.workflow import Refused


def _office_only(user):
    if not is_office(user):
        raise PermissionDenied("个人信息的查阅、复制和删除由管理办公室受理。")


@never_cache
def lookup(request):
    """What the park holds under a name; the trail keeps who looked, why, and how much was found."""
    _office_only(request.user)
    form, found, status = SubjectForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status, found = 200, personal_data.find(form.subject)
            counts = "，".join(f"{holding.name} {len(rows)} 条" for holding, rows in found)
            copied = "download" in request.POST
            audit.record(
                "copy_personal_data" if copied else "look_up_personal_data",
                form.initials, by=request.user, after=counts, note=form.cleaned_data["reason"],
            )  # fmt: skip
            if copied:
                return _copy(found)
    context = {
        "form": form,
        "found": found,
        "count": sum(len(rows) for _, rows in found or []),
        "most": personal_data.Subject.MOST,
    }
    return render(request, "park/personal.html", context, status=status)


def _copy(found) -> HttpResponse:
    data = {"导出时间": timezone.localtime().isoformat(timespec="seconds")}
    data |= {holding.name: [row.facts for row in rows] for holding, rows in found}
    return HttpResponse(
        json.dumps(data, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="personal-data.json"'},
    )


@require_POST
def forget(request):
    """Erase one record that need not be kept."""
    _office_only(request.user)
    form = SubjectForm(request.POST)
    holdings = {holding.name: holding for holding in personal_data.REGISTRY if holding.forget}
    holding = holdings.get(request.POST.get("holding", ""))
    if holding is None or not form.is_valid():
        raise Http404
    key = request.POST.get("key", "")
    rows = {row.key: row for row in holding.find(form.subject)}
    if key not in rows:
        raise Http404
    try:
        with write_once(request, holding.name, "forget_personal_data") as write:
            holding.forget(key, by=request.user, reason=form.cleaned_data["reason"])
            write.location = reverse("personal_lookup")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("personal_lookup")
    messages.success(request, "已删除可以识别本人的内容。")
    return redirect(write.location)
