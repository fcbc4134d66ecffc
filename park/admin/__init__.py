"""Master data, settings, accounts, rights and the trail, each for its own officer (三员分立)."""

from importlib.util import find_spec

from park.admin import audit, organisation, people

__all__ = ["audit", "organisation", "people"]

if find_spec("park.admin.codes"):
    from park.admin import codes  # noqa: F401
