"""Which words do all papers share? Names, clauses and dates as they print."""

from datetime import date

from park import rules

OFFICE = "镇江市技能大师产业创新园管理办公室"
REGULATION = "《关于镇江市技能大师产业创新园建设管理的意见》（镇人社发〔2015〕104号）"
ORDINALS = "一二三四五六七八九"


def printed_clause(clause: str) -> str:
    """Our clause number as the regulation itself counts: `3.1.1a` → 第三部分（一）1（1）, `A1` → 附件1."""
    part, *rest = clause.strip("[]").split(".")
    if not part.isdigit():  # an annex: A1 → 附件1
        return f"附件{part[1:]}" if part[:1] == "A" and part[1:].isdigit() else clause
    printed = f"第{ORDINALS[int(part) - 1]}部分"
    if rest:
        printed += f"（{ORDINALS[int(rest[0]) - 1]}）"
    if rest[1:]:
        number = rest[1].rstrip("abc")
        printed += number + "".join(f"（{'abc'.index(sign) + 1}）" for sign in rest[1][len(number) :])
    return printed


def chinese_date(day) -> str:
    """2026年3月5日, from a date or its ISO text; what a draft holds instead is printed as typed."""
    try:
        day = date.fromisoformat(day[:10]) if isinstance(day, str) else day
        return f"{day.year}年{day.month}月{day.day}日" if day else ""
    except ValueError:
        return day


def chinese_month(month) -> str:
    """1975年1月, from `1975-01` or a date; what a draft holds instead is printed as typed."""
    year, _, number = str(month or "")[:7].partition("-")
    try:
        return f"{int(year)}年{int(number)}月"
    except ValueError:
        return str(month or "")


def contact() -> str:
    """Where, when and by which telephone the office is reached, as far as the park has said so."""
    values = rules.get_many(["office_place", "office_phone", "office_hours"])
    return "；".join(
        f"{label}：{values[key]}"
        for key, label in (
            ("office_place", "办理地点"),
            ("office_phone", "咨询电话"),
            ("office_hours", "办理时间"),
        )
        if values[key]
    )
