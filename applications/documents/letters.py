"""What do the letters on the result say [3.2.3]?"""

from park.wording import OFFICE, REGULATION, chinese_date, printed_clause


def letter_admitted(data: dict, *, print_label: str = ""):
    """入驻通知书. Keys: application_number, studio_name, leader_name, reason, respond_by, bring [text], contact."""
    return _letter("documents/letter_admitted.html", data, print_label)


def letter_not_admitted(data: dict, *, print_label: str = ""):
    """不予入驻告知书. Keys: application_number, studio_name, leader_name, stage, reason, clause, clause_text,
    may_apply_from (None: at any time), contact."""
    return _letter("documents/letter_not_admitted.html", data, print_label)


def letter_waitlisted(data: dict, *, print_label: str = ""):
    """候补通知书. Keys: application_number, studio_name, leader_name, reason, contact."""
    return _letter("documents/letter_waitlisted.html", data, print_label)


def letter_promoted(data: dict, *, print_label: str = ""):
    """候补递补通知书. Keys as of the 候补通知书."""
    return _letter("documents/letter_promoted.html", data, print_label)


def _letter(template, data, print_label):
    return template, {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "clause": printed_clause(data.get("clause", "")),
        "respond_by": chinese_date(data.get("respond_by")),
        "may_apply_from": chinese_date(data.get("may_apply_from")),
    }
