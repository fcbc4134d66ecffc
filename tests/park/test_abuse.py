"""What happens to those who try the doors of the ground floor: odd requests, refusals, pages left in a browser."""

import io
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse

from config import wsgi
from park import formkeys, middleware
from park.models import AuditEntry, FormKey
from park.workflow import Refused, Stage, Workflow
from tests import factories

pytestmark = pytest.mark.django_db


def refused_entries():
    found = AuditEntry.objects.filter(result="refused").order_by("sequence")
    return list(found.values_list("verb", "subject", "by__username", "note"))


# ── refusals ────────────────────────────────────────────────────────────────────────────────────
def test_a_page_that_is_refused_is_on_the_trail(user, client_of):
    expert, queue = user("expert"), reverse("applications:queue")
    assert client_of(expert).get(queue).status_code == 403
    assert refused_entries() == [
        ("applications:queue", queue, expert.username, "只有管理办公室可以办理。"),
    ]


def test_a_refusal_inside_a_form_is_recorded_once(rf, user):
    request = rf.post("/x/", {"form_key": formkeys.new_key()})
    request.user = user("applicant")
    with pytest.raises(PermissionDenied) as refusal, formkeys.write_once(request, "对象", "verb"):
        raise PermissionDenied("不行。")
    assert middleware.Refusals(HttpResponse).process_exception(request, refusal.value) is None
    assert [entry[0] for entry in refused_entries()] == ["verb"]


def test_a_refusal_that_no_page_expected_is_409_and_says_why(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise Refused("可能已有人先处理。")

    monkeypatch.setattr("park.views.check.documents.find", refuse)
    response = client.get(reverse("check", args=["ABC"]))
    assert response.status_code == 409
    assert "可能已有人先处理。" in response.content.decode()


# ── what stays behind ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("page", ["home", "portal", "guide", "applications:list", "profile"])
def test_no_browser_keeps_what_somebody_signed_in_saw(user, client_of, reference_data, page):
    kept = client_of(user("applicant")).get(reverse(page)).headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_public_pages_may_be_kept(client, reference_data):
    assert "Cache-Control" not in client.get(reverse("guide")).headers


# ── odd requests ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "back", ["foo", "applications:detail", "home", "a.b", "//evil.example", "javascript:x"]
)
def test_the_display_switch_leads_inside_the_site_or_to_the_portal(client, back):
    response = client.get(reverse("display"), {"next": back, "size": "large"})
    assert response.status_code == 302
    assert response.url in (back, reverse("portal"))
    assert "evil" not in response.url
    assert "script" not in response.url


@pytest.mark.parametrize(
    "wanted", ["foo", "profile", "//evil.example", "https://evil.example", "/\\evil.example"]
)
def test_the_second_factor_leads_inside_the_site_or_to_the_desk(user, client_of, settings, wanted):
    settings.STAFF_SECOND_FACTOR = True
    response = client_of(user("applicant")).get(reverse("second_factor"), {"next": wanted})
    assert response.url == reverse("home")


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"]
)
@pytest.mark.parametrize("charset", ["base64", "hex", "rot13", "utf-16", "no-such-thing"])
def test_a_charset_that_is_none_breaks_nothing(kind, charset):
    """Django reads the query with it while it makes the request, before any of its error handling."""
    environ = {
        "REQUEST_METHOD": "POST",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "PATH_INFO": "/check/",
        "QUERY_STRING": "code=A",
        "CONTENT_TYPE": f"{kind}; charset={charset}",
        "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    answered = []
    wsgi.application(environ, lambda status, headers: answered.append(status))
    assert answered == ["403 Forbidden"]  # no token of ours


def test_a_form_that_leads_to_a_very_long_address_is_written_once_all_the_same(rf, user):
    """PostgreSQL would refuse the address, and with it the whole form."""
    key = formkeys.new_key()
    request = rf.post("/x/", {"form_key": key})
    request.user = user("office")
    with formkeys.write_once(request) as write:
        write.location = "/applications/queue/?q=" + "a" * 500
    assert FormKey.objects.get(key=key).location == ""
    with pytest.raises(formkeys.AlreadyDone, match=r"^/$"), formkeys.write_once(request):
        pass


# ── signing in ──────────────────────────────────────────────────────────────────────────────────
def test_who_fails_behind_the_proxy_locks_nobody_else_behind_it(client, user, settings):
    settings.AXES_IPWARE_PROXY_COUNT = 1
    person = user("applicant")

    def sign_in(address, username, password):
        form = {"username": username, "password": password}
        return client.post(reverse("login"), form, HTTP_X_FORWARDED_FOR=address).status_code

    guesses = [sign_in("203.0.113.9", f"guess{n}", "Wrong-2026-guess") for n in range(6)]
    assert guesses == [200, 200, 200, 200, 429, 429]
    assert sign_in("203.0.113.9", person.username, factories.PASSWORD) == 429
    assert sign_in("203.0.113.10", person.username, factories.PASSWORD) == 302


# ── clocks ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("left", "today", "due"),
    [
        (0, "2026-03-06", "2026-03-06"),  # Friday
        (0, "2026-03-07", "2026-03-09"),  # Saturday: the office works on Monday
        (1, "2026-03-07", "2026-03-09"),
        (3, "2026-03-06", "2026-03-11"),
        (-2, "2026-03-06", "2026-03-04"),  # it was late before, and still is
    ],
)
def test_a_clock_goes_on_where_it_stopped(monkeypatch, left, today, due):
    monkeypatch.setattr("park.workflow.timezone.localdate", lambda: date.fromisoformat(today))
    record = SimpleNamespace(due_on=None, days_left=left)
    paused, running = Stage("补正", "", pauses=True), Stage("初审", "", clock="initial_review_days")
    Workflow("试验", {}, {}, parties=list)._set_clock(record, paused, running)
    assert (record.due_on, record.days_left) == (date.fromisoformat(due), None)
