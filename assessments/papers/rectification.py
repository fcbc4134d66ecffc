"""Where do the papers of a rectification get their words [5.4.4]? From the order as it stood when they were issued."""

from assessments.documents import rectification as sheets
from assessments.models import RectificationOrder, ServiceOfProcess
from park import documents, rules
from park.models import Document
from park.pictures import printable
from park.wording import contact

NOTICE, OPINION = "rectification_notice", "rectification_opinion"


def papers_of(order):
    """All papers of one order, newest first."""
    return Document.objects.about(order).filter(kind__in=KINDS)


def standing_notice(order) -> Document | None:
    """The 通知书 in force."""
    return documents.standing(order, NOTICE)


def service_of_notice(order) -> ServiceOfProcess | None:
    """How the notice was served; the first edition counts, an extension is only told."""
    rows = ServiceOfProcess.objects.filter(document__in=Document.objects.about(order).filter(kind=NOTICE))
    return rows.order_by("pk").first()


def ground_words(order) -> str:
    """Why, in the words that notice and page share."""
    if order.ground == order.Ground.FAILED_CARD:
        card = order.card
        return f"{card.year}年度绩效评估，基础分{_points(card.base)}分，总分{_points(card.total)}分，等次为不合格"
    return f"{order.falsification.card.year}年度绩效评估中经查实弄虚作假：{order.falsification.facts}"


def _points(value) -> str:
    return f"{value.normalize():f}" if value is not None else "—"


def data_of(order) -> dict:
    """The order as plain data."""
    report = order.report()
    answers = {row.item_id: row.done for row in report.answers.all()} if report else {}
    served = service_of_notice(order)
    return {
        "number": order.number,
        "studio_name": order.studio.name,
        "leader_name": order.studio.leader_name,
        "ground": order.get_ground_display(),
        "ground_words": ground_words(order),
        "note": order.note,
        "issued_on": order.issued_on,
        "months": order.months,
        "first_deadline": order.first_deadline,
        "deadline": order.deadline,
        "extended_why": order.extended_why,
        "items": [
            {
                "number": item.number,
                "clause": item.clause,
                "problem": item.problem,
                "demand": item.demand,
                "done": answers.get(item.pk, ""),
                "verdict": item.get_verdict_display() if item.verdict else "",
                "note": item.verdict_note,
            }
            for item in order.items.all()
        ],
        "is_served_on": served.served_on if served else None,
        "reported_at": report.made_at.date() if report else None,
        "is_late": bool(report and report.is_late),
        "rechecked_on": order.rechecked_on,
        "recheck_note": order.recheck_note,
        "passed": order.status == "passed",
    }


def _order(document) -> RectificationOrder:
    rows = RectificationOrder.objects.select_related(
        "residency__studio", "card__cycle", "falsification__card__cycle"
    )
    return rows.get(pk=document.subject_id)


def build_notice(document: Document):
    stops = rules.get("benefits_stop_on_rectification")
    data = data_of(_order(document)) | {"stops": stops, "contact": contact()}
    return sheets.rectification_notice(data, print_label=f"第{document.version}版")


def build_opinion(document: Document):
    order = _order(document)
    people = [order.rechecked_by, *order.recheckers.exclude(pk=order.rechecked_by_id).select_related("unit")]
    photos = order.photos.filter(removed_at=None).select_related("stored")
    data = data_of(order) | {
        "people": [
            {"name": str(u), "unit": u.unit.name if u.unit else "".join(u.role_labels[:1])} for u in people
        ],
        "photos": [{"src": printable(row.stored), "caption": row.caption} for row in photos],
    }
    return sheets.rectification_opinion(data, print_label=f"第{document.version}版")


KINDS = {
    NOTICE: (build_notice, "限期整改通知书", "ZG"),
    OPINION: (build_opinion, "限期整改复查意见", "ZF"),
}
