"""What do the 取消资格告知书 and the 取消资格决定书 say [5.4]?"""

from park.wording import OFFICE, REGULATION, chinese_date, printed_clause

GROUP = "镇江市技能大师产业创新园项目工作小组"


def _told(data: dict) -> dict:
    return {
        "office": OFFICE,
        "regulation": REGULATION,
        "group": GROUP,
        **data,
        "clause": printed_clause(data["clause"]),
        "notice_served_on": chinese_date(data["notice_served_on"]),
        "defence_on": chinese_date(data["defence_on"]),
        "minutes_on": chinese_date(data["minutes_on"]),
    }


def revocation_notice(data: dict, *, print_label: str = ""):
    """取消资格告知书. Keys: studio_name, leader_name, clause, ground, fact_lines [(what, words)], facts, days, contact."""
    return "documents/revocation_notice.html", {"print_label": print_label, **_told(data)}


def revocation_decision(data: dict, *, print_label: str = ""):
    """取消资格决定书. The keys of the notice without days; defence ("none" where there was none), defence_on, defence_text,
    defence_answer, notice_served_on, decision_reason, minutes_no, minutes_on, vacate_days, remedy, bar_years."""
    return "documents/revocation_decision.html", {"print_label": print_label, **_told(data)}
