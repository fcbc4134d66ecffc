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


# What says nothing about the database: words, forms, papers, rules, pages drawn from them. CI runs these on the
# embedded default only, everything else on PostgreSQL as well.
ONCE = {
    "test_annex1", "test_architecture", "test_codes", "test_conflicts", "test_demo", "test_documents", "test_draw",
    "test_forms", "test_middleware", "test_public_pages", "test_readme", "test_rules", "test_second_factor",
    "test_setup", "test_tally", "test_ui", "test_validators", "test_workdays", "test_admin_codes",
    "test_members_sheet", "test_attachments", "test_sheets", "test_fee_charges", "test_ledger_kinds", "test_lead",
    "test_house_rule", "test_person", "test_residency_workflow",
}  # fmt: skip
ONCE_EACH = {
    "test_steps_offered",
    "test_only_the_right_person_in_the_right_status",
    "test_who_gets_what",
    "test_nobody_gets_a_500_on_a_real_case",
    "test_every_place_a_studio_looks_says_one_and_the_same_thing",
}


KEPT = {"django_content_type", "auth_permission"}  # rows that the framework writes after each migration


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("postgres"):
            continue  # a race in such a file is run where it can be shown
        pages = item.path.stem.endswith("_pages") and item.path.parent.name in ("workshops", "assessments")
        if pages or item.path.stem in ONCE or getattr(item, "originalname", "") in ONCE_EACH:
            item.add_marker(pytest.mark.once)


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
