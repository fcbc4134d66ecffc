"""Every address of life in the park × every role, on one real record of each kind: nobody gets a 500, what is another
studio's does not exist, and what is typed against the grain is refused with a sentence and written once at most."""

from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve, reverse
from django.utils import timezone

from park import documents
from park.formkeys import new_key
from park.models import AuditEntry
from tests import living
from tests.pictures import jpeg
from tests.reference import load_reference_rows
from tests.test_urls_by_role import answers

pytestmark = pytest.mark.django_db
WRITERS = ("office", "logistics", "attraction", "group_leader", "leader")
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}}


@pytest.fixture(autouse=True)
def _no_printing(settings, monkeypatch):
    """How papers are printed is tested elsewhere."""
    settings.TASKS = TASKS
    monkeypatch.setattr(documents, "preview_pdf", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.fixture(scope="module")
def park(django_db_setup, django_db_blocker):
    """Built once; every test has its own savepoint within. `theirs` is another studio with the same records."""
    with django_db_blocker.unblock(), override_settings(TASKS=TASKS):
        whole = transaction.atomic()
        whole.__enter__()
        load_reference_rows()
        people = living.people_of_the_park()
        ours, theirs = living.Life(people), living.Life(people, shared=False)
        people["leader"] = ours.own
        found = SimpleNamespace(people=people, ours=ours, theirs=theirs)
        found.browsers = {who: Client() for who in WRITERS}
        for who, browser in found.browsers.items():
            browser.force_login(people[who], backend="django.contrib.auth.backends.ModelBackend")
        found.pages, found.their_pages = list(living.pages(ours)), list(living.pages(theirs))
    yield found
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.mark.parametrize("who", [*living.ROLES, "leader", "superuser"])
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
OF_THE_PARK = ("/studios/rooms/", "/studios/rules/", "/studios/leads/", "/studios/readings/", "/assessments/inspections/plans/")  # fmt: skip


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


# ── against the grain ───────────────────────────────────────────────────────────────────────────
class Forms(HTMLParser):
    """The forms of a page that write: (address, {field: kind}, what somebody who fills them in would send)."""

    def __init__(self, address):
        super().__init__()
        self.address, self.found, self.select = address, [], None

    @classmethod
    def of(cls, response, address):
        parser = cls(address)
        parser.feed(response.content.decode())
        return [form for form in parser.found if "form_key" in form.typed]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.open = attrs.get("method", "get") == "post"
            if self.open:
                where = attrs.get("action") or self.address
                self.found.append(SimpleNamespace(address=where, kinds={}, typed={}))
        elif self.found and self.open and tag == "option" and self.select:
            if attrs.get("value") and not self.found[-1].typed.get(self.select):
                self.found[-1].typed[self.select] = attrs["value"]
        elif (
            self.found
            and self.open
            and attrs.get("name")
            and tag in ("input", "select", "textarea", "button")
        ):
            self._field(tag, attrs)

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = False
        elif tag == "select":
            self.select = None

    def _field(self, tag, attrs):
        form, name, value = self.found[-1], attrs["name"], attrs.get("value", "")
        kind = attrs.get("type", "text") if tag == "input" else tag
        if name == "csrfmiddlewaretoken" or (kind in ("radio", "button") and name in form.typed):
            return
        if attrs.get("inputmode") in ("numeric", "decimal"):
            kind = "number"
        if tag == "select":
            self.select = name
        form.kinds[name] = kind
        plain = {
            "text": "甲乙",
            "textarea": "甲乙",
            "number": "1",
            "date": f"{timezone.localdate()}",
            "file": None,
        }
        form.typed[name] = value or plain.get(kind, "")


LONG, NUMBER = "甲" * 30_000, "9" * 400
TEXTS = {"text", "textarea", "search", "tel", "email", "url"}
DATES = {"date", "month", "datetime-local"}
CHOICES = {"select", "hidden", "radio", "checkbox"}
GRAIN = [  # (kinds of fields, what is typed into them all)
    *((TEXTS, text) for text in ("甲\x00乙", LONG, "<script>'\";--", "\u202e\ufeff\u200b")),
    *(({"number"}, text) for text in (NUMBER, "NaN", "1e999", "-1", "Infinity", "0.0000001", "壹")),
    *(
        (DATES, text)
        for text in ("9999-12-31", "0001-01-01", "2026-02-30", "昨天", "9999-12", "0001-01-01T00:00")
    ),
    *((CHOICES, text) for text in ("x", f"{living.NOBODYS}", NUMBER[:30], "\x00", "-1")),
]


class Undone:
    """What happens inside has not happened."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *fault):
        transaction.set_rollback(True)
        return self.atomic.__exit__(*fault)


@pytest.fixture(scope="module")
def forms(park, django_db_blocker):
    """(browser, form) of every form that somebody finds, one for each route and name of a step."""
    found = {}
    with django_db_blocker.unblock(), Undone(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "preview_pdf", lambda *args, **kwargs: b"%PDF-1.7")
        for who in WRITERS:
            browser = park.browsers[who]
            for name, kwargs in park.pages:
                address = reverse(name, kwargs=kwargs)
                response = browser.get(address)
                if response.status_code != 200 or "text/html" not in response["Content-Type"]:
                    continue
                for form in Forms.of(response, address):
                    match = resolve(form.address.partition("?")[0])
                    names = [v for k, v in match.kwargs.items() if k in ("name", "act", "kind")]
                    found.setdefault((match.view_name, *names), (browser, form))
    return found


def send(browser, form, typed=None, key=None):
    data = form.typed | {"form_key": key or new_key()} | (typed or {})
    files = {name: jpeg() for name, kind in form.kinds.items() if kind == "file"}
    return browser.post(form.address, {k: v for k, v in (data | files).items() if v is not None})


def test_what_is_typed_against_the_grain_is_no_500(forms):
    assert len(forms) > 60
    for route, (browser, form) in forms.items():
        for kinds, text in GRAIN:
            typed = {name: text for name, kind in form.kinds.items() if kind in kinds and name != "form_key"}
            if typed:
                with Undone():
                    response = send(browser, form, typed)
                assert response.status_code < 500, (route, text[:20])


def test_a_form_without_its_one_time_key_writes_nothing_and_says_so(forms):
    for route, (browser, form) in forms.items():
        before = AuditEntry.objects.filter(result="ok").count()
        with Undone():
            response = send(browser, form, {"form_key": ""})
            assert AuditEntry.objects.filter(result="ok").count() == before, route
            if response.status_code == 302:
                response = browser.get(response.url)
            text = response.content.decode()
        assert "一次性凭证" in text or response.status_code == 422, route


def test_a_form_sent_twice_is_written_once(forms):
    written = set()
    for route, (browser, form) in forms.items():
        key = new_key()
        with Undone():
            first = send(browser, form, key=key)
            done = AuditEntry.objects.filter(result="ok").count()
            again = send(browser, form, key=key)
            assert AuditEntry.objects.filter(result="ok").count() == done, route
            if first.status_code == 302:
                written.add(route)
                assert (again.status_code, again.url) == (302, first.url), route
    assert len(written) > 30
