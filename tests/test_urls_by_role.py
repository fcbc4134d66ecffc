"""Every address × every role: who is not signed in is led to the login, and nobody ever gets a 500."""

import uuid

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from park.models import Notification, Role
from tests.factories import ConsentFactory, UnitFactory
from tests.test_architecture import APPS, PUBLIC, routes

pytestmark = pytest.mark.django_db

BY_CONVERTER = {"int": 1, "str": "x", "slug": "x", "path": "x", "uuid": uuid.UUID(int=1)}
EVERYBODY = [*sorted(Role), "nobody", "superuser"]


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


@pytest.fixture
def records(reference_data):
    """One of each thing that an address may show."""
    consent = ConsentFactory()
    UnitFactory()
    Notification.objects.create(user=consent.user, text="消息", url="/")


def person(user, who):
    if who == "nobody":
        return user()
    return user(is_superuser=True, is_staff=True) if who == "superuser" else user(who)


def test_who_is_not_signed_in_is_led_to_the_login(records):
    for name, address in addresses():
        response = Client().get(address)
        led = response.status_code == 302 and response.url.startswith((reverse("login"), "/manage/login/"))
        assert led == (name not in PUBLIC or name == "admin:login"), name
        assert response.status_code < 500, name


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_gets_a_500(records, user, client_of, who):
    browser = client_of(person(user, who))
    for name, address in addresses():
        if name in ("logout", "admin:logout"):
            continue
        response = browser.get(address)
        assert response.status_code < 500, name
        if not name.startswith("admin:"):
            assert browser.post(address, {"form_key": "x", "page": "x"}).status_code < 500, name


@pytest.mark.parametrize("who", EVERYBODY)
def test_nonsense_in_the_query_is_no_500(records, user, client_of, who):
    browser = client_of(person(user, who))
    query = {
        "page": "-1",
        "q": "';--%",
        "sort": "password",
        "status": "\ud7ff",
        "o": "99",
        "p": "x",
        "all": "1",
    }
    for name, address in addresses():
        if name not in ("logout", "admin:logout") and not name.startswith("admin:"):
            assert browser.get(address, query).status_code < 500, name
