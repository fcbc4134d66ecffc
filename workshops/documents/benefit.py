"""What do the papers of a benefit say [4]?"""

from park.money import rmb_capitals, yuan
from park.wording import OFFICE, REGULATION, chinese_date, printed_clause

GROUP = "镇江市技能大师产业创新园项目工作小组"


def _told(data: dict) -> dict:
    return {
        "office": OFFICE,
        "regulation": REGULATION,
        "group": GROUP,
        **data,
        "printed_clause": printed_clause(data["clause"]),
        "registered_on": chinese_date(data["registered_on"]),
    }


def benefit_application(data: dict, *, print_label: str = ""):
    """政策兑现申请表. Keys: number, studio_name, leader_name, occupation, unit_name, kind, form, clause, year, target,
    company, credit_code, registered_on, statement, proofs [name]."""
    return "documents/benefit_application.html", {"print_label": print_label, **_told(data)}


def benefit_decision(data: dict, *, print_label: str = ""):
    """政策兑现审核决定. The keys of the application, and opinion, policy, line, quantity, amount_fen, override_reason,
    rank, rank_basis, granted, by_group, decision_clause, decision_reason, minutes_no."""
    fen = data["amount_fen"]
    return "documents/benefit_decision.html", {
        "print_label": print_label,
        **_told(data),
        "yuan": yuan(fen) if fen else "",
        "capitals": rmb_capitals(fen) if fen else "",
        "printed_decision_clause": printed_clause(data["decision_clause"]),
    }
