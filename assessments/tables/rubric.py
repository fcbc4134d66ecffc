"""Two editions of the scorecard side by side: which items are the same, changed, new or gone [A2]?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from assessments.models import RubricItem
from assessments.scoring.parameters import in_words
from park.points import shown

# What is compared, with its heading.
PARTS = (
    ("order", "序号"),
    ("category", "考核项目"),
    ("content", "考核内容"),
    ("points", "分值"),
    ("rule", "评分标准"),
    ("kind", "计分方式"),
    ("words", "怎样计分"),
)


@dataclass(frozen=True)
class Part:
    """One thing about an item; texts in pieces (text, is it different)."""

    label: str
    old: list[tuple[str, bool]]
    new: list[tuple[str, bool]]
    is_changed: bool


@dataclass(frozen=True)
class Difference:
    code: str
    state: str  # same, changed, new, gone
    parts: list[Part] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.state != "same"


def said(item: RubricItem | None) -> dict[str, str]:
    if item is None:
        return {name: "" for name, _ in PARTS}
    return {
        "order": str(item.order),
        "category": item.category + ("（加分）" if item.is_bonus else ""),
        "content": item.content,
        "points": f"{shown(item.max_points)}分",
        "rule": item.rule_text,
        "kind": item.get_kind_display(),
        "words": "".join(in_words(item.kind, item.parameters)),
    }


def differences(old: Sequence[RubricItem], new: Sequence[RubricItem]) -> list[Difference]:
    """By the number of the item, in the order of the new edition; what is gone stands at the end."""
    before, after = {item.code: item for item in old}, {item.code: item for item in new}
    rows = []
    for code in [*after, *(code for code in before if code not in after)]:
        one, other = before.get(code), after.get(code)
        was, now = said(one), said(other)
        state = "new" if one is None else "gone" if other is None else "same" if was == now else "changed"
        rows.append(Difference(code, state, [_part(label, was[name], now[name]) for name, label in PARTS]))
    return rows


def _part(label, old, new) -> Part:
    if not (old and new) or old == new:
        return Part(label, [(old, False)], [(new, False)], old != new)
    lefts, rights = [], []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = what != "equal"
        if old[a:b]:
            lefts.append((old[a:b], differs))
        if new[c:d]:
            rights.append((new[c:d], differs))
    return Part(label, lefts, rights, True)
