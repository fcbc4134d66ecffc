"""Fixtures that every test may use."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from park import triggers
from tests import factories

pytest_plugins = ["tests.requirements_plugin"]


@pytest.fixture
def reference_data(db):
    """Roles, settings, code lists, calendar, organs, notice: what every installation starts with."""
    call_command("load_reference_data", verbosity=0)


@pytest.fixture
def user(db):
    """A person of this role: `user("office")`."""

    def make(*roles, **fields):
        return factories.UserFactory(roles=list(roles), **fields)

    return make


@pytest.fixture
def client_of(db):
    """A browser signed in as this person."""
    from django.test import Client  # as light as the tests that do not need it

    def make(person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture(autouse=True)
def _flushable(request):
    """A test with real transactions ends by emptying the tables, which the triggers would refuse."""
    marker = request.node.get_closest_marker("django_db")
    real = marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
    if not real and not {"transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    triggers.install()
    yield
    with connection.cursor() as cursor:
        for trigger in triggers.TRIGGERS:
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


@pytest.fixture(autouse=True)
def _no_leftovers():
    yield
    cache.clear()
