"""Garbage in the address, sessions that end, the address on the trail."""

import time
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import RequestFactory, override_settings
from django.urls import reverse

from park import middleware
from park.models import AuditEntry

MINUTE = 60


@pytest.fixture
def clock(monkeypatch):
    """Time that the test moves."""

    class Clock:
        now = time.time()

        def pass_(self, minutes):
            self.now += minutes * MINUTE

    clock = Clock()
    monkeypatch.setattr("park.middleware.time.time", lambda: clock.now)
    return clock


# ── bad input ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/login/?next=%00", "/a%00b/", "/login/?%00=1", "/login/?a=1&a=%00"])
def test_nul_in_the_address_is_400(client, url):
    response = client.get(url)
    assert response.status_code == 400
    assert response.content.decode() == "网址中含有无法识别的字符。"


@pytest.mark.django_db
def test_nul_in_a_cookie_is_400(client):
    client.cookies["sessionid"] = '"\x00\x00\x00\x00\x00\x00\x00\x00\x00"'
    assert client.get(reverse("login")).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["/%ff%fe/", "/login/?next=%ff", "/" + "长" * 3000 + "/", "/login/?q=%ed%a0%80"]
)
def test_broken_encodings_are_no_500(client, url):
    assert client.get(url).status_code in (200, 302, 404)


# ── sessions ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "idle"), [("office", 15), ("expert", 15), ("auditor", 15), ("applicant", 30)]
)
def test_an_idle_session_ends(client_of, user, clock, role, idle):
    person = user(role)
    browser = client_of(person)
    assert browser.get(reverse("profile")).status_code == 200
    clock.pass_(idle - 1)
    assert browser.get(reverse("profile")).status_code == 200
    clock.pass_(idle + 1)
    response = browser.get(reverse("consents") + "?a=1&b=2")
    assert response.url == "/login/?next=%2Faccount%2Fconsents%2F%3Fa%3D1%26b%3D2"
    assert "长时间未操作或登录已满 8 小时，请重新登录。" in browser.get(response.url).content.decode()
    entry = AuditEntry.objects.get(verb="session_expired")
    assert (entry.by, entry.address) == (person, "127.0.0.1")


@pytest.mark.django_db
def test_a_busy_session_ends_after_eight_hours(client_of, user, clock):
    browser = client_of(user("applicant"))
    for _ in range(32):
        assert browser.get(reverse("profile")).status_code == 200
        clock.pass_(15)
    assert browser.get(reverse("profile")).status_code == 200
    clock.pass_(1)
    assert browser.get(reverse("profile")).status_code == 302


@pytest.mark.django_db
def test_a_form_sent_too_late_is_not_carried_out(client_of, user, clock):
    person = user("applicant")
    browser = client_of(person)
    browser.get(reverse("profile"))
    clock.pass_(31)
    response = browser.post(reverse("profile_reveal"))
    assert response.url.startswith(reverse("login"))
    assert not AuditEntry.objects.filter(verb="reveal").exists()


@pytest.mark.django_db
def test_old_sessions_are_cleared_away(client_of, user, clock):
    for person in (user("applicant"), user("office")):
        client_of(person).get(reverse("profile"))
    clock.pass_(31)
    client_of(user("applicant")).get(reverse("profile"))
    out = StringIO()
    call_command("expire_sessions", stdout=out)
    assert out.getvalue() == "清理登录 2 个，表单凭证 0 个。\n"
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_signing_in_as_somebody_else_starts_a_new_session(client, user):
    client.force_login(user("applicant"), backend=settings.AUTHENTICATION_BACKENDS[1])
    first = client.session.session_key
    client.force_login(user("office"), backend=settings.AUTHENTICATION_BACKENDS[1])
    assert client.session.session_key != first


# ── the address ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),  # anybody can send that header
        ("192.0.2.1", "198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("192.0.2.1", "6.6.6.6, 198.51.100.1, 203.0.113.9", 2, "198.51.100.1"),
        ("192.0.2.1", "nonsense", 1, None),
        ("192.0.2.1", "", 1, "192.0.2.1"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("fe80::1%eth0", "", 0, "fe80::1"),
        ("", "", 0, None),
    ],
)
def test_address(peer, forwarded, proxies, address):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    with override_settings(AXES_IPWARE_PROXY_COUNT=proxies):
        assert middleware.address_of(request) == address
