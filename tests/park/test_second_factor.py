"""Who must show the code of their phone, when, and what the pages of it do with right and wrong codes."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from park import actions, audit, formkeys, second_factor
from park.models import AuditEntry, Notification, Role, SecondFactor
from tests.factories import PASSWORD, UserFactory
from tests.races import LONG, MOMENT, at_once, meet, take_locks_away
from tests.test_setup import ROOT, SAFE
from tests.test_urls_by_role import addresses

pytestmark = pytest.mark.django_db
STAFF = sorted(set(Role) - {Role.APPLICANT})


NOW = 1_800_000_000  # no time step ends in the middle of a test


@pytest.fixture(autouse=True)
def _on(settings, monkeypatch):
    settings.STAFF_SECOND_FACTOR = True
    monkeypatch.setattr("park.models.second_factor.time", lambda: NOW)


def bind(person):
    """A phone bound long ago: no code used lately."""
    return SecondFactor.objects.create(user=person, name="手机", key="00" * 20)


def shown(secret, steps=0):
    """What a phone with this secret shows."""
    totp = TOTP(bytes.fromhex(secret), drift=steps)
    totp.time = NOW
    return f"{totp.token():06d}"


def code_of(device, steps=0):
    return shown(device.key, steps)


def wrong_code(device):
    near = {code_of(device, steps) for steps in (-2, -1, 0, 1, 2)}
    return next(code for code in map(str, range(100000, 100010)) if code not in near)


def send(browser, page, code, **more):
    data = {"code": code, "form_key": formkeys.new_key()} | more
    return browser.post(reverse(page), data)


def verbs_of(person):
    wanted = AuditEntry.objects.filter(verb__regex="second_factor|recovery").order_by("sequence")
    return [(e.verb, e.result) for e in wanted.filter(by=person)]


@pytest.fixture
def officer(user):
    return user("office")


# ── who is let through: role × state of the factor × page ───────────────────────────────────────
def led_to(browser, page):
    response = browser.get(reverse(page))
    return response.url.partition("?")[0] if response.status_code == 302 else response.status_code


@pytest.mark.parametrize("page", ["home", "profile", "portal", "admin:index", "notifications"])
@pytest.mark.parametrize("role", [*STAFF, "superuser"])
def test_staff_see_no_page_before_both_factors(user, client_of, role, page):
    person = user(is_superuser=True, is_staff=True) if role == "superuser" else user(role)
    browser = client_of(person)
    assert led_to(browser, page) == reverse("second_factor_enrol")
    device = bind(person)
    assert led_to(browser, page) == reverse("second_factor")
    assert send(browser, "second_factor", code_of(device)).url == reverse("home")
    assert led_to(browser, page) not in (reverse("second_factor"), reverse("second_factor_enrol"))


def test_every_other_address_is_closed_until_then(reference_data, officer, client_of):
    """GET and POST, of all that the resolver knows."""
    opened, ends = {True: set(), False: set()}, {"login", "logout", "admin:logout"}
    for enrolled in (False, True):
        if enrolled:
            bind(officer)
        due = reverse("second_factor" if enrolled else "second_factor_enrol")
        browser = client_of(officer)
        for name, address in addresses():
            for method in ("get", "post"):
                if name in ends:
                    browser = client_of(officer)
                response = getattr(browser, method)(address)
                if not (response.status_code == 302 and response.url.startswith(f"{due}?next=")):
                    opened[enrolled].add(name)
                if name in ends:
                    browser = client_of(officer)
    always = {"login", "logout", "admin:logout", "password_change_done", "display", "healthz"}
    assert opened == {False: always | {"second_factor_enrol"}, True: always | {"second_factor"}}


def test_applicants_are_asked_only_if_they_bound_a_phone(user, client_of):
    person = user("applicant")
    browser = client_of(person)
    assert led_to(browser, "home") == 200
    assert "绑定手机" in browser.get(reverse("profile")).content.decode()
    device = bind(person)
    assert led_to(browser, "home") == reverse("second_factor")
    send(browser, "second_factor", code_of(device))
    assert led_to(browser, "home") == 200


@pytest.mark.parametrize("page", ["second_factor", "second_factor_enrol", "second_factor_codes"])
def test_switched_off_nobody_is_asked_and_the_pages_are_absent(settings, officer, client_of, page):
    settings.STAFF_SECOND_FACTOR = False
    bind(officer)
    browser = client_of(officer)
    assert led_to(browser, "home") == 200
    assert led_to(browser, page) == 404
    assert "动态验证码" not in browser.get(reverse("profile")).content.decode()


@pytest.mark.parametrize(
    ("env", "said"), [({}, "True"), ({"DEMO": "true"}, "False"), ({"STAFF_SECOND_FACTOR": "false"}, "False")]
)
def test_it_is_on_unless_this_is_a_demo(tmp_path, env, said):
    code = "import environs; environs.Env.read_env = lambda *a, **k: None\n"
    code += f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    code += "from config import settings; print(settings.STAFF_SECOND_FACTOR)"
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PYTHONUTF8": "1", **SAFE, **env}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == (said, "")


def test_who_is_not_signed_in_is_not_asked(client):
    assert led_to(client, "portal") == 200
    assert led_to(client, "second_factor") == reverse("login")


def test_a_forced_password_change_comes_first_and_an_ordinary_one_after(user, client_of):
    person = user("office", must_change_password=True)
    bind(person)
    browser = client_of(person)
    assert led_to(browser, "home") == reverse("password_change")
    assert led_to(browser, "password_change") == 200
    new = {"old_password": PASSWORD, "new_password1": "Garden-of-tea-77", "new_password2": "Garden-of-tea-77"}
    browser.post(reverse("password_change"), new)
    assert led_to(browser, "home") == reverse("second_factor")
    assert led_to(browser, "password_change") == reverse("second_factor")


# ── a session ───────────────────────────────────────────────────────────────────────────────────
def test_each_login_asks_again(officer):
    device = bind(officer)
    browser = Client()
    credentials = {"username": officer.username, "password": PASSWORD}
    browser.post(reverse("login"), credentials)
    send(browser, "second_factor", code_of(device))
    assert led_to(browser, "home") == 200
    assert led_to(Client(), "home") == reverse("login")
    browser.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")  # the same session
    assert led_to(browser, "home") == reverse("second_factor")
    browser.post(reverse("logout"))
    browser.post(reverse("login"), credentials)
    assert led_to(browser, "home") == reverse("second_factor")


def test_one_leads_back_to_where_one_wanted_to_go_inside_this_site(officer, client_of):
    device = bind(officer)
    browser = client_of(officer)
    asked = browser.get(reverse("notifications"), {"page": "2"}).url
    page = browser.get(asked).content.decode()
    assert 'name="next" value="/notifications/?page=2"' in page
    assert send(browser, "second_factor", code_of(device), next="https://evil.example/").url == reverse(
        "home"
    )


def test_the_address_of_a_refused_post_is_not_kept(officer, client_of):
    assert (
        client_of(officer).post(reverse("profile")).url == f"{reverse('second_factor_enrol')}?next=%2Fhome%2F"
    )


# ── enrolling ───────────────────────────────────────────────────────────────────────────────────
def offered(browser):
    page = browser.get(reverse("second_factor_enrol")).content.decode()
    return re.search(r'<strong class="num">([A-Z2-7 ]+)</strong>', page)[1], page


def test_enrolment_shows_secret_and_codes_once(officer, client_of):
    browser = client_of(officer)
    text, page = offered(browser)
    assert re.fullmatch(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", text)
    assert 'src="data:image/png;base64,' in page
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    secret = second_factor.pending_secret(officer, browser.session)
    assert second_factor.secret_text(secret) == text == offered(browser)[0]
    assert secret not in str(dict(browser.session))  # encrypted while it waits
    code = shown(secret)
    assert send(browser, "second_factor_enrol", f"{code[:3]} {code[3:]}").url == reverse(
        "second_factor_codes"
    )
    codes = re.findall(r"\d{4} \d{4} \d{4}", browser.get(reverse("second_factor_codes")).content.decode())
    assert len(set(codes)) == 10
    assert browser.post(reverse("second_factor_codes")).url == reverse("home")
    assert browser.get(reverse("second_factor_codes")).url == reverse("profile")
    assert led_to(browser, "home") == 200
    assert led_to(browser, "second_factor_enrol") == reverse("profile")
    assert verbs_of(officer) == [("second_factor_enrolled", "ok"), ("recovery_codes_renewed", "ok")]
    assert send(client_of(officer), "second_factor", code).status_code == 422  # it has been used


def test_the_offered_secret_belongs_to_one_session(officer, client_of):
    """Whoever knows the password only cannot plant a secret for the owner to confirm."""
    assert offered(client_of(officer))[0] != offered(client_of(officer))[0]


def test_a_wrong_code_binds_nothing(officer, client_of):
    browser = client_of(officer)
    text, _ = offered(browser)
    response = send(browser, "second_factor_enrol", "000000")
    assert response.status_code == 422
    assert second_factor.WRONG in response.content.decode()
    assert offered(browser)[0] == text
    assert SecondFactor.objects.count() == 0
    assert verbs_of(officer) == [("second_factor_failed", "refused")]


def test_a_double_click_binds_once(officer, client_of):
    browser = client_of(officer)
    offered(browser)
    secret = second_factor.pending_secret(officer, browser.session)
    code, key = shown(secret), formkeys.new_key()
    first = send(browser, "second_factor_enrol", code, form_key=key)
    second = send(browser, "second_factor_enrol", code, form_key=key)
    assert first.url == reverse("second_factor_codes")
    assert second.url == reverse("profile")
    assert SecondFactor.objects.count() == 1


def test_the_secret_and_the_codes_are_unreadable_at_rest(officer, client_of):
    browser = client_of(officer)
    offered(browser)
    secret = second_factor.pending_secret(officer, browser.session)
    send(browser, "second_factor_enrol", shown(secret))
    assert secret not in SecondFactor.objects.get().__dict__["key"]
    plain = [code.replace(" ", "") for code in second_factor.fresh_codes(officer, browser.session)]
    assert not set(plain) & set(StaticToken.objects.values_list("token", flat=True))
    assert plain[0] not in str(dict(browser.session))


# ── right and wrong codes ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("typed", ["{0}", " {0}", "{0}\u3000"])
def test_a_right_code(officer, client_of, typed):
    device = bind(officer)
    assert send(client_of(officer), "second_factor", typed.format(code_of(device))).url == reverse("home")
    assert verbs_of(officer) == [("second_factor_ok", "ok")]


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(officer, client_of, steps, good):
    device = bind(officer)
    response = send(client_of(officer), "second_factor", code_of(device, steps))
    assert response.status_code == (302 if good else 422)


def test_a_wrong_code_is_refused_in_one_sentence_and_audited(officer, client_of):
    device = bind(officer)
    browser = client_of(officer)
    response = send(browser, "second_factor", wrong_code(device))
    assert response.status_code == 422
    assert second_factor.WRONG in response.content.decode()
    assert wrong_code(device) not in response.content.decode()
    assert led_to(browser, "home") == reverse("second_factor")
    assert verbs_of(officer) == [("second_factor_failed", "refused")]
    assert audit.verify().fault == ""


def test_a_code_opens_one_session(officer, client_of):
    device = bind(officer)
    code = code_of(device)
    assert send(client_of(officer), "second_factor", code).url == reverse("home")
    assert send(client_of(officer), "second_factor", code).status_code == 422


def test_sent_twice_it_is_no_failure(officer, client_of):
    device, key = bind(officer), formkeys.new_key()
    browser, code = client_of(officer), code_of(device)
    for _ in range(2):
        assert send(browser, "second_factor", code, form_key=key).url == reverse("home")
    assert verbs_of(officer) == [("second_factor_ok", "ok")]


def test_failures_make_wait_even_with_the_right_code(officer, client_of):
    device = bind(officer)
    SecondFactor.objects.update(throttling_failure_count=4, throttling_failure_timestamp=timezone.now())
    browser = client_of(officer)
    page = send(browser, "second_factor", code_of(device)).content.decode()
    assert re.search(r"连续输错次数较多，请在 [78] 秒后再试。", page)
    SecondFactor.objects.update(throttling_failure_count=10)
    assert "请在 9 分钟后再试" in send(browser, "second_factor", code_of(device)).content.decode()
    SecondFactor.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(minutes=10))
    assert send(browser, "second_factor", code_of(device)).url == reverse("home")
    assert SecondFactor.objects.get().throttling_failure_count == 0


def test_wrong_codes_count(officer, client_of):
    device = bind(officer)
    send(client_of(officer), "second_factor", wrong_code(device))
    send(client_of(officer), "second_factor", wrong_code(device))  # too soon: not even looked at
    assert SecondFactor.objects.get().throttling_failure_count == 1


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "abcdef", "\x00", "１２３" * 100, "-12345", "٣٣٣٣٣٣"]
)
@pytest.mark.parametrize("page", ["second_factor", "second_factor_enrol"])
def test_nonsense_is_a_mistake_not_a_failure(officer, client_of, page, text):
    if page == "second_factor":
        bind(officer)
    assert send(client_of(officer), page, text).status_code == 422
    assert verbs_of(officer) == []


# ── recovery codes ──────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def spare(officer):
    """The officer's recovery codes in plain."""
    bind(officer)
    session = {}
    second_factor.renew_codes(officer, session)
    return second_factor.fresh_codes(officer, session)


