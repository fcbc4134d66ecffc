"""What does the statutory application form say, cell by cell [A1]?"""

import math
import unicodedata

from park.wording import ORDINALS, chinese_date, chinese_month

# ── the sheet of paper, in millimetres (static/css/print.css draws the same) ────────────────────
CHAR_12, CHAR_10 = 4.233, 3.704  # width of one Han character at 12 and 10.5 points
LONG_WIDTH = 35  # characters in a line of a long cell; one is kept in reserve for line-breaking rules
LONG_LINE = 5.4
LONG_PADDING = 3.4
ROW = 10  # height of a short row
INTRO, PLAN, PROFILE = 62, 58, 80
OPINION_LINES, REMARK_LINES = 6, 2
MEMBER_ROOM = 51  # height left for member rows below their head
MEMBER_LINE, MEMBER_TALLEST = 5.2, 8
MEMBER_COLUMNS = [  # key, printed label, width inside the form, width on an annex sheet, left-aligned
    ("name", "姓名", 16, 19, False),
    ("gender", "性别", 7, 9, False),
    ("age", "年龄", 8, 10, False),
    ("education", "学历", 16.5, 18, False),
    ("occupation", "职业|（工种）", 18, 20, False),
    ("skill_level", "职业资格|等级", 19.5, 22, False),
    ("skills", "技能特长", 22, 28, True),
    ("achievements", "主要业绩", 28, 39, True),
]


# ── 入驻申报表 [A1] ─────────────────────────────────────────────────────────────────────────────
def annex1(form: dict, *, print_label: str = "", blank: bool = False, copies: int = 1):
    """Annex 1, row by row [A1]: blank, or filled from `form`; what a cell cannot hold goes to an 附页.

    `print_label` says which version this is (第2版, 用印稿 第1稿); `copies=2` repeats the pages (一式两份).
    """
    form = {} if blank else form
    rows, extra = _short_rows(form)
    sheets = _Sheets()
    share = math.ceil(extra / 3)  # long values above take their room from the three boxes below
    intro = sheets.cell("工作室简介", _intro(form), height=INTRO - share)
    plan = sheets.cell("工作室创业规划或工作目标", _part(form, "plan_or_goals"), height=PLAN - share)
    profile = sheets.cell("领衔大师基本情况", _profile(form), height=PROFILE - share)
    members = sheets.members("入驻大师工作室成员基本情况", form.get("members") or [])
    context = {
        "print_label": "空白表" if blank else print_label,
        "copies": copies,
        "studio_name": form.get("studio_name", ""),
        "leader_name": form.get("leader_name", ""),
        "filled_on": chinese_date(form.get("filled_on")),
        "rows": rows,
        "intro": intro,
        "plan": plan,
        "profile": profile,
        "members": members,
        "member_columns": [
            {"label": label.split("|"), "width": width, "annex_width": annex_width}
            for key, label, width, annex_width, wide in MEMBER_COLUMNS
        ],
        "opinions": [
            {
                "label": label.split("|"),
                "ink": ink,
                "cell": sheets.cell(label.replace("|", ""), _opinion(form.get(key)), lines=OPINION_LINES),
            }
            for key, label, ink in (
                ("opinion_unit", "领衔人|所在单位|推荐意见", "（盖章）"),
                ("opinion_experts", "专家组|评估意见", "（组长签字）"),
                ("opinion_office", "市技能大师|产业创新园|管理办公室|审批意见", "（盖章）"),
            )
        ],
        "remarks": sheets.cell("备注", _part(form, "remarks"), lines=REMARK_LINES),
        "sheets": sheets.all,
    }
    return "documents/annex1.html", context


def _short_rows(form):
    """Rows 1–5 of the table and by how many millimetres they outgrow the blank form."""
    text = {key: str(value) for key, value in form.items() if isinstance(value, str | int)}
    layout = [
        [
            ("领衔人姓名", text.get("leader_name"), 1, 32),
            ("性别", text.get("leader_gender"), 1, 15),
            ("民族", text.get("leader_ethnicity"), 1, 20),
            ("出生年月", chinese_month(text.get("leader_birth_ym")), 1, 21),
        ],
        [
            ("政治面貌", text.get("leader_political_status"), 2, 45),
            ("职务", text.get("leader_post"), 3, 61),
        ],
        [
            ("身份证号码", text.get("leader_id_number"), 2, 45),
            ("手机", text.get("leader_mobile"), 3, 61),
        ],
        [
            ("职业（工种）", text.get("leader_occupation"), 2, 45),
            ("职业资格等级", text.get("leader_skill_level"), 3, 61),
        ],
        [
            ("职业资格|取得时间", chinese_month(text.get("leader_level_obtained_ym")), 2, 45),
            ("工作室成员|总人数", f"{text['member_total']}人" if text.get("member_total") else "", 3, 61),
        ],
    ]
    rows, extra = [], 0
    for fields in layout:
        cells, height = [], ROW
        for label, value, span, width in fields:
            value = value or ""
            small = _width(value) * CHAR_12 > width - 2.5
            if small:
                lines = math.ceil(_width(value) * CHAR_10 / (width - 5))
                height = max(height, math.ceil(lines * 4.7 + 1.6))
            cells.append(
                {
                    "label": label.split("|"),
                    "value": value,
                    "span": span,
                    "label_span": min(span, 2),
                    "small": small,
                }
            )
        for place, cell in enumerate(cells):
            cell["label_span"] = 1 if place == 0 or len(cells) == 4 else 2
        rows.append({"cells": cells, "height": height})
        extra += height - ROW
    return rows, extra


