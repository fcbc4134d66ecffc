"""What do the papers of a change of leader say [5.4.2]?"""

from park.wording import OFFICE, REGULATION, chinese_date, printed_clause

GROUP = "镇江市技能大师产业创新园项目工作小组"


def _told(data: dict) -> dict:
    return {
        "office": OFFICE,
        "regulation": REGULATION,
        "group": GROUP,
        **data,
        "left_on": chinese_date(data["left_on"]),
        "window_ends_on": chinese_date(data["window_ends_on"]),
        "grounds": [{**ground, "clause": printed_clause(ground["clause"])} for ground in data["grounds"]],
    }


def leader_change_application(data: dict, *, print_label: str = ""):
    """领衔人变更申请表. Keys: studio_name, leaving, reason_kind, reason, left_on, window_ends_on, round, name, is_member,
    birth_year, occupation, skill_level, unit_name, honours, achievements, grounds [{clause, text, statement, proof}]."""
    return "documents/leader_change_application.html", {"print_label": print_label, **_told(data)}


def leader_change_decision(data: dict, *, print_label: str = ""):
    """领衔人变更审核意见. The keys of the application, and of grounds verdict and verdict_reason; opinion, outcome,
    outcome_reason, minutes_no, minutes_on, effective_on."""
    return "documents/leader_change_decision.html", {
        "print_label": print_label,
        **_told(data),
        "minutes_on": chinese_date(data["minutes_on"]),
        "effective_on": chinese_date(data["effective_on"]),
    }
