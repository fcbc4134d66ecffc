"""What do the letters and sheets of the initial review say [3.2.2]?"""

from park.wording import OFFICE, REGULATION, chinese_date, printed_clause


def receipt(data: dict, *, print_label: str = ""):
    """提交回执. Keys: application_number, studio_name, leader_name, submitted_at (aware datetime, local),
    digest, materials [{title, name, pages}], next_steps [text], contact."""
    return "documents/receipt.html", {"print_label": print_label, "office": OFFICE, **data}


def correction_notice(data: dict, *, print_label: str = ""):
    """一次性告知书 (补正). Keys: application_number, studio_name, leader_name, items [{section, missing}],
    working_days, due_on, legal_basis [text], remedy, contact."""
    return "documents/correction_notice.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "due_on": chinese_date(data.get("due_on")),
    }


def initial_review_sheet(data: dict, *, print_label: str = ""):
    """初审意见表: the checklist of [3.1]. Keys: application_number, studio_name, leader_name, occupation,
    unit_name, claimed, lines [{clause, text, verdict, note}], conclusion, opinion."""
    lines = [{**line, "clause": printed_clause(line["clause"])} for line in data.get("lines", [])]
    return "documents/initial_review.html", {"print_label": print_label, **data, "lines": lines}


def rejection_letter(data: dict, *, print_label: str = ""):
    """不予通过告知书. Keys: application_number, studio_name, leader_name, stage (材料初审 …), clause,
    clause_text, reason, remedy, contact."""
    return "documents/rejection_letter.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "clause": printed_clause(data.get("clause", "")),
    }
