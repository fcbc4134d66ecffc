"""Every address × every role: who is not signed in is led to the login, and nobody ever gets a 500."""

import itertools
import uuid

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.workflow import ADMISSION, LIST, PANEL, VISIT
from park import pdf
from park.models import Document, Notification, Role
from tests.applications import road
from tests.factories import ConsentFactory, UnitFactory, UserFactory
from tests.papers import blank_page
from tests.reference import kept_for_the_module, load_reference_rows
from tests.test_architecture import APPS, PUBLIC, routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_refusals")]

BY_CONVERTER = {"int": 1, "str": "x", "slug": "x", "path": "x", "uuid": uuid.UUID(int=1)}
EVERYBODY = [*sorted(Role), "nobody", "superuser"]
# on PostgreSQL, every page once: the office sees nearly all
SWEEPING = [pytest.param(who, marks=pytest.mark.database) if who == "office" else who for who in EVERYBODY]


def addresses():
    """(name, address) of every route, with arguments that fit: of a record that exists where the admin shows one."""
    for name, route in routes():
        if name.endswith(":None") or route.name is None:
            continue
        kwargs = {key: BY_CONVERTER[_kind(c)] for key, c in route.pattern.converters.items()}
        if name.startswith("admin:") and kwargs.keys() & {"object_id", "pk"}:
            kwargs = dict.fromkeys(kwargs, _shown_by(name))
        elif kwargs.keys() and not route.pattern.converters:
            continue
        if name.startswith("admin:") and not route.pattern.converters and route.pattern.regex.groups:
            continue  # app_list and catch-all: regular expressions of the admin itself
        yield name, reverse(name, kwargs=kwargs)


def _kind(converter) -> str:
    return type(converter).__name__.removesuffix("Converter").replace("String", "str").lower()


def _shown_by(name):
    app, _, rest = name.removeprefix("admin:").partition("_")
    if app not in APPS:
        return "1"
    row = apps.get_model(app, rest.partition("_")[0])._base_manager.order_by("pk").first()
    return row.pk if row is not None else "1"


@pytest.fixture(autouse=True)
def _no_printing(monkeypatch):
    """How papers are printed is tested elsewhere."""
    page = blank_page()
    monkeypatch.setattr(pdf, "render_pdf", lambda *args, **kwargs: page)


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    with kept_for_the_module(django_db_blocker):
        with django_db_blocker.unblock():
            load_reference_rows()
        yield


@pytest.fixture
def records(reference, db):
    """One of each thing that an address may show."""
    consent = ConsentFactory()
    UnitFactory()
    Notification.objects.create(user=consent.user, text="消息", url="/")


def person(user, who):
    if who == "nobody":
        return user()
    return user(is_superuser=True, is_staff=True) if who == "superuser" else user(who)


@pytest.fixture(scope="module")
def cases(reference, django_db_blocker):
    """An application in each status, and the keys that its pages take; every test has its own savepoint within."""
    with django_db_blocker.unblock():
        people = {name: UserFactory(roles=roles) for name, roles in PEOPLE.items()}
        return people, road.one_in_each_status(people)


def case_addresses(case):
    """Every page of one case, with each section, step, file, version and paper; of one in the ballot and of one on a
    list also those of its visit, panel and list."""
    submission = case.latest_submission()
    papers = Document.objects.about(submission) if submission else Document.objects.none()
    item, entry = case.agenda_items.last(), case.list_entries.last()
    about = {  # beginning of the address -> (the record, names of steps and acts)
        "<uuid:key>/": (case, ["leader", "members", *ADMISSION.steps]),
        "visits/<uuid:key>/": (case.visits.last(), VISIT.steps),
        "panels/<uuid:key>/": (item and item.session, [*PANEL.steps, *PANEL_ACTS]),
        "lists/<uuid:key>/": (entry and entry.list, LIST.steps),
    }
    round_ = item.rounds.last() if item else None
    values = {
        "number": [1, 2],
        "file_key": [file.stored.key for file in case.files.select_related("stored")[:1]] or [NO_UUID],
        "public_id": [paper.public_id for paper in papers[:1]] or [NO_UUID],
        "round_key": [round_.key if round_ else NO_UUID],
    }
    for name, route in routes():
        start = next((s for s in about if str(route.pattern).startswith(s)), None)
        if (
            not name.startswith("applications:") or start is None or name == "applications:preview_pdf"
        ):  # slow
            continue
        record, acts = about[start]
        if record is None or (record is not case and case.status not in ("ballot", "listed")):
            continue
        kinds = set(route.pattern.converters) - {"key"}
        offered = values | {"name": list(acts)}
        for more in itertools.product(*(offered.get(kind, [NO_UUID]) for kind in kinds)):
            yield reverse(name, kwargs={"key": record.key} | dict(zip(kinds, more, strict=True)))


