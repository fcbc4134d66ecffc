"""What is a kind of duty, and what is one duty? Nothing is stored: a duty is read from the record that it is about.

Its day is the one that was set once (a promise, a term, a period for payment). Nobody moves it because it has passed
or because it falls on a day of rest, so what is overdue stays overdue until the matter itself is settled.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, F, IntegerField, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from park import rules
from park.models import Role, User
from park.workflow import Stage
from workshops.models import Studio

OFFICE = frozenset({Role.OFFICE, Role.LEAD_DIVISION})
KEEPERS = OFFICE | {Role.LOGISTICS}
TURNS = {
    Role.APPLICANT: "工作室",
    Role.OFFICE: "管理办公室",
    Role.LOGISTICS: "镇江技师学院",
    Role.WORKING_GROUP: "工作小组",
    Role.ATTRACTION: "鉴定指导中心",
}
NO_KEY = Cast(Value(None), UUIDField())
NOTHING = Value("", output_field=CharField())
ONE = Value(1, output_field=IntegerField())


def text(words: str) -> Value:
    """A constant for the columns of words."""
    return Value(words, output_field=CharField())


class Line(NamedTuple):
    """One open matter as the database gives it. `what` names it, `number` is of the kind's own meaning."""

    kind: str
    studio: int | None
    key: UUID | None
    what: str
    state: str
    day: date | None
    number: int | None


@dataclass(frozen=True)
class Part:
    """Rows of one table that are open, and where they keep what a `Line` says. `studio` and `key` are paths."""

    rows: QuerySet
    day: object
    studio: str = "studio"
    key: object = field(default_factory=lambda: F("key"))
    what: object = NOTHING
    state: object = NOTHING
    number: object = ONE


@dataclass(frozen=True)
class Scope:
    """Whose calendar is asked for, by whom, on which day: of one studio, or (None) of all that the person reads."""

    user: User
    studio: Studio | None = None
    today: date = field(default_factory=timezone.localdate)

    @cached_property
    def rules(self) -> dict:
        """What the park decided, for every kind, in one query."""
        return rules.get_many(dict.fromkeys(key for kind in KINDS.values() for key in kind.rules))


@dataclass(frozen=True)
class DutyKind:
    """One kind of duty. `stages` say for each state how it is called and whose turn it is."""

    code: str
    label: str
    clause: str
    parts: Callable[[Scope], Iterable[Part]]
    stages: Mapping[str, Stage]
    title: Callable[[Line], str]
    url: Callable[[Line, Studio | None], str]
    readers: frozenset = OFFICE  # those who read it of every studio; a studio always reads its own
    day: Callable[[Line, Scope], date | None] = lambda line, scope: line.day
    is_event: bool = False  # a day that comes and goes: nothing to do by it, so never overdue
    common_turn: str = Role.LOGISTICS  # instead of the studio, where the matter belongs to no studio
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Duty:
    """One thing that is due. Without a day it is open and nobody set a term."""

    kind: DutyKind
    studio: Studio | None  # None: of the park itself
    title: str
    due: date | None
    state: str
    turn: str  # a role; "" for an event
    url: str
    today: date

    @property
    def clause(self) -> str:
        return self.kind.clause

    @property
    def is_overdue(self) -> bool:
        """The last day is still in time."""
        return self.due is not None and self.due < self.today and not self.kind.is_event

    @property
    def whose(self) -> str:
        """Who has to act, in words."""
        return TURNS.get(self.turn, "")


KINDS: dict[str, DutyKind] = {}


def register(*kinds: DutyKind) -> None:
    """Make kinds known, in `AppConfig.ready`; once more is the same."""
    KINDS.update({kind.code: kind for kind in kinds})
