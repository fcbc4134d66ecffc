"""By which order are the best recommended first [4.5 择优]? Typed now; what ranks studios registers itself here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rank:
    """A place among the studios (1 is the best), and what it rests on in words."""

    place: int
    basis: str


# (keys of studios, year) -> the rank of those it knows.
Source = Callable[[Collection[int], int], Mapping[int, Rank]]
SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Let something rank studios, in `AppConfig.ready`; what was registered first has the first say."""
    if source not in SOURCES:
        SOURCES.append(source)


def ranks_of(studios: Collection[int], year: int) -> dict[int, Rank]:
    """The rank of each studio that a source knows."""
    found: dict[int, Rank] = {}
    for source in SOURCES:
        missing = [key for key in studios if key not in found]
        if missing:
            found |= source(missing, year)
    return found
