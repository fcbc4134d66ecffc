"""Registering, signing in, one's own account, consents, messages."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from park import actions, audit, formkeys, personal_data
from park.models import AuditEntry, Consent, Notification, Role, User
from park.notices import notify
from park.workflow import Refused
from tests.factories import PASSWORD, ConsentFactory, PrivacyNoticeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice():
    return PrivacyNoticeFactory()


def filled(**changes):
    return {
        "username": "zhangsan",
        "password1": "Bamboo-weave-88",
        "password2": "Bamboo-weave-88",
        "real_name": "张镕喆",
        "mobile": "138 0000 1234",
        "email": "",
        "unit_name": " 镇江  竹编厂 ",
        "processing": "on",
        "notice_version": "v-test",
        "form_key": formkeys.new_key(),
    } | changes


def verbs():
    return list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))


# ── registering ─────────────────────────────────────────────────────────────────────────────────
def test_registration_makes_an_applicant_and_signs_in(client, notice):
    before = client.session.session_key
    response = client.post(reverse("register"), filled())
    assert response.url == reverse("home")
    user = User.objects.get()
    assert (user.username, user.real_name, user.mobile, user.unit.name) == (
        "zhangsan", "张镕喆", "13800001234", "镇江 竹编厂",
    )  # fmt: skip
    assert user.role_names == {Role.APPLICANT}
    assert not user.is_staff
    assert [(c.purpose, c.notice.version) for c in user.consents.all()] == [("processing", "v-test")]
    assert verbs() == ["register", "grant_role", "give_consent", "login"]
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before


def test_consent_is_never_ticked_in_advance_and_the_notice_is_whole(client, notice):
    page = client.get(reverse("register")).content.decode()
    assert "<h2>测试告知书</h2>" in page
    assert "checked" not in page
    assert page.count('type="checkbox"') == 1  # disclosure and members are asked at submission


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"processing": ""}, "须同意处理个人信息才能注册；不同意的，可到管理办公室咨询线下办理。"),
        ({"username": "1abc"}, "登录名以字母开头，3–30 个字母、数字、点、横线或下划线。"),
        ({"mobile": "1380000123"}, "手机号码应为11位，现在是10位。"),
        ({"real_name": "Zhang"}, "姓名第1个字符（“Z”）不是汉字。"),
        ({"password2": "Bamboo-weave-89"}, "两次输入的密码不一致。"),
        ({"password1": "bamboo", "password2": "bamboo"}, "密码须为 10 至 128 个字符。"),
        (
            {"password1": "bambooweave", "password2": "bambooweave"},
            "密码须包含小写字母、大写字母、数字、其他符号中的至少三类。",
        ),
        ({"notice_version": "v-old"}, "告知书已经更新，请阅读新的版本后重新勾选。"),
        ({"form_key": ""}, "表单缺少一次性凭证，请刷新页面后重新提交。"),
        ({"unit_name": "厂\x01"}, "第2个字符（U+0001）是无法保存的控制字符，请删去后重新填写。"),
    ],
)
def test_registration_refuses_with_one_sentence_and_keeps_what_was_typed(client, notice, changes, sentence):
    response = client.post(reverse("register"), filled(**changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert changes.get("real_name", "张镕喆") in page
    assert User.objects.count() == 0


@pytest.mark.parametrize("text", ["\x00", "张" * 100_000, "'\"><script>", "😀" * 50])
@pytest.mark.parametrize(
    "field", ["username", "real_name", "mobile", "email", "unit_name", "password1", "notice_version"]
)
def test_registration_survives_abuse(client, notice, field, text):
    response = client.post(reverse("register"), filled(**{field: text}))
    assert response.status_code == (
        302 if field == "unit_name" and len(text) < 60 and "\x00" not in text else 422
    )


def test_a_taken_mobile_is_refused_without_a_word_about_the_other_account(client, notice):
    UserFactory(username="other", real_name="李四四", mobile="13800001234")
    page = client.post(reverse("register"), filled()).content.decode()
    assert "这个手机号码不能使用；如果您已有账号，请直接登录或找回密码。" in page
    assert "李四四" not in page
    assert "other" not in page


def test_login_names_that_differ_in_case_only_are_one(client, notice):
    UserFactory(username="ZhangSan")
    assert "这个登录名已有人使用，请换一个。" in client.post(reverse("register"), filled()).content.decode()


def test_double_click_registers_once(notice):
    data = filled()
    first, second = Client(), Client()
    assert first.post(reverse("register"), data).url == reverse("home")
    assert second.post(reverse("register"), data).url == reverse("home")
    assert User.objects.count() == 1


def test_forged_fields_give_no_rights(client, notice):
    client.post(reverse("register"), filled(is_staff="on", is_superuser="on", groups="1", roles="office"))
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.role_names) == (False, False, {"applicant"})


def test_no_notice_no_registration(client):
    response = client.get(reverse("register"))
    assert response.status_code == 503
    assert "尚未发布个人信息处理告知书，暂不能注册，请联系管理办公室。" in response.content.decode()


# ── signing in ──────────────────────────────────────────────────────────────────────────────────
def sign_in(client, username, password, address="10.0.0.1", follow=False):
    data = {"username": username, "password": password}
    return client.post(reverse("login"), data, REMOTE_ADDR=address, follow=follow)


def test_login_and_logout_are_on_the_trail_with_the_address(client, user):
    person = user("applicant")
    assert sign_in(client, person.username, PASSWORD, "2001:db8::1").url == reverse("home")
    client.post(reverse("logout"), REMOTE_ADDR="2001:db8::1")
    rows = [(e.verb, e.by, e.address) for e in audit.history_of(person).exclude(verb="grant_role")]
    assert rows == [("logout", person, "2001:db8::1"), ("login", person, "2001:db8::1")]
    assert audit.verify().fault == ""


def test_wrong_password_wrong_name_and_a_disabled_account_read_the_same(client, user):
    person, gone = user("applicant"), user("applicant", is_active=False)
    pages = [
        sign_in(client, name, word).content.decode()
        for name, word in [(person.username, "wrong"), ("nobody", "wrong"), (gone.username, PASSWORD)]
    ]
    assert ["登录名或密码不正确。" in page for page in pages] == [True] * 3
    failed = AuditEntry.objects.filter(verb="login_failed").order_by("sequence")
    assert [(e.subject, e.result) for e in failed] == [
        (str(person), "refused"), ("n*****", "refused"), (str(gone), "refused"),
    ]  # fmt: skip


def test_five_failures_lock_the_account_from_every_address(client, user):
    person = user("applicant")
    for n in range(5):
        last = sign_in(client, person.username, "wrong", f"10.0.0.{n + 1}")
    assert last.status_code == 429
    assert "连续 5 次登录失败，为保护账号安全，已暂停登录 30 分钟。" in last.content.decode()
    assert sign_in(Client(), person.username, PASSWORD, "10.9.9.9").status_code == 429
    assert "locked_out" in verbs()


def test_five_failures_lock_the_address_for_every_name(client, user):
    person = user("applicant")
    for n in range(5):
        sign_in(client, f"guess{n}", "wrong", "10.0.0.66")
    assert sign_in(Client(), person.username, PASSWORD, "10.0.0.66").status_code == 429
    assert sign_in(Client(), person.username, PASSWORD, "10.0.0.67").url == reverse("home")


def test_a_temporary_password_must_be_changed_first(client, user):
    person = user("office", must_change_password=True)
    sign_in(client, person.username, PASSWORD)
    assert client.get(reverse("profile")).url == reverse("password_change")
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "新密码不能与原来的密码相同。" in client.post(reverse("password_change"), same).content.decode()
    new = {"old_password": PASSWORD, "new_password1": "Garden-of-tea-77", "new_password2": "Garden-of-tea-77"}
    assert client.post(reverse("password_change"), new).url == reverse("password_change_done")
    assert client.get(reverse("profile")).status_code == 200
    assert "change_password" in verbs()


@pytest.mark.parametrize(("role", "must"), [("office", True), ("expert", True), ("applicant", False)])
def test_a_staff_password_expires_after_90_days(client, user, role, must):
    person = user(role)
    person.password_changed_at = timezone.now() - timedelta(days=91)
    person.save()
    sign_in(client, person.username, PASSWORD)
    person.refresh_from_db()
    assert person.must_change_password is must


def test_password_reset_by_mail(client, user):
    person = user("applicant", email="zhang@example.com")
    assert client.post(reverse("password_reset"), {"email": "nobody@example.com"}).url == reverse(
        "password_reset_done"
    )
    assert mail.outbox == []
    client.post(reverse("password_reset"), {"email": "zhang@example.com"}, headers={"host": "127.0.0.1"})
    (message,) = mail.outbox
    link = next(line for line in message.body.splitlines() if line.startswith(settings.SITE_URL))
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    form_url = page.redirect_chain[-1][0]
    new = {"new_password1": "Garden-of-tea-77", "new_password2": "Garden-of-tea-77"}
    assert client.post(form_url, new).url == reverse("password_reset_complete")
    assert sign_in(client, person.username, "Garden-of-tea-77").url == reverse("home")
    assert (
        "这个链接已经用过或者过期，请重新申请。"
        in client.get(link.removeprefix(settings.SITE_URL), follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("password", "roles", "good"),
    [
        ("Bamboo-w1x", [], True),
        ("Bamboo-w1", [], False),  # 9
        ("Bamboo-w1x", ["office"], False),  # staff need 12
        ("Bamboo-w1xyz", ["office"], True),
        ("bamboo-weave", [], False),  # two classes
        ("B" * 60 + "b1-" * 23, [], False),  # 129
        ("Zhangsan-2026", [], False),  # the login name
        ("Password123!", [], True),  # not on the common list as such
        ("Password123", [], False),  # on it
    ],
)  # fmt: skip
def test_password_rules(user, password, roles, good):
    person = user(*roles, username="zhangsan")
    if good:
        validate_password(password, person)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, person)


def test_production_hashes_with_argon2():
    from config import settings as real

    assert real.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert get_hasher("default").algorithm == "md5"  # the tests' own


# ── one's own account ───────────────────────────────────────────────────────────────────────────
def test_profile_masks_the_mobile_until_asked(client_of, user):
    person = user("applicant", mobile="13800001234")
    browser = client_of(person)
    page = browser.get(reverse("profile")).content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "13800001234" in browser.post(reverse("profile_reveal")).content.decode()
    assert AuditEntry.objects.get(verb="reveal").note == "本人手机"
    assert browser.get(reverse("profile_reveal")).status_code == 405


def test_profile_corrects_and_an_empty_mobile_keeps_it(client_of, user):
    person = user("applicant", mobile="13800001234")
    data = {
        "real_name": "赵垚昇",
        "mobile": "",
        "email": "z@example.com",
        "unit_name": "",
        "form_key": formkeys.new_key(),
    }
    assert client_of(person).post(reverse("profile"), data).url == reverse("profile")
    person = User.objects.get(pk=person.pk)
    assert (person.real_name, person.mobile, person.email) == ("赵垚昇", "13800001234", "z@example.com")
    assert AuditEntry.objects.get(verb="change_profile").note == "姓名、电子邮箱"


def test_staff_cannot_rename_themselves(client_of, user):
    person = user("office", real_name="王王王", mobile="13800001234")
    data = {"real_name": "赵垚昇", "mobile": "", "email": "", "form_key": formkeys.new_key()}
    client_of(person).post(reverse("profile"), data)
    assert User.objects.get(pk=person.pk).real_name == "王王王"


def test_own_data_come_as_json_and_are_audited(client_of, user):
    person = user("applicant", mobile="13800001234")
    ConsentFactory(user=person)
    response = client_of(person).post(reverse("profile_export"))
    data = json.loads(response.content)
    assert data["账号"]["手机"] == "13800001234"
    assert [row["告知书版本"] for row in data["同意记录"]] == ["v-test"]
    assert "no-store" in response["Cache-Control"]
    assert verbs()[-1] == "export_own_data"


def test_closing_an_account_leaves_a_nameless_hull(client_of, user):
    consent = ConsentFactory(user=user("applicant", mobile="13800001234", email="z@example.com"))
    notify([consent.user], "消息", url="/home/")
    browser = client_of(consent.user)
    wrong = browser.post(
        reverse("profile_close"), {"password": "x", "form_key": formkeys.new_key()}, follow=True
    )
    assert "密码不正确，账号没有注销。" in wrong.content.decode()
    gone = browser.post(reverse("profile_close"), {"password": PASSWORD, "form_key": formkeys.new_key()})
    assert gone.url == reverse("portal")
    hull = User.objects.get()
    assert (hull.real_name, hull.mobile, hull.mobile_index, hull.email, hull.is_active) == (
        "已注销用户",
        "",
        "",
        "",
        False,
    )
    assert hull.consents.standing().count() == 0
    assert Notification.objects.count() == 0
    assert "_auth_user_id" not in browser.session


def test_an_account_with_something_to_keep_is_not_closed(user, monkeypatch):
    sentence = "您有已提交的申报，办结并超过保存期限后才能注销。"
    held = personal_data.Holding("测试", export=lambda user: [], keeps=lambda user: sentence)
    monkeypatch.setattr(personal_data, "REGISTRY", [*personal_data.REGISTRY, held])
    person = user("applicant")
    with pytest.raises(Refused, match=sentence):
        actions.close_account(person)
    assert User.objects.get(pk=person.pk).is_active


def test_staff_do_not_close_their_accounts(user):
    with pytest.raises(Refused, match="工作人员账号由系统管理员停用，不能自行注销。"):
        actions.close_account(user("office"))


# ── consents ────────────────────────────────────────────────────────────────────────────────────
def change_consent(browser, act, purpose="processing", **more):
    data = {"act": act, "purpose": purpose, "form_key": formkeys.new_key()} | more
    return browser.post(reverse("consents"), data, follow=True).content.decode()


def test_consent_can_be_withdrawn_and_given_again(client_of, user):
    office, person = user("office"), user("applicant")
    ConsentFactory(user=person)
    browser = client_of(person)
    assert "已撤回同意。" in change_consent(browser, "withdraw")
    assert not actions.has_consent(person, Consent.Purpose.PROCESSING)
    assert Notification.objects.get().user == office
    assert "这一项没有需要撤回的同意。" in change_consent(browser, "withdraw")
    assert "请先勾选同意。" in change_consent(browser, "give")
    assert "已记录您的同意。" in change_consent(browser, "give", agreed="1")
    assert actions.has_consent(person, Consent.Purpose.PROCESSING)
    assert "没有这一项同意。" in change_consent(browser, "give", purpose="everything", agreed="1")
    assert "没有这一项同意。" in change_consent(browser, "\x00")


def test_recording_a_consent_twice_is_one(user):
    person, notice = user("applicant"), PrivacyNoticeFactory()
    for _ in range(2):
        actions.record_consents(person, [Consent.Purpose.DISCLOSURE], notice=notice)
    assert person.consents.count() == 1
    assert verbs().count("give_consent") == 1


# ── messages ────────────────────────────────────────────────────────────────────────────────────
def test_opening_a_message_marks_it_and_leads_to_its_page(client_of, user):
    person = user("applicant")
    notify([person], "请补正", url="/help/")
    row = Notification.objects.get()
    browser = client_of(person)
    assert "请补正" in browser.get(reverse("notifications")).content.decode()
    assert browser.get(reverse("notification_open", args=[row.pk])).url == "/help/"
    row.refresh_from_db()
    assert row.read_at is not None


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_a_message_leads_nowhere_outside(client_of, user, url):
    person = user("applicant")
    row = Notification.objects.create(user=person, text="x", url=url)
    assert client_of(person).get(reverse("notification_open", args=[row.pk])).url == reverse("notifications")


def test_somebody_elses_message_does_not_exist(client_of, user):
    row = Notification.objects.create(user=user("applicant"), text="x", url="/")
    assert client_of(user("office")).get(reverse("notification_open", args=[row.pk])).status_code == 404


def test_all_messages_are_marked_read(client_of, user):
    person = user("applicant")
    notify([person], "一", url="/")
    notify([person], "二", url="/")
    client_of(person).post(reverse("notifications"))
    assert Notification.objects.filter(read_at=None).count() == 0


# ── roles ───────────────────────────────────────────────────────────────────────────────────────
def test_roles_are_given_and_taken_by_the_security_officer(user):
    officer, person = user("secadmin"), user()
    actions.grant_role(person, Role.EXPERT, by=officer, reason="聘书〔2026〕1号")
    assert (person.role_names, person.is_staff) == ({"expert"}, True)
    actions.revoke_role(person, Role.EXPERT, by=officer)
    assert (person.role_names, person.is_staff) == (frozenset(), False)
    rows = [(e.verb, e.by, e.before, e.after, e.note) for e in audit.history_of(person)[:2]]
    assert rows == [
        ("revoke_role", officer, "专家", "", ""),
        ("grant_role", officer, "", "专家", "聘书〔2026〕1号"),
    ]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECADMIN}))
def test_nobody_else_gives_roles(user, role):
    with pytest.raises(PermissionDenied, match="只有安全管理员可以授予或收回角色。"):
        actions.grant_role(user(), Role.EXPERT, by=user(role))


def test_a_superuser_gives_no_roles(user):
    with pytest.raises(PermissionDenied):
        actions.grant_role(user(), Role.EXPERT, by=user(is_superuser=True, is_staff=True))


def test_nobody_changes_their_own_roles(user):
    officer = user("secadmin")
    with pytest.raises(PermissionDenied, match="不能修改自己的角色。"):
        actions.revoke_role(officer, Role.SECADMIN, by=officer)


@pytest.mark.parametrize("watcher", ["sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("other", sorted(Role))
def test_a_watcher_is_nothing_else(user, watcher, other):
    if watcher == other:
        return
    for first, second in ((watcher, other), (other, watcher)):
        person = user(first)
        with pytest.raises(Refused, match="不能兼任其他角色。"):
            actions.grant_role(person, second, by=None)
        assert person.role_names == {first}
