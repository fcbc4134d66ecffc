"""What do the notice and the record of a regular inspection say [5.2]?"""

from park.templatetags.ui import clause_name
from park.wording import OFFICE, REGULATION, chinese_date, printed_clause


def inspection_notice(data: dict, *, print_label: str = ""):
    """定期检查通知. Keys: studio_name, leader_name, plan, inspect_on, inspectors [{name, unit}], note, lines [{clause,
    text}], contact."""
    return "documents/inspection_notice.html", _context(data, print_label)


def inspection_sheet(data: dict, *, print_label: str = ""):
    """检查记录. Keys: those of the notice, occupation, unit_name, starts_on, ends_on, summary, lines also {verdict,
    note}, findings [{number, clause, problem, severity, fix_by}], is_settled (the studio answered in
    some way), answer, answered_at, studio_remark, photos [{src,
    caption}]. Boxes for signatures stay empty."""
    context = _context(data, print_label)
    context["findings"] = [
        {**row, "clause": short_clause(row["clause"]), "fix_by": chinese_date(row["fix_by"])}
        for row in data.get("findings", [])
    ]
    answered = data.get("answered_at")
    return "documents/inspection_sheet.html", context | {
        "starts_on": chinese_date(data.get("starts_on")),
        "ends_on": chinese_date(data.get("ends_on")),
        "answered_on": chinese_date(answered.date()) if answered else "",
    }


def _context(data, print_label) -> dict:
    return {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "inspect_on": chinese_date(data.get("inspect_on")),
        "lines": [{**line, "clause": short_clause(line["clause"])} for line in data.get("lines", [])],
    }


def short_clause(clause: str) -> str:
    """As the regulation counts, short enough for a narrow column: 附件2第4项, 第五部分（三）."""
    return clause_name(clause) if clause.startswith("A2.") else printed_clause(clause)
