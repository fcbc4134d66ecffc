"""The office keeps code lists, the calendar and the settings in the admin; others read or see nothing."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from park import actions, rules
from park.models import AuditEntry, Ethnicity, Role, Rule, RuleChange, User, Workday

pytestmark = pytest.mark.django_db


def person(*roles, **fields):
    user = User.objects.create_user("_".join(roles) or "nobody", real_name="王芳", is_staff=True, **fields)
    actions.ensure_roles()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def office(client):
    client.force_login(person(Role.OFFICE), backend="django.contrib.auth.backends.ModelBackend")
    rules.ensure_rules()
    return client


def page(name, *args):
    return reverse(f"admin:park_{name}", args=args)


@pytest.fixture
def han():
    return Ethnicity.objects.create(code="01", label="汉族", edition="GB/T 3304-1991")


def test_every_list_and_form_opens(office, han):
    Workday.objects.create(date=date(2026, 10, 1), is_workday=False, name="国庆节")
    for name in ("ethnicity", "workday", "rule", "occupation", "skilllevel", "district", "education"):
        assert office.get(page(f"{name}_changelist")).status_code == 200
    assert office.get(page("ethnicity_change", han.pk)).status_code == 200
    assert office.get(page("ethnicity_history", han.pk)).status_code == 200
    assert office.get(page("workday_change", "2026-10-01")).status_code == 200
    assert office.get(page("ethnicity_import")).status_code == 200
    assert office.get(page("ethnicity_export")).status_code == 200
    for key in rules.REGISTRY:
        assert office.get(page("rule_change", key)).status_code == 200


def test_code_stays_label_changes_and_is_audited(office, han):
    form = {"code": "99", "label": "汉", "edition": han.edition, "order": 1, "on_form": "on"}
    assert office.post(page("ethnicity_change", han.pk), form).status_code == 302
    han.refresh_from_db()
    assert (han.code, han.label) == ("01", "汉")
    entry = AuditEntry.objects.get(subject_model="park.ethnicity")
    assert (entry.verb, entry.note) == ("admin_change", "名称、顺序")


def test_entries_are_retired_not_deleted(office, han):
    office.post(page("ethnicity_changelist"), {"action": "retire", "_selected_action": [han.pk]})
    han.refresh_from_db()
    assert han.retired_on == timezone.localdate()
    assert AuditEntry.objects.filter(verb="retire_entry", subject_id=str(han.pk)).count() == 1
    assert office.post(page("ethnicity_delete", han.pk), {"post": "yes"}).status_code == 403
    office.post(
        page("ethnicity_changelist"), {"action": "delete_selected", "_selected_action": [han.pk], "post": 1}
    )
    assert Ethnicity.objects.filter(pk=han.pk).exists()


def test_import_shows_first_then_writes(office):
    rows = SimpleUploadedFile("days.csv", "date,is_workday,name,source\n2027-10-01,0,国庆节,state\n".encode())
    shown = office.post(page("workday_import"), {"import_file": rows, "format": 0, "resource": ""})
    assert shown.status_code == 200
    assert not Workday.objects.exists()
    confirm = shown.context["confirm_form"].initial
    done = office.post(page("workday_process_import"), confirm)
    assert done.status_code == 302
    assert Workday.objects.get().name == "国庆节"
    assert AuditEntry.objects.filter(verb="import").count() == 1


def test_a_day_entered_by_hand_says_so(office):
    office.post(page("workday_add"), {"date": "2031-06-02", "name": "停电检修"})
    day = Workday.objects.get()
    assert (day.is_workday, day.source) == (False, "office")


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("correction_days", "15", 15),
        ("correction_lapse", "False", False),
        ("intake_mode", "batches", "batches"),
        ("unit_recommendation_modes", ["employer"], ["employer"]),
        ("office_place", "一号楼\r\n大厅", "一号楼\n大厅"),
    ],
)
def test_rule_is_changed_with_a_reason(office, key, typed, value):
    inline = {"changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0}
    answer = office.post(page("rule_change", key), {"new_value": typed, "new_reason": "口径统一", **inline})
    assert answer.status_code == 302
    assert rules.get(key) == value
    assert RuleChange.objects.get().reason == "口径统一"
    assert AuditEntry.objects.get(verb="set_rule").subject_id == key
    assert "口径统一" in office.get(page("rule_change", key)).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"new_value": "15", "new_reason": ""}, "new_reason"),
        ({"new_value": "0", "new_reason": "试"}, "new_value"),
        ({"new_value": "10", "new_reason": "试"}, "new_value"),
        ({"new_value": "ten", "new_reason": "试"}, "new_value"),
    ],
)
def test_bad_rule_changes_nothing(office, typed, field):
    inline = {"changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0}
    answer = office.post(page("rule_change", "correction_days"), {**typed, **inline})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert (rules.get("correction_days"), RuleChange.objects.count()) == (10, 0)


def test_auditor_reads_rules_only(client):
    rules.ensure_rules()
    client.force_login(person(Role.AUDITOR), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page("rule_changelist")).status_code == 200
    assert "new_value" not in client.get(page("rule_change", "correction_days")).text
    client.post(page("rule_change", "correction_days"), {"new_value": "15", "new_reason": "试"})
    assert rules.get("correction_days") == 10
    assert client.get(page("ethnicity_changelist")).status_code == 403
    assert client.get(page("workday_import")).status_code == 403


@pytest.mark.parametrize(
    ("roles", "fields", "answer"),
    [
        ([Role.EXPERT], {}, 302),  # not even into the admin
        ([Role.SYSADMIN], {}, 403),
        ([], {"is_superuser": True}, 403),
    ],
)
def test_nobody_else_decides_rules(client, roles, fields, answer):
    rules.ensure_rules()
    client.force_login(person(*roles, **fields), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page("rule_changelist")).status_code == answer
    form = {"new_value": "15", "new_reason": "试"}
    assert client.post(page("rule_change", "correction_days"), form).status_code == answer
    assert Rule.objects.get(key="correction_days").changed_at is None
