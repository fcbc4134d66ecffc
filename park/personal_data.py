"""What does the park hold about one person, and what happens to it when they leave? (PIPL 44–47)

Each app declares its part in `AppConfig.ready`; downloading one's own data and closing an account go through
all parts. Somebody without an account is looked up by the office on their request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar


def nothing(user) -> str:
    return ""


@dataclass(frozen=True)
class Subject:
    """Who asks what is held about them. `number` is a mobile or the number of a certificate."""

    MOST: ClassVar[int] = 50  # records of one kind that are shown

    name: str
    unit_name: str = ""
    number: str = ""


@dataclass(frozen=True)
class Found:
    """One record about a person: label → value, and one sentence why it stays ("": it may be erased)."""

    key: str
    facts: dict
    keeps: str = ""


def nobody(subject) -> list[Found]:
    return []


@dataclass(frozen=True)
class Holding:
    """`export(user)` gives plain JSON data. `keeps(user)` is "" or one sentence: why the account cannot be
    closed yet. `erase(user)` removes what need not be kept. `find(subject)` gives the records about a person without
    an account, `forget(key, by=, reason=)` erases one of them."""

    name: str
    export: Callable
    keeps: Callable = nothing
    erase: Callable = nothing
    find: Callable[[Subject], list[Found]] = nobody
    forget: Callable | None = None


REGISTRY: list[Holding] = []


def declare(*holdings: Holding):
    REGISTRY.extend(h for h in holdings if h not in REGISTRY)


def export(user) -> dict:
    return {holding.name: holding.export(user) for holding in REGISTRY}


def reasons_to_keep(user) -> list[str]:
    return [reason for holding in REGISTRY if (reason := holding.keeps(user))]


def erase(user):
    for holding in REGISTRY:
        holding.erase(user)


def find(subject: Subject) -> list[tuple[Holding, list[Found]]]:
    """Every part that can be searched by name, with what it holds."""
    return [(holding, holding.find(subject)) for holding in REGISTRY if holding.find is not nobody]
