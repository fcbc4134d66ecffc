"""A studio in the park with its person, and everybody who might touch what it does."""

import pytest

from tests.applications.conftest import clock, reference  # noqa: F401 (fixtures of the road)
from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory, StudioFactory

ROLES = {
    "office": ["office"],
    "lead_division": ["lead_division"],
    "logistics": ["logistics"],
    "logistics2": ["logistics"],
    "attraction": ["attraction"],
    "working_group": ["working_group"],
    "expert": ["expert"],
    "auditor": ["auditor"],
    "owner": ["applicant"],
    "stranger": ["applicant"],
    "officer_of_studio": ["office", "applicant"],
    "nobody": [],
}


@pytest.fixture
def park_people(db):
    people = {name: UserFactory(roles=given) for name, given in ROLES.items()}
    people["superuser"] = UserFactory(is_superuser=True)
    return people


@pytest.fixture
def living(park_people):
    """A residency; its studio belongs to the owner and to an officer who must not act in office on it."""
    studio = StudioFactory(people=[park_people["owner"], park_people["officer_of_studio"]])
    return ResidencyFactory(active=True, studio=studio)
