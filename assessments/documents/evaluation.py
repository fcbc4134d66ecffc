"""What do the papers of the yearly evaluation say [5.2][A2]?

The form itself holds what the regulation printed and the points, nothing else; all else stands on 附页.
"""

import re
from decimal import Decimal
from itertools import groupby

from park.points import shown
from park.templatetags.ui import clause_name
from park.wording import OFFICE, ORDINALS, REGULATION, chinese_date

LONG_NAME = 19  # characters in the line beside 工作室名称 at 12 points
LONG_LEADER = 6
MOST_ROWS = 8  # that one merged cell spans: what is kept whole has to fit on a page
SUMS = ("base", "bonus", "total")


# ── 考核评分表 [A2] ─────────────────────────────────────────────────────────────────────────────
def scorecard(data: dict, *, print_label: str = ""):
    """考核评估细则 as printed, with points or without, and its 附页.

    Keys: stage ("blank", "self" or "final"), title, legal_basis, year, studio_name, leader_name, items [{number, category,
    content, max, rule, points, is_bonus}] in printed order, base, bonus, total (None: nothing stands there), terms
    [(label, words)]; of a filled one also remarks [{title, text}], lines [{number, is_bonus, content, max, proposed,
    claimed, points, basis, words [(label, words)]}], settings [{label, clause, value}], verifiers [{name, unit}].
    """
    blank = data["stage"] == "blank"
    sheets = _Sheets()
    context = {
        **data,
        "print_label": print_label,
        "office": OFFICE,
        "annex": _annex(data["legal_basis"]),
        "small_name": len(data["studio_name"]) > LONG_NAME,
        "small_leader": len(data["leader_name"]) > LONG_LEADER,
        "groups": _in_parts(_groups(data["items"])),
        "base": "" if blank else shown(data["base"]),
        "bonus": "" if blank else shown(data["bonus"]),
        "total": "" if blank else shown(data["total"]),
        "base_max": shown(_maximum(data["items"], False)),
        "bonus_max": shown(_maximum(data["items"], True)),
        "total_max": shown(sum(item["max"] for item in data["items"])),
        "signing": sheets.next("自评情况与签署" if data["stage"] == "self" else "考核结果与签署"),
    }
    if not blank:
        context["lines"] = [
            line | {key: shown(line[key]) for key in ("max", "proposed", "claimed", "points")}
            for line in data["lines"]
        ]
        context["remarks"] = [row | {"paragraphs": paragraphs(row["text"])} for row in data["remarks"]]
        context["detail"] = sheets.next("各项得分")
        context["grounds"] = sheets.next("各项得分的依据")
        context["decided"] = sheets.next("本园设定")
        context["settings"] = [row | {"clause": clause_name(row["clause"])} for row in data["settings"]]
    return "documents/scorecard.html", context


class _Sheets:
    """附页一 … in their order [A10]."""

    def __init__(self):
        self.count = 0

    def next(self, title) -> dict:
        self.count += 1
        return {"label": f"附页{ORDINALS[self.count - 1]}", "title": title}


def _annex(legal_basis) -> str:
    """附件2, where the basis names an annex."""
    found = re.search(r"附件\d*", legal_basis)
    return found[0] if found else ""


def _maximum(items, is_bonus) -> Decimal:
    return sum((item["max"] for item in items if item["is_bonus"] == is_bonus), Decimal(0))


def _groups(items) -> list[dict]:
    """The merged cells of the first column, 基础建设42分, each with its rows; 基础分 and 附加分 close their part."""
    groups = []
    for (is_bonus, category), rows in groupby(items, key=lambda item: (item["is_bonus"], item["category"])):
        rows = list(rows)
        groups.append(
            {
                "category": category,
                "sum": shown(sum(row["max"] for row in rows)),
                "is_bonus": is_bonus,
                "rows": [row | {"max": shown(row["max"]), "points": shown(row["points"])} for row in rows],
            }
        )
    for group, after in zip(groups, [*groups[1:], None], strict=True):
        group["closes"] = after is None or after["is_bonus"] != group["is_bonus"]
    return groups


def _in_parts(groups) -> list[dict]:
    """A merged cell of very many rows is printed as several, for one that breaks over a page loses its border."""
    parts = []
    for group in groups:
        rows = group["rows"]
        for start in range(0, len(rows), MOST_ROWS):
            is_last = start + MOST_ROWS >= len(rows)
            part = {"rows": rows[start : start + MOST_ROWS], "goes_on": start > 0}
            parts.append(group | part | {"closes": group["closes"] and is_last})
    return parts


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# ── 考核结果通知 ────────────────────────────────────────────────────────────────────────────────
def result_notice(data: dict, *, print_label: str = ""):
    """To the studio. Keys: is_final, year, studio_name, leader_name, since, until, base, bonus, total, base_max, bonus_max,
    total_max, grade, grade_basis, is_failing, is_falsified, ask_until and ask_days (where a 复核 may be asked for), reconsidered
    (None or {outcome, reply}), contact."""
    reconsidered = data["reconsidered"]
    return "documents/result_notice.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        **{key: shown(data[key]) for key in (*SUMS, *(f"{key}_max" for key in SUMS))},
        "since": chinese_date(data["since"]),
        "until": chinese_date(data["until"]),
        "ask_until": chinese_date(data["ask_until"]),
        "reconsidered": reconsidered and reconsidered | {"paragraphs": paragraphs(reconsidered["reply"])},
    }


# ── 年度考核结果汇总表 ──────────────────────────────────────────────────────────────────────────
def summary(data: dict, *, print_label: str = ""):
    """All studios of a year. Keys: year, title, items as in the form, rows [{studio_name, leader_name, points [one per
    item], base, bonus, total, place, grade, note}] in order, is_closed."""
    groups = _groups([item | {"points": None} for item in data["items"]])
    return "documents/evaluation_summary.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        **data,
        "groups": groups,
        "columns": 9 + len(data["items"]),
        "numbers": [row["number"] for group in groups for row in group["rows"]],
        "rows": [
            row
            | {key: shown(row[key]) for key in SUMS}
            | {"points": [shown(points) for points in row["points"]]}
            for row in data["rows"]
        ],
    }
