"""Which ledgers does a studio keep [2][1][A2]? One table; forms, sheets, lists and papers are derived from it."""

from workshops.kinds import lists
from workshops.kinds.definition import FOREVER, Field, Kind, yuan
from workshops.kinds.founding import BASICS, DAILY, FOUNDING, RULES
from workshops.kinds.items import BONUS, ELSEWHERE, ITEMS
from workshops.kinds.producing import BONUS as BONUS_GROUP
from workshops.kinds.producing import OUTPUT, PRODUCING
from workshops.kinds.serving import CLEANERS, SERVING, SERVING_GROUP

GROUPS = (BASICS, RULES, DAILY, OUTPUT, BONUS_GROUP, SERVING_GROUP)
KINDS: dict[str, Kind] = {kind.code: kind for kind in (*FOUNDING, *PRODUCING, *SERVING)}


def kinds_proving(item: str) -> list[Kind]:
    """The kinds whose records may prove an item of the scorecard."""
    return [kind for kind in KINDS.values() if item in kind.items]


def in_groups() -> list[tuple[str, list[Kind]]]:
    return [(group, [kind for kind in KINDS.values() if kind.group == group]) for group in GROUPS]


__all__ = [
    "BONUS",
    "CLEANERS",
    "ELSEWHERE",
    "FOREVER",
    "GROUPS",
    "ITEMS",
    "KINDS",
    "Field",
    "Kind",
    "in_groups",
    "kinds_proving",
    "lists",
    "yuan",
]
