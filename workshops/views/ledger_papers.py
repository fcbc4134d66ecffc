"""Printed ledgers and sheets to take home [A2.10]."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from park import audit, sheets
from park.formkeys import write_once
from park.views.paper import serve_paper
from park.workflow import Refused
from workshops.actions import ledger as acts
from workshops.kinds import KINDS
from workshops.models import LedgerRecord
from workshops.papers.ledger import ROSTER
from workshops.sheets.ledger import export_rows, sheet_of
from workshops.tables.ledger import LedgerFilter, year_asked
from workshops.views.ledger import kind_or_404, ledger_context, papers_of
from workshops.views.tabs import visible_studio


@require_POST
def print_one(request, key, kind):
    """Issue the printed ledger of a kind and year, or the roster of the year."""
    studio = visible_studio(request, key)
    ledger_context(request, studio)
    if kind != ROSTER:
        kind_or_404(kind)
    asked = request.POST.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else year_asked(request)
    back = (
        reverse("workshops:ledger_trainees", args=[studio.key])
        if kind == ROSTER
        else reverse("workshops:ledger_kind", args=[studio.key, kind])
    )
    try:
        with write_once(request, studio, "print_ledger") as write:
            document = acts.print_ledger(studio, kind, year, by=request.user)
            write.location = f"{back}?year={year}"
        messages.success(request, f"《{document.title}》{document.number} 已生成，可以打开打印。")
        return redirect(write.location)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{back}?year={year}")


@require_safe
def paper(request, key, public_id):
    studio = visible_studio(request, key)
    ledger_context(request, studio)
    document = get_object_or_404(papers_of(studio), public_id=public_id)
    return serve_paper(request, document, back=reverse("workshops:ledgers", args=[studio.key]))


@require_safe
def export(request, key, kind):
    """The records of the list as a sheet, under the same filters; on the trail."""
    studio = visible_studio(request, key)
    ledger_context(request, studio)
    kind = KINDS[kind_or_404(kind).code]
    rows = LedgerRecord.objects.filter(studio=studio, kind=kind.code).standing()
    year = ""
    if request.GET.get("year") != "all":
        year = f"-{year_asked(request)}"
        rows = rows.of_year(year_asked(request))
    found = LedgerFilter(request.GET, queryset=rows, kind=kind)
    rows = (found.qs if found.is_valid() else rows).order_by("happened_on", "pk")
    audit.record("export", studio, by=request.user, note=f"台账 {kind.title}{year}")
    written = export_rows(rows.iterator(chunk_size=2000), kind)
    return sheets.response(sheet_of(kind, out=True), written, f"台账-{kind.code}{year}.xlsx")
