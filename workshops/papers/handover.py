"""Where does the 交接单 get its words? From the list as the park confirmed it."""

from park import documents
from park.models import Document
from workshops.documents import handover as sheet
from workshops.models import Handover

KIND = "handover_sheet"


def standing_paper(handover) -> Document | None:
    """The sheet that is in force for this hand-over."""
    return documents.standing(handover, KIND)


def data_of(handover) -> dict:
    """What the sheet says, as plain data."""
    occupancy = handover.occupancy
    studio, room = occupancy.residency.studio, occupancy.room
    return {
        "kind": handover.kind,
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "room": str(room),
        "floor": room.floor,
        "area": f"{room.area:.2f}",
        "day": f"{handover.day}",
        "remark": handover.remark,
        "items": [
            {
                "label": item.label,
                "unit": item.unit,
                "expected": plain(item.expected),
                "quantity": plain(item.quantity),
                "condition": item.get_condition_display() if not item.is_reading else "",
                "note": item.note,
                "difference": item.difference,
            }
            for item in handover.items.all()
        ],
    }


def plain(number) -> str:
    """12, 7.5: no needless zeros; "" for none."""
    return "" if number is None else f"{number:f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def build_handover(document: Document):
    rows = Handover.objects.select_related("occupancy__room", "occupancy__residency__studio")
    return sheet.handover(data_of(rows.get(pk=document.subject_id)), print_label=f"第{document.version}版")


KINDS = {KIND: (build_handover, "房间交接单", "JJ")}
