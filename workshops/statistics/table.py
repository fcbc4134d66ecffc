"""What is one table of the statistics, as the page draws it and as the sheet takes it home?"""

from dataclasses import dataclass
from decimal import Decimal

from park.money import yuan

TEN_THOUSAND_YUAN = 1_000_000  # in fen
UNITS = {"int": "", "fen": "元", "percent": "%", "area": "平方米"}


@dataclass(frozen=True)
class Measure:
    """One column of numbers: whole numbers with their unit, money in fen, a percentage, square metres."""

    label: str
    kind: str = "int"
    unit: str = ""

    def shown(self, number) -> str:
        if number is None:
            return "—"
        if self.kind == "fen":
            return yuan(number)
        if self.kind == "percent":
            return f"{number:.1f}%"
        return f"{number:,.2f}" if self.kind == "area" else f"{number:,}"

    @property
    def heading(self) -> str:
        return f"{self.label}（{UNITS[self.kind]}）" if self.kind in ("fen", "area") else self.label


@dataclass(frozen=True)
class Table:
    """Rows of a label and its numbers. The measures `drawn` are drawn beside as bars, or as columns over time."""

    code: str
    title: str
    head: str
    measures: tuple[Measure, ...]
    rows: list[tuple]
    note: str = ""
    chart: str = "bars"
    drawn: tuple[int, ...] = (0,)
    empty: str = "这段时间没有记录。"

    @property
    def headings(self) -> list[str]:
        return [self.head, *(measure.heading for measure in self.measures)]

    @property
    def cells(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(label, [(heading, number in words), …]) row by row."""
        return [
            (label, [(m.heading, m.shown(n)) for m, n in zip(self.measures, numbers, strict=True)])
            for label, *numbers in self.rows
        ]

    @property
    def drawings(self) -> list[tuple[str, str, list]]:
        """(title, unit, [(label, number), …]) of each measure drawn; money in 万元."""
        return [self._drawing(index) for index in self.drawn]

    def _drawing(self, index):
        """Bars leave out what is nought: the table beside has it."""
        measure, found = self.measures[index], []
        for label, *numbers in self.rows:
            number = numbers[index]
            if number is not None and measure.kind == "fen":
                number = number / TEN_THOUSAND_YUAN
            elif number is not None and measure.kind == "percent":
                number = round(number, 1)
            if number or self.chart == "columns":
                found.append((label, number))
        unit = {"fen": " 万元", "percent": "%", "area": " 平方米"}.get(
            measure.kind, f" {measure.unit}".rstrip()
        )
        return f"{self.title}：{measure.label}", unit, found

    @property
    def has_numbers(self) -> bool:
        return any(number for _, *numbers in self.rows for number in numbers)

    def flat(self) -> list[dict]:
        """One row per number, for the sheet."""
        found = []
        for label, *numbers in self.rows:
            for measure, number in zip(self.measures, numbers, strict=True):
                row = {"table": self.title, "row": label, "measure": measure.label}
                if number is None:
                    continue
                if measure.kind == "int":
                    row |= {"count": number, "unit": measure.unit}
                elif measure.kind == "fen":
                    row |= {"money": number, "unit": "元"}
                else:
                    row |= {"decimal": Decimal(number).quantize(Decimal("0.01")), "unit": UNITS[measure.kind]}
                found.append(row)
        return found


def percent(part, whole) -> Decimal | None:
    """None of nothing."""
    return Decimal(100) * Decimal(part) / Decimal(whole) if whole else None
