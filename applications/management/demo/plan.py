"""What does the demo consist of? The files under data/demo, as plain values.

`accounts.csv` and `plan.csv` are tables (days are working days before the day of loading); each craft is one
TOML file with what its applicant types, what the office finds and what a correction asks for.
"""

import csv
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django import forms

from applications.forms.sections import SECTIONS
from applications.models import Status

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
PASSWORD = "Demo-2026-park"

# Where each course of events ends, and how many sections of the form are filled in by then.
ENDS = {
    "started": (Status.DRAFT, 0),
    "leader": (Status.DRAFT, 2),
    "half": (Status.DRAFT, 4),
    "unproved": (Status.DRAFT, 7),
    "unstamped": (Status.DRAFT, 7),
    "ready": (Status.DRAFT, 7),
    "withdrawn_draft": (Status.WITHDRAWN, 4),
    "submitted": (Status.SUBMITTED, 7),
    "reviewing": (Status.SUBMITTED, 7),
    "preparing": (Status.SUBMITTED, 7),
    "resubmitted": (Status.SUBMITTED, 7),
    "correction": (Status.CORRECTION, 7),
    "passed": (Status.SITE_VISIT, 7),
    "rejected": (Status.REJECTED, 7),
    "withdrawn": (Status.WITHDRAWN, 7),
    "lapsed": (Status.WITHDRAWN, 7),
}


@dataclass(frozen=True)
class Entry:
    """One application of the demo: when what happens, and what is typed."""

    file: str
    until: str
    account: str
    shared: str = ""
    officer: str = ""
    started: int = 0
    filed: int | None = None
    asked: int | None = None
    again: int | None = None
    decided: int | None = None
    originals: int | None = None
    content: dict = field(default_factory=dict, repr=False)

    @property
    def ends_as(self) -> Status:
        return ENDS[self.until][0]

    @property
    def sections(self) -> list[str]:
        return list(SECTIONS)[: ENDS[self.until][1]]

    @property
    def review(self) -> dict:
        return self.content.get("review", {})

    @property
    def corrections(self) -> list[dict]:
        return self.content.get("correction", [])

    def typed(self, name, **changes) -> dict:
        """One section as its form would send it, with `changes` on top."""
        section, given = SECTIONS[name], {**self.content.get(name, {}), **changes}
        raw = {}
        for key, bound in section.form.base_fields.items():
            value = given.get(key, [] if isinstance(bound, forms.MultipleChoiceField) else "")
            raw[key] = value.strip() if isinstance(value, str) else value
        for key, table in section.rows.items():
            columns = list(table.form.base_fields)
            lines = self.content.get(f"{key}_rows", "").strip().splitlines()
            raw[key] = [dict(zip(columns, line.split("|"), strict=True)) for line in lines]
        return raw


def read_plan() -> list[Entry]:
    return [
        Entry(
            content=tomllib.loads((FOLDER / f"{row['file']}.toml").read_text(encoding="utf-8")),
            **{k: row[k] for k in ("file", "until", "shared", "officer")},
            account=row["account"] or row["file"],
            started=int(row["started"]),
            **{
                k: int(row[k]) if row[k] else None
                for k in ("filed", "asked", "again", "decided", "originals")
            },
        )
        for row in _rows("plan.csv")
    ]


def read_accounts() -> list[dict]:
    """username, real_name, roles (list), unit, mobile, email, hint."""
    return [row | {"roles": row["roles"].split()} for row in _rows("accounts.csv")]


def _rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
