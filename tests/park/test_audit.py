"""The trail: sealed, append-only, found out when somebody tampers with it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from park import audit, triggers
from park.models import AuditEntry, AuditHead
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meet, take_locks_away, won


def written(count):
    for n in range(count):
        audit.record("login", f"第{n}件", by=None)


@pytest.fixture
def no_triggers(db):
    """As somebody with the database's password would work."""
    with connection.cursor() as cursor:
        for trigger in triggers.TRIGGERS:
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")
    yield
    triggers.install()


def execute(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.django_db
def test_an_entry_says_who_what_whence_and_when(user):
    person = user("office", real_name="王玥", mobile="13800001234")
    with audit.acting_from("192.0.2.7"):
        entry = audit.record("reveal", person, by=person, before="a", after="b", note="核对", clause="3.2.2")
    entry.refresh_from_db()
    assert (entry.by, entry.by_name, entry.roles, entry.address) == (person, "王玥", "office", "192.0.2.7")
    assert (entry.subject_model, entry.subject_id, entry.subject) == ("park.user", str(person.pk), "王玥")
    assert (entry.verb, entry.result, entry.before, entry.after, entry.note) == (
        "reveal",
        "ok",
        "a",
        "b",
        "核对",
    )
    assert audit.record("reveal", by=None).address is None


@pytest.mark.django_db
def test_an_untouched_chain_is_whole():
    written(5)
    assert audit.verify() == audit.Verdict(5, "")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "::1", "2001:db8:0:0:0:0:0:1", "::102:304"])
def test_an_address_reads_back_as_it_was_sealed(address):
    with audit.acting_from(address):
        audit.record("login", by=None)
    assert audit.verify().fault == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "logout"),
        ("subject", "别的"),
        ("note", "x"),
        ("result", "refused"),
        ("roles", "office"),
        ("address", "192.0.2.9"),
    ],
)
def test_a_changed_field_is_found(no_triggers, column, value):
    written(3)
    execute(f"UPDATE park_auditentry SET {column} = %s WHERE sequence = 2", value)
    assert audit.verify() == audit.Verdict(1, "第 2 条与其哈希不符，记录被改动过。")


def test_a_changed_moment_is_found(no_triggers):
    written(2)
    execute("UPDATE park_auditentry SET at = '2020-01-01 00:00:00+00:00' WHERE sequence = 2")
    assert audit.verify().fault == "第 2 条与其哈希不符，记录被改动过。"


def test_a_removed_entry_is_found(no_triggers):
    written(3)
    execute("DELETE FROM park_auditentry WHERE sequence = 2")
    assert audit.verify().fault == "第 2 条缺失：下一条是第 3 条。"


def test_a_cut_off_end_is_found(no_triggers):
    written(3)
    execute("DELETE FROM park_auditentry WHERE sequence = 3")
    assert audit.verify().fault == "链尾应为第 3 条，实际只到第 2 条：末尾记录被删除。"


def test_a_cut_off_end_without_its_head_is_found(no_triggers):
    written(3)
    execute("DELETE FROM park_audithead")
    assert audit.verify().fault == "链尾登记缺失，无法确认末尾记录是否完整。"


def test_a_last_entry_sealed_anew_is_found(no_triggers):
    written(3)
    entry = AuditEntry.objects.get(sequence=3)
    entry.note = "伪造"
    execute("UPDATE park_auditentry SET note = '伪造', hash = %s WHERE sequence = 3", audit.seal(entry))
    assert audit.verify().fault == "第 3 条与链尾登记的哈希不符，末尾记录被替换。"


def test_even_a_chain_forged_whole_is_found_by_an_end_kept_elsewhere(no_triggers):
    written(3)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("3 条审计记录完好，链尾 3:")
    end = out.getvalue().rpartition(" ")[2].strip()
    written(1)
    call_command("verify_audit", expect=end, stdout=StringIO())
    execute("DELETE FROM park_auditentry")
    execute("DELETE FROM park_audithead")
    written(4)
    assert audit.verify().fault == ""
    with pytest.raises(CommandError, match="整条链可能被替换"):
        call_command("verify_audit", expect=end)


def test_the_command_names_the_fault(no_triggers):
    written(2)
    execute("DELETE FROM park_auditentry WHERE sequence = 2")
    with pytest.raises(CommandError, match="前 1 条完好。链尾应为第 2 条"):
        call_command("verify_audit")


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_entry():
    with transaction.atomic():
        audit.record("login", by=None)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_code_cannot_change_or_delete_an_entry():
    entry = audit.record("login", by=None)
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


# ── many at once ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_entries_keep_one_chain(monkeypatch):
    UserFactory()
    meet(monkeypatch, "seal", audit, wait=MOMENT)
    assert len(won(at_once(*[lambda: written(10)] * 8))) == 8
    assert audit.verify() == audit.Verdict(80, "")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_collide(monkeypatch):
    """The control: the same race with the lock taken away breaks, so the test above proves something."""
    AuditHead.objects.create(pk=1)
    meet(monkeypatch, "seal", audit)
    take_locks_away(monkeypatch, AuditHead)
    assert IntegrityError in {type(result) for result in at_once(*[lambda: written(10)] * 2)}