NO_UUID = uuid.UUID(int=1)
PANEL_ACTS = [
    "add", "off", "up", "down", "draw", "invite", "remove", "chair", "acting", "declare", "report", "confirm",
    "dismiss", "in", "out", "sheet", "call", "opinion", "agree", "open", "mark", "close", "void",
]  # fmt: skip
SWEPT = (
    "draft",
    "submitted",
    "correction",
    "site_visit",
    "ballot",
    "listed",
    "on_notice",
    "declined",
    "withdrawn",
)
PEOPLE = {
    "owner": ["applicant"],
    "collaborator": ["applicant"],
    "office": ["office"],
    "officer_of_studio": ["office", "applicant"],
}
OTHERS = [role for role in sorted(Role) if role not in ("office", "lead_division")]


def answers(browser, address) -> list[int]:
    """Status codes of a GET and of an empty form."""
    codes = []
    for response in (browser.get(address), browser.post(address, {"form_key": "x"})):
        codes.append(response.status_code)
        if (
            response.streaming
        ):  # read to the end, which closes the file; close() would end the database's turn too
            b"".join(response.streaming_content)
    return codes


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_gets_a_500_on_a_real_case(cases, client_of, who):
    people, found = cases
    browser = client_of(people[who])
    for status in SWEPT:
        for address in case_addresses(Application.objects.get(pk=found[status])):
            assert max(answers(browser, address)) < 500, (status, address)
    assert {status: Application.objects.get(pk=key).status for status, key in found.items()} == {
        status: status for status in found
    }


def test_a_case_does_not_exist_for_outsiders(cases, user, client_of):
    """404, not 403: the address tells nothing."""
    _, found = cases
    addresses_ = list(case_addresses(Application.objects.get(pk=found["submitted"])))
    for browser in [client_of(user(role)) for role in OTHERS]:
        for address in addresses_:
            assert set(answers(browser, address)) <= {404, 405}, address


def test_who_is_not_signed_in_is_led_to_the_login(records):
    for name, address in addresses():
        response = Client().get(address)
        led = response.status_code == 302 and response.url.startswith((reverse("login"), "/manage/login/"))
        assert led == (name not in PUBLIC or name == "admin:login"), name
        assert response.status_code < 500, name


NONSENSE = {
    "page": "-1",
    "q": "';--%",
    "sort": "password",
    "status": "\ud7ff",
    "o": "99",
    "p": "x",
    "all": "1",
}


@pytest.mark.parametrize("who", SWEEPING)
def test_nobody_gets_a_500(records, user, client_of, plain_refusals, who):
    """Also with nonsense in the form and, where there is a page to see, in the query."""
    browser, refused = client_of(person(user, who)), {}
    for name, address in addresses():
        if name in ("logout", "admin:logout"):
            continue
        response = browser.get(address)
        assert response.status_code < 500, name
        refused[response.status_code] = address
        if not name.startswith("admin:"):
            assert browser.post(address, {"form_key": "x", "page": "x"}).status_code < 500, name
            if response.status_code == 200:
                assert browser.get(address, NONSENSE).status_code < 500, name
    plain_refusals.undo()  # once for each role the pages that say so
    assert {code: browser.get(refused[code]).status_code for code in (403, 404)} == {403: 403, 404: 404}
