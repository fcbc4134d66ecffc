"""How a part of the application form is typed, kept, judged and frozen.

A `Section` joins a Django form (single fields), row forms (tables such as the members) and the evidence it
asks for. What was typed is kept raw; completeness is derived by binding the form to it, so an unfinished
section is never lost and never counts as finished.
"""

from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict

from park.forms.fields import MAX_RAW, Code, PlainForm, tidy

MAX_ROWS = 200


class SectionForm(PlainForm):
    """Base of the sections' forms: saving unfinished work is allowed, what is finished can be frozen."""

    def freeze(self) -> dict:
        """The cleaned values as JSON: coded values keep code and printed label of the day."""
        return {name: _frozen(value) for name, value in self.cleaned_data.items()}


def _frozen(value):
    if isinstance(value, Code):
        return value._asdict()
    if isinstance(value, list | tuple):
        return [_frozen(v) for v in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


@dataclass(frozen=True)
class Evidence:
    """Files that a section takes for one purpose."""

    purpose: str
    label: str
    help: str = ""
    required: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a section from being finished: where, and what to do."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    form: type[SectionForm]
    clause: str
    intro: str = ""
    rows: dict = field(default_factory=dict)  # name -> RowTable
    evidence: tuple[Evidence, ...] = ()
    required_evidence: object = None  # (frozen form data) -> purposes that need a file

    def bind(self, data: dict | None) -> "BoundSection":
        return BoundSection(self, data)

    def typed(self, post, *, longest: int | None = MAX_RAW) -> dict:
        """What was typed, from a POST: known fields only, raw, within bounds. Raises ValidationError.

        `longest` None takes texts of any length, to show them again beside the refusal.
        """
        raw = {}
        for name, bound in self.form.base_fields.items():
            values = [tidy(v, bound.label, longest) for v in post.getlist(name)]
            raw[name] = values if isinstance(bound, forms.MultipleChoiceField) else (values or [""])[-1]
        for name, table in self.rows.items():
            raw[name] = table.typed(post, name, longest=longest)
        return raw

    def evidence_for(self, purpose: str) -> Evidence | None:
        return next((e for e in self.evidence if e.purpose == purpose), None)


@dataclass(frozen=True)
class RowTable:
    """A table of rows inside a section (members, projects)."""

    form: type[SectionForm]
    title: str
    minimum: int = 0
    too_few: str = ""

    def typed(self, post, prefix: str, *, longest: int | None = MAX_RAW) -> list[dict]:
        try:
            total = int(post.get(f"{prefix}-TOTAL", "0"))
        except ValueError:
            total = 0
        if longest and any(post.get(f"{prefix}-{MAX_ROWS}-{name}") for name in self.form.base_fields):
            raise forms.ValidationError(f"“{self.title}”最多 {MAX_ROWS} 行，尚未保存；请删减后再保存。")
        rows = []
        for index in range(max(min(total, MAX_ROWS + 1), 0)):
            if post.get(f"{prefix}-{index}-DELETE"):
                continue
            row = {
                name: tidy(post.get(f"{prefix}-{index}-{name}", ""), bound.label, longest)
                for name, bound in self.form.base_fields.items()
            }
            if any(row.values()):
                rows.append(row)
        return rows

    def bind(self, rows: list[dict], prefix: str) -> list[SectionForm]:
        return [
            self.form({f"{prefix}-{i}-{k}": v for k, v in row.items()}, prefix=f"{prefix}-{i}")
            for i, row in enumerate(rows)
        ]

    def blank(self, index: int | str, prefix: str) -> SectionForm:
        return self.form(prefix=f"{prefix}-{index}")


class BoundSection:
    """A section with what was typed: its forms, its problems, its frozen value."""

    def __init__(self, section: Section, data: dict | None):
        self.section, self.data = section, data or {}
        self.is_empty = not any(self.data.values())
        flat = {k: v for k, v in self.data.items() if k not in section.rows}
        self.form = section.form(_as_post(flat)) if data is not None else section.form()
        self.rows = {name: t.bind(self.data.get(name, []), name) for name, t in section.rows.items()}

    def problems(self, purposes_with_files=frozenset()) -> list[Problem]:
        """Everything that is missing or wrong, in page order."""
        form = self.form if self.form.is_bound else self.section.form(_as_post({}))
        found = [
            Problem(f"id_{name}" if name != "__all__" else "section-form", text)
            for name, texts in form.errors.items()
            for text in texts
        ]
        for name, table in self.section.rows.items():
            if len(self.rows[name]) < table.minimum:
                found.append(Problem(f"rows-{name}", table.too_few))
            for number, row in enumerate(self.rows[name], 1):
                found += [
                    Problem(
                        f"id_{row.add_prefix(f)}" if f != "__all__" else f"rows-{name}",
                        f"第 {number} 行：{text}",
                    )
                    for f, texts in row.errors.items()
                    for text in texts
                ]
        if self.section.required_evidence and form.is_bound:
            wanted = self.section.required_evidence(getattr(form, "cleaned_data", {}))
            found += [
                Problem("evidence", f"请上传“{self.section.evidence_for(p).label}”的证明材料。")
                for p in wanted
                if p not in purposes_with_files
            ]
        return found

    def freeze(self) -> dict:
        """The section as filed; one never opened (no members) is empty. Call only when `problems()` is empty."""
        form = self.form if self.form.is_bound else self.section.form(_as_post({}))
        form.full_clean()
        return form.freeze() | {
            name: [row.freeze() for row in rows if row.is_valid()] for name, rows in self.rows.items()
        }


def _as_post(flat: dict):
    post = QueryDict(mutable=True)
    for name, value in flat.items():
        post.setlist(name, value if isinstance(value, list) else [value])
    return post
