"""How far an application is filled in, and what it says: read from its sections as typed."""

from dataclasses import dataclass
from functools import cached_property

from applications.forms.base import BoundSection, Problem
from applications.forms.sections import SECTIONS


@dataclass
class SectionState:
    """One line of the task list."""

    bound: BoundSection
    version: int
    saved_at: object
    saved_by: object
    files: list
    problems: list[Problem]

    @property
    def section(self):
        return self.bound.section

    @property
    def mark(self) -> str:
        """`todo`, `partial` or `done`. A section that asks for nothing is done once it was saved or has files."""
        if not self.version and not self.files:
            return "todo"
        return "partial" if self.problems else "done"


class Progress:
    """All sections of one application, in order. Two queries for the sections and files, plus the code lists."""

    def __init__(self, application):
        self.application = application

    @cached_property
    def states(self) -> dict[str, SectionState]:
        drafts = {d.name: d for d in self.application.sections.select_related("saved_by")}
        files: dict[str, list] = {}
        for row in self.application.files.standing().select_related("stored"):
            files.setdefault(row.section, []).append(row)
        states = {}
        for name, section in SECTIONS.items():
            draft = drafts.get(name)
            bound = section.bind(draft.data if draft else None)
            mine = files.get(name, [])
            states[name] = SectionState(
                bound=bound,
                version=draft.version if draft else 0,
                saved_at=draft.saved_at if draft else None,
                saved_by=draft.saved_by if draft else None,
                files=mine,
                problems=bound.problems({f.purpose for f in mine}),
            )
        # No other members is a valid answer, given by visiting the section or leaving it alone.
        if not states["members"].version:
            states["members"].problems = []
        return states

    @property
    def done(self) -> int:
        return sum(
            s.mark == "done" or (s.section.name == "members" and not s.problems) for s in self.states.values()
        )

    @property
    def percent(self) -> int:
        return round(100 * self.done / len(self.states))

    def unfinished(self) -> list[SectionState]:
        return [s for s in self.states.values() if s.problems]

    def frozen(self) -> dict:
        """What is filed: every section's cleaned values. Call only when nothing is unfinished."""
        return {name: state.bound.freeze() for name, state in self.states.items()}

    def as_typed(self) -> dict:
        """For previews of unfinished work: cleaned values where valid, the typed text elsewhere."""
        return {name: _best_effort(state.bound) for name, state in self.states.items()}


def progress_of(application) -> Progress:
    """Of this very instance, read once: the conditions and effects of one step ask for the same thing."""
    return application.__dict__.setdefault("_progress", Progress(application))


def _best_effort(bound: BoundSection) -> dict:
    fields = bound.section.form.base_fields
    # A text too long to be filed is cut, so that no preview prints a book.
    typed = {k: _cut(v, fields[k]) for k, v in bound.data.items() if k in fields}
    frozen = {}
    if bound.form.is_bound:
        bound.form.full_clean()
        frozen = bound.form.freeze()
    rows = {
        name: [
            dict(bound.data[name][i]) | (row.freeze() if row.is_valid() else {}) for i, row in enumerate(rows)
        ]
        for name, rows in bound.rows.items()
    }
    return typed | frozen | rows


def _cut(value, field):
    limit = getattr(field, "max_length", None)
    return value[:limit] + "……（超出字数，未印）" if limit and len(value) > limit else value


def changed_sections(before: dict, after: dict) -> list[str]:
    return [name for name in SECTIONS if before.get(name) != after.get(name)]
