"""Does a verified ledger record stand still, and do its counts agree with its rows [A2.10]?"""

from park.invariants import Invariant
from park.triggers import Trigger
from workshops.kinds import KINDS

_KNOWN = ", ".join(f"'{code}'" for code in KINDS)
_VERIFIED = (
    "EXISTS (SELECT 1 FROM workshops_ledgerrecord r WHERE r.id = {row}.record_id AND r.status = 'verified')"
)
# What a verified record says; its steps and marks are the workflow's.
_FROZEN = (
    "studio_id", "kind", "serial", "title", "happened_on", "people", "note", "data", "year", "counts_from",
    "counts_until", "category", "level", "partner", "person", "certificate_no", "file_count", "row_count", "version",
)  # fmt: skip
_FROZEN_EMPTY = ("until_on", "amount_fen", "quantity", "outcome_on")  # may be NULL

_CHANGED = " OR ".join(
    [f"OLD.{name} <> NEW.{name}" for name in _FROZEN]
    + [f"(OLD.{name} IS NULL) <> (NEW.{name} IS NULL) OR OLD.{name} <> NEW.{name}" for name in _FROZEN_EMPTY]
)

INVARIANTS = (
    Invariant(
        "ledger_kind_known",
        "台账种类都在种类表中",
        f"SELECT id FROM workshops_ledgerrecord WHERE kind NOT IN ({_KNOWN})",
    ),
    Invariant(
        "ledger_file_count",
        "台账的附件数与附件一致",
        "SELECT r.id FROM workshops_ledgerrecord r WHERE r.file_count <> (SELECT COUNT(*) FROM workshops_ledgerfile f"
        " WHERE f.record_id = r.id AND f.removed_at IS NULL)",
    ),
    Invariant(
        "ledger_row_count",
        "培训的花名册人数与花名册一致",
        "SELECT r.id FROM workshops_ledgerrecord r WHERE r.row_count <> (SELECT COUNT(*) FROM workshops_trainee t"
        " WHERE t.record_id = r.id)",
    ),
    Invariant(
        "trainee_of_studio",
        "花名册人员与培训属于同一工作室",
        "SELECT t.id FROM workshops_trainee t JOIN workshops_ledgerrecord r ON r.id = t.record_id"
        " WHERE t.studio_id <> r.studio_id OR r.kind <> 'training'",
    ),
    Invariant(
        "ledger_nobody_verifies_own",
        "没有人核验自己工作室的台账",
        "SELECT r.id FROM workshops_ledgerrecord r JOIN workshops_studio_people p ON p.studio_id = r.studio_id"
        " AND p.user_id = r.verified_by_id",
    ),
)

TRIGGERS = (
    Trigger(
        "ledger_no_delete",
        "workshops_ledgerrecord",
        "DELETE",
        "ledger records are voided, their rows stay",
    ),
    Trigger(
        "ledger_verified_frozen",
        "workshops_ledgerrecord",
        "UPDATE",
        "verified ledger records do not change",
        f"OLD.status = 'verified' AND ({_CHANGED})",
    ),
    Trigger(
        "trainee_frozen_insert",
        "workshops_trainee",
        "INSERT",
        "rosters of verified trainings do not change",
        _VERIFIED.format(row="NEW"),
    ),
    Trigger(
        "trainee_frozen_update",
        "workshops_trainee",
        "UPDATE",
        "rosters of verified trainings do not change",
        f"{_VERIFIED.format(row='OLD')} OR {_VERIFIED.format(row='NEW')}",
    ),
    Trigger(
        "trainee_frozen_delete",
        "workshops_trainee",
        "DELETE",
        "rosters of verified trainings do not change",
        _VERIFIED.format(row="OLD"),
    ),
    Trigger(
        "ledger_file_frozen_insert",
        "workshops_ledgerfile",
        "INSERT",
        "files of verified records do not change",
        _VERIFIED.format(row="NEW"),
    ),
    Trigger(
        "ledger_file_frozen_update",
        "workshops_ledgerfile",
        "UPDATE",
        "files of verified records do not change",
        _VERIFIED.format(row="OLD"),
    ),
    Trigger("ledger_file_no_delete", "workshops_ledgerfile", "DELETE", "files are removed, their rows stay"),
    Trigger("ledger_print_no_update", "workshops_ledgerprint", "UPDATE", "what was printed does not change"),
    Trigger("ledger_print_no_delete", "workshops_ledgerprint", "DELETE", "what was printed does not change"),
)
