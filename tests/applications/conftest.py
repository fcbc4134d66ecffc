"""Reference data and shared cases: built once per module inside one transaction that is rolled back after it.

A test that uses the fixture `reference` (or one that builds on it) sees them and has its own savepoint. Tests
with real transactions cannot; they load the rows themselves (`load_reference_rows`).
"""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from applications.forms.sections import SECTIONS
from applications.models import Application, SectionDraft
from park import audit
from park.models import Role
from tests.applications import filled, road
from tests.factories import UserFactory
from tests.reference import load_reference_rows


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        load_reference_rows()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture(scope="module")
def world(reference, django_db_blocker):
    """One case in each status and everybody who might touch it. Ask `fresh` for rows to work on."""
    with django_db_blocker.unblock():
        return build_world()


def build_world():
    people = {role.value: UserFactory(roles=[role], username=f"the-{role}") for role in Role}
    people |= {
        "owner": UserFactory(roles=["applicant"], username="the-owner", real_name="陈青松"),
        "collaborator": UserFactory(roles=["applicant"], username="the-collaborator", real_name="李玥"),
        "superuser": UserFactory(is_superuser=True, username="the-superuser"),
        "officer_of_studio": UserFactory(roles=["office", "applicant"], username="the-officer-of-studio"),
        "nobody": UserFactory(username="the-nobody"),
    }
    return SimpleNamespace(people=people, cases=filled.one_in_each_status(people))


@pytest.fixture(scope="module")
def whole_road(world, django_db_blocker):
    """The same world with cases in the later statuses too, for modules that walk the whole procedure."""
    with django_db_blocker.unblock():
        world.cases |= road.later_statuses(world.people)
    return world


@pytest.fixture
def fresh(world, db):
    """`fresh("submitted")`: the case as it is in the database, for this test alone."""
    return lambda status: Application.objects.get(pk=world.cases[status])


@pytest.fixture
def people(world, db):
    """Everybody by name; rows are read again, for roles are kept on the object."""
    from park.models import User

    return {name: User.objects.get(pk=person.pk) for name, person in world.people.items()}


@pytest.fixture
def clock(monkeypatch):
    """`clock("2026-03-02")`: it is ten in the morning of that day, in Zhenjiang."""

    def at(day: str):
        moment = timezone.make_aware(datetime.fromisoformat(f"{day}T10:00"))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return at


def verbs_of(subject, **found) -> list[str]:
    """The audit verbs about one record, oldest first."""
    return list(audit.history_of(subject).filter(**found).order_by("sequence").values_list("verb", flat=True))


def section_url(application, name):
    return reverse("applications:section", args=[application.key, name])


def form_data(name, typed=None, **extra):
    """What a browser posts for one section."""
    typed = filled.TYPED[name] | (typed or {})
    data = {k: v for k, v in typed.items() if k not in SECTIONS[name].rows}
    for table in SECTIONS[name].rows:
        data[f"{table}-TOTAL"] = len(typed[table])
        for i, row in enumerate(typed[table]):
            data |= {f"{table}-{i}-{k}": v for k, v in row.items()}
    return data | {"version": "1"} | extra


def draft_of(application, name):
    return SectionDraft.objects.get(application=application, name=name)
