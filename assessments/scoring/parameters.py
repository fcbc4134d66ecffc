"""Which numbers and words does each way of scoring take, are they right, and how do they read [A2]?

`KNOWN` is the table; what `assessments.scoring` reads of an item's parameters is named here and nowhere else. A fault is
one plain sentence without the number of the item.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from assessments.scoring.kinds import wanted
from park.points import TENTH, shown
from workshops.kinds import KINDS
from workshops.presence import REQUIRED_DAYS

LEVELS = {"city": "市级", "province": "省级", "national": "部（国家）级"}
COUNTED = {"media": "媒体报道", "achievement": "专利、奖项、论文、出版"}
DEDUCTED = {"roster": "未建立花名册", "apprentice": "未带徒", "outcome": "未出成果"}
GRADES = {"excellent": "优", "good": "良", "fair": "中", "none": "未达到中"}
PARTLY = "a2_9_partial"  # the setting for one of two [S6]


class Bad(Exception):
    """The parameters are not even of the right shape; the sentence says of which."""


def faults(kind: str, parameters, max_points) -> list[str]:
    """Everything that is wrong with them; empty when scoring can rely on them."""
    try:
        return _checked(kind, parameters, Decimal(max_points))
    except Bad as bad:
        return [str(bad)]


def in_words(kind: str, parameters) -> list[str]:
    """How the item is counted, in sentences; where the parameters are not even of the right shape, none."""
    try:
        _checked(kind, parameters, Decimal(0))
    except Bad:
        return []
    return list(KNOWN[kind][2](parameters))


def _checked(kind, parameters, most) -> list[str]:
    if kind not in KNOWN:
        raise Bad("计分方式不在所列之内。")
    known, check, _ = KNOWN[kind]
    if not isinstance(parameters, dict):
        raise Bad("计分参数应是名称和值的对照。")
    if strange := sorted(set(parameters) - set(known)):
        raise Bad(f"计分参数中有这种方式不用的内容：{'、'.join(strange)}。")
    if absent := [name for name, must in known.items() if must and name not in parameters]:
        raise Bad(f"计分参数不全，缺少：{'、'.join(absent)}。")
    return list(check(parameters, most))


# ── values ──────────────────────────────────────────────────────────────────────────────────────
def number(value, what: str) -> Decimal:
    """Points: a number of at most one decimal place, not negative."""
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        found = Decimal(str(value))
        if not found.is_finite() or found < 0 or found % TENTH:
            raise InvalidOperation
    except (InvalidOperation, ValueError):
        raise Bad(f"{what}应是不小于0、最多一位小数的数字。") from None
    return found


def whole(value, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Bad(f"{what}应是不小于1的整数。")
    return value


def _list(value, what: str) -> list:
    if not isinstance(value, list) or not value:
        raise Bad(f"{what}至少要有一项。")
    return value


def _needs(parameters, most: int) -> Iterator[str]:
    needs = _list(parameters["needs"], "证明的台账")
    if len(needs) > most:
        yield f"证明的台账最多{most}种。"
    if len(set(map(str, needs))) < len(needs):
        yield "证明的台账有重复。"
    for need in needs:
        kind, _, codes = need.partition(":") if isinstance(need, str) else ("", "", "")
        if kind not in KINDS:
            raise Bad("证明的台账中有系统没有的种类。")
        field = KINDS[kind].column_field("category")
        allowed = {code for code, _ in field.choices} if field else set()
        if codes and not set(codes.split("|")) <= allowed:
            raise Bad(f"“{KINDS[kind].title}”台账中没有所选的类别。")


def _flags(parameters, *names) -> Iterator[str]:
    for name in names:
        if not isinstance(parameters.get(name, False), bool):
            yield "是否的选项只能是“是”或“否”。"


def _within(points, most) -> Iterator[str]:
    if any(value > most for value in points):
        yield f"有的得分超过了分值{shown(most)}分。"
    elif max(points) < most:
        yield f"最高的得分是{shown(max(points))}分，达不到分值{shown(most)}分。"


def _need_words(needs) -> str:
    said = []
    for need in needs:
        kind, codes, words = wanted(need)
        field = KINDS[kind].column_field("category")
        said.append("或".join(f"“{field.label_of(code)}”" for code in codes) if codes else f"“{words}”")
    return "、".join(said)


# ── the ways ────────────────────────────────────────────────────────────────────────────────────
def _all_or_nothing(p, most):
    yield from _needs(p, 4)
    yield from _flags(p, "inspected", "several")
    if p.get("partly") not in (None, PARTLY):
        yield "“只有其一”的得分只能按本园设定。"
    elif p.get("partly") and len(p["needs"]) < 2:
        yield "只有一种证明的台账，不能按“只有其一”计分。"


def _all_or_nothing_said(p):
    yield f"年内有已核验的{_need_words(p['needs'])}台账得满分，{'缺一种' if len(p['needs']) > 1 else '没有的'}不得分。"
    if p.get("inspected"):
        yield "定期检查对这一项的结论优先于台账。"
    if p.get("several"):
        yield "次数按本园设定“一次以上”。"
    if p.get("partly"):
        yield "只有其一的，按本园设定给分。"


def _choice(p, most):
    yield from _needs(p, 1)
    points = []
    for row in _list(p["values"], "印定的分值"):
        if not (isinstance(row, list) and len(row) == 2 and isinstance(row[1], str) and row[1].strip()):
            raise Bad("印定的分值每一项应有分值和文字。")
        points.append(number(row[0], "印定的分值"))
    if len(points) < 2:
        yield "印定的分值至少要有两项。"
    if len(set(points)) < len(points):
        yield "印定的分值有重复。"
    if min(points):
        yield "印定的分值中应有0分。"
    yield from _within(points, most)


def _choice_said(p):
    yield (
        f"由{_need_words(p['needs'])}台账证明；"
        + "，".join(f"{words}得{shown(v)}分" for v, words in p["values"])
        + "。"
    )


def _monthly(p, most):
    if whole(p["days"], "每月到园天数") != REQUIRED_DAYS:
        yield f"到园签到按每月{REQUIRED_DAYS}天计算应到天数，这里只能是{REQUIRED_DAYS}天。"
    if not 0 < number(p["per_day"], "每少一天扣的分") <= most:
        yield "每少一天扣的分应大于0，不超过分值。"


def _monthly_said(p):
    yield f"每月应到园{p['days']}天，少一天扣{shown(p['per_day'])}分；全年怎样合计按本园设定。"


def _deductions(p, most):
    cost = p["deductions"]
    if not isinstance(cost, dict) or set(cost) != set(DEDUCTED):
        raise Bad(f"扣分应写明{'、'.join(DEDUCTED.values())}三项。")
    total = sum(number(cost[name], f"“{words}”的扣分") for name, words in DEDUCTED.items())
    if total > most:
        yield f"扣分合计{shown(total)}分，超过了分值{shown(most)}分。"


def _deductions_said(p):
    yield (
        "，".join(f"{words}扣{shown(p['deductions'][name])}分" for name, words in DEDUCTED.items())
        + "；其余的分数按本园设定。"
    )


def _completeness(p, most):
    yield from ()


def _completeness_said(p):
    yield "本园设定“应当齐全的工作过程台账”都有的得满分，缺一种不得分。"


def _bands(p, most):
    edges = [whole(edge, "分档的人数") for edge in _list(p["edges"], "分档的人数")]
    points = [number(value, "各档的得分") for value in _list(p["points"], "各档的得分")]
    if len(points) != len(edges) + 1:
        raise Bad(f"{len(edges)}个分档的人数应有{len(edges) + 1}个得分，现在有{len(points)}个。")
    if edges != sorted(set(edges)):
        yield "分档的人数应从少到多，不能重复。"
    if points != sorted(points):
        yield "各档的得分应从低到高。"
    yield from _within(points, most)


def _bands_said(p):
    edges, points = p["edges"], [shown(value) for value in p["points"]]
    parts = [f"{edges[0]}人以内得{points[0]}分"]
    parts += [f"{a}—{b}人得{v}分" for a, b, v in zip(edges, edges[1:], points[1:], strict=False)]
    yield (
        "按年内取得证书的人数："
        + "，".join([*parts, f"{edges[-1]}人以上得{points[-1]}分"])
        + "；边界归哪一档按本园设定。"
    )


def _per_occurrence(p, most):
    if not isinstance(p["of"], str) or p["of"] not in COUNTED:
        raise Bad(f"每次计分的只能是{'或'.join(COUNTED.values())}。")
    levels = p["levels"]
    if not isinstance(levels, dict) or set(levels) != set(LEVELS):
        raise Bad(f"应写明{'、'.join(LEVELS.values())}每次的得分。")
    points = [number(levels[code], f"{words}每次的得分") for code, words in LEVELS.items()]
    if points != sorted(points) or not points[0]:
        yield "每次的得分应大于0，级别高的不低于级别低的。"
    if max(points) > most:
        yield f"每次的得分超过了分值{shown(most)}分。"
    if not (isinstance(p["missing"], str) and p["missing"].strip()):
        yield "请写明没有记录时缺少什么。"


def _per_occurrence_said(p):
    each = "、".join(f"{words}{shown(p['levels'][code])}分" for code, words in LEVELS.items())
    yield f"按“{COUNTED[p['of']]}”台账每次计分：{each}，合计不超过分值。"


def _grade(p, most):
    rows = _list(p["grades"], "等次")
    if not all(
        isinstance(row, list) and len(row) == 3 and isinstance(row[1], str) and row[1] for row in rows
    ):
        raise Bad("每个等次应有名称和得分。")
    if [row[0] for row in rows] != list(GRADES):
        raise Bad(f"等次应依次是{'、'.join(GRADES.values())}。")
    points = [number(row[2], f"“{row[1]}”的得分") for row in rows]
    if points != sorted(points, reverse=True) or points[-1]:
        yield "等次的得分应从高到低，最后一等是0分。"
    yield from _within(points, most)


def _grade_said(p):
    yield (
        "由专家评等："
        + "、".join(f"{words}{shown(v)}分" for _, words, v in p["grades"])
        + "；台账的经济效益供参考。"
    )


# way of scoring → (parameter → must be there, check, words)
KNOWN: dict[str, tuple[dict[str, bool], Callable, Callable]] = {
    "all_or_nothing": (
        {"needs": True, "inspected": False, "several": False, "partly": False},
        _all_or_nothing,
        _all_or_nothing_said,
    ),
    "choice": ({"needs": True, "values": True}, _choice, _choice_said),
    "monthly": ({"days": True, "per_day": True}, _monthly, _monthly_said),
    "deductions": ({"deductions": True}, _deductions, _deductions_said),
    "completeness": ({}, _completeness, _completeness_said),
    "bands": ({"edges": True, "points": True}, _bands, _bands_said),
    "per_occurrence": ({"of": True, "levels": True, "missing": True}, _per_occurrence, _per_occurrence_said),
    "grade": ({"grades": True}, _grade, _grade_said),
}
