"""How do rows become a file: the template to fill in, an export as xlsx or csv?

A cell of text is always written as text, also where it begins like a formula: Excel shows it and calculates nothing.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.http import FileResponse
from django.utils import timezone

from park.crypto import mask
from park.sheets.columns import Column, Sheet

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "宋体", "font_size": 11}
NUMBER_FORMATS = {
    "text": "@", "longtext": "@", "choice": "@", "mobile": "@", "bool": "@",
    "int": "0", "money": "#,##0.00", "date": "yyyy-mm-dd", "month": "yyyy-mm",
}  # fmt: skip
KIND_NAMES = {
    "text": "文字", "longtext": "文字（可分行）", "int": "整数", "decimal": "数字", "money": "金额（元）",
    "date": "日期，如 2026-03-05", "month": "月份，如 2026-03", "bool": "是或否", "choice": "从可选项中选", "mobile": "手机号码",
}  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FILLED_ROWS = 5000  # of the template get lists and formats
LONGEST_CELL = 32_767  # that Excel takes


# ── values ──────────────────────────────────────────────────────────────────────────────────────
def labels_of(column: Column) -> dict:
    """value -> label of a choice."""
    return {value: label for label, value in column.choices().items()} if column.choices else {}


def shown(column: Column, value, labels: dict | None = None) -> str:
    """A value as people read it, in a preview or a csv; `labels` of a choice where they are at hand."""
    if value is None or value == "":
        return ""
    if column.kind == "choice":
        return str((labels_of(column) if labels is None else labels).get(value, value))
    if column.kind == "money":
        return f"{Decimal(value).scaleb(-2):.2f}"
    if column.kind == "bool":
        return "是" if value else "否"
    if column.kind == "month":
        return f"{value:%Y-%m}"
    if isinstance(value, datetime):
        return _local(value).isoformat(" ", "minutes")
    return str(value)


def preview(column: Column, value, labels: dict | None = None) -> str:
    """The same for a screen: personal numbers masked, long texts cut."""
    text = shown(column, value, labels)
    if column.masked or column.kind == "mobile":
        return mask(text) if text else ""
    return text if len(text) <= 40 else text[:39] + "…"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value


# ── xlsx ────────────────────────────────────────────────────────────────────────────────────────
def write(sheet: Sheet, rows: Iterable, *, path=None) -> bytes | None:
    """Rows as xlsx: the bytes, or into `path`. One row is in memory at a time, so give an iterator of large tables.

    A row is a dict by name of column, or a tuple in the order of the columns: `values_list(…).iterator()`. Choices
    may be given by value or by label, money in fen.
    """
    import xlsxwriter  # deferred: only what writes a sheet needs it

    with tempfile.TemporaryDirectory(prefix="park-sheet-") as folder:
        target = Path(path) if path else Path(folder, "sheet.xlsx")
        book = xlsxwriter.Workbook(target, OPTIONS | {"constant_memory": True, "tmpdir": folder})
        page = book.add_worksheet(sheet.page)
        _head(book, page, sheet, required=False)
        writers = [_writer(book, page, column) for column in sheet.columns]
        names = [column.name for column in sheet.columns]
        number = 0
        for number, row in enumerate(rows, 1):
            values = [row.get(name) for name in names] if isinstance(row, dict) else row
            for index, (put, value) in enumerate(zip(writers, values, strict=True)):
                if value is not None and value != "":
                    put(number, index, value)
        page.autofilter(0, 0, max(number, 1), len(names) - 1)
        book.close()
        return None if path else target.read_bytes()


def _head(book, page, sheet, *, required):
    """The header, the widths, the formats of the columns."""
    plain = book.add_format({"bold": True, "bg_color": "#EEF3FA", "bottom": 1, "text_wrap": True} | FONT)
    must = book.add_format(
        {"bold": True, "bg_color": "#EEF3FA", "bottom": 1, "text_wrap": True, "font_color": "#B42318"} | FONT
    )
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, _format(book, column))
        page.write_string(0, index, column.label, must if required and column.required else plain)
    page.freeze_panes(1, 0)


def _format(book, column, **more):
    decimal = "0." + "0" * column.places if column.places else "0"
    number = NUMBER_FORMATS.get(column.kind, decimal)
    return book.add_format(
        {"num_format": number, "text_wrap": column.kind == "longtext", "valign": "top"} | FONT | more
    )


def _writer(book, page, column) -> Callable:
    """The function (row, column, value) that writes a cell of this column."""
    usual, quoted = _format(book, column), _format(book, column, quote_prefix=True)
    write_string, write_number, write_datetime = page.write_string, page.write_number, page.write_datetime
    labels = labels_of(column)

    def text(row, index, value):
        if type(value) is not str:
            value = shown(column, value, labels)
        # What begins like a formula keeps its apostrophe, so that it stays text when somebody edits the cell.
        look = quoted if value.startswith(FORMULA_SIGNS) else usual
        write_string(row, index, value[:LONGEST_CELL], look)

    def choice(row, index, value):
        text(row, index, str(labels.get(value, value)))

    def number(row, index, value):
        if type(value) in (int, float, Decimal):
            write_number(row, index, value, usual)
        else:
            text(row, index, value)

    def money(row, index, value):
        write_number(row, index, value / 100, usual)

    def day(row, index, value):
        if isinstance(value, date):
            write_datetime(row, index, _local(value) if isinstance(value, datetime) else value, usual)
        else:
            text(row, index, str(value))

    return {
        "choice": choice, "int": number, "decimal": number, "money": money, "date": day, "month": day,
    }.get(column.kind, text)  # fmt: skip


def response(sheet: Sheet, rows: Iterable, file_name: str) -> FileResponse:
    """The export as a download; the caller has checked who may, and audits. The name names no person."""
    return attachment(io.BytesIO(write(sheet, rows)), file_name)


def attachment(file, file_name: str) -> FileResponse:
    answer = FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX_TYPE)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


# ── csv ─────────────────────────────────────────────────────────────────────────────────────────
def write_csv(sheet: Sheet, rows: Iterable) -> bytes:
    """The same rows as csv for other programs: UTF-8 with its mark, so that Excel knows it.

    Csv knows no text cells: before what begins like a formula stands an apostrophe, which `read` takes off again.
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([column.label for column in sheet.columns])
    columns = [(column, labels_of(column)) for column in sheet.columns]
    for row in rows:
        values = [row.get(column.name) for column, _ in columns] if isinstance(row, dict) else row
        table.writerow(
            [_harmless(c, shown(c, v, labels)) for (c, labels), v in zip(columns, values, strict=True)]
        )
    return out.getvalue().encode("utf-8-sig")


