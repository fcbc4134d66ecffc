"""The office verifies the ledgers of all studios: one list with filters, one by one or many at once [5.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from park import jobs
from park.formkeys import write_once
from park.tables import Page
from park.validators import is_uuid
from park.workflow import Refused
from workshops.actions import ledger_batch
from workshops.conditions.ledger import warnings_for
from workshops.forms.ledger import tidy_query
from workshops.models import LedgerRecord, LedgerStatus, Studio
from workshops.permissions import is_office
from workshops.tables.ledger import OFFICE_ORDERS, LedgerFilter, kind_choices, row_of


def _office(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以核验台账。")


@require_safe
def verification(request):
    """What waits to be verified, in the order of waiting; other statuses where they are asked for."""
    _office(request.user)
    asked = request.GET.copy()
    if "status" not in asked:
        asked["status"] = LedgerStatus.SUBMITTED
    rows = LedgerRecord.objects.visible_to(request.user).exclude(status=LedgerStatus.DRAFT)
    found = LedgerFilter(asked, queryset=rows if asked["status"] else rows.standing())
    rows = found.qs if found.is_valid() else rows.filter(status=LedgerStatus.SUBMITTED)
    studio = tidy_query(request.GET.get("studio", ""))
    if studio:
        rows = rows.filter(studio__in=Studio.objects.filter(name__contains=studio).values("pk"))
    sort = request.GET.get("sort", "") if request.GET.get("sort") in OFFICE_ORDERS else ""
    page = Page.of(rows.order_by(*OFFICE_ORDERS[sort][1]), request.GET.get("page", 1), related=("studio",))
    context = {
        "filter": found,
        "studio_asked": studio,
        "status": asked["status"],
        "sort": sort,
        "sorts": [(code, label) for code, (label, _) in OFFICE_ORDERS.items()],
        "kinds": kind_choices(),
        "page": page,
        "rows": [row_of(record) for record in page.rows],
        "is_filtered": bool(studio or any(request.GET.get(n) for n in found.filters if n != "status")),
        "kept": request.GET.urlencode(),
        "statuses": [(v, label) for v, label in LedgerStatus.choices if v != LedgerStatus.DRAFT],
    }
    return render(request, "workshops/ledger_office.html", context)


def batch(request):
    """GET with `record` (many) and `step` says what would happen to each; POST carries it out and leads to the result."""
    _office(request.user)
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for key in dict.fromkeys(sent.getlist("record")) if is_uuid(key)]
    back = reverse("workshops:ledger_office")
    kept = tidy_kept(sent.get("kept", ""))
    back = f"{back}?{kept}" if kept else back
    step = ledger_batch.step_named(sent.get("step", ""))
    rows = LedgerRecord.objects.visible_to(request.user).filter(key__in=keys[: ledger_batch.MOST_ROWS])
    records = list(rows.select_related("studio").order_by("status_since", "pk"))
    if not records or step is None:
        messages.error(request, "请先勾选记录，再选择要办理的事项。")
        return redirect(back)
    form = step.form(request.POST if request.method == "POST" else None) if step.form else None
    status = 200
    if request.method == "POST":
        status = 422
        if form is None or form.is_valid():
            reason = form.cleaned_data["reason"] if form else ""
            try:
                with write_once(request, verb=step.name) as write:
                    job = ledger_batch.start_batch(step, records, reason=reason, by=request.user, back=back)
                    write.location = job.get_absolute_url()
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                jobs.run(job.key)
                return redirect(write.location)
    shown = ledger_batch.preview(records, step, request.user)
    notes = warnings_for(records)
    context = {
        "step": step,
        "form": form,
        "rows": [row_of(row.record) | {"row": row, "notes": notes[row.record.pk]} for row in shown],
        "good": sum(row.will_happen for row in shown),
        "bad": sum(not row.will_happen for row in shown),
        "cut": len(keys) > ledger_batch.MOST_ROWS,
        "most": ledger_batch.MOST_ROWS,
        "back": back,
        "kept": kept,
    }
    return render(request, "workshops/ledger_batch.html", context, status=status)


def tidy_kept(text: str) -> str:
    """The filters of the list one came from, as an address; nothing else passes."""
    names = {"q", "kind", "status", "studio", "sort", "page"}
    return urlencode({k: v for k, v in QueryDict(text[:1500]).items() if k in names})
