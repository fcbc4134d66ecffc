"""What do the papers of a ballot say [3.2.2]? Slip, count sheet, minutes of the session."""

from park.wording import OFFICE, REGULATION, chinese_date


def ballot_slip(data: dict, *, print_label: str = "", copies: int = 1):
    """选票: one page, printed once per voter. Keys: session_title, session_number, meets_on, item, round,
    application_number, studio_name, leader_name, occupation. The pages are the same in everything, so that no slip
    can be told from another."""
    return "documents/ballot_slip.html", {
        "print_label": print_label,
        "copies": copies,
        "office": OFFICE,
        **data,
        "meets_on": chinese_date(data.get("meets_on")),
    }


def count_sheet(data: dict, *, print_label: str = ""):
    """计票单. Keys: those of the slip, voting, means, seats, present, recused, eligible, voted, approve, oppose,
    abstain, invalid, outcome, arithmetic, opened_at, closed_at, counters [name] (who counted paper slips)."""
    return "documents/count_sheet.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "meets_on": chinese_date(data.get("meets_on")),
    }


def panel_minutes(data: dict, *, print_label: str = ""):
    """评议纪要. Keys: title, number, meets_on, place, began_at, ended_at, seats_wanted, clerk, seats [{name, unit,
    title, chair, attended}], rules [{label, value}], items [{order, number, studio, leader, occupation, unit, presided,
    recused [{name, basis}], opinion, agreed [name], rounds [{number, counts, arithmetic, outcome}], open}]."""
    return "documents/panel_minutes.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "meets_on": chinese_date(data.get("meets_on")),
    }
