"""Fixtures that every test may use."""

from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse

from park import triggers
from tests import factories
from tests.reference import load_reference_rows

pytest_plugins = ["tests.requirements_plugin"]


# What rests on the database itself, not only on Django: constraints and triggers, acts and their locks, the audit
# chain, sums, searches and orders. CI runs these modules on PostgreSQL as well as on the embedded default; tests
# marked `postgres` (races) run there alone, and everything else says the same on either.
ON_POSTGRES_TOO = {
    "park": {"abuse", "admin", "announcements", "audit", "crypto", "formkeys", "jobs", "people", "sheet_imports",
             "triggers", "workflow_engine"},
    "applications": {"abuse", "admission", "ballot", "ballot_secrecy", "batch", "deadlines", "deliberation", "expert",
                     "filling", "holding", "invariants", "listing", "notice", "panel", "queue", "resolution", "review",
                     "statistics", "submission", "visit", "workflow"},
    "workshops": {"agreement", "attendance", "benefit", "bill", "duties", "leader_change", "ledger", "payment",
                  "policy", "readings", "recognition", "register_sheets", "repair", "residency", "returns", "rooms",
                  "safety", "statistics", "studio_register"},
    "assessments": {"facts", "inspection", "rectification", "revocation", "rubric", "scorecard"},
}  # fmt: skip
EITHER = {  # tests of these modules that say the same on either: who may take which step; what migrates SQLite
    "test_steps_offered",
    "test_steps_offered_and_no_others_taken",
    "test_only_the_right_person_in_the_right_status",
    "test_triggers_are_lifted_while_tables_change_and_are_there_again_afterwards",
}
KEPT = {"django_content_type", "auth_permission"}  # rows that the framework writes after each migration


def pytest_collection_modifyitems(items):
    for item in items:
        of = ON_POSTGRES_TOO.get(item.path.parent.name, ())
        rests = item.path.stem.removeprefix("test_") in of and item.originalname not in EITHER
        if rests or item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.database)


@pytest.fixture
def reference_data(db):
    """Roles, settings, code lists, calendar, organs, notice: what every installation starts with."""
    load_reference_rows()


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


@pytest.fixture
def plain_refusals():
    """403 and 404 without the page that says so: most of what a sweep over all addresses would draw.

    After `plain_refusals.undo()` they have their pages again.
    """
    from config import urls

    with pytest.MonkeyPatch.context() as patch:
        for code in (403, 404):
            patch.setattr(urls, f"handler{code}", partial(_plain, code), raising=False)
        yield patch


def _plain(code, request, exception):
    return HttpResponse(status=code)


@pytest.fixture(scope="session", autouse=True)
def _short_flush():
    """A test with real transactions ends by emptying the tables, which the triggers would refuse.

    Most tables are empty then: to delete takes a fraction of the time in which PostgreSQL truncates them all and
    waits for the disk. Content types and permissions stay, so that rows of reference data keep those they name.
    """
    from django.test import TransactionTestCase

    def empty_tables(self):
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are checked at the end of it
            for trigger in triggers.TRIGGERS:
                on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")
            for table in sorted(tables - KEPT):
                cursor.execute(f'DELETE FROM "{table}"')
        triggers.install()

    TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(autouse=True)
def _no_leftovers():
    yield
    cache.clear()
