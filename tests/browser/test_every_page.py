"""Every page of life in the park, with one real record of each kind, as its people see it: nothing in axe's way, nothing
wider than its window, no error of a script."""

import pytest
from django.test import Client
from django.urls import reverse

from park import documents, pdf
from tests import living
from tests.browser.conftest import SIZES
from tests.papers import blank_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = ("office", "leader", "logistics")
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def size():
    return SIZES["desktop"]


@pytest.fixture
def park(reference_data, settings, monkeypatch):
    """No papers and mails here: how they are printed is tested without a browser."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    paper = blank_page()
    monkeypatch.setattr(documents, "preview_pdf", lambda *args, **kwargs: paper)
    monkeypatch.setattr(pdf, "render_pdf", lambda *args, **kwargs: paper)
    people = living.people_of_the_park()
    life = living.Life(people)
    return people | {"leader": life.own}, list(living.pages(life))


def pages_of(person, pages, seen):
    """One address of each page that this person is shown and nobody before was: of several records the first. Whoever
    comes first has the most buttons; the others add the pages that are theirs alone."""
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for name, kwargs in pages:
        page = (name, *(kwargs[kind] for kind in ("name", "act", "kind", "what") if kind in kwargs))
        if page in seen:
            continue
        response = browser.get(reverse(name, kwargs=kwargs))
        if response.streaming:
            b"".join(response.streaming_content)
        elif response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            seen.add(page)
            yield page, reverse(name, kwargs=kwargs)


@pytest.mark.parametrize("half", [0, 1])  # a worker each, where there are two
def test_every_page_is_free_of_barriers_and_fits(park, open_page, accessible, half):
    people, pages = park
    faults, seen = [], set()
    for who in PEOPLE:
        page, before = open_page(people[who]), len(seen)
        for name, address in list(pages_of(people[who], pages, seen))[half::2]:
            page.set_viewport_size(SIZES["desktop"])
            page.goto(address)
            try:
                accessible(page)
            except AssertionError as fault:
                faults.append((who, name, str(fault)))
            page.set_viewport_size(SIZES["phone"])
            if wide := page.evaluate(WIDE):
                faults.append((who, name, f"{wide}px too wide on a phone"))
        assert len(seen) > before, who
    assert len(seen) > 100
    assert faults == []
