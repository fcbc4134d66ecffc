"""What does the demo consist of? The files under data/demo, as plain values.

Tables in which days are working days before the day of loading (negative: after it): `plan.csv` has one row per
application, `sessions.csv` and `lists.csv` one per meeting of experts and per candidate list, which several
applications share; `accounts.csv` and `experts.csv` are the people. Each craft is one TOML file with what its
applicant types, what the office finds, what a correction asks for, what is seen at the place and what the panel says.
"""

import csv
import tomllib
from dataclasses import dataclass, field
from datetime import time
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
    "visit_planned": (Status.SITE_VISIT, 7),
    "visit_today": (Status.SITE_VISIT, 7),
    "visit_recorded": (Status.SITE_VISIT, 7),
    "visit_failed": (Status.REJECTED, 7),
    "deliberation": (Status.DELIBERATION, 7),
    "ballot": (Status.BALLOT, 7),
    "candidate": (Status.CANDIDATE, 7),
    "not_selected": (Status.NOT_SELECTED, 7),
    "listed": (Status.LISTED, 7),
    "waitlisted": (Status.WAITLISTED, 7),
    "declined": (Status.DECLINED, 7),
    "approved": (Status.APPROVED, 7),
    "on_notice": (Status.ON_NOTICE, 7),
    "admitted": (Status.ADMITTED, 7),
}
AT_THE_PLACE = ("visit_planned", "visit_today", "visit_recorded")  # the visit is not settled


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
    visit_planned: int | None = None
    visit: int | None = None
    visitors: tuple[str, ...] = ()
    session: str = ""
    votes: tuple[tuple[int, int, int], ...] = ()  # of each round: 同意, 不同意, 弃权
    on_list: str = ""
    decision: str = "approve"
    letter: int | None = None  # the day it is sent; None: it waits in the outbox, or there is none
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


DAYS = ("filed", "asked", "again", "decided", "originals", "visit_planned", "visit", "letter")


def read_plan() -> list[Entry]:
    return [
        Entry(
            content=tomllib.loads((FOLDER / f"{row['file']}.toml").read_text(encoding="utf-8")),
            **{k: row[k] for k in ("file", "until", "shared", "officer", "session")},
            account=row["account"] or row["file"],
            started=int(row["started"]),
            visitors=tuple(row["visitors"].split()),
            votes=tuple(tuple(map(int, part.split("-"))) for part in row["votes"].split()),
            on_list=row["list"],
            decision=row["decision"] or "approve",
            **{k: _day(row[k]) for k in DAYS},
        )
        for row in _rows("plan.csv")
    ]


@dataclass(frozen=True)
class Session:
    """One meeting of experts; `experts` are seated by name, the other seats are drawn by lot."""

    name: str
    title: str
    meets: int
    at: time
    place: str
    means: str
    seats: int
    fields: tuple[str, ...]
    created: int
    invited: int
    experts: tuple[str, ...]


def read_sessions() -> list[Session]:
    return [
        Session(
            **{k: row[k] for k in ("name", "title", "place", "means")},
            **{k: int(row[k]) for k in ("meets", "seats", "created", "invited")},
            **{k: tuple(row[k].split()) for k in ("fields", "experts")},
            at=time.fromisoformat(row["at"]),
        )
        for row in _rows("sessions.csv")
    ]


@dataclass(frozen=True)
class List:
    """One candidate list and the 公示 of it, as far as it has come."""

    name: str
    title: str
    places: int
    minutes: str
    compiled: int
    sent: int | None
    opinion: int | None
    resolved: int | None
    drafted: int | None
    read: int | None
    published: int | None
    boxes: int | None
    concluded: int | None
    admitted: int | None
    final: int | None


def read_lists() -> list[List]:
    words = ("name", "title", "minutes")
    return [
        List(places=int(row.pop("places")), **{k: v if k in words else _day(v) for k, v in row.items()})
        for row in _rows("lists.csv")
    ]


def read_experts() -> list[dict]:
    """name … mobile as the pool takes them, fields (list of codes), account, away (first day, last day) or None."""
    return [
        row
        | {
            "fields": row["fields"].split(),
            "away": (int(row["away_from"]), int(row["away_to"])) if row["away_from"] else None,
        }
        for row in _rows("experts.csv")
    ]


def read_accounts() -> list[dict]:
    """username, real_name, roles (list), unit, mobile, email, hint."""
    return [row | {"roles": row["roles"].split()} for row in _rows("accounts.csv")]


def _day(text) -> int | None:
    return int(text) if text else None


def _rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
