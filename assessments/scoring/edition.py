"""Is an edition of the scorecard whole: sums, numbers, texts, and a way of counting for each item [A2]?"""

from collections.abc import Sequence
from decimal import Decimal

from assessments.scoring.parameters import faults
from park.points import shown
from workshops.kinds import BONUS, ITEMS

WHOLE = {False: Decimal(100), True: Decimal(100)}  # 基础分 and 附加分 of the printed form


def sums_of(items: Sequence) -> list[tuple[str, Decimal]]:
    """(考核项目, its points) in the order of the form."""
    sums: dict[str, Decimal] = {}
    for item in items:
        sums[item.category] = sums.get(item.category, Decimal(0)) + Decimal(item.max_points)
    return list(sums.items())


def edition_faults(items: Sequence) -> list[str]:
    """Everything that stands between this edition and coming into force, a sentence each."""
    if not items:
        return ["还没有考核项目。"]
    found = []
    for is_bonus, words in ((False, "基础分"), (True, "附加分")):
        total = sum((Decimal(i.max_points) for i in items if bool(i.is_bonus) is is_bonus), Decimal(0))
        if total != WHOLE[is_bonus]:
            found.append(f"{words}的分值合计{shown(total)}分，应为{shown(WHOLE[is_bonus])}分。")
    mixed = {i.category for i in items if i.is_bonus} & {i.category for i in items if not i.is_bonus}
    found += [f"“{name}”中既有加分项目又有基础项目，请分开。" for name in sorted(mixed)]
    if [i.order for i in items] != list(range(1, len(items) + 1)):
        found.append("序号应从1起依次排列。")
    for item in items:
        found += [f"第{item.order}项“{item.content[:20]}”：{words}" for words in _item_faults(item)]
    return found


def _item_faults(item) -> list[str]:
    """The ledgers, the inspections and the settings name items by these codes; another would never be proven."""
    found = []
    if item.code not in ITEMS:
        found.append(f"编号“{item.code}”不是台账和检查使用的编号。")
    elif (item.code in BONUS) is not bool(item.is_bonus):
        found.append(f"编号“{item.code}”{'只用于加分项目' if item.code in BONUS else '不用于加分项目'}。")
    if not (item.category.strip() and item.content.strip() and item.rule_text.strip()):
        found.append("考核项目、考核内容和评分标准都要填写。")
    return found + faults(item.kind, item.parameters, item.max_points)
