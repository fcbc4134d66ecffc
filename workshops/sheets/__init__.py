"""Rows in and out of the records of the park, one file per concept."""

from park import sheets
from workshops.sheets import ledger
from workshops.sheets.attendance import AttendanceImport
from workshops.sheets.meter import ReadingImport
from workshops.sheets.person import PersonImport
from workshops.sheets.returns import ReturnImport
from workshops.sheets.studio import StudioImport

IMPORTS = (
    AttendanceImport(),
    PersonImport(),
    ReadingImport(),
    StudioImport(),
    ReturnImport(),
    *ledger.IMPORTS,
)


def register():
    """Make the imports of this app known, in `AppConfig.ready`."""
    for kind in IMPORTS:
        sheets.register(kind)
