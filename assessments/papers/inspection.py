"""Where do the papers of an inspection get their words? From the inspection as it stood when the paper was issued."""

from django.utils import timezone

from assessments.documents import inspection as sheet
from assessments.models import Inspection
from park import documents
from park.models import Document
from park.pictures import printable
from park.wording import contact


def _inspection(document: Document) -> Inspection:
    rows = Inspection.objects.select_related("residency__studio", "plan")
    return rows.get(pk=document.subject_id)


def _heads(inspection) -> dict:
    studio = inspection.studio
    people = [row.user for row in inspection.inspectors.select_related("user__unit")]
    return {
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "occupation": studio.occupation,
        "unit_name": studio.unit_name,
        "plan": inspection.plan.title,
        "note": inspection.plan.note,
        "starts_on": inspection.plan.starts_on,
        "ends_on": inspection.plan.ends_on,
        "inspect_on": inspection.inspect_on,
        "inspectors": [
            {"name": str(u), "unit": u.unit.name if u.unit else "".join(u.role_labels[:1])} for u in people
        ],
        "contact": contact(),
    }


def build_notice(document: Document):
    inspection = _inspection(document)
    lines = [{"clause": row.clause, "text": row.text} for row in inspection.lines.all()]
    return sheet.inspection_notice(
        _heads(inspection) | {"lines": lines, "postponed_why": inspection.postponed_why},
        print_label=f"第{document.version}版",
    )


def record_data(inspection) -> dict:
    """What the record says, as plain data."""
    signed_on_paper = inspection.confirmation == Inspection.Confirmation.PAPER
    answered = inspection.confirmed_at is not None and not signed_on_paper
    return _heads(inspection) | {
        "lines": [
            {
                "clause": row.clause,
                "text": row.text,
                "verdict": row.get_verdict_display() if row.verdict else "",
                "note": row.note,
            }
            for row in inspection.lines.all()
        ],
        "summary": inspection.summary,
        "is_settled": inspection.confirmed_at is not None,
        "findings": [
            {
                "number": row.number,
                "clause": row.clause,
                "problem": row.problem,
                "severity": row.get_severity_display(),
                "fix_by": row.fix_by,
            }
            for row in inspection.findings.order_by("number")
        ],
        "answer": inspection.get_confirmation_display() if answered else "",
        "answered_at": timezone.localtime(inspection.confirmed_at) if answered else None,
        "studio_remark": inspection.studio_remark if answered else "",
    }


def record_hash(inspection) -> str:
    photos = inspection.photos.filter(removed_at=None).values_list("stored__sha256", flat=True)
    return documents.hash_of(record_data(inspection) | {"photos": list(photos)})


def inspection_sheet(inspection, *, print_label: str, with_photos=True):
    """(template, context) of the record as the inspection stands."""
    photos = inspection.photos.filter(removed_at=None).select_related("stored") if with_photos else []
    pictures = [{"src": printable(row.stored), "caption": row.caption} for row in photos]
    return sheet.inspection_sheet(record_data(inspection) | {"photos": pictures}, print_label=print_label)


def build_sheet(document: Document):
    return inspection_sheet(_inspection(document), print_label=f"第{document.version}版")


KINDS = {
    "inspection_notice": (build_notice, "定期检查通知", "JT"),
    "inspection_sheet": (build_sheet, "检查记录", "JC"),
}
