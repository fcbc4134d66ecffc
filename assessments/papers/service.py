"""Which receipt belongs to a paper that is served, and how was it served?"""

from django.apps import apps
from django.utils import timezone

from assessments.documents import service as sheets
from assessments.models import ServiceOfProcess
from park import documents
from park.models import Document
from park.models.document import hold_numbers

RECEIPT = "service_receipt"


def subject_of(document: Document):
    """The record that a served paper is about; it knows its studio."""
    return apps.get_model(document.subject_model).objects.get(pk=document.subject_id)


def hold_papers(kind):
    """The numbers of the paper and of its receipt, before anything is written on the trail."""
    prefixes = (documents.KINDS[kind].prefix, documents.KINDS[RECEIPT].prefix)
    hold_numbers(prefixes, timezone.localdate().year)


def issue_with_receipt(kind, record, *, by, **more) -> Document:
    """The paper, and beside it the blank 送达回证 that names it."""
    hold_papers(kind)
    document = documents.issue(kind, record, by=by, **more)
    documents.issue(RECEIPT, document, by=by)
    return document


def with_receipts(papers) -> list[Document]:
    """Papers in their order, each followed by its receipt; two queries."""
    papers = list(papers)
    receipts = {row.subject_id: row for row in Document.objects.about_many(papers).filter(kind=RECEIPT)}
    return [row for paper in papers for row in (paper, receipts.get(str(paper.pk))) if row is not None]


def services_of(papers) -> dict[int, ServiceOfProcess]:
    """How each of the papers was served, by the paper's key."""
    rows = ServiceOfProcess.objects.filter(document__in=[paper.pk for paper in papers])
    return {row.document_id: row for row in rows.select_related("scan", "document")}


def build_receipt(document: Document):
    served = Document.objects.get(pk=document.subject_id)
    record = subject_of(served)
    return sheets.service_receipt(
        {
            "studio_name": record.studio.name,
            "leader_name": record.studio.leader_name,
            "title": served.title,
            "number": served.number,
            "case": str(record),
        },
        print_label=f"第{document.version}版",
    )


KINDS = {RECEIPT: (build_receipt, "送达回证", "SD")}
