"""The records and files that prove a line, to those who verify and grade without reading the ledgers [A2]."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import LineEvidence, Scorecard, ScorecardLine
from assessments.views.card_lines import sees_points
from assessments.views.scorecard import reads_whole, visible
from park import attachments, audit
from park.models.attachment import FileKind
from park.validators import is_uuid
from workshops.kinds import KINDS
from workshops.models import LedgerRecord
from workshops.permissions import is_of_studio, is_office

GRADED = ("benefit", "paid_service")  # what the panel's item rests on


def records_shown(user, card):
    """The records of the card that this person may open: those that prove a line or were put beside one; to an expert
    only those of the items to be graded."""
    rows = LedgerRecord.objects.filter(studio=card.studio_id).standing()
    if is_office(user) or is_of_studio(user, card.studio):
        return rows
    lines = ScorecardLine.objects.filter(card=card)
    evidence = LineEvidence.objects.filter(card=card, removed_at=None, record__isnull=False)
    if not reads_whole(user, card):
        lines = lines.filter(item__kind="grade")
        evidence = evidence.filter(line__item__kind="grade")
    found = lines.values_list("finding", flat=True)
    keys = [proof["key"] for said in found for proof in said.get("proofs", []) if is_uuid(proof["key"])]
    return rows.filter(key__in=keys) | rows.filter(pk__in=evidence.values("record"))


def _record(request, card, record_key) -> LedgerRecord:
    rows = records_shown(request.user, card).select_related("studio", "verified_by")
    return get_object_or_404(rows, key=record_key)


def _card(request, key) -> Scorecard:
    return visible(request, key)


@require_safe
def card_record(request, key, record_key):
    """One record of the ledgers as proof: what it says, and its files. No names of a roster."""
    card = _card(request, key)
    record = _record(request, card, record_key)
    kind = KINDS.get(record.kind)
    if kind is None:
        raise Http404
    whole = reads_whole(request.user, card)
    context = {
        "card": card,
        "whole": whole,
        "record": record,
        "kind": kind,
        "shown": kind.shown(kind.load(record.data)),
        "files": record.files.filter(removed_at=None).select_related("stored"),
        "may_open_ledger": is_office(request.user) or is_of_studio(request.user, card.studio),
    }
    return render(request, "assessments/card_record.html", context)


@require_safe
def card_record_file(request, key, record_key, file_key):
    card = _card(request, key)
    record = _record(request, card, record_key)
    files = record.files.filter(removed_at=None).select_related("stored")
    row = get_object_or_404(files, stored__key=file_key)
    return _serve(request, row.stored, record)


@require_safe
def evidence_file(request, key, file_key):
    """A file beside a line: the studio's own always, pictures of the verifiers once the result is announced."""
    card = _card(request, key)
    rows = card.evidence.filter(removed_at=None).select_related("stored", "line__item")
    row = get_object_or_404(rows, stored__key=file_key)
    hidden = row.given_by == LineEvidence.Of.VERIFIER and not sees_points(request.user, card)
    if hidden or (row.line.item.kind != "grade" and not reads_whole(request.user, card)):
        raise Http404
    return _serve(request, row.stored, card)


def _serve(request, stored, subject):
    """A download and a document are on the trail, a picture within the page is not."""
    if stored.purged_at:
        raise Http404
    inline = "inline" in request.GET
    if not inline or stored.kind != FileKind.IMAGE:
        audit.record("download_file", subject, by=request.user, note=f"sha256 {stored.sha256}")
    return attachments.serve(stored, inline=inline)