def test_a_recovery_code_works_once(officer, client_of, spare):
    browser = client_of(officer)
    assert send(browser, "second_factor", spare[0]).url == reverse("home")
    assert "您用了一个恢复码，还剩 9 个。" in browser.get(reverse("home")).content.decode()
    assert AuditEntry.objects.get(verb="second_factor_ok").note == "恢复码，剩 9 个"
    assert send(client_of(officer), "second_factor", spare[0]).status_code == 422
    StaticDevice.objects.update(throttling_failure_count=0)
    assert send(client_of(officer), "second_factor", spare[1]).url == reverse("home")


def test_recovery_codes_are_throttled_and_personal(officer, user, client_of, spare):
    other = user("office")
    bind(other)
    second_factor.renew_codes(other, {})
    assert send(client_of(other), "second_factor", spare[0]).status_code == 422
    send(client_of(officer), "second_factor", "000000000000")
    assert send(client_of(officer), "second_factor", spare[0]).status_code == 422


def passed(client_of, person):
    device, browser = SecondFactor.objects.get(user=person), client_of(person)
    send(browser, "second_factor", code_of(device, -1))
    return device, browser


def test_new_recovery_codes_against_a_fresh_code(officer, client_of, spare):
    device, browser = passed(client_of, officer)
    assert send(browser, "second_factor_manage", code_of(device, -1), act="codes").status_code == 422
    SecondFactor.objects.update(throttling_failure_count=0)
    assert send(browser, "second_factor_manage", code_of(device), act="codes").url == reverse(
        "second_factor_codes"
    )
    assert send(client_of(officer), "second_factor", spare[0]).status_code == 422
    assert second_factor.codes_left(officer) == 10


