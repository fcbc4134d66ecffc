"""Long lists, quick at any length: the count is capped, keys are found by index first, rows fetched by key."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

CAP = 10_000


@dataclass
class Page:
    """One page of a list. `queryset` is ordered by an index; `rows` adds what the page shows."""

    queryset: QuerySet
    number: int
    size: int = 50
    related: tuple[str, ...] = ()

    @classmethod
    def of(cls, queryset, number, **kwargs):
        """The page asked for in the address; nonsense means the first."""
        number = int(number) if str(number).isdecimal() and len(str(number)) < 8 else 1
        return cls(queryset, min(max(number, 1), CAP // kwargs.get("size", 50)), **kwargs)

    @cached_property
    def count(self) -> int:
        """Rows in the list, at most CAP + 1."""
        return self.queryset.order_by()[: CAP + 1].count()

    @property
    def count_text(self) -> str:
        return f"{CAP:,} 以上" if self.count > CAP else str(self.count)

    @property
    def has_next(self) -> bool:
        return bool(self.rows) and self._more

    @cached_property
    def rows(self) -> list:
        start = (self.number - 1) * self.size
        keys = list(self.queryset.values_list("pk", flat=True)[start : start + self.size + 1])
        self._more = len(keys) > self.size and self.number * self.size < CAP
        found = self.queryset.model._default_manager.select_related(*self.related).in_bulk(keys[: self.size])
        return [found[key] for key in keys[: self.size]]

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
