"""Where do the papers of a site visit get their words? From the visit as it stood when the paper was issued."""

from django.utils import timezone

from applications import documents as sheets
from applications.checklist import place_lines
from applications.models import SiteVisit, VisitStatus
from applications.papers.filing import CLAUSE_TEXTS, heads_of
from park import documents, rules
from park.models import Document
from park.pictures import printable
from park.wording import contact


def _visit(document: Document) -> SiteVisit:
    return SiteVisit.objects.select_related("application").get(pk=document.subject_id)


def _visit_heads(visit) -> dict:
    people = [row.user for row in visit.visitors.select_related("user__unit")]
    return heads_of(visit.application) | {
        "round": visit.round,
        "visit_on": visit.visit_on,
        "meet_at": visit.meet_at,
        "place": visit.place,
        "visitors": [
            {"name": str(u), "unit": u.unit.name if u.unit else "".join(u.role_labels[:1])} for u in people
        ],
    }


def build_visit_notice(document: Document):
    visit = _visit(document)
    return sheets.visit_notice(
        _visit_heads(visit)
        | {
            "preparation": visit.preparation,
            "postponed_from": visit.postponed_from if visit.postponed else None,
            "postponed_why": visit.postponed_why,
            "short_notice": visit.short_notice,
            "notice_days": rules.get("visit_notice_days"),
            "contact": contact(),
        },
        print_label=f"第{document.version}版",
    )


def record_data(visit) -> dict:
    """What the sheet says, as plain data; without outcome and answers while they are not there yet."""
    submission = visit.application.latest_submission()
    found = {row.item: row for row in visit.lines.all()}
    lines = [(line, found.get(line.item)) for line in place_lines(submission.data)]
    answered = visit.status == VisitStatus.SETTLED and visit.confirmation != SiteVisit.Confirmation.PAPER
    return _visit_heads(visit) | {
        "submission": submission.number,
        "lines": [
            {
                "clause": line.clause,
                "text": line.text,
                "verdict": line.verdicts.get(row.verdict, "") if row else "",
                "note": row.note if row else "",
            }
            for line, row in lines
        ],
        "findings": visit.findings,
        "outcome": visit.get_outcome_display() if visit.outcome else "",
        "reason": visit.reason,
        "answer": visit.get_confirmation_display() if answered else "",
        "answered_at": timezone.localtime(visit.confirmed_at) if answered else None,
        "studio_remark": visit.studio_remark if answered else "",
    }


def record_hash(visit) -> str:
    photos = visit.photos.filter(removed_at=None).values_list("stored__sha256", flat=True)
    return documents.hash_of(record_data(visit) | {"photos": list(photos)})


def visit_sheet(visit, *, print_label: str, with_photos=True):
    """(template, context) of the record sheet as the visit stands."""
    photos = visit.photos.filter(removed_at=None).select_related("stored") if with_photos else []
    pictures = [{"src": printable(photo.stored), "caption": photo.caption} for photo in photos]
    return sheets.visit_sheet(record_data(visit) | {"photos": pictures}, print_label=print_label)


def build_visit_sheet(document: Document):
    return visit_sheet(_visit(document), print_label=f"第{document.version}版")


def build_visit_rejection(document: Document):
    visit = _visit(document)
    return sheets.rejection_letter(
        heads_of(visit.application)
        | {
            "stage": "现场考察",
            "clause": visit.refusal_clause,
            "clause_text": CLAUSE_TEXTS.get(visit.refusal_clause, ""),
            "reason": visit.refusal_reason,
            "remedy": "具备条件后可以重新申报；对本告知有疑问的，可向管理办公室咨询。",
            "contact": contact(),
        },
        print_label=f"第{visit.application.latest_submission().number}版",
    )


KINDS = {
    "visit_notice": (build_visit_notice, "现场考察通知", "KT"),
    "visit_sheet": (build_visit_sheet, "现场考察记录表", "KJ"),
    "visit_rejection": (build_visit_rejection, "现场考察不予通过告知书", "KB"),
}
STUDIO_KINDS = ["visit_notice", "visit_sheet", "visit_rejection"]
