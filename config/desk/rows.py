"""How does one thing to do read on the desk, and one list of them?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, QuerySet
from django.urls import reverse

from park.models import User

ROWS = 20  # of one list


@dataclass(frozen=True)
class Row:
    """One thing to do: where it is, what it is about, how it stands, by when."""

    url: str
    title: str
    number: str = ""
    who: str = ""
    label: str = ""
    public: str = ""  # the plain sentence, to the studio
    due: date | None = None
    on: date | None = None  # an appointment, not a deadline


@dataclass(frozen=True)
class Section:
    """One list: its rows in their order, how one of them reads, and the page that shows all."""

    title: str
    rows: QuerySet
    row_of: Callable[..., Row]
    page: str
    query: str = ""
    empty: str = ""  # what is said where there is nothing; a list without it is left out then
    most: int = ROWS  # how many are shown

    def drawn(self) -> dict:
        rows = list(self.rows[: self.most + 1])
        return self._of([self.row_of(row) for row in rows[: self.most]], is_cut=len(rows) > self.most)

    def without_rows(self) -> dict:
        return self._of([], is_cut=False)

    def _of(self, rows, *, is_cut):
        more = reverse(self.page) + self.query
        return {"title": self.title, "rows": rows, "is_cut": is_cut, "more": more, "empty": self.empty}


def drawn(sections, user) -> list[dict]:
    """These lists as the page shows them. One query says which have anything in them, and only those are read: most are
    empty most of the time."""
    asked = {f"list_{n}": Exists(one.rows) for n, one in enumerate(sections)}
    filled = User.objects.filter(pk=user.pk).values(**asked).get() if asked else {}
    found = []
    for n, one in enumerate(sections):
        if filled[f"list_{n}"]:
            found.append(one.drawn())
        elif one.empty:
            found.append(one.without_rows())
    return found
