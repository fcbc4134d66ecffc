"""What stands in this sheet? The cells of an xlsx or csv, and what a reader of cells alone would not see.

The answer lies in TARGET, one JSON value a line: first what was noticed (formulas, hidden rows and columns, merged
cells, by number as Excel counts), then `[row, [cell, …]]` for every row that is not blank. A date is its ISO text.
"""

import codecs
import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, time, timedelta

from park.inspection import Unacceptable, office, sniff

MAX_COLUMNS = 200
MAX_CHARACTERS = 20_000_000  # of all cells together
MAX_NOTICED = 500  # formulas, merged ranges
SLACK = 5_000  # lines below the last row that is wanted: blank ones in between

TABLE = "请把数据复制到模板里再上传"
NOT_A_TABLE = f"不是 xlsx 或 csv 表格，{TABLE}"
TOO_LARGE = f"展开后过大或结构过于复杂，{TABLE}"
OLD = "是加了密码的表格或旧版 xls 表格，请去掉密码并另存为 xlsx 后再上传"
NO_SHEET = f"里没有可以读取的工作表，{TABLE}"

# Tags may carry a prefix; `<` cannot stand in text, so what these find is a tag (or lies in a comment).
_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row\b([^>]*)>")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f[\s/>]")
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:[^\s<>/:]+:)?col\b([^>]*)>")
_CONTENT = re.compile(rb"<(?:[^\s<>/:]+:)?(?:v|is)[\s>]")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})?([0-9]{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


def rows(path: str, target: str, page: str, max_rows: str) -> dict:
    """Write the cells into `target`; `page` is the worksheet that is read where there is one of that name."""
    with open(path, "rb") as file:
        head = file.read(64)
    most = int(max_rows) + SLACK
    if head.startswith(b"PK\x03\x04"):
        noticed, lines = _xlsx(path, page, most)
    else:
        noticed, lines = _csv(path, head, most)
    return {"rows": _write(target, noticed, lines)}


def _write(target, noticed, lines) -> int:
    count = characters = 0
    with open(target, "w", encoding="utf-8") as out:
        out.write(json.dumps(noticed, ensure_ascii=False) + "\n")
        for number, cells in lines:
            values = [_plain(cell) for cell in cells]
            while values and values[-1] == "":
                values.pop()
            if not any(value != "" and not (type(value) is str and value.isspace()) for value in values):
                continue
            if len(values) > MAX_COLUMNS:
                raise Unacceptable(f"有 {len(values)} 列，{TABLE}")
            text = json.dumps([number, values], ensure_ascii=False)
            characters += len(text)
            if characters > MAX_CHARACTERS:
                raise Unacceptable(TOO_LARGE)
            out.write(text + "\n")
            count += 1
    return count


def _plain(cell):
    kind = type(cell)
    if kind is str or kind is int or kind is bool:
        return cell
    if kind is float:
        return int(cell) if cell.is_integer() and abs(cell) < 1e18 else cell
    if kind is datetime:
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if kind is date or kind is time:
        return cell.isoformat()
    return str(cell) if kind is timedelta else ""


# ── xlsx ────────────────────────────────────────────────────────────────────────────────────────
def _xlsx(path, page, most):
    import python_calamine as calamine

    _accept(path)
    try:
        book = calamine.load_workbook(path)
        visible = [
            sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible
        ]
        with zipfile.ZipFile(path) as archive:
            paths, base_1904 = _worksheets(archive)
            visible = [name for name in visible if name in paths]
            if not visible:
                raise Unacceptable(NO_SHEET)
            name = page if page in visible else visible[0]
            others = [other for other in visible if other != name and _has_content(archive, paths[other])]
            noticed = _notice(_xml(archive, paths[name]), most)
        sheet = book.get_sheet_by_name(name)
    except (calamine.CalamineError, ValueError, KeyError):  # of its own kind, or a part that is not there
        raise Unacceptable(office.DAMAGED) from None
    merged = [[r1 + 1, c1 + 1, r2 + 1, c2 + 1] for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()]
    noticed |= {"merged": merged[:MAX_NOTICED], "others": others, "base_1904": base_1904}
    return noticed, _cells(sheet)


def _cells(sheet):
    if sheet.start is None:
        return
    top, left = sheet.start
    blank = [""] * left
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, blank + cells if number > top else []


def _accept(path):
    """The same inspection as any Office file gets, in words for a table."""
    try:
        found = office.inspect(path)["format"]
    except Unacceptable as refusal:
        words = {
            office.TOO_COMPLEX: TOO_LARGE,
            office.MACRO: f"含有宏，{TABLE}",
            office.EMBEDDED: f"里面嵌入了其他对象或控件，{TABLE}",
            office.REMOTE: f"引用了外部文件或网络内容，{TABLE}",
        }
        raise Unacceptable(words.get(str(refusal), str(refusal))) from None
    if found != "xlsx":
        raise Unacceptable(NOT_A_TABLE)


def _worksheets(archive) -> tuple[dict[str, str], bool]:
    """Where each worksheet lies in the archive, and whether days are counted from 1904."""
    targets, paths, base_1904 = {}, {}, False
    for _, attributes in office._elements(archive.read("xl/_rels/workbook.xml.rels")):
        target = attributes.get("Target", "")
        targets[attributes.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    for element, attributes in office._elements(archive.read("xl/workbook.xml")):
        if element == "workbookPr":
            base_1904 = attributes.get("date1904") in ("1", "true")
        if element == "sheet":
            identity = next((v for k, v in attributes.items() if k.endswith(" id")), None)
            if targets.get(identity) in archive.namelist():
                paths[attributes["name"]] = targets[identity]
    return paths, base_1904


def _xml(archive, path) -> bytes:
    data = archive.read(path)
    if not data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<") or b"\0" in data[:200]:
        raise Unacceptable(office.DAMAGED)  # another encoding: what is searched for below would not be found
    return data


def _has_content(archive, path) -> bool:
    return _CONTENT.search(_xml(archive, path)) is not None


def _notice(data: bytes, most: int) -> dict:
    """What the values do not show: formulas, hidden rows and columns, how far down the last value stands."""
    hidden, number = [], 0
    last = max((match.start() for match in _last_contents(data)), default=-1)
    last_row = 0
    for row in _ROW.finditer(data):
        given = _REFERENCE.search(row[1])
        number = int(given[2]) if given else number + 1
        if row.start() < last:
            last_row = max(last_row, number)
        if _HIDDEN.search(row[1]) and len(hidden) < most:
            hidden.append(number)
    if last_row > most:
        raise Unacceptable(f"写到了第 {last_row} 行，请删去下面多余的内容和空行，或{TABLE[1:]}")
    columns = []
    for column in _COLUMN.finditer(data):
        if _HIDDEN.search(column[1]):
            first, final = (re.search(rb'\b%s="([0-9]{1,5})"' % name, column[1]) for name in (b"min", b"max"))
            if first and final:
                columns.append([int(first[1]), int(final[1])])
    return {"hidden_rows": hidden, "hidden_columns": columns[:MAX_COLUMNS], "formulas": _formulas(data)}


def _last_contents(data, step=1 << 16):
    """The matches in the last stretch of the sheet that has any."""
    start = len(data)
    while start > 0:
        end, start = start, max(0, start - step)
        if found := list(_CONTENT.finditer(data, start, min(len(data), end + 100))):
            return found
    return []


def _formulas(data) -> list[list]:
    """[row, column] of cells with a formula; the column is 0 where the cell does not say where it stands."""
    found = []
    for formula in _FORMULA.finditer(data):
        start = max(0, formula.start() - 2000)
        cell = None
        for cell in _CELL.finditer(data, start, formula.start()):  # noqa: B007
            pass
        place = cell and _REFERENCE.search(cell[1])
        if place and place[1]:
            found.append([int(place[2]), _column_number(place[1])])
        else:
            before = data.count(b"<row", 0, formula.start())
            found.append([max(before, 1), 0])
        if len(found) >= MAX_NOTICED:
            break
    return found


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# ── csv ─────────────────────────────────────────────────────────────────────────────────────────
def _csv(path, head, most):
    try:
        found = sniff(head)
    except Unacceptable as refusal:
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise Unacceptable(OLD) from None
        if "压缩包" in str(refusal):
            raise
    else:
        if found:
            raise Unacceptable(NOT_A_TABLE)
    with open(path, "rb") as file:
        text = _decoded(file.read())
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    csv.field_size_limit(100_000)
    noticed = {"formulas": [], "hidden_rows": [], "hidden_columns": [], "merged": [], "others": []}
    try:
        lines = []
        number = 0
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, 1):
            if number > most:
                raise Unacceptable(f"超过 {most} 行，请删去下面多余的内容和空行，或分几次上传")
            lines.append((number, [_csv_cell(cell, number, i, noticed) for i, cell in enumerate(cells, 1)]))
    except csv.Error:
        raise Unacceptable(f"第 {number + 1} 行附近的引号或分隔不完整，{TABLE}") from None
    return noticed | {"base_1904": False}, lines


def _csv_cell(cell, row, column, noticed):
    """A formula is noticed; the apostrophe that our own export puts before such signs is taken off again."""
    text = cell.strip()
    if text.startswith("=") and len(noticed["formulas"]) < MAX_NOTICED:
        noticed["formulas"].append([row, column])
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r" and len(text) > 1 else cell


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)  # “Unicode 文本” of Excel
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise Unacceptable(NOT_A_TABLE)
