"""Every address of life in the park × every role, on one real record of each kind: nobody gets a 500, and what is
another studio's does not exist."""

from types import SimpleNamespace

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from park import documents, pdf
from tests import living
from tests.papers import blank_page
from tests.reference import kept_for_the_module, load_reference_rows
from tests.test_urls_by_role import answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_refusals")]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}}


@pytest.fixture(autouse=True)
def _no_printing(settings, monkeypatch):
    """How papers are printed is tested elsewhere."""
    settings.TASKS = TASKS
    page = blank_page()
    monkeypatch.setattr(documents, "preview_pdf", lambda *args, **kwargs: page)
    monkeypatch.setattr(pdf, "render_pdf", lambda *args, **kwargs: page)


@pytest.fixture(scope="module")
def park(django_db_setup, django_db_blocker):
    """Built once; every test has its own savepoint within. `theirs` is another studio with the same records."""
    with kept_for_the_module(django_db_blocker):
        with django_db_blocker.unblock(), override_settings(TASKS=TASKS):
            load_reference_rows()
            people = living.people_of_the_park()
            ours, theirs = living.Life(people), living.Life(people, shared=False)
            people["leader"] = ours.own
            found = SimpleNamespace(people=people, ours=ours, theirs=theirs)
            found.pages, found.their_pages = list(living.pages(ours)), list(living.pages(theirs))
        yield found


# on PostgreSQL, every page once: the office sees nearly all
WHO = [
    pytest.param(who, marks=pytest.mark.database) if who == "office" else who
    for who in (*living.ROLES, "leader", "superuser")
]


@pytest.mark.parametrize("who", WHO)
def test_nobody_gets_a_500_on_a_real_case(park, client_of, who):
    browser = client_of(park.people[who])
    for name, kwargs in park.pages:
        address = reverse(name, kwargs=kwargs)
        response = browser.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code < 500, (name, kwargs)
        if response.status_code not in (403, 404):  # what is not there to look at takes no form either
            assert browser.post(address, {"form_key": "x"}).status_code < 500, (name, kwargs)


def test_who_is_not_signed_in_is_led_to_the_login(park):
    browser = Client()
    for name, kwargs in park.pages:
        for response in (
            browser.get(reverse(name, kwargs=kwargs)),
            browser.post(reverse(name, kwargs=kwargs)),
        ):
            assert (response.status_code, response.url[:7]) == (302, "/login/"), name


# What is the park's and not a studio's: 403 or seen by all, never somebody's record.
OF_THE_PARK = ("/studios/rooms/", "/studios/rules/", "/studios/leads/", "/studios/readings/", "/assessments/inspections/plans/", "/assessments/rubrics/", "/studios/policies/", "/studios/returns/forms/")  # fmt: skip


def test_what_is_another_studios_does_not_exist(park, client_of):
    """404, not 403: the address tells nothing."""
    browser = client_of(park.theirs.own)
    for name, kwargs in park.pages:
        address = reverse(name, kwargs=kwargs)
        if "key" in kwargs and (not address.startswith(OF_THE_PARK) or "/breaches/" in address):
            assert set(answers(browser, address)) <= {404, 405}, name


def test_a_row_of_one_record_is_not_found_through_another(park, client_of):
    """Not even by those who may see both."""
    theirs = {name: kwargs for name, kwargs in park.their_pages if kwargs.keys() & living.CHILDREN}
    browsers = [client_of(park.people[who]) for who in ("office", "logistics", "owner", "leader")]
    tried = 0
    for name, kwargs in park.pages:
        rows = kwargs.keys() & living.CHILDREN
        if "key" not in kwargs or not rows:
            continue
        address = reverse(name, kwargs=kwargs | {row: theirs[name][row] for row in rows})
        tried += 1
        for browser in browsers:
            assert set(answers(browser, address)) <= {403, 404, 405}, name
    assert tried > 20
