"""Rules that the database itself enforces by triggers, on SQLite and PostgreSQL alike.

Installed after every migrate, because SQLite drops the triggers of a table that a migration rebuilds.
`manage.py check_invariants` reports one that is missing. An upper app adds its own with `protect()`.
"""

from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True)
class Trigger:
    """Refuse `event` on `table`, always or `when` (an SQL condition over OLD and NEW) holds."""

    name: str
    table: str
    event: str  # "UPDATE", "DELETE" or "INSERT"
    message: str
    when: str = ""

    def sql(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            condition = f"WHEN {self.when}" if self.when else ""
            return [
                f"DROP TRIGGER IF EXISTS {self.name}",
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END",
            ]
        # A PostgreSQL WHEN clause takes no sub-query, so the condition goes into the function.
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {self.when or 'TRUE'} THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF; "
            f"{'RETURN OLD' if self.event == 'DELETE' else 'RETURN NEW'}; END $$",
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW "
            f"EXECUTE FUNCTION {self.name}()",
        ]


def _watchers_when(group_table: str) -> str:
    """三员分立: a second role for a watcher, or a watcher's role for somebody with another one."""
    watchers = "('sysadmin', 'secadmin', 'auditor')"
    return (
        f"EXISTS (SELECT 1 FROM park_user_groups m JOIN {group_table} had ON had.id = m.group_id, {group_table} new_g "
        f"WHERE m.user_id = NEW.user_id AND new_g.id = NEW.group_id AND had.id <> new_g.id "
        f"AND (had.name IN {watchers} OR new_g.name IN {watchers}))"
    )


TRIGGERS = [
    Trigger("audit_no_update", "park_auditentry", "UPDATE", "audit entries are append-only"),
    Trigger("audit_no_delete", "park_auditentry", "DELETE", "audit entries are append-only"),
    Trigger("rule_change_no_update", "park_rulechange", "UPDATE", "changes of rules are append-only"),
    Trigger("rule_change_no_delete", "park_rulechange", "DELETE", "changes of rules are append-only"),
    Trigger("stored_file_no_delete", "park_storedfile", "DELETE", "files are purged, their rows stay"),
    Trigger(
        "stored_file_frozen",
        "park_storedfile",
        "UPDATE",
        "stored files do not change",
        "OLD.sha256 <> NEW.sha256 OR OLD.size <> NEW.size OR OLD.storage_name <> NEW.storage_name "
        "OR OLD.key <> NEW.key OR OLD.purged_at IS NOT NULL",
    ),
    Trigger("document_no_delete", "park_document", "DELETE", "papers are withdrawn, their rows stay"),
    Trigger(
        "document_frozen",
        "park_document",
        "UPDATE",
        "papers do not change",
        "OLD.kind <> NEW.kind OR OLD.number <> NEW.number OR OLD.version <> NEW.version "
        "OR OLD.check_code <> NEW.check_code OR OLD.content_hash <> NEW.content_hash "
        "OR OLD.subject_id <> NEW.subject_id OR (OLD.sha256 <> '' AND OLD.sha256 <> NEW.sha256)",
    ),
    Trigger(
        "watchers_apart",
        "park_user_groups",
        "INSERT",
        "three officers are separate",
        _watchers_when("auth_group"),
    ),
    Trigger(
        "watchers_apart_on_change",
        "park_user_groups",
        "UPDATE",
        "three officers are separate",
        _watchers_when("auth_group"),
    ),
]


def protect(*triggers: Trigger):
    """Add triggers of an upper app; call it in `AppConfig.ready`."""
    TRIGGERS.extend(t for t in triggers if t not in TRIGGERS)


def install(*, using="default", **_):
    """Create or renew every trigger whose table exists already (the apps are migrated one after another)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for trigger in TRIGGERS:
            if trigger.table in tables:
                for statement in trigger.sql(connection.vendor):
                    cursor.execute(statement)


def lift(*, using="default", plan=(), **_):
    """Before tables change: SQLite refuses to rebuild or drop a table that a trigger of another one reads."""
    connection = connections[using]
    if connection.vendor != "sqlite" or not plan:
        return
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")


def missing(using="default") -> list[str]:
    """Names of triggers that are not in the database."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [t.name for t in TRIGGERS if t.name not in present]
