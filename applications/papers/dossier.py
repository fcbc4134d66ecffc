"""What belongs to the whole file of a case (案卷), in order of the road, and what is said of each piece?

Papers with their stored bytes, the attachments of the filed versions, pictures and signed scans. Not in it: what is
kept from the office itself (an expert's notes, slips of a secret ballot) and who objected to a 公示, which is kept
from the studio and has its own file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from applications.documents.dossier import dossier_index
from applications.models import BallotRound, Status, SubmissionFile, VisitPhoto
from applications.models.application import ON_THE_ROAD
from applications.papers import CONCEPTS, KINDS, ballot, filing, letters, listing, panel, papers_of, visit
from applications.papers.filing import evidence_label
from park import attachments, documents, pdf, rules
from park.inspection import CONTENT_TYPES
from park.models.document import Document, DocumentState

OFFICE = "管理办公室"
ENDINGS = {content_type: ending for ending, content_type in CONTENT_TYPES.items()}
ROAD = ("申报材料", "材料初审", "现场考察", "集中评议", "投票表决", "审核认定", "公示与确定入驻")
STAGE_OF_CONCEPT = {filing: 1, visit: 2, panel: 3, ballot: 4, listing: 5, letters: 6}
FIRST_STAGE = ("annex1", "receipt")  # of the papers of filing: what the studio handed in
OF_THE_STUDIO = ("annex1",)


class Unreadable(Exception):
    """The bytes of a piece cannot be had; the message is one plain sentence."""


@dataclass
class Piece:
    """One line of the index and, where it can be read, one file."""

    stage: int  # in ROAD
    at: object  # the moment that orders it within its stage
    title: str
    number: str
    responsible: str
    on: date
    name: str  # for the file name: no person, no ending
    ending: str
    pages: int | None
    read: Callable[[], bytes]
    note: str = ""
    is_paper: bool = False  # papers stand before the files of their stage
    order: int = 0
    page: int | None = None  # the first in the printed volume

    @property
    def file_name(self) -> str:
        return f"{self.order:02d}-{self.name}.{self.ending}"


def pieces_of(application) -> list[Piece]:
    """Everything in the file of one case, numbered from 1."""
    found = [*_papers(application), *_attachments(application), *_pictures(application), *_scans(application)]
    found.sort(key=lambda piece: (piece.stage, not piece.is_paper, piece.at))
    for order, piece in enumerate(found, 1):
        piece.order = order
    return found


def _stage_of(kind: str) -> int:
    if kind.startswith(FIRST_STAGE):
        return 0
    return next((STAGE_OF_CONCEPT.get(concept, 6) for concept in CONCEPTS if kind in concept.KINDS), 6)


def _papers(application):
    ended = {DocumentState.SUPERSEDED: "已被新版本取代", DocumentState.WITHDRAWN: "已撤回"}
    for document in papers_of(application, for_studio=False).order_by("pk"):
        kind = KINDS[document.kind][1]
        version = f"（第{document.version}版）" if document.version > 1 or document.kind == "annex1" else ""
        number = document.number or f"草稿{document.check_code}"
        yield Piece(
            stage=_stage_of(document.kind),
            at=document.created_at,
            title=f"{kind}{version}",
            number=document.number,
            responsible=application.studio_name if document.kind in OF_THE_STUDIO else OFFICE,
            on=timezone.localdate(document.created_at),
            name=f"{kind}-{number}-v{document.version}",
            ending="pdf",
            pages=document.pages or None,
            read=_reader_of_paper(document),
            note=ended.get(document.state, ""),
            is_paper=True,
        )


def _reader_of_paper(document):
    def read() -> bytes:
        try:
            return documents.read(document)
        except documents.NotPrinted:
            if document.state in (DocumentState.SUPERSEDED, DocumentState.WITHDRAWN):
                raise Unreadable("未生成文件即已失效") from None
            raise Unreadable("文件没有生成或已损坏") from None

    return read


def _attachments(application):
    """Each uploaded file once, with the versions it belonged to."""
    rows = SubmissionFile.objects.filter(submission__application=application).select_related(
        "stored", "submission"
    )
    by_file = {}
    for row in rows.order_by("submission__number", "section", "purpose", "pk"):
        by_file.setdefault(row.stored_id, []).append(row)
    for same in by_file.values():
        first = same[0]
        versions = "、".join(str(n) for n in dict.fromkeys(row.submission.number for row in same))
        label = evidence_label(first.section, first.purpose)
        yield _file(
            first.stored,
            0,
            first.submission.submitted_at,
            label,
            application.studio_name,
            f"第{versions}版附件",
        )


def _pictures(application):
    rows = VisitPhoto.objects.filter(visit__application=application, removed_at=None)
    for n, row in enumerate(rows.select_related("stored", "visit").order_by("visit__round", "pk"), 1):
        title = f"第{row.visit.round}次现场考察照片 {n}"
        yield _file(row.stored, 2, row.added_at, title, OFFICE)


def _scans(application):
    """Sheets that were signed on paper."""
    for visit_ in application.visits.exclude(signed_sheet=None).select_related("signed_sheet"):
        title = f"第{visit_.round}次现场考察记录表（签字扫描件）"
        yield _file(visit_.signed_sheet, 2, visit_.signed_sheet.uploaded_at, title, OFFICE)
    rounds = BallotRound.objects.filter(item__application=application).exclude(count_sheet=None)
    for round_ in rounds.select_related("count_sheet"):
        title = f"第{round_.number}轮计票单（签字扫描件）"
        yield _file(round_.count_sheet, 4, round_.count_sheet.uploaded_at, title, "专家评议会")


def _file(stored, stage, at, title, responsible, note="") -> Piece:
    def read() -> bytes:
        if stored.purged_at:
            raise Unreadable("内容已按规定清除")
        try:
            return attachments.content_of(stored)
        except (ValueError, FileNotFoundError):
            raise Unreadable("存档文件缺失或与登记不符") from None

    return Piece(
        stage=stage,
        at=at,
        title=title,
        number="",
        responsible=responsible,
        on=timezone.localdate(stored.uploaded_at),
        name=f"附件-{title.replace(' ', '-').replace('/', '、')}",
        ending=ENDINGS[stored.content_type],
        pages=stored.pages or (1 if stored.kind == "image" else None),
        read=read,
        note=note,
    )


def retention_of(application) -> str:
    """How long the file is kept (保管期限): by how the case ended, a setting of the park."""
    if application.status in ON_THE_ROAD:
        return "办结后确定"
    key = "retention_admitted" if application.status == Status.ADMITTED else "retention_not_admitted"
    return rules.REGISTRY[key].show(rules.get(key))


def facts_of(application) -> dict:
    """What the index and the metadata say of the file as a whole."""
    return {
        "application_number": application.number,
        "studio_name": application.studio_name,
        "unit_name": application.unit_name,
        "occupation": application.occupation,
        "stage": application.get_status_display(),
        "year": timezone.localtime(application.submitted_at).year,
        "retention": retention_of(application),
    }


def index_pdf(application, pieces, faults: dict, *, numbered_pages: bool) -> bytes:
    """The index as PDF. `faults` is order → why there is no file. It is no paper of its own: each export makes its
    index anew, and the hashes of the manifest hold it to the files beside it. Raises park.pdf.RenderFailed."""
    lines = [
        {
            "order": piece.order,
            "number": piece.number,
            "responsible": piece.responsible,
            "title": piece.title,
            "on": piece.on,
            "pages": piece.pages,
            "page": piece.page,
            "note": "；".join(filter(None, [piece.note, faults.get(piece.order, "")])),
        }
        for piece in pieces
    ]
    data = facts_of(application) | {
        "lines": lines,
        "missing": len(faults),
        "numbered_pages": numbered_pages,
    }
    label = f"{timezone.localtime():%Y-%m-%d %H:%M} 编制"
    template, context = dossier_index(data, print_label=label)
    unsaved = Document(title="案卷目录", number=application.number)
    return pdf.render_pdf(documents.page_html(template, context, unsaved))
