"""What is known of one studio in one year, as plain values: the input of every scoring function."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from workshops.presence import MonthRecord


@dataclass(frozen=True)
class Record:
    """One verified entry of a ledger. Days are inclusive; `starts`–`ends` is when it counts, open where it lasts."""

    kind: str
    starts: date
    ends: date
    category: str = ""
    level: str = ""
    title: str = ""
    number: str = ""
    key: str = ""
    partner: str = ""
    certificate_no: str = ""
    amount_fen: int = 0
    outcome_on: date | None = None
    rostered: int = 0  # people on its roster
    files: int = 0
    signed_on: date | None = None  # of an agreement: the day it was made
    subtype: str = ""  # of a patent: invention, utility, design
    state: str = ""  # of equipment


@dataclass(frozen=True)
class Inspected:
    """What the newest inspection of the year found on an item [5.2]."""

    met: bool
    on: date
    text: str
    key: str = ""


@dataclass(frozen=True)
class YearFacts:
    """Everything that the card of one studio is computed from. `months` are those that count [S2b]."""

    year: int
    months: tuple[MonthRecord, ...] = ()
    records: tuple[Record, ...] = ()
    logs: int = 0  # verified entries of the work log
    certified: int = 0  # different people with a certificate that counts, dated in the year [S11c]
    checked_in: bool = False  # the register of attendance has entries
    unpaid_bills: int = 0  # fell due in the year and are not paid
    inspected: Mapping[str, Inspected] = field(default_factory=dict)  # item code → the newest finding

    def of(self, kind: str, categories: Collection[str] = ()) -> list[Record]:
        """Records of a kind that count in the year, in an order that does not depend on how they were read [P5]."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        found = [
            r
            for r in self.records
            if r.kind == kind
            and r.starts <= last
            and r.ends >= first
            and (not categories or r.category in categories)
        ]
        return sorted(found, key=lambda r: (r.starts, r.number, r.title))

    def in_year(self, day: date | None) -> bool:
        return day is not None and day.year == self.year

    def with_more(self, *records: Record, **changes) -> "YearFacts":
        """The same year with something added: what the next record would earn."""
        return replace(self, records=(*self.records, *records), **changes)
