"""The lines of the initial review: what [3.1] demands, made for what this application claims."""

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
