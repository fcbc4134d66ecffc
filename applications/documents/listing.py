"""What do the papers of candidate list and resolution say [3.2.2][3.2.3]?"""

from applications.documents.statutory_form import annex1
from park.wording import OFFICE, REGULATION, chinese_date

GROUP = "镇江市技能大师产业创新园项目工作小组"


def candidate_list(data: dict, *, print_label: str = ""):
    """候选名单. Keys: number, title, places, note, ranking (the rule in words), compiled_on, rows [{rank, studio_name,
    leader_name, unit_name, occupation, application_number, votes, arithmetic, tie, place}]."""
    return "documents/candidate_list.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        "group": GROUP,
        **data,
        "compiled_on": chinese_date(data["compiled_on"]),
        "candidates": sum(row["place"] == "候选" for row in data["rows"]),
        "waiting": sum(row["place"] == "候补" for row in data["rows"]),
    }


def resolution(data: dict, *, print_label: str = ""):
    """审核认定意见. Keys: number (of the list), title, places, minutes_no, minutes_on, resolution, bodies [name],
    rows [{rank, studio_name, leader_name, unit_name, application_number, place, votes, decision, reason, own_unit,
    opinions [{body, stance, text, own_unit}]}]."""
    counts = {}
    for row in data["rows"]:
        counts[row["decision"]] = counts.get(row["decision"], 0) + 1
    return "documents/resolution.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        "group": GROUP,
        **data,
        "minutes_on": chinese_date(data["minutes_on"]),
        "counts": [f"{decision}{n}件" for decision, n in counts.items()],
        "own_rows": [row for row in data["rows"] if row["own_unit"]],
    }


def approved_form(form: dict, *, experts: str, office: str, print_label: str = ""):
    """入驻申报表（审批件): Annex 1 with boxes 10 to 12. `experts` is the panel's conclusion with its counts."""
    return annex1(
        form | {"opinion_experts": {"text": experts}, "opinion_office": {"text": office}},
        print_label=print_label,
    )
