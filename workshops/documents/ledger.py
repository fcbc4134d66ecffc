"""What do a printed ledger and a training roster say [A2.10][A2.11]?"""

from park.wording import OFFICE, REGULATION, chinese_date


def ledger_book(data: dict, *, print_label: str = ""):
    """工作过程台账, landscape. Keys: studio_name, leader_name, kind, year, items (as the annex counts), columns
    [label], rows [{number, days, title, cells, files, status}], made_on."""
    return "documents/ledger_book.html", _common(data, print_label)


def ledger_roster(data: dict, *, print_label: str = ""):
    """培训花名册, landscape. Keys: studio_name, leader_name, year, trainings [{number, title, days, mode, audience,
    teacher, status, rows [{n, name, unit, certificate, certificate_no, certified_on, level}]}], people, certified."""
    return "documents/ledger_roster.html", _common(data, print_label)


def _common(data, print_label):
    return {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "made_on": chinese_date(data.get("made_on")),
    }
