"""What does a printed statistical return say [5.3]?"""

from park.wording import OFFICE


def statistical_return(data: dict, *, print_label: str = ""):
    """统计报表 of one studio and one period. Keys: title, period, studio_name, leader_name, occupation, unit_name,
    district, guidance, deadline, submitted_on, accepted_on, is_late, rows [{label, unit, known, value, reason}], note."""
    return "documents/statistical_return.html", {
        "print_label": print_label,
        "office": OFFICE,
        **data,
    }
