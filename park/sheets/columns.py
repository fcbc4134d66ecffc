"""What is a column: its header, what may stand in its cells, and what a cell means in Python?

| kind | in the row | a cell may be |
| --- | --- | --- |
| text, longtext | str, "" when blank | text; a number as Excel shows it; longtext keeps its lines |
| int, decimal | int, Decimal | a number, or its text, full-width or with thousands separators |
| money | int, in fen | yuan, with at most two decimals; ￥ and 元 may stand beside it |
| date, month | date (a month: its first day) | a date, 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, a serial of Excel |
| bool | bool | 是 否 √ × 有 无 |
| choice | the value of the label | one of the labels |
| mobile | str | 11 digits, blanks and +86 dropped |

A blank cell is "" for text, longtext and mobile, None for the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

KINDS = ("text", "longtext", "int", "decimal", "money", "date", "month", "bool", "choice", "mobile")
WORDS = frozenset({"text", "longtext", "mobile"})  # blank means ""


@dataclass(frozen=True)
class Column:
    """One column. `minimum` and `maximum` are in the unit of the cell (yuan for money), dates for date columns."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Callable[[], Mapping[str, object]] | None = None  # label -> value, asked once per reading
    max_length: int = 200  # of text and longtext
    minimum: int | Decimal | date | None = None
    maximum: int | Decimal | date | None = None
    places: int = 2  # of decimal
    help: str = ""
    width: int = 18
    example: str = ""
    clean: Callable | None = None  # the value in its one spelling, or a ValidationError: `park.validators`
    masked: bool = False  # personal: a preview shows it masked; mobiles always are

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of column: {self.kind}")
        if (self.kind == "choice") != (self.choices is not None):
            raise ValueError(f"{self.name}: a choice has choices, and nothing else has")

    @property
    def blank(self):
        return "" if self.kind in WORDS else None


@dataclass(frozen=True)
class Sheet:
    """A table as people fill it in or take it home."""

    code: str
    title: str
    columns: tuple[Column, ...]
    max_rows: int = 20_000

    def __post_init__(self):
        for what in ("name", "label"):
            found = [getattr(column, what) for column in self.columns]
            if len(set(found)) != len(found):
                raise ValueError(f"{self.code}: two columns with the same {what}")

    @property
    def page(self) -> str:
        """The title as the name of a worksheet, which takes 31 characters and not all signs."""
        return "".join(" " if sign in "[]:*?/\\'" else sign for sign in self.title)[:31].strip()

    @property
    def file_stem(self) -> str:
        return "".join("-" if sign in '/\\:*?"<>|' else sign for sign in self.title)


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong at one place: the row as Excel counts (0: the file as a whole), the header, a plain sentence."""

    row: int
    column: str
    text: str


@dataclass
class Reading:
    """Rows by the names of their columns, with their line under `_row`; rows with a fault are not among them."""

    rows: list[dict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
