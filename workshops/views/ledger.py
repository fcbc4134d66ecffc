"""The ledgers of one studio: the year at a glance, a list per kind, and one record with its steps [5.3][A2.10]."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from park.audit import history_of, timeline
from park.models import Document
from park.tables import Page
from park.views.steps import step_buttons, take_step
from workshops.actions.ledger import standing_print
from workshops.conditions.ledger import warnings_for
from workshops.forms.ledger import FileForm
from workshops.kinds import KINDS, in_groups
from workshops.models import LedgerRecord, LedgerStatus
from workshops.permissions.ledger import may_edit_record
from workshops.statistics.ledger import year_of
from workshops.tables.ledger import ORDERS, LedgerFilter, row_of, year_asked, years_offered
from workshops.views.tabs import tab_context, visible_studio, with_known_people
from workshops.workflow import LEDGER

HISTORY = 60


def kind_or_404(code):
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    return kind


def visible_record(request, key) -> LedgerRecord:
    """The record, if this person may see it; else 404."""
    rows = LedgerRecord.objects.visible_to(request.user).select_related("studio", "verified_by")
    record = get_object_or_404(rows, key=key)
    with_known_people(record.studio, request.user)
    return record


def ledger_context(request, studio) -> dict:
    return tab_context(request, studio, "workshops:ledgers")


# ── the year ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def ledgers(request, key):
    """Per kind what the year has so far, what it proves, and what is still missing."""
    studio = visible_studio(request, key)
    year = year_asked(request)
    found = year_of(studio, year)
    here = reverse("workshops:ledgers", args=[studio.key])
    groups = [
        (group, [{"kind": kind, "counts": found.kinds.get(kind.code)} for kind in kinds])
        for group, kinds in in_groups()
    ]
    context = ledger_context(request, studio) | {
        "here": here,
        "year": year,
        "years": years_offered(year),
        "groups": groups,
        "items": found.items,
        "missing": found.missing,
        "certified": found.certified,
        "returned": sum(counts["returned"] for counts in found.kinds.values()),
        "drafts": sum(counts["draft"] for counts in found.kinds.values()),
    }
    return render(request, "workshops/ledgers.html", context)


# ── lists ───────────────────────────────────────────────────────────────────────────────────────
@require_safe
def records(request, key, kind=None):
    """The records of one kind, or of all; deleted ones only where they are asked for."""
    studio = visible_studio(request, key)
    kind = kind_or_404(kind) if kind else None
    rows = LedgerRecord.objects.filter(studio=studio)
    if kind:
        rows = rows.filter(kind=kind.code)
    if request.GET.get("status") != LedgerStatus.VOIDED:
        rows = rows.standing()
    asked_year = request.GET.get("year", "")
    if asked_year != "all":
        rows = rows.of_year(year_asked(request))
    found = LedgerFilter(request.GET, queryset=rows, kind=kind)
    rows = found.qs if found.is_valid() else rows
    sort = request.GET.get("sort", "") if request.GET.get("sort") in ORDERS else ""
    if sort == "amount":  # the databases do not agree on where none belongs
        rows = rows.filter(amount_fen__isnull=False)
    year = year_asked(request)
    page = Page.of(rows.order_by(*ORDERS[sort][1]), request.GET.get("page", 1))
    context = ledger_context(request, studio) | {
        "kind": kind,
        "year": "all" if asked_year == "all" else year,
        "paper_year": year,
        "years": years_offered(year),
        "filter": found,
        "sort": sort,
        "sorts": [(code, label) for code, (label, _) in ORDERS.items()],
        "page": page,
        "rows": [row_of(record) for record in page.rows],
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "kept": request.GET.urlencode(),
        "paper": standing_print(studio, kind.code, year) if kind and page.rows else None,
    }
    return render(request, "workshops/ledger_list.html", context)


# ── one record ──────────────────────────────────────────────────────────────────────────────────
@require_safe
def record(request, key):
    """What it says, its files, what it proves, what to look at twice, and the steps open to this person."""
    row = visible_record(request, key)
    kind = kind_or_404(row.kind)
    may_edit = may_edit_record(request.user, row)
    is_open = row.status in (LedgerStatus.DRAFT, LedgerStatus.SUBMITTED, LedgerStatus.RETURNED)
    context = ledger_context(request, row.studio) | {
        "record": row,
        "kind": kind,
        "shown": kind.shown(kind.load(row.data)),
        "items": kind.items_of(row.category),
        "stage": LEDGER.stage(row),
        "may_edit": may_edit,
        "warnings": warnings_for([row])[row.pk] if is_open else [],
        "files": row.files.filter(removed_at=None).select_related("stored"),
        "file_form": FileForm() if may_edit else None,
        "steps": step_buttons(request.user, LEDGER, row, url=lambda name: step_url(row, name)),
        "history": timeline(history_of(row).exclude(verb="download_file")[:HISTORY], said=_said),
    }
    return render(request, "workshops/ledger_record.html", context)


def _said(entry) -> str:
    """A reason or a count; what only the trail needs is left to it."""
    return entry.note if entry.verb != "create_ledger" else ""


def step_url(record, name) -> str:
    return reverse("workshops:ledger_step", args=[record.key, name])


def step(request, key, name):
    """The page of one step."""
    row = visible_record(request, key)
    context = ledger_context(request, row.studio)
    return take_step(
        request, LEDGER, row, name, template="workshops/ledger_step.html", plain=context["is_own"], extra={"kind": KINDS[row.kind]}
    )  # fmt: skip


def papers_of(studio):
    """Printed ledgers of a studio."""
    return Document.objects.filter(
        subject_model="workshops.ledgerprint",
        subject_id__in=[str(pk) for pk in studio.ledger_prints.values_list("pk", flat=True)],
    )


def own_only(context):
    """Writing pages are for the people of the studio."""
    if not context["is_own"]:
        raise PermissionDenied("只有本工作室的人员可以登记和修改台账。")
    return context


def to_record(record):
    return redirect("workshops:ledger_record", key=record.key)
