"""What is a kind of ledger record: its fields, its dates, its proof, and what it proves?

A kind is data, not code: forms, sheets, lists and papers are derived from it. What a record of a kind says travels as
`values` (dates and whole numbers, money in fen) and is kept as plain JSON.
"""

from dataclasses import dataclass
from datetime import date

FOREVER = date(9999, 12, 31)

# Columns of the record that lists, scoring and searches read; a field may fill one of them.
COLUMNS = ("category", "level", "partner", "person", "certificate_no", "amount_fen", "quantity", "outcome_on")
NUMERIC = frozenset({"amount_fen", "quantity"})


@dataclass(frozen=True)
class Field:
    """One thing that a kind asks. `required` holds when it is submitted; a draft may leave it open."""

    name: str
    label: str
    kind: str = "text"  # text, longtext, int, money, date, choice, link
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    column: str = ""  # of the record, filled from this field
    max_length: int = 80
    quick: bool = False  # among the few that a phone asks first
    help: str = ""
    example: str = ""
    when: tuple[str, tuple[str, ...]] = ()  # (other field, codes): required only then

    def label_of(self, code) -> str:
        return dict(self.choices).get(code, code)


@dataclass(frozen=True)
class Kind:
    """One kind of ledger."""

    code: str
    title: str
    group: str
    clauses: tuple[str, ...]  # the duty or function that it carries out
    items: tuple[str, ...]  # of the scorecard, that it proves
    fields: tuple[Field, ...]
    day_label: str = "日期"
    until_label: str = ""  # "": one day only
    until_required: bool = False  # when it is submitted
    counts: str = "start"  # "start", "end" or "term": the year of which day, or every year it touches
    lasts: bool = False  # without an end it holds on
    proof: str = "none"  # for verification: "file", "file_or_link" or "none"
    roster: bool = False  # has rows of trainees
    title_label: str = "名称"
    title_example: str = ""
    items_by_category: tuple[tuple[str, tuple[str, ...]], ...] = ()  # category → items, where they differ
    hint: str = ""  # what belongs here, in one sentence

    def field(self, name) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def column_field(self, column) -> Field | None:
        return next((field for field in self.fields if field.column == column), None)

    def items_of(self, category: str) -> tuple[str, ...]:
        """The items that a record of this category proves."""
        return dict(self.items_by_category).get(category, ()) if self.items_by_category else self.items

    def dump(self, values: dict) -> dict:
        """Values of the fields as plain JSON; what is empty is left out."""
        kept = {}
        for field in self.fields:
            value = values.get(field.name)
            if value is not None and value != "":
                kept[field.name] = value.isoformat() if isinstance(value, date) else value
        return kept

    def load(self, data: dict) -> dict:
        """Values from JSON; fields that the kind has no more are left out."""
        return {
            field.name: date.fromisoformat(data[field.name]) if field.kind == "date" else data[field.name]
            for field in self.fields
            if data.get(field.name) not in (None, "")
        }

    def columns(self, values: dict, happened_on: date, until_on: date | None) -> dict:
        """The indexed columns of a record with these values and days."""
        start, end = self.counting(happened_on, until_on)
        filled = {name: None if name in NUMERIC | {"outcome_on"} else "" for name in COLUMNS}
        for field in self.fields:
            if field.column and values.get(field.name) not in (None, ""):
                filled[field.column] = values[field.name]
        return filled | {"counts_from": start, "counts_until": end, "year": start.year}

    def counting(self, happened_on: date, until_on: date | None) -> tuple[date, date]:
        """From which to which day it counts for a yearly evaluation."""
        if self.counts == "term":
            return happened_on, until_on or (FOREVER if self.lasts else happened_on)
        day = until_on if self.counts == "end" and until_on else happened_on
        return day, day

    def missing(self, values: dict) -> list[str]:
        """Labels of what has to be there before it is submitted and is not."""
        absent = []
        for field in self.fields:
            wanted = field.required or (field.when and values.get(field.when[0]) in field.when[1])
            if wanted and values.get(field.name) in (None, ""):
                absent.append(field.label)
        return absent

    def shown(self, values: dict) -> list[tuple[str, object, str]]:
        """(label, value in words, kind of field) of what was filled in."""
        rows = []
        for field in self.fields:
            value = values.get(field.name)
            if value in (None, ""):
                continue
            if field.kind == "choice":
                value = field.label_of(value)
            elif field.kind == "money":
                value = yuan(value)
            rows.append((field.label, value, field.kind))
        return rows


def yuan(fen: int) -> str:
    """Fen as people read them: 12,345.60 元."""
    return f"{fen // 100:,}.{fen % 100:02} 元"
