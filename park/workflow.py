"""The only way a record changes status: find the step in the table, check it, do it, log it, tell people.

A procedure is a `Workflow`: steps (who may move a case, when, on what condition, with what effect, by which
clause) and stages (what each status means to staff and to the applicant, whose turn it is, how long it may
take). Buttons, refusals, audit verbs, deadlines, inboxes, diagrams and tests all come from it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from park import audit, notices, rules, workdays
from park.models import Role


class Refused(Exception):
    """You may take this step, but the case is not ready for it. The text is one or more plain sentences."""

    def __init__(self, *sentences: str):
        super().__init__("".join(sentences))
        self.sentences = list(sentences)


class Conflict(Refused):
    """Somebody else changed the same thing in the meantime (HTTP 409); nothing was written."""


@dataclass(frozen=True)
class Stage:
    """What one status is, to everybody."""

    label: str  # what staff read
    public: str  # what the applicant reads: a plain sentence
    turn: str = ""  # the role that has to act; "" where the case has ended
    clock: str = ""  # the rule that gives the working days for it
    pauses: bool = False  # the running clock stops here and goes on afterwards
    next: str = ""  # what comes next, to the applicant


@dataclass(frozen=True)
class Step:
    """One row of the table. `name` is URL slug, audit verb and test id; `label` is for people only."""

    name: str
    label: str
    sources: Collection[str]
    target: str
    who: Callable  # (user, record) -> bool
    requires: Collection[Callable] = ()  # (record) -> "" or one sentence: what is missing
    effects: Collection[Callable] = ()  # (record, *, by, data), in the same transaction
    form: type | None = None  # the Django form whose cleaned_data the effects get
    clause: str = ""
    tells: str = ""  # the role that hears of it besides whoever's turn it becomes
    danger: bool = False  # shown in red and confirmed
    page: Callable | None = None  # (record) -> address, where the step is taken as part of something larger

    @property
    def has_form(self) -> bool:
        """For templates, which would call the form itself."""
        return self.form is not None

    def missing(self, record) -> list[str]:
        return [reason for check in self.requires if (reason := check(record))]


# Every procedure by its name, for diagrams and sweeping tests.
PROCEDURES: dict[str, "Workflow"] = {}


@dataclass
class Workflow:
    name: str
    steps: Mapping[str, Step]
    stages: Mapping[str, Stage]
    parties: Callable  # (record, role) -> the users of that role who deal with this record
    model: type | None = None  # whose records it moves
    url: Callable = field(default=lambda record: record.get_absolute_url())

    @classmethod
    def table(cls, name, *steps, stages, parties, model=None):
        audit.LABELS.update({step.name: step.label for step in steps})
        PROCEDURES[name] = cls(name, {step.name: step for step in steps}, stages, parties, model)
        return PROCEDURES[name]

    @staticmethod
    def of(record) -> "Workflow":
        """The procedure that moves such a record; for effects and actions, which stand below the tables."""
        return next(flow for flow in PROCEDURES.values() if flow.model is type(record))

    def open_to(self, user, record) -> list[Step]:
        """The buttons to show this person; `step.missing(record)` says why one is greyed out."""
        return [s for s in self.steps.values() if record.status in s.sources and s.who(user, record)]

    def stage(self, record) -> Stage:
        return self.stages[record.status]

    @transaction.atomic
    def perform(self, record, name, *, by, note="", data=None):
        """Take one step, or raise PermissionDenied / Refused and change nothing. Returns the record, fresh.

        `by` is None for the system (a deadline that passed).
        """
        step = self.steps[name]
        record = type(record)._base_manager.select_for_update(no_key=True).get(pk=record.pk)
        if not step.who(by, record):
            raise PermissionDenied(f"您没有“{step.label}”的权限。")
        if record.status not in step.sources:
            raise Refused(
                f"“{step.label}”现在已不能办理：当前状态是“{self.stage(record).label}”，可能已有人先处理。"
            )
        if missing := step.missing(record):
            raise Refused(*missing)
        before = record.status
        record.status, record.status_since = step.target, timezone.now()
        if step.target != before:
            self._set_clock(record, self.stages[before], self.stages[step.target])
        for effect in step.effects:  # they see the record in its new status, and may refuse
            effect(record, by=by, data=data or {})
        record.save(update_fields=["status", "status_since", "due_on", "days_left"])
        audit.record(
            step.name, record, by=by, before=before, after=record.status, note=note, clause=step.clause
        )
        self._tell(step, record, by)
        return record

    def _set_clock(self, record, left: Stage, entered: Stage):
        """Deadlines in working days. A pausing stage keeps what was left of the clock for afterwards."""
        today = timezone.localdate()
        if entered.pauses and not left.pauses and record.due_on:
            record.days_left = workdays.workdays_between(today, record.due_on)
        days = rules.get(entered.clock) if entered.clock else None
        if left.pauses and not entered.pauses:
            if entered.clock and record.days_left is not None:
                days = record.days_left
            record.days_left = None
            if days == 0 and not workdays.is_workday(today):
                days = 1  # what comes back on a day of rest is due on the next working day
        record.due_on = workdays.add_workdays(today, days) if days is not None else None

    def _tell(self, step, record, by):
        stage = self.stages[record.status]
        for role in dict.fromkeys(filter(None, (stage.turn, step.tells))):
            people = [u for u in self.parties(record, role) if u != by]
            text = f"{record}：{step.label}。{self.sentence(record, plain=role == Role.APPLICANT)}"
            notices.notify(people, text, url=self.url(record), subject=record)

    def sentence(self, record, *, plain) -> str:
        """Where the record stands: in `plain` words to the applicant, in those of the house to everybody else."""
        stage = self.stages[record.status]
        return stage.public if plain else f"现在是“{stage.label}”。"

    def as_mermaid(self) -> str:
        """The procedure as a diagram: statuses by their labels, steps on the arrows with their clauses."""
        names = {status: f"s{n}" for n, status in enumerate(self.stages)}
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{stage.label}" as {names[status]}' for status, stage in self.stages.items()]
        first = next(iter(self.stages))
        lines.append(f"    [*] --> {names[first]}")
        for step in self.steps.values():
            for source in (s for s in self.stages if s in step.sources):
                lines.append(
                    f"    {names[source]} --> {names[step.target]}: {step.label} {step.clause}".rstrip()
                )
        lines += [f"    {names[s]} --> [*]" for s, stage in self.stages.items() if not stage.turn]
        return "\n".join(lines)
