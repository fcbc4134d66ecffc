"""Which lines does somebody judge: in the initial review [3.1], and at the place [3.1.2][A2]?"""

from dataclasses import dataclass

from applications.forms.sections import CLAIM_ELEMENTS, CLAIMS, STATEMENTS


@dataclass(frozen=True)
class Line:
    item: str  # stable id: clause and element, e.g. "3.1.1a.a_skill"
    clause: str
    text: str  # the words of the clause
    section: str  # where the applicant wrote about it
    field: str = ""
    preference: bool = False  # an advantage, not a condition [T2]


WHOLE_FORM = "A1.complete"  # the line about the form as a whole: touched by any change


def lines_for(data: dict) -> list[Line]:
    """The checklist for one filed version (its frozen `data`)."""
    lines = [Line(WHOLE_FORM, "3.2.1", "申报表填写完整，内容与证明材料一致", "leader")]
    for claim in data.get("conditions", {}).get("claims", []):
        lines.append(Line(claim, claim, CLAIMS[claim], "conditions", "claims"))
        lines += [
            Line(f"{claim}.{name}", claim, words, "conditions", name)
            for name, words in CLAIM_ELEMENTS[claim].items()
        ]
    lines += [
        Line(f"{clause}.{name}", clause, words, "conditions", name)
        for name, (clause, _label, words) in STATEMENTS.items()
    ]
    lines.append(
        Line(
            "3.1.3.projects",
            "3.1.3",
            "有企业或职业院校需要解决的技术工艺难题或培训项目",
            "conditions",
            "projects",
        )
    )
    if data.get("conditions", {}).get("key_project"):
        lines.append(
            Line(
                "3.1.3.key_project",
                "3.1.3",
                "参与国家、省、市重点技术攻关项目",
                "conditions",
                "key_project",
                True,
            )
        )
    lines.append(Line("A1.10", "A1", "领衔人所在单位推荐意见（或替代材料）齐备", "recommendation"))
    return lines


def demanded(lines: list[Line]) -> list[Line]:
    """The lines that a pass needs; claims (1)(2)(3) are judged as a group: one of them is enough."""
    return [line for line in lines if not line.preference and not line.item.startswith("3.1.1")]


# ── at the place [3.2.2 现场考察] ───────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class PlaceLine:
    """One line of the visit. Only what [3.1.2] and [3.1.3] demand bears on the outcome; the basics of [A2] are
    asked for once the studio has moved in, and are looked at here to know where it starts from."""

    item: str
    clause: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()  # (section, field) of the application to read beside it
    demanded: bool = False

    @property
    def verdicts(self) -> dict[str, str]:
        return FINDINGS if self.demanded else SIGHTINGS


FINDINGS = {"met": "符合", "unmet": "不符合", "unclear": "现场未能核实"}
SIGHTINGS = {"met": "已有", "unmet": "没有", "unclear": "未查看"}
_BASICS = {  # [A2] items 1, 4–10 in its words
    "A2.1": "有工作室标识",
    "A2.4": "有工作室成果荣誉展示栏",
    "A2.5": "有工作室正常运作必备的设备",
    "A2.6": "建立工作室综合管理制度",
    "A2.7": "建立领衔人岗位职责",
    "A2.8": "规章制度张贴上墙",
    "A2.9": "建立工作计划表和工作日志",
    "A2.10": "工作过程台帐齐全",
}


def place_lines(data: dict) -> list[PlaceLine]:
    """The checklist of the visit for one filed version."""
    lines = [
        PlaceLine(f"{clause}.{name}", clause, words, (("conditions", name),), True)
        for name, (clause, _label, words) in STATEMENTS.items()
    ]
    planning = lines[-1]
    lines[-1] = PlaceLine(
        planning.item, planning.clause, planning.text, (*planning.answers, ("plan", "plan_or_goals")), True
    )
    problems = "有企业或职业院校需要解决的技术工艺难题或培训项目"
    lines.append(PlaceLine("3.1.3.projects", "3.1.3", problems, (("conditions", "projects"),), True))
    if data.get("conditions", {}).get("key_project"):
        lines.append(
            PlaceLine(
                "3.1.3.key_project",
                "3.1.3",
                "参与国家、省、市重点技术攻关项目（优先条件）",
                (("conditions", "key_project_note"),),
            )
        )
    return lines + [PlaceLine(item, item, words) for item, words in _BASICS.items()]


def outcome_contradicts(outcome: str, lines: list[PlaceLine], verdicts: dict[str, str]) -> str:
    """Why this outcome cannot rest on these verdicts, or "". A further visit is always possible."""
    failing = [line.text for line in lines if line.demanded and verdicts.get(line.item) != "met"]
    if outcome == "passed" and failing:
        return "下列各项没有认定“符合”，结论不能是“考察通过”：" + "；".join(failing) + "。"
    if outcome == "failed" and not failing:
        return "规定的条件各项都认定“符合”，没有“考察不通过”的依据。"
    return ""
