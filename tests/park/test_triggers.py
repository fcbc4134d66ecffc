"""What the database refuses by itself, on SQLite and PostgreSQL, and what check_invariants finds."""

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from park import actions, audit, invariants, triggers
from park.models import AuditEntry
from tests.factories import ConsentFactory, PrivacyNoticeFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(sql, *params):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def drop(name):
    trigger = next(t for t in triggers.TRIGGERS if t.name == name)
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


def test_every_trigger_is_there():
    assert triggers.missing() == []
    drop("audit_no_update")
    assert triggers.missing() == ["audit_no_update"]
    triggers.install()
    assert triggers.missing() == []


def test_audit_entries_are_neither_changed_nor_deleted():
    audit.record("login", by=None)
    refused("UPDATE park_auditentry SET note = 'x'")
    refused("UPDATE park_auditentry SET hash = hash")
    refused("DELETE FROM park_auditentry")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.update(note="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("first", "second"), [("auditor", "office"), ("office", "sysadmin"), ("sysadmin", "secadmin")]
)
def test_a_watcher_gets_no_second_role_past_the_code_either(first, second):
    actions.ensure_roles()
    person = UserFactory(roles=[first])
    with pytest.raises(IntegrityError), transaction.atomic():
        person.groups.add(Group.objects.get(name=second))


def test_two_ordinary_roles_go_together():
    actions.ensure_roles()
    person = UserFactory(roles=["office"])
    person.groups.add(Group.objects.get(name="working_group"))
    assert person.groups.count() == 2


def test_one_standing_consent_per_purpose_and_version():
    consent = ConsentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentFactory(user=consent.user, notice=consent.notice)


def test_one_account_in_use_per_mobile():
    UserFactory(mobile="13800001234", is_active=False)
    UserFactory(mobile="13800001234")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(mobile="13800001234")


# ── check_invariants ────────────────────────────────────────────────────────────────────────────
def broken() -> list[str]:
    return [i.name for i in invariants.REGISTRY if i.name in GROUND and i.offenders()]


GROUND = {
    "triggers", "audit_chain", "audit_gapless", "watchers_apart", "staff_flag", "no_personal_rights", "mobile_sealed",
    "consent_order", "consent_on_trail", "applicants_consented", "paper_has_file", "rule_history",
}  # fmt: skip


def test_sound_data_pass(reference_data):
    person = UserFactory(roles=["applicant"], mobile="13800001234")
    actions.record_consents(person, ["processing"], notice=PrivacyNoticeFactory())
    UserFactory(roles=["office", "working_group"])
    UserFactory(roles=["auditor"])
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue().endswith("项全部成立。\n")


def execute(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def two_watchers():
    person = UserFactory(roles=["auditor"])
    drop("watchers_apart")
    person.groups.add(Group.objects.get(name="secadmin"))


def staff_without_role():
    UserFactory(is_staff=True)


def personal_right():
    actions.ensure_roles()
    person = UserFactory()
    person.user_permissions.add(Group.objects.get(name="auditor").permissions.get())


def plain_mobile():
    person = UserFactory()
    execute("UPDATE park_user SET mobile = '13800001234' WHERE id = %s", person.pk)


def withdrawn_before_given():
    consent = ConsentFactory()
    type(consent).objects.update(withdrawn_at=timezone.now() - timedelta(days=1))


def no_consent():
    UserFactory(roles=["applicant"])


def cut_trail():
    audit.record("login", by=None)
    drop("audit_no_delete")
    execute("DELETE FROM park_auditentry")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (two_watchers, ["triggers", "watchers_apart"]),
        (staff_without_role, ["staff_flag"]),
        (personal_right, ["no_personal_rights"]),
        (plain_mobile, ["mobile_sealed"]),
        (withdrawn_before_given, ["consent_order", "consent_on_trail"]),
        (no_consent, ["applicants_consented"]),
        (cut_trail, ["triggers", "audit_chain", "audit_gapless"]),
    ],
)
def test_damage_is_found(damage, found):
    damage()
    assert broken() == found
    with pytest.raises(CommandError, match=f"项中有 {len(found)} 项不成立。"):
        call_command("check_invariants", stdout=StringIO())


FIRST_AND_THEN = """
import django; django.setup()
from django.core.management import call_command
from park import triggers
call_command("migrate", "applications", "0002", verbosity=0)
call_command("migrate", verbosity=0)
print(triggers.missing(), end="")
"""


def test_triggers_are_lifted_while_tables_change_and_are_there_again_afterwards(tmp_path):
    """The real migrations on the embedded database, which the tests go without (on PostgreSQL CI runs them all).

    SQLite refuses to rebuild a table that a trigger of another table reads: on the roll and its slips, for one.
    """
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'park.sqlite3'}", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", FIRST_AND_THEN]
    done = subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.stdout == "[]", done.stderr
