"""What does the park hold about one person, and what happens to it when they leave? (PIPL 44–47)

Each app declares its part in `AppConfig.ready`; downloading one's own data and closing an account go through
all parts.
"""

from collections.abc import Callable
from dataclasses import dataclass


def nothing(user) -> str:
    return ""


@dataclass(frozen=True)
class Holding:
    """`export(user)` gives plain JSON data. `keeps(user)` is "" or one sentence: why the account cannot be
    closed yet. `erase(user)` removes what need not be kept."""

    name: str
    export: Callable
    keeps: Callable = nothing
    erase: Callable = nothing


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
