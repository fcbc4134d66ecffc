"""三员分立 in the admin: who sees and changes what there, and what the trail keeps of it."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from park import actions
from park.admin_site import ADMIN_ROLES, APPS, Audited
from park.models import AuditEntry, Body, Gender, PrivacyNotice, Role, Unit, User
from tests.factories import PASSWORD, ConsentFactory, UnitFactory

pytestmark = pytest.mark.django_db

ACCOUNTS, ROLES, TRAIL = (
    "admin:park_user_changelist",
    "admin:park_roleholder_changelist",
    "admin:park_auditentry_changelist",
)
SETTING_UP = ("grant_role", "login")  # entries of the fixtures


@pytest.fixture
def as_(client_of, user):
    """A browser signed in with this role."""
    return lambda *roles, **fields: client_of(user(*roles, **fields))


def verbs():
    entries = AuditEntry.objects.exclude(verb__in=SETTING_UP).order_by("sequence")
    return list(entries.values_list("verb", flat=True))


# ── who comes in ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", sorted(Role))
def test_who_enters(as_, role):
    response = as_(role).get(reverse("admin:index"))
    assert response.status_code == (200 if role in ADMIN_ROLES else 302)


def test_entering_needs_the_site_s_own_login():
    response = Client().get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1] == ("/login/?next=%2Fmanage%2F", 302)


def test_signing_out_of_the_admin_signs_out(as_):
    browser = as_("office")
    assert browser.post(reverse("admin:logout")).url == reverse("portal")
    assert browser.get(reverse("profile")).status_code == 302


def test_the_admin_speaks_chinese(as_):
    page = as_("office").get(reverse("admin:index")).content.decode()
    assert "镇江市技能大师产业创新园 · 后台管理" in page
    assert 'lang="zh-hans"' in page


SEES = {  # the pages of the ground, as the three officers and the office find them
    ACCOUNTS: {"sysadmin"},
    ROLES: {"secadmin"},
    TRAIL: {"auditor"},
    "admin:park_unit_changelist": {"office", "lead_division", "superuser"},
    "admin:park_body_changelist": {"office", "lead_division", "superuser"},
    "admin:park_gender_changelist": {"office", "lead_division", "superuser"},
    "admin:park_workday_changelist": {"office", "lead_division", "superuser"},
    "admin:park_privacynotice_changelist": {"office", "lead_division", "superuser"},
    "admin:park_rule_changelist": {"office", "lead_division", "auditor"},
}


@pytest.mark.parametrize("page", SEES)
def test_who_sees_what(as_, page):
    seen = {role for role in ADMIN_ROLES if as_(role).get(reverse(page)).status_code == 200}
    if as_(is_staff=True, is_superuser=True).get(reverse(page)).status_code == 200:
        seen.add("superuser")
    assert seen == SEES[page]


def test_every_page_of_our_apps_leaves_a_trail():
    ours = dict(admin.site._registry)
    assert {model._meta.app_label for model in ours} <= APPS
    assert [model.__name__ for model, page in ours.items() if not isinstance(page, Audited)] == []


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def new_account(**changes):
    return {"username": "lisi", "real_name": "李玥", "new_mobile": "13800001234", "is_active": "on"} | changes


def test_the_system_administrator_makes_an_account_with_a_temporary_password(as_):
    browser = as_("sysadmin")
    added = browser.post(
        reverse("admin:park_user_add"), new_account(is_superuser="on", groups="1", is_staff="on")
    )
    person = User.objects.get(username="lisi")
    assert (person.real_name, person.mobile, person.is_staff, person.is_superuser) == (
        "李玥",
        "13800001234",
        False,
        False,
    )
    assert (person.role_names, person.has_usable_password(), person.must_change_password) == (
        frozenset(),
        False,
        True,
    )
    assert added.url == reverse("admin:park_user_temporary_password", args=[person.pk])
    proposed = browser.get(added.url).context["form"].initial["password"]
    browser.post(added.url, {"password": proposed})
    assert verbs() == ["admin_add", "set_temporary_password"]
    signed_in = Client()
    signed_in.post(reverse("login"), {"username": "lisi", "password": proposed})
    assert signed_in.get(reverse("profile")).url == reverse("password_change")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "PERSON-X"}, "这个登录名已有人使用，请换一个。"),
        ({"real_name": "Li"}, "姓名第1个字符（“L”）不是汉字。"),
        ({"new_mobile": "123"}, "手机号码应为11位，现在是3位。"),
        ({"new_mobile": "13900009999"}, "这个手机号码已登记在另一个在用账号上。"),
    ],
)
def test_a_bad_account_is_refused_with_a_sentence(as_, user, changes, sentence):
    user(username="person-x", mobile="13900009999")
    response = as_("sysadmin").post(reverse("admin:park_user_add"), new_account(**changes))
    assert sentence in response.content.decode()
    assert not User.objects.filter(username="lisi").exists()


def test_a_weak_temporary_password_is_refused(as_, user):
    person = user("office")
    page = as_("sysadmin").post(
        reverse("admin:park_user_temporary_password", args=[person.pk]), {"password": "short"}
    )
    assert "密码须为 12 至 128 个字符。" in page.content.decode()
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_an_account_page_does_not_send_the_mobile(as_, user):
    person = user("applicant", mobile="13800001234")
    page = as_("sysadmin").get(reverse("admin:park_user_change", args=[person.pk])).content.decode()
    assert "13800001234" not in page
    assert "138****1234" in page


def test_an_account_can_be_disabled_but_not_deleted(as_, user):
    person, browser = user("applicant", mobile="13800001234"), as_("sysadmin")
    browser.post(
        reverse("admin:park_user_change", args=[person.pk]),
        {"username": person.username, "real_name": person.real_name},
    )
    person = User.objects.get(pk=person.pk)
    assert (person.is_active, person.mobile, person.role_names) == (False, "13800001234", {"applicant"})
    entry = AuditEntry.objects.get(verb="admin_change")
    assert (entry.subject_id, entry.note) == (str(person.pk), "启用")
    assert (
        browser.post(reverse("admin:park_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
    )


def test_the_system_administrator_touches_neither_themselves_nor_a_superuser(user, client_of):
    officer, root = user("sysadmin"), user(is_superuser=True, is_staff=True)
    browser = client_of(officer)
    for person in (officer, root):
        url = reverse("admin:park_user_temporary_password", args=[person.pk])
        assert browser.post(url, {"password": "Taken-over-2026!"}).status_code == 403
        assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    data = {"username": officer.username, "real_name": "李玥", "is_active": "on"}
    assert browser.post(reverse("admin:park_user_change", args=[officer.pk]), data).status_code == 403


# ── roles ───────────────────────────────────────────────────────────────────────────────────────
def give(browser, person, roles, reason="聘书1号"):
    url = reverse("admin:park_roleholder_change", args=[person.pk])
    return browser.post(url, {"roles": roles, "reason": reason})


def roles_of(person):
    return set(User.objects.get(pk=person.pk).role_names)


def test_the_security_officer_gives_and_takes_roles(as_, user):
    person, browser = user("office"), as_("secadmin")
    assert give(browser, person, ["expert", "working_group"]).status_code == 302
    assert roles_of(person) == {"expert", "working_group"}
    rows = AuditEntry.objects.filter(subject_id=person.pk, note="聘书1号").order_by("sequence")
    assert [(e.verb, e.before, e.after) for e in rows] == [
        ("revoke_role", "管理办公室", ""), ("grant_role", "", "专家"), ("grant_role", "", "工作小组"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "roles", [["auditor", "office"], ["sysadmin", "secadmin"], ["auditor", "applicant", "expert"]]
)
def test_roles_that_exclude_each_other_are_refused_with_a_sentence(as_, user, roles):
    person = user("expert")
    response = give(as_("secadmin"), person, roles)
    assert response.status_code == 200
    assert "不能兼任其他角色。" in response.content.decode()
    assert roles_of(person) == {"expert"}


def test_a_role_needs_a_reason(as_, user):
    person = user()
    assert give(as_("secadmin"), person, ["office"], reason="").status_code == 200
    assert roles_of(person) == set()


def test_nobody_gives_roles_to_themselves(user, client_of):
    officer = user("secadmin")
    assert give(client_of(officer), officer, ["office"]).status_code == 403
    assert roles_of(officer) == {"secadmin"}


def test_the_security_officer_has_no_part_in_accounts(as_, user):
    browser, person = as_("secadmin"), user()
    assert browser.get(reverse("admin:park_user_add")).status_code == 403
    assert browser.get(reverse("admin:park_user_temporary_password", args=[person.pk])).status_code == 403
    assert browser.get(reverse("admin:park_roleholder_change", args=[person.pk])).status_code == 200


# ── the trail ───────────────────────────────────────────────────────────────────────────────────
def test_the_auditor_reads_filters_and_searches(as_, user):
    office = user("office", real_name="赵垚昇")
    actions.change_profile(office, real_name="赵垚昇", mobile="13800001234", email="", unit_name="")
    browser = as_("auditor")

    def found(**query):
        return [e.verb for e in browser.get(reverse(TRAIL), query).context["cl"].result_list]

    assert found(verb="change_profile") == ["change_profile"]
    assert found(q="赵垚昇", verb="change_profile") == ["change_profile"]
    assert found(result="refused") == []
    assert found(subject_model="park.unit") == []
    assert found(by__id__exact=office.pk) == ["change_profile"]
    assert found(at__gte="2100-01-01 00:00:00+08:00", at__lt="2100-01-02 00:00:00+08:00") == []
    page = browser.get(reverse(TRAIL)).content.decode()
    assert "更正个人资料" in page


def test_nobody_changes_the_trail(as_):
    browser = as_("auditor")
    entry = AuditEntry.objects.get(verb="grant_role")
    assert browser.get(reverse("admin:park_auditentry_change", args=[entry.pk])).status_code == 200
    assert (
        browser.post(reverse("admin:park_auditentry_change", args=[entry.pk]), {"note": "x"}).status_code
        == 403
    )
    assert (
        browser.post(reverse("admin:park_auditentry_delete", args=[entry.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert browser.get(reverse("admin:park_auditentry_add")).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    browser.post(reverse(TRAIL), data)
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_an_export_of_the_trail_is_on_the_trail(as_, user):
    user("office", real_name="赵垚昇")
    browser = as_("auditor")
    actions.record_consents(user("applicant", real_name="王昇"), ["processing"], notice=PrivacyNotice.objects.create(
        version="=cmd()", text="x", in_force_from="2026-01-01"))  # fmt: skip
    chosen = list(AuditEntry.objects.values_list("pk", flat=True))
    response = browser.post(reverse(TRAIL), {"action": "export_csv", "_selected_action": chosen})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == len(chosen) + 1
    assert "'=cmd()" in text
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.note) == ("export", f"{len(chosen)} 行，csv")


# ── master data ─────────────────────────────────────────────────────────────────────────────────
def test_the_office_keeps_units_and_every_change_is_on_the_trail(as_):
    browser = as_("office")
    browser.post(reverse("admin:park_unit_add"), {"name": "丹阳焊接厂", "credit_code": ""})
    unit = Unit.objects.get()
    browser.post(
        reverse("admin:park_unit_change", args=[unit.pk]), {"name": "丹阳焊接有限公司", "credit_code": ""}
    )
    bad = browser.post(reverse("admin:park_unit_change", args=[unit.pk]), {"name": "x", "credit_code": "123"})
    assert "统一社会信用代码应为18位，现在是3位。" in bad.content.decode()
    assert [(e.verb, e.subject, e.note) for e in AuditEntry.objects.exclude(verb__in=SETTING_UP).order_by("sequence")] == [
        ("admin_add", "丹阳焊接厂", ""), ("admin_change", "丹阳焊接有限公司", "单位名称"),
    ]  # fmt: skip


def test_an_export_of_units_is_on_the_trail(as_):
    UnitFactory()
    response = as_("office").post(
        reverse("admin:park_unit_export"), {"format": "0", "resource": "", "unitresource_name": "on"}
    )
    assert response.status_code == 200
    entry = AuditEntry.objects.get(verb="export")
    assert (entry.subject, entry.note) == ("单位", "1 行，csv")


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("page", ["unit", "body", "gender", "workday"])
@pytest.mark.parametrize("what", ["changelist", "add", "import", "export"])
def test_the_three_officers_touch_no_master_data(as_, role, page, what):
    assert as_(role).get(reverse(f"admin:park_{page}_{what}")).status_code == 403


def test_organs_and_code_lists_are_retired_never_deleted(as_, reference_data):
    browser = as_("office")
    for row in (Body.objects.first(), Gender.objects.first()):
        url = reverse(f"admin:park_{row._meta.model_name}_delete", args=[row.pk])
        assert browser.post(url, {"post": "yes"}).status_code == 403


def test_a_notice_that_was_agreed_to_stays_as_it_was(as_):
    consent = ConsentFactory()
    url = reverse("admin:park_privacynotice_change", args=[consent.notice.pk])
    assert (
        as_("office").post(url, {"version": "x", "text": "y", "in_force_from": "2026-01-01"}).status_code
        == 403
    )


def test_every_role_has_exactly_its_rights():
    actions.ensure_roles()
    from django.contrib.auth.models import Group

    for role in Role:
        held = {
            f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=role).permissions.all()
        }
        assert held == actions.ADMIN_RIGHTS.get(role, set())


def test_the_organs_carry_their_duties_in_the_words_of_the_regulation(reference_data):
    duties = {body.code: body.duties for body in Body.objects.all()}
    assert list(duties) == ["working_group", "office", "lead_division", "attraction", "logistics"]
    assert duties["lead_division"] == "职建处负责园区工作的牵头抓总。"
    assert duties["attraction"] == "职业技能鉴定指导中心具体承担技能大师的招引工作。"
    assert {body.parent.code for body in Body.objects.exclude(parent=None)} == {"working_group"}
    assert {body.clause for body in Body.objects.all()} == {"5.1"}
