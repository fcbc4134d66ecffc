"""What do the 限期整改通知书 and the 复查意见 say [5.4.4]?"""

from assessments.documents.inspection import short_clause
from park.wording import OFFICE, REGULATION, chinese_date


def _told(data: dict) -> dict:
    days = ("issued_on", "first_deadline", "deadline", "reported_at", "rechecked_on")
    return {
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        **{day: chinese_date(data[day]) for day in days},
        "items": [{**row, "clause": short_clause(row["clause"])} for row in data["items"]],
    }


def rectification_notice(data: dict, *, print_label: str = ""):
    """限期整改通知书. Keys: studio_name, ground_words, note, issued_on, months, first_deadline, deadline, extended_why,
    items [{number, clause, problem, demand}], stops (benefits pause), contact."""
    return "documents/rectification_notice.html", {"print_label": print_label, **_told(data)}


def rectification_opinion(data: dict, *, print_label: str = ""):
    """限期整改复查意见. The keys of the notice; of items also done, verdict, note; reported_at (None: no report), is_late,
    rechecked_on, recheck_note, passed, people [{name, unit}], photos [{src, caption}]."""
    return "documents/rectification_opinion.html", {"print_label": print_label, **_told(data)}
