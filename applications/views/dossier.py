"""What do the panel and the working group read about one case [3.2.2]? The dossier: nothing but what was filed,
the initial review and the visit, without identity number and mobile."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from applications import papers
from applications.checklist import lines_for, place_lines
from applications.forms.reading import MASKED, read_sections
from applications.models import AgendaItem, SiteVisit, VisitStatus
from applications.papers.filing import evidence_label
from applications.permissions import audience_of, is_officer
from applications.views.case import dossier_files, visible
from park import audit
from park.models import Role


@require_safe
def dossier(request, key):
    """To the panel from the invitation until the case is settled, to the working group with the list. Each opening
    is on the trail of the case."""
    application = visible(request, key)
    audience = audience_of(request.user, application)
    if audience == "studio":
        return redirect(application)
    if audience == "office" and not is_officer(request.user, application):
        raise PermissionDenied("只有管理办公室可以查看。")
    submission = application.latest_submission()
    evidence, photos = dossier_files(application)
    files = list(evidence.select_related("stored"))
    context = {
        "application": application,
        "submission": submission,
        "sections": _sections(submission, files),
        "recommendation": submission.data.get("recommendation"),
        "evidence": {f.stored.key: evidence_label(f.section, f.purpose) for f in files},
        "review": _review(application),
        "visits": _visits(application, list(photos.select_related("stored")), submission),
        "papers": papers.papers_of(application, audience="panel"),
        "items": AgendaItem.objects.visible_to(request.user)
        .filter(application=application, is_open=True)
        .select_related("session"),
        "verdicts": _verdicts(request.user, application),
        "is_officer": audience == "office",
    }
    audit.record("open_dossier", application, by=request.user, clause="3.2.2")
    return render(request, "applications/dossier.html", context)


def _sections(submission, files):
    sections = read_sections(submission.data, files=files)
    for section in sections:
        section.fields = [field for field in section.fields if field.name not in MASKED]
    return sections


def _review(application):
    """The sheet of the initial review: its lines on the version that was decided, and the conclusion."""
    decision = getattr(application, "review_decision", None)
    if decision is None:
        return None
    found = {row.item: row for row in decision.submission.review_lines.all()}
    lines = [(line, found.get(line.item)) for line in lines_for(decision.submission.data)]
    return {"decision": decision, "lines": lines}


def _visits(application, photos, submission) -> list[dict]:
    rows = []
    visits = SiteVisit.objects.filter(application=application, status=VisitStatus.SETTLED)
    for visit in visits.prefetch_related("lines", "visitors__user").order_by("round"):
        found = {row.item: row for row in visit.lines.all()}
        lines = [
            {
                "line": line,
                "verdict": line.verdicts.get(found[line.item].verdict, ""),
                "row": found[line.item],
            }
            for line in place_lines(submission.data)
            if line.item in found
        ]
        shown = [photo for photo in photos if photo.visit_id == visit.pk]
        rows.append({"visit": visit, "lines": lines, "photos": shown})
    return rows


def _verdicts(user, application):
    """What the panel said and how it voted, in sums; to those who decide after the panel."""
    if not user.has_role(Role.WORKING_GROUP, Role.OFFICE, Role.LEAD_DIVISION):
        return []
    items = application.agenda_items.filter(is_open=False).exclude(rounds=None).select_related("session")
    return [
        (item, item.rounds.exclude(closed_at=None).order_by("number").last()) for item in items.distinct()
    ]
