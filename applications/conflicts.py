"""Which reasons speak against an expert's judging one case? Plain data in, proposals out; people decide.

A proposal too many costs the office one sentence; one too few may cost the decision. So names of units are
compared generously: without the place and the legal form around the name itself.
"""

import re
import unicodedata
from dataclasses import dataclass

SAME_PERSON, SAME_UNIT, FAMILY_NAME = "same_person", "same_unit", "family_name"

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "诸葛",
        "司马",
        "上官",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "长孙",
        "慕容",
        "司徒",
        "司空",
        "东方",
        "独孤",
        "南宫",
        "端木",
        "百里",
        "呼延",
        "轩辕",
        "闻人",
        "淳于",
        "单于",
        "太史",
        "申屠",
        "公羊",
        "赫连",
        "澹台",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "万俟",
        "钟离",
        "宇文",
        "鲜于",
        "闾丘",
        "亓官",
        "司寇",
        "子车",
        "颛孙",
        "巫马",
        "公西",
        "漆雕",
        "乐正",
        "壤驷",
        "公良",
        "拓跋",
        "夹谷",
        "宰父",
        "谷梁",
        "段干",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "第五",
    ]
)
_PLACES = re.compile(r"^(江苏省|江苏)?(镇江市|镇江)?")
_FORMS = re.compile(
    r"(集团股份有限公司|集团有限责任公司|集团有限公司|股份有限公司|有限责任公司|有限公司|集团公司|总公司|公司|集团|股份)$"
)
_SIGNS = re.compile(r"[\W_]+")
SHORTEST = 3  # characters that must be left of a name; a shorter rest tells nothing and the name stays whole
SIMILAR = 4  # characters of a name that is part of a longer one (分厂, 分公司, 学院 of a university)


@dataclass(frozen=True)
class Person:
    """The expert: what the pool and the account know."""

    name: str
    unit: str = ""
    credit_code: str = ""
    account: int | None = None


@dataclass(frozen=True)
class Case:
    """The application as it was filed last."""

    leader: str
    unit: str = ""
    credit_code: str = ""
    members: tuple[str, ...] = ()
    accounts: frozenset[int] = frozenset()


def normal_unit(name: str) -> str:
    """镇江市船舶设备有限公司 and 镇江船舶设备股份有限公司 → 船舶设备; signs, width and case do not count."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", name or "")).casefold()
    for pattern in (_PLACES, _FORMS):
        rest = pattern.sub("", plain)
        if len(rest) >= SHORTEST:
            plain = rest
    return plain


def same_unit(one: str, other: str) -> bool:
    return bool(one and other) and normal_unit(one) == normal_unit(other)


def similar_units(one: str, other: str) -> bool:
    """The same, or one a part of the other."""
    a, b = sorted((normal_unit(one), normal_unit(other)), key=len)
    return same_unit(one, other) or (len(a) >= SIMILAR and a in b)


def family_name(name: str) -> str:
    """The first character, or two of a compound surname; "" where a name has no Han character to begin with."""
    name = _SIGNS.sub("", name or "")
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def proposals(person: Person, case: Case, *, by_family_name: bool) -> list[tuple[str, str]]:
    """(basis, one sentence) for each reason found. `by_family_name` is the park's setting of that name."""
    found = []
    if person.account is not None and person.account in case.accounts:
        found.append((SAME_PERSON, "专家的账号参与填报这份申报"))
    elif person.name == case.leader:
        found.append((SAME_PERSON, "专家与领衔人同名，请核对是否本人"))
    elif person.name in case.members and same_unit(person.unit, case.unit):
        found.append((SAME_PERSON, "专家与工作室成员同名，且单位相同"))
    if person.credit_code and person.credit_code == case.credit_code:
        found.append((SAME_UNIT, "单位的统一社会信用代码相同"))
    elif same_unit(person.unit, case.unit):
        found.append((SAME_UNIT, "单位名称相同或只差地名、组织形式"))
    if (
        by_family_name
        and family_name(person.name)
        and family_name(person.name) == family_name(case.leader)
        and similar_units(person.unit, case.unit)
    ):
        found.append((FAMILY_NAME, "专家与领衔人同姓，单位名称相同或相近"))
    return found
