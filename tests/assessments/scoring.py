"""The printed scorecard as plain values, and short ways to write down a year."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import assessments
from assessments.scoring import Record, YearFacts, score
from park import rules
from park.rules.evaluation import FROZEN
from workshops.presence import MonthRecord

DATA = Path(assessments.__file__).parent / "data"
YEAR = 2026
DEFAULTS = {key: rules.REGISTRY[key].default for key in FROZEN}


@dataclass(frozen=True)
class Item:
    code: str
    order: int
    category: str
    content: str
    max_points: int
    rule_text: str
    kind: str
    parameters: dict
    is_bonus: bool


def shipped_items() -> list[Item]:
    """The edition of 2015 as its file has it."""
    with (DATA / "rubric_item.csv").open(encoding="utf-8") as file:
        return [
            Item(
                row["code"],
                int(row["order"]),
                row["category"],
                row["content"],
                int(row["max_points"]),
                row["rule_text"],
                row["kind"],
                json.loads(row["parameters"]),
                row["is_bonus"] == "1",
            )
            for row in csv.DictReader(file)
        ]


ITEMS = {item.code: item for item in shipped_items()}


def day(text: str) -> date:
    """`5-3` in the year of the tests, or a whole date."""
    parts = [int(part) for part in text.split("-")]
    return date(*parts) if len(parts) == 3 else date(YEAR, *parts)


def rec(kind, on="5-3", until=None, **values) -> Record:
    start = day(on)
    return Record(kind, start, day(until) if until else start, **values)


def holding(kind, category="", since="2025-3-1", **values) -> Record:
    """Something that goes on: a sign, a rule, equipment."""
    return Record(kind, day(since), date(9999, 12, 31), category=category, **values)


def months(*present, quota=10) -> tuple[MonthRecord, ...]:
    """Days present, January first; a pair names a quota of its own."""
    rows = []
    for number, given in enumerate(present, 1):
        asked, there = given if isinstance(given, tuple) else (quota, given)
        rows.append(MonthRecord(date(YEAR, number, 1), asked, there))
    return tuple(rows)


def year(*records, **values) -> YearFacts:
    return YearFacts(YEAR, records=tuple(records), **values)


def points(code, facts, **settings):
    """The points of one item, with other settings where a case names them."""
    return score(ITEMS[code], facts, DEFAULTS | settings).points
