"""A studio in the park, its person, and two who inspect it."""

from types import SimpleNamespace

import pytest

from assessments.models import Inspection
from tests.applications.conftest import clock, reference  # noqa: F401
from tests.assessments.factories import plan
from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory, StudioFactory


@pytest.fixture
def people(db):
    """Everybody who might touch an inspection, by what they are."""
    roles = {
        "office": ["office"],
        "inspector": ["logistics"],
        "other_logistics": ["logistics"],
        "lead_division": ["lead_division"],
        "attraction": ["attraction"],
        "working_group": ["working_group"],
        "expert": ["expert"],
        "auditor": ["auditor"],
        "owner": ["applicant"],
        "stranger": ["applicant"],
        "officer_of_studio": ["office", "applicant"],
        "nobody": [],
    }
    people = {name: UserFactory(roles=given) for name, given in roles.items()}
    people["superuser"] = UserFactory(is_superuser=True)
    return people


@pytest.fixture
def residency(people):
    studio = StudioFactory(people=[people["owner"], people["officer_of_studio"]])
    return ResidencyFactory(active=True, studio=studio)


@pytest.fixture
def going(people):
    return [people["office"], people["inspector"]]


@pytest.fixture
def inspection(residency, people, going) -> Inspection:
    return plan([residency], by=people["office"], inspectors=going).inspections.get()


@pytest.fixture
def world(people, going, residency, inspection):
    return SimpleNamespace(people=people, going=going, residency=residency, inspection=inspection)


@pytest.fixture(autouse=True)
def _no_printing(settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
