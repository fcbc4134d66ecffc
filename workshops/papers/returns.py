"""Where does the printed return get its words? From the return as it was accepted; its figures are frozen then."""

from django.utils import timezone

from park import documents
from park.models import Document
from park.wording import chinese_date
from workshops.documents import returns as papers
from workshops.forms.returns import shown
from workshops.models import StatisticalReturn


def standing_paper(row) -> Document | None:
    """The printed return that is in force."""
    return documents.standing(row, "statistical_return")


def data_of(row) -> dict:
    """What the paper says, as plain data."""
    studio = row.residency.studio
    values = row.values.select_related("figure")
    return {
        "title": row.definition.title,
        "period": row.period_label,
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "occupation": studio.occupation,
        "unit_name": studio.unit_name,
        "district": studio.district.label if studio.district else "",
        "guidance": row.definition.guidance,
        "definition_version": row.definition.version,
        "deadline": chinese_date(row.deadline),
        "submitted_on": chinese_date(timezone.localdate(row.first_submitted_at)),
        "accepted_on": chinese_date(timezone.localdate(row.accepted_at)) if row.accepted_at else "",
        "is_late": row.is_late,
        "rows": [
            {
                "label": value.figure.label,
                "unit": value.figure.unit,
                "known": shown(value.known, value.figure.kind),
                "value": shown(value.value, value.figure.kind),
                "reason": value.reason if value.known is not None and value.value != value.known else "",
            }
            for value in values
        ],
        "note": row.note,
    }


def content_hash(row) -> str:
    return documents.hash_of(data_of(row))


def build(document: Document):
    rows = StatisticalReturn.objects.select_related("residency__studio__district", "definition")
    return papers.statistical_return(
        data_of(rows.get(pk=document.subject_id)), print_label=f"第{document.version}版"
    )


KINDS = {"statistical_return": (build, "统计报表", "TJ")}
