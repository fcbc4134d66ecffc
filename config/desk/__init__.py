"""What does each procedure want from this person next? The sections of 待办, one per list that somebody keeps."""

from config.desk import admission, facilities, fee, inspection, leaders, ledger, residency, returns
from config.desk.rows import Row

__all__ = ["Row", "sections_for"]

PARTS = (admission, residency, ledger, returns, fee, inspection, facilities, leaders)


def sections_for(user) -> list[dict]:
    """{title, rows, is_cut, more (address of the whole list), empty}; a list without rows is left out unless it is
    somebody's main one."""
    return [row for part in PARTS for row in part.sections_for(user) if row]
