"""Rows in and out of the records of the park, one file per concept."""

from park import sheets
from workshops.sheets.attendance import AttendanceImport

IMPORTS = (AttendanceImport(),)


def register():
    """Make the imports of this app known, in `AppConfig.ready`."""
    for kind in IMPORTS:
        sheets.register(kind)
