"""Long lists, quick at any length: the count is capped, keys are read off an index, then only their rows."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

CAP = 10_000


@dataclass
class Page:
    """One page of a list. `queryset` is ordered by an index; `rows` adds what the page shows."""

    queryset: QuerySet
    number: int
    size: int = 50
    related: tuple[str, ...] = ()
    known_count: int | None = None  # where the caller has it already
    also: dict = field(default_factory=dict)  # what else is read of the rows of this page: annotations

    @classmethod
    def of(cls, queryset, number, **kwargs):
        """The page asked for in the address; nonsense means the first."""
        number = int(number) if str(number).isdecimal() and len(str(number)) < 8 else 1
        return cls(queryset, min(max(number, 1), CAP // kwargs.get("size", 50)), **kwargs)

    @cached_property
    def count(self) -> int:
        """Rows in the list, at most CAP + 1. The last page knows it without asking."""
        if self.rows and not self._more and self.number * self.size < CAP:
            return self._start + len(self.rows)
        if self.known_count is not None:
            return self.known_count
        return self.queryset.order_by()[: CAP + 1].count()

    @property
    def count_text(self) -> str:
        return f"{CAP:,} 以上" if self.count > CAP else str(self.count)

    @property
    def has_next(self) -> bool:
        return bool(self.rows) and self._more

    @property
    def _start(self) -> int:
        return (self.number - 1) * self.size

    @cached_property
    def rows(self) -> list:
        last = self._start + self.size
        keys = self.queryset.values("pk")[self._start : last + 1]
        rows = self.queryset.model._default_manager.filter(pk__in=keys).select_related(*self.related)
        found = list(rows.annotate(**self.also).order_by(*self.queryset.query.order_by))
        self._more = len(found) > self.size and last < CAP
        return found[: self.size]

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.count, CAP) // self.size))


class Month:
    """One month as weeks of whole days, Monday first; `asked` is 2026-03, nonsense means the present one."""

    def __init__(self, asked: str):
        self.today = timezone.localdate()
        try:
            first = date.fromisoformat(f"{asked[:7]}-01")
        except ValueError:
            first = self.today.replace(day=1)
        self.first = min(max(first, date(2000, 1, 1)), date(2100, 1, 1))
        self.weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day that the page shows."""
        return self.weeks[0][0], self.weeks[-1][-1]

    def context(self, by_day: dict) -> dict:
        """What the template draws: the cells with the rows of their days, and the months beside this one."""
        return {
            "first": self.first,
            "weeks": [[self._cell(day, by_day) for day in week] for week in self.weeks],
            "has_rows": any(day.month == self.first.month for day in by_day),
            "before": f"{self.first - timedelta(days=1):%Y-%m}",
            "after": f"{self.first + timedelta(days=31):%Y-%m}",
        }

    def _cell(self, day, by_day) -> dict:
        in_month = day.month == self.first.month
        return {"day": day, "rows": by_day.get(day, []), "in_month": in_month, "is_today": day == self.today}


class QuickSelect(forms.Select):
    """A drop-down drawn without one template per option: the filters of a list are drawn with every page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = self.format_value(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected" if str(key or "") in chosen else ""), label)
                for key, label in self.choices
            ),
        )
        attrs = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return format_html("<select{}>{}</select>", attrs, options)
