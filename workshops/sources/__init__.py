"""Which figures of a return does the system know already [5.3]? One file per concept that knows some.

A source answers for many studios at once, in a constant number of queries: `read(studio ids, first, last)` →
{studio id: value}; a studio that is not in the answer has 0. Money is in fen. A new file is one more entry of `CONCEPTS`.
"""

from workshops.sources import attendance, ledger, people
from workshops.sources.definition import Source

CONCEPTS = (people, attendance, ledger)
SOURCES: dict[str, Source] = {source.code: source for concept in CONCEPTS for source in concept.SOURCES}

__all__ = ["SOURCES", "Source", "known_figures"]


def known_figures(codes, studios, first, last) -> dict[str, dict[int, object]]:
    """source → studio → value, of those sources that exist; every studio has an entry."""
    studios = list(studios)
    found = {}
    for code in dict.fromkeys(codes):
        if code in SOURCES:
            values = SOURCES[code].read(studios, first, last)
            found[code] = {studio: values.get(studio) or 0 for studio in studios}
    return found