def _part(form, key, lead=""):
    """A headed piece of text as paragraphs: the heading runs into the first one."""
    lines = [line.strip() for line in str(form.get(key) or "").splitlines()]
    return [{"lead": "" if n else lead, "text": line} for n, line in enumerate(filter(None, lines))]


def _intro(form):
    founded = chinese_month(form.get("founded_on"))
    head = [{"lead": "成立时间：", "text": founded}] if founded else []
    return [
        *head,
        *_part(form, "studio_intro", "简介：" if head else ""),
        *_part(form, "studio_achievements", "近年来主要成绩："),
    ]


def _profile(form):
    return [
        *_part(form, "profile_resume", "工作简历："),
        *_part(form, "profile_skills", "技能特长："),
        *_part(form, "profile_results", "工作业绩："),
        *_part(form, "profile_awards", "获奖情况："),
    ]


def _opinion(opinion):
    """The text of an opinion; a substitute for the unit [A3] says what it is. Never a signer or a date."""
    if not opinion:
        return []
    mode = opinion.get("mode") or ""
    return _part(opinion, "text", f"{mode}：" if mode else "")


class _Sheets:
    """The 附页 collected in form order while the cells are filled [A10]."""

    def __init__(self):
        self.all = []

    def cell(self, title, paragraphs, *, height=0, lines=0):
        """The cell as printed: all of the text, or its beginning and a pointer to the 附页 with the whole."""
        lines = lines or int((height - LONG_PADDING) / LONG_LINE)
        cell = {"height": height, "paragraphs": paragraphs, "see": ""}
        if sum(_lines_of(p) for p in paragraphs) > lines:
            cell["paragraphs"] = _beginning(paragraphs, lines - 1)
            cell["see"] = f"全文见{self._add(title, paragraphs=paragraphs)}"
        return cell

    def members(self, title, members):
        rows = [[_member_cell(member, *column) for column in MEMBER_COLUMNS] for member in members]
        if sum(_member_lines(row, 2) * MEMBER_LINE + 1.1 for row in rows) <= MEMBER_ROOM:
            return {"rows": rows, "see": "", "paragraphs": []}
        # Texts that would run down narrow columns stand below the short cells, over the whole width.
        below = max(_member_lines(row, 3) for row in rows) > MEMBER_TALLEST
        see = f"详见{self._add(title, rows=rows, below=below)}"
        names = "、".join(str(member.get("name", "")) for member in members)
        summary = [{"lead": f"共{len(members)}人：", "text": names}]
        return {"rows": [], "see": see, "paragraphs": _beginning(summary, 9)}

    def _add(self, title, **content):
        label = f"附页{ORDINALS[len(self.all)]}"
        self.all.append({"label": label, "title": title, **content})
        return label


def _member_cell(member, key, label, width, annex_width, wide):
    value = member.get(key)
    return {"value": "" if value is None else str(value), "wide": wide}


def _member_lines(row, width_at) -> int:
    """Lines of the tallest cell, with the widths of that place in MEMBER_COLUMNS."""
    return max(
        math.ceil(_width(cell["value"]) * CHAR_10 / (column[width_at] - 1.6))
        for cell, column in zip(row, MEMBER_COLUMNS, strict=True)
    )


def _width(text) -> float:
    """In Han characters: Latin letters and digits take about half of one."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.56 for sign in text)


def _lines_of(paragraph, per_line=LONG_WIDTH - 1) -> int:
    return max(1, math.ceil((2 + _width(paragraph["lead"]) + _width(paragraph["text"])) / per_line))


def _beginning(paragraphs, lines, per_line=LONG_WIDTH - 1):
    """As many paragraphs as the lines hold, the last one cut, at the end of a sentence if one is near."""
    shown = []
    for paragraph in paragraphs:
        if (need := _lines_of(paragraph)) <= lines:
            shown.append(paragraph)
            lines -= need
            continue
        room = lines * per_line - 4 - _width(paragraph["lead"])
        taken, kept = 0.0, 0
        for kept, sign in enumerate(paragraph["text"]):  # noqa: B007
            taken += _width(sign)
            if taken > room:
                break
        text = paragraph["text"][:kept] if lines and room > 4 else ""
        stop = max(text.rfind(sign) for sign in "。；！？")
        text = text[: stop + 1] if stop > len(text) / 2 else text
        text += "……" if text and not text.endswith("。") else ""
        if text:
            shown.append({"lead": paragraph["lead"], "text": text})
        break
    return shown
