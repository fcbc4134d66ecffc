"""Rows in and out: how does an Excel sheet or csv become records, and records a sheet?

A `Sheet` names its columns once. From it come the template to fill in, the reading with a fault for every bad cell,
and the export. An `ImportKind` adds what the rows mean: who may, what each row would do, how it is written. The pages
(`park/views/sheets.py`) and the background work (`running.py`) are the same for all kinds: upload, dry run, every
fault or a preview, confirmation, one transaction. What is accepted and refused is in docs/sheets.md.
"""

from park.sheets.columns import Column, Fault, Reading, Sheet
from park.sheets.kinds import CHANGED, NEW, SAME, ImportKind, Prepared, import_url, register
from park.sheets.models_in import ModelImport
from park.sheets.reading import read
from park.sheets.writing import response, template, write, write_csv

__all__ = [
    "CHANGED",
    "NEW",
    "SAME",
    "Column",
    "Fault",
    "ImportKind",
    "ModelImport",
    "Prepared",
    "Reading",
    "Sheet",
    "import_url",
    "read",
    "register",
    "response",
    "template",
    "write",
    "write_csv",
]