def _harmless(column, text: str) -> str:
    numeric = column.kind in ("int", "decimal", "money")  # a minus before a number is no formula
    return "'" + text if text.startswith(FORMULA_SIGNS) and not numeric else text


# ── the template ────────────────────────────────────────────────────────────────────────────────
def template(sheet: Sheet) -> bytes:
    """An empty sheet to fill in: lists to choose from, hints at the header, a second page that explains."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS | {"in_memory": True})
    book.set_properties({"title": sheet.title})
    page = book.add_worksheet(sheet.page)
    _head(book, page, sheet, required=True)
    offered = {column.name: list(column.choices()) for column in sheet.columns if column.choices}
    last = min(sheet.max_rows, FILLED_ROWS)
    lists_at = list(offered)
    for index, column in enumerate(sheet.columns):
        if note := _hint(column):
            page.write_comment(0, index, note, {"x_scale": 1.6, "font_size": 10})
        if offered.get(column.name):
            letter = xlsxwriter.utility.xl_col_to_name(lists_at.index(column.name))
            source = f"=可选项!${letter}$2:${letter}${len(offered[column.name]) + 1}"
            page.data_validation(1, index, last, index, _rule("list", source, column))
        elif column.kind == "bool":
            page.data_validation(1, index, last, index, _rule("list", ["是", "否"], column))
    _explanation(book, sheet)
    if offered:
        lists = book.add_worksheet("可选项")
        bold = book.add_format({"bold": True} | FONT)
        for index, column in enumerate(c for c in sheet.columns if c.name in offered):
            lists.set_column(index, index, max(column.width, 14))
            lists.write_string(0, index, column.label, bold)
            for row, label in enumerate(offered[column.name], 1):
                lists.write_string(row, index, str(label))
    book.close()
    return out.getvalue()


def how(column: Column) -> str:
    """How a column is filled in, in a few words."""
    limit = f"，最多 {column.max_length} 字" if column.kind in ("text", "longtext") else ""
    return ("必填，" if column.required else "") + KIND_NAMES[column.kind] + limit


def _rule(kind, source, column) -> dict:
    return {
        "validate": kind,
        "source": source,
        "error_title": "不在可选项里",
        "error_message": f"请从列表中选择“{column.label[:30]}”。",
    }


def _hint(column) -> str:
    parts = [
        "必填。" if column.required else "",
        column.help,
        f"例：{column.example}" if column.example else "",
    ]
    return "\n".join(part for part in parts if part)


def _explanation(book, sheet):
    page = book.add_worksheet("填写说明")
    bold, wrapped = (
        book.add_format({"bold": True} | FONT),
        book.add_format({"text_wrap": True, "valign": "top"} | FONT),
    )
    rules = (
        f"请在第一页“{sheet.page}”里填写，一行一条，最多 {sheet.max_rows:,} 行；不要改动第一行的列名。",
        "不要用公式、合并单元格，也不要隐藏行或列；另有工作表时请先删去。",
        "上传后先检查、不写入；有一行不对，全部不写入，问题会逐行列出。",
    )
    for row, rule in enumerate(rules):
        page.write_string(row, 0, rule)
    top = len(rules) + 1
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 26)
    page.set_column(2, 3, 40)
    for index, word in enumerate(("列名", "怎么填", "说明", "示例")):
        page.write_string(top, index, word, bold)
    for row, column in enumerate(sheet.columns, top + 1):
        cells = (column.label, how(column), column.help, column.example)
        for index, text in enumerate(cells):
            page.write_string(row, index, text, wrapped)