# ── unbinding ───────────────────────────────────────────────────────────────────────────────────
def test_one_changes_the_phone_oneself_against_a_fresh_code(officer, client_of, spare):
    device, browser = passed(client_of, officer)
    assert send(browser, "second_factor_manage", code_of(device), act="unbind").url == reverse("profile")
    assert led_to(browser, "profile") == reverse("second_factor_enrol")
    assert second_factor.codes_left(officer) == 0
    assert verbs_of(officer)[-1] == ("second_factor_removed", "ok")


def test_the_system_administrator_unbinds_a_lost_phone(officer, user, client_of, spare):
    _, held = passed(client_of, officer)
    admin = user("sysadmin")
    bind(admin)
    _, desk = passed(client_of, admin)
    address = reverse("admin:park_user_remove_second_factor", args=[officer.pk])
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert SecondFactor.objects.filter(user=officer).count() == 1
    desk.post(address, {"reason": "手机遗失，已当面核对"})
    assert SecondFactor.objects.filter(user=officer).count() == 0
    entry = AuditEntry.objects.get(verb="second_factor_removed")
    assert (entry.by, entry.subject, entry.note) == (admin, str(officer), "手机遗失，已当面核对")
    assert Notification.objects.filter(user=officer).count() == 1
    assert led_to(held, "home") == reverse("second_factor_enrol")  # at once, in every session
    assert "没有绑定动态验证码" in desk.post(address, {"reason": "再次"}, follow=True).content.decode()


