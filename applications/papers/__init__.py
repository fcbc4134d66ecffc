"""Which papers are there, and which of them belong to a case? Builders stand in one file per concept."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from applications.models import (
    AgendaItem,
    BallotRound,
    CandidateList,
    Conflict,
    Correction,
    Letter,
    ListEntry,
    PanelSession,
    ReviewDecision,
    SiteVisit,
    StampCopy,
    Submission,
)
from applications.papers import ballot, filing, letters, listing, panel, visit
from park import documents
from park.models import Document

# How a paper's subject leads to its case.
SUBJECTS = {
    Submission: "application",
    StampCopy: "application",
    Correction: "application",
    ReviewDecision: "application",
    SiteVisit: "application",
    PanelSession: "agenda__application",
    AgendaItem: "application",
    Conflict: "item__application",
    BallotRound: "item__application",
    CandidateList: "entries__application",
    ListEntry: "application",
    Letter: "application",
}
CONCEPTS = (filing, visit, panel, ballot, listing, letters)
# kind -> (builder, title, prefix of its numbers), and which kinds the studio sees
KINDS = {kind: row for concept in CONCEPTS for kind, row in concept.KINDS.items()}
STUDIO_KINDS = [kind for concept in CONCEPTS for kind in concept.STUDIO_KINDS]
# What goes with the dossier of a case; not the printed form, which has the identity number and the mobile.
PANEL_KINDS = ["review_opinion", "visit_sheet"]


def register():
    """Called once, in `AppConfig.ready`."""
    for code, (builder, title, prefix) in KINDS.items():
        documents.register(code, builder, title=title, prefix=prefix)


def papers_of(application, *, audience: str = "", for_studio: bool | None = None):
    """The papers of one case, newest first, for one `audience` (permissions.audience_of): studio, office (all but
    the copies for the stamp) or panel (those of the dossier). `for_studio` says it for the first two."""
    if not audience:
        audience = {True: "studio", False: "office"}[for_studio]
    about = Q()
    for model, path in SUBJECTS.items():
        keys = model.objects.filter(**{path: application}).annotate(text=Cast("pk", CharField())).order_by()
        about |= Q(subject_model=model._meta.label_lower, subject_id__in=keys.values("text"))
    papers = Document.objects.filter(about, kind__in=KINDS)
    if audience == "panel":
        return papers.filter(kind__in=PANEL_KINDS, state__in=["pending", "issued", "failed"])
    if audience == "office":
        return papers.exclude(kind="annex1_stamp")
    papers = papers.filter(kind__in=STUDIO_KINDS)
    told = (
        application.result_told_at and not application.letters.filter(sent_at=None, dropped_at=None).exists()
    )
    return papers if told else papers.exclude(kind__in=listing.AFTER_LETTER)
