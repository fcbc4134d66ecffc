"""Where does the letter of responsibility get its words? From the residency as it stood when it was issued."""

from park.models import Document
from workshops.documents import safety as sheet
from workshops.models import SafetyLetter


def build_letter(document: Document):
    row = SafetyLetter.objects.select_related("residency__studio").get(pk=document.subject_id)
    studio = row.residency.studio
    rooms = [str(o.room) for o in row.residency.occupancies.filter(until=None).select_related("room")]
    return sheet.safety_letter(
        {
            "studio_name": studio.name,
            "leader_name": studio.leader_name,
            "rooms": "、".join(rooms),
            "year": row.year,
        },
        print_label=f"第{document.version}版",
    )


KINDS = {"safety_letter": (build_letter, "安全责任书", "AZ")}
