"""Long lists, quick at any length: the count is capped, keys are read off an index, then only their rows."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
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
        found = list(rows.order_by(*self.queryset.query.order_by))
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