@pytest.mark.parametrize("role", ["office", "secadmin", "auditor", "applicant"])
def test_nobody_else_unbinds(officer, user, role, spare):
    with pytest.raises(PermissionDenied):
        second_factor.remove(officer, by=user(role), reason="x")
    assert SecondFactor.objects.count() == 1


def test_the_console_lets_the_last_administrator_in_again(user, capsys):
    person = user("sysadmin")
    bind(person)
    call_command("remove_second_factor", person.username, reason="手机和恢复码均遗失")
    assert SecondFactor.objects.count() == 0
    assert AuditEntry.objects.get(verb="second_factor_removed").by is None
    with pytest.raises(CommandError, match="这个账号没有绑定动态验证码。"):
        call_command("remove_second_factor", person.username, reason="x")


def test_closing_an_account_takes_the_phone_along(user):
    person = user("applicant")
    bind(person)
    second_factor.renew_codes(person, {})
    assert actions.export_own_data(person)["动态验证码"]["剩余恢复码"] == 10
    actions.close_account(person)
    assert (SecondFactor.objects.count(), StaticDevice.objects.count()) == (0, 0)


# ── two at the same moment ──────────────────────────────────────────────────────────────────────
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["phone", "recovery"])
@pytest.mark.parametrize(("locked", "opened"), [(True, 1), (False, 2)])
def test_one_code_opens_one_session_under_a_race(monkeypatch, kind, locked, opened):
    """The second row is the control: without the lock on the phone's row both get in."""
    person = UserFactory(roles=["office"])
    device, session = bind(person), {}
    second_factor.renew_codes(person, session)
    code = code_of(device)
    if kind == "recovery":
        code = second_factor.fresh_codes(person, session)[0].replace(" ", "")
    wait = MOMENT if locked else LONG
    meet(monkeypatch, "accepts", SecondFactor, wait=wait)
    meet(monkeypatch, "delete", StaticToken, wait=wait)
    if not locked:
        take_locks_away(monkeypatch, SecondFactor)
    results = at_once(*[lambda: second_factor.check(person, code)] * 2)
    assert results.count("") == opened
