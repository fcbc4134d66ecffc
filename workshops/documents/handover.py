"""What does the 房间交接单 say [5.3]?"""

from park.wording import OFFICE, chinese_date


def handover(data: dict, *, print_label: str = ""):
    """房间交接单. Keys: kind (in, out), title, studio_name, leader_name, room, floor, area, day, items [{label, unit,
    expected, quantity, condition, note, difference}], remark, studio_remark."""
    return "documents/handover_sheet.html", {
        "print_label": print_label,
        "office": OFFICE,
        **data,
        "day": chinese_date(data["day"]),
        "has_differences": any(row["difference"] for row in data["items"]),
    }
