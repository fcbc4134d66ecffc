"""What stays of the ballots of a session: rounds with their arithmetic, paper counts, signed sheets, papers; and the page
that says what of a vote is secret and what is not."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications import tally
from applications.actions import balloting, deliberating
from applications.forms import ballot as f
from applications.models import BallotRound, PanelSession
from applications.permissions import runs_panel
from park import attachments, audit, documents
from park.formkeys import write_once
from park.models import Document
from park.workflow import Refused

PAPERS_OF_ROUND = ("ballot_slip", "count_sheet")


def _session(request, key) -> PanelSession:
    session = get_object_or_404(PanelSession.objects.visible_to(request.user), key=key)
    if not runs_panel(request.user, session):
        raise PermissionDenied("投票记录由管理办公室保管。")
    return session


def _round(session, key) -> BallotRound:
    rows = BallotRound.objects.filter(item__session=session)
    return get_object_or_404(rows.select_related("item__session", "item__application"), key=key)


@require_safe
def ballot_results(request, key):
    return _results_page(request, _session(request, key))


def _results_page(request, session, *, sheet_form=None, sheet_for=None, status=200):
    items = list(session.agenda.select_related("application").order_by("order", "pk"))
    rounds = BallotRound.objects.filter(item__session=session).select_related("item__session", "count_sheet")
    papers = {}
    about = Document.objects.filter(
        kind__in=PAPERS_OF_ROUND,
        subject_model=BallotRound._meta.label_lower,
        subject_id__in=[str(row.pk) for row in rounds],
    ).order_by("pk")
    for paper in about:
        papers.setdefault(paper.subject_id, []).append(paper)
    by_item = {}
    for row in rounds.order_by("number"):
        row.papers = papers.get(str(row.pk), [])
        row.advice = tally.of(row).advice if row.closed_at else ""
        row.form = sheet_form if sheet_for == row.pk else f.CountSheetForm(prefix=f"r{row.pk}")
        by_item.setdefault(row.item_id, []).append(row)
    shown = [
        {
            "item": item,
            "rounds": by_item.get(item.pk, []),
            "notes": list(item.notes.exclude(text="").select_related("seat__expert").order_by("seat"))
            if deliberating.notes_shown(item)
            else [],
        }
        for item in items
    ]
    context = {"session": session, "items": shown}
    return render(request, "applications/ballot_results.html", context, status=status)


def ballot_sheet(request, key, round_key):
    """The signed 计票单: uploaded by POST, read by GET."""
    session = _session(request, key)
    round_ = _round(session, round_key)
    if request.method != "POST":
        if round_.count_sheet_id is None:
            raise Http404
        audit.record("download_file", round_, by=request.user, note=f"sha256 {round_.count_sheet.sha256}")
        return attachments.serve(
            round_.count_sheet, filename=f"计票单{round_.number}", inline="inline" in request.GET
        )
    form = f.CountSheetForm(request.POST, request.FILES, prefix=f"r{round_.pk}")
    if not form.is_valid():
        return _results_page(request, session, sheet_form=form, sheet_for=round_.pk, status=422)
    try:
        with write_once(request, round_, "attach_count_sheet") as write:
            balloting.attach_count_sheet(round_, form.cleaned_data["scan"], by=request.user)
            write.location = reverse("applications:ballot_results", args=[session.key])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _results_page(request, session, status=409)
    messages.success(request, "计票单已上传。")
    return redirect(write.location)


def ballot_count(request, key, round_key):
    """One officer enters what they counted; the other one's figures are shown only beside one's own."""
    session = _session(request, key)
    round_ = _round(session, round_key)
    if round_.means != "paper":
        raise Http404
    own = round_.paper_counts.filter(by=request.user).first()
    initial = (
        dict(zip(("approve", "oppose", "abstain", "invalid"), own.figures, strict=True)) if own else None
    )
    form, status = f.PaperCountForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, round_, "count_paper") as write:
                    balloting.count_paper(round_, tally.Counts(**form.cleaned_data), by=request.user)
                    write.location = reverse("applications:ballot_count", args=[session.key, round_.key])
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, "已登记您清点的结果。")
                return redirect(write.location)
    rows = list(round_.paper_counts.select_related("by").order_by("pk"))
    context = {
        "session": session,
        "round": round_,
        "form": form,
        "own": own,
        "rows": rows if own or round_.closed_at else [],
        "others": len(rows) - (own is not None),
        "marked": round_.roll.filter(has_voted=True).count(),
        "fault": balloting.paper_fault(round_),
    }
    return render(request, "applications/ballot_count.html", context, status=status)


@require_safe
def ballot_paper(request, key, public_id):
    """选票 or 计票单 of one round as PDF."""
    session = _session(request, key)
    rounds = BallotRound.objects.filter(item__session=session).values_list("pk", flat=True)
    papers = Document.objects.filter(
        kind__in=PAPERS_OF_ROUND,
        subject_model=BallotRound._meta.label_lower,
        subject_id__in=[str(pk) for pk in rounds],
    )
    document = get_object_or_404(papers, public_id=public_id)
    try:
        return documents.serve(document, by=request.user, inline="inline" in request.GET)
    except documents.NotPrinted as pending:
        context = {"session": session, "document": document, "text": str(pending)}
        return render(request, "applications/ballot_paper_pending.html", context, status=202)


@require_safe
def ballot_secrecy(request):
    """docs/ballot.md, the part for experts."""
    text = (Path(settings.BASE_DIR) / "docs" / "ballot.md").read_text(encoding="utf-8")
    text = re.split(r"^## .*运行维护.*$", text, flags=re.MULTILINE)[0]
    return render(request, "applications/ballot_secrecy.html", {"text": text.partition("\n")[2]})
