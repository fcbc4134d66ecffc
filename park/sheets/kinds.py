"""What do the rows of a sheet mean? An `ImportKind` says who may, what each row would do, and writes them.

A kind is registered in `AppConfig.ready`; `import_url(code)` leads to its page.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from park.sheets.columns import Fault, Sheet

NEW, CHANGED, SAME = "new", "changed", "same"
HAPPENS = {NEW: "新增", CHANGED: "更改", SAME: "不变"}


@dataclass(slots=True)
class Prepared:
    """What one row would do.

    `seen` is what this rests on, e.g. a version or the old values: where it is another when the import is confirmed,
    nothing is written. `note` is shown in the preview: “课时 12 → 16”.
    """

    row: int
    happens: str  # NEW, CHANGED or SAME
    data: object = None
    note: str = ""
    seen: object = None


class ImportKind(ABC):
    """One kind of import. Everything is asked again when the import is confirmed."""

    code = ""  # in addresses
    title = ""  # “导入培训花名册”
    sheet: Sheet  # or override `sheet_for`
    lead = ""  # a sentence on the page: what the rows are matched by

    def context(self, user, key: str):
        """What the rows belong to, by the key in the address: start from `visible_to(user)`, raise Http404.

        Without a key it is None, and that is all this one knows.
        """
        if key:
            raise Http404
        return None

    @abstractmethod
    def may(self, user, context) -> bool:
        """Whether this person may import these rows."""

    def sheet_for(self, context) -> Sheet:
        """The sheet, where it depends on what the rows belong to."""
        return self.sheet

    @abstractmethod
    def check(self, rows: list[dict], context, by) -> tuple[list[Prepared], list[Fault]]:
        """What each row would do and what stands against it: over all rows at once, in a constant number of queries.

        It writes nothing. Within a dry run it is not in a transaction; before writing it is, after `lock`.
        """

    def lock(self, rows: list[dict], context) -> None:  # noqa: B027 - most kinds need no lock
        """Keep others from changing what `check` looks at; called in the transaction, before the last check."""

    @abstractmethod
    def write(self, prepared: list[Prepared], context, by) -> None:
        """Write the new and changed rows (the same ones are left out), in the caller's transaction, in bulk."""

    @abstractmethod
    def back(self, context) -> tuple[str, str]:
        """(address to return to, clause of the regulation or "")."""


KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make a kind known, in `AppConfig.ready`. Twice is once."""
    if KINDS.setdefault(kind.code, kind) is not kind and type(KINDS[kind.code]) is not type(kind):
        raise ValueError(f"two kinds of import are called {kind.code}")


def import_url(code: str, key="") -> str:
    """The page where a sheet of this kind is imported; `key` says into what."""
    return reverse("sheet_import_into", args=[code, key]) if key else reverse("sheet_import", args=[code])
