"""Where does the agreement get its words? From what was frozen with it."""

from park.models import Document
from workshops.documents import agreement as sheet
from workshops.models import Agreement

KIND = "residency_agreement"


def said_by(agreement: Agreement) -> dict:
    """Everything the paper says, as plain data, as things stand now."""
    residency = agreement.residency
    studio = residency.studio
    rows = residency.occupancies.filter(until=None).select_related("room").order_by("room__number")
    rooms = [{"room": str(o.room), "floor": o.room.floor, "area": f"{o.room.area:.2f}"} for o in rows]
    is_first = agreement.kind == Agreement.Kind.FIRST
    return {
        "kind": agreement.kind,
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "unit_name": studio.unit_name,
        "source": residency.source,
        "admitted_on": f"{residency.admitted_on}",
        "rooms": rooms,
        "area": f"{sum(o.room.area for o in rows):.2f}",
        "no_room_reason": agreement.no_room_reason,
        "term_starts_on": f"{agreement.term_starts_on}",
        "term_ends_on": f"{agreement.term_ends_on}",
        "rent_free_from": f"{agreement.rent_free_from or ''}",
        "rent_free_until": f"{agreement.rent_free_until or ''}",
        "former_ends_on": "" if is_first else f"{residency.term_ends_on}",
        "ground": agreement.ground,
        "extra": agreement.extra,
    }


def build_agreement(document: Document):
    agreement = Agreement.objects.get(pk=document.subject_id)
    label = "草稿" if document.is_draft else f"第{document.version}版"
    return sheet.agreement(agreement.said, print_label=label)


KINDS = {KIND: (build_agreement, "入驻协议", "XY")}
