"""Who may write and who may verify a ledger record: its studio, and the park office, never for a studio of its own."""

from workshops.permissions import is_of_studio, is_officer


def keeps_record(user, record) -> bool:
    """The people of the studio write its ledgers."""
    return is_of_studio(user, record.studio)


def verifies_record(user, record) -> bool:
    """The park office [5.1][5.3]."""
    return is_officer(user, record.studio)


def may_edit_record(user, record) -> bool:
    """While it is a draft or was returned."""
    return record.is_editable and keeps_record(user, record)
