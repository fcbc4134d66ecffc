"""What does 到园签到表 say [A2.2]? One line per day of the month, a column for the hand."""

import calendar
from datetime import date

from park.wording import chinese_date
from workshops.presence import REQUIRED_DAYS, month_of

WEEKDAYS = "一二三四五六日"


def blank(studio, month: date) -> dict:
    """The data of an empty sheet to sign by hand."""
    return {
        "studio_name": studio.name,
        "leader_name": studio.leader_name,
        "month": f"{month:%Y-%m}",
        "days": [],
    }


def attendance_sheet(data: dict, *, print_label: str = ""):
    """到园签到表. Keys: studio_name, leader_name, month (`2026-03`), days [{day, who, means}]; of an issued sheet also
    quota, present, short (days) and issued_on."""
    year, number = map(int, data["month"].split("-"))
    first, last = month_of(date(year, number, 1))
    there = {}
    for row in data["days"]:
        there.setdefault(date.fromisoformat(row["day"]), []).append(row)
    days = [date(year, number, n) for n in range(1, calendar.monthrange(year, number)[1] + 1)]
    lines = [
        {
            "day": day.day,
            "weekday": WEEKDAYS[day.weekday()],
            "who": "、".join(row["who"] for row in there.get(day, [])),
            "means": "、".join(dict.fromkeys(row["means"] for row in there.get(day, []))),
        }
        for day in days
    ]
    half = (len(lines) + 1) // 2
    left, right = lines[:half], lines[half:]
    return "documents/attendance_sheet.html", {
        "print_label": print_label or "空白表",
        **data,
        "month_text": f"{year}年{number}月",
        "required": REQUIRED_DAYS,
        "pairs": [(row, right[n] if n < len(right) else None) for n, row in enumerate(left)],
        "issued_on": chinese_date(data.get("issued_on")),
        "span": f"{chinese_date(first)}至{chinese_date(last)}",
    }
