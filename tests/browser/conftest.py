"""A page of a real browser, and what every page must pass: no script error, no accessibility violation."""

import pytest
from django.db import connection
from django.test import Client

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# Only what is wrong is written out: naming what is right as well takes as long as looking for it.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """SQLite in a file, as an installation has it. In memory all threads of the live server share one connection,
    and a page that polls now and then meets a table that somebody is writing to ("table is locked")."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = tmp_path_factory.mktemp("browser") / "park.sqlite3"


@pytest.fixture(params=SIZES)
def size(request):
    return SIZES[request.param]


@pytest.fixture
def open_page(chromium, live_server, size, reference_data):
    """A fresh window at `size`, or at the one named; `open_page(user)` is signed in. Script errors of any page fail
    the test."""
    contexts, faults = [], []

    def opener(user=None, at=""):
        viewport = SIZES[at] if at else size
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, locale="zh-CN")
        context.set_default_timeout(15_000)
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user, backend=BACKEND)
            value = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert faults == []


def _is_fault(line) -> bool:
    # 4xx answers are part of a journey (a refused form, a conflict); the content policy's complaints are not
    return line.type == "error" and "Failed to load resource" not in line.text


@pytest.fixture
def accessible():
    """Asserts that axe finds nothing on the page, and that nothing sticks out sideways."""
    from axe_playwright_python.sync_playwright import Axe  # only where a browser is
    from playwright.sync_api import Error

    axe = Axe()

    def look(page):
        """A page may go on by itself, when the last vote is in, say; then the one that came is looked at."""
        for _ in range(3):
            try:
                return axe.run(page, options=AXE)
            except Error as gone:
                if "Execution context was destroyed" not in gone.message:
                    raise
                page.wait_for_load_state()
        return axe.run(page, options=AXE)

    def check(page):
        found = look(page)
        violations = {
            v["id"]: [n["html"][:160] for n in v["nodes"][:3]] for v in found.response["violations"]
        }
        assert violations == {}, page.url
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide}px too wide"

    return check
