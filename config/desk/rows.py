"""How does one thing to do read on the desk, and one list of them?"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

ROWS = 20  # of one section


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


def section(title, queryset, row_of, page, *, query="", empty=""):
    rows = list(queryset[: ROWS + 1])
    if not rows and not empty:
        return None
    return {
        "title": title,
        "rows": [row_of(row) for row in rows[:ROWS]],
        "is_cut": len(rows) > ROWS,
        "more": reverse(page) + query,
        "empty": empty,
    }
