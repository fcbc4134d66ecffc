"""What do the notice and the record sheet of a site visit say [3.2.2]?"""

from park.templatetags.ui import clause_name
from park.wording import OFFICE, REGULATION, chinese_date, printed_clause

LONGEST_CELL = 420  # characters of the findings that still fit the sheet; longer ones go to 附页
MOST_LINES = 12


def _times(data: dict) -> dict:
    return {
        "visit_on": chinese_date(data.get("visit_on")),
        "meet_at": f"{data['meet_at']:%H:%M}" if data.get("meet_at") else "",
    }


def visit_notice(data: dict, *, print_label: str = ""):
    """现场考察通知. Keys: application_number, studio_name, leader_name, round, visit_on, meet_at, place,
    visitors [{name, unit}], preparation, postponed_from, postponed_why, short_notice, notice_days, contact."""
    return "documents/visit_notice.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        **_times(data),
        "postponed_from": chinese_date(data.get("postponed_from")),
    }


def visit_sheet(data: dict, *, print_label: str = ""):
    """现场考察记录表. Keys: the heads of the notice, occupation, unit_name, submission (number), lines [{clause,
    text, verdict, note}], findings, outcome, reason, answer, answered_at, studio_remark, photos [{src, caption}].

    Findings that would not fit their cell are printed on a sheet of their own; photos come last, small.
    """
    findings = data.get("findings", "")
    is_long = len(findings) > LONGEST_CELL or findings.count("\n") >= MOST_LINES
    answered = data.get("answered_at")
    return "documents/visit_sheet.html", {
        "print_label": print_label,
        **data,
        **_times(data),
        "lines": [{**line, "clause": _short_clause(line["clause"])} for line in data.get("lines", [])],
        "findings_apart": findings if is_long else "",
        "findings": "详见附页" if is_long else findings,
        "answered_on": f"{chinese_date(answered.date())}" if answered else "",
    }


def _short_clause(clause: str) -> str:
    """As the regulation counts, short enough for a narrow column: 附件2第4项, 第三部分（一）2."""
    return clause_name(clause) if clause.startswith("A2.") else printed_clause(clause)
