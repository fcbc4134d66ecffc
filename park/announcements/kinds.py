"""Which kinds of announcement are there, and what do they mean to the app that drafts them?"""

from collections.abc import Callable
from dataclasses import dataclass


def nothing(announcement, *, by):
    """No record of the app is moved."""


def always(user, announcement) -> bool:
    return True


def no_objection(announcement) -> list[str]:
    return []


def no_links(user, announcement) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class Kind:
    """`published`, `withdrawn` and `concluded` are called (announcement, *, by) inside the step's transaction."""

    code: str
    title: str
    clause: str
    prefix: str
    notice: bool = False  # a 公示: working-day countdown and objections
    may: Callable = (
        always  # (user, announcement): nobody announces a studio of their own, nor sees who objects
    )
    ready: Callable = (
        no_objection  # (announcement) -> sentences: what in the app's records speaks against it now
    )
    renew: Callable | None = None  # (announcement) -> rows as the records stand now
    links: Callable = no_links  # (user, announcement) -> (label, address): what is done elsewhere
    published: Callable = nothing
    withdrawn: Callable = nothing
    concluded: Callable = nothing


KINDS: dict[str, Kind] = {}


def register(code: str, **kwargs):
    KINDS[code] = Kind(code, **kwargs)


def kind_of(announcement) -> Kind:
    return KINDS[announcement.kind]
