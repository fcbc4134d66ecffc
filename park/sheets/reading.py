"""What does a filled sheet say? Every row as a dict, or for every bad cell a fault; nothing is guessed or left out.

`examine` lets a child process with limits read the file (`park.inspection.table`) and leaves its cells in a file of
plain JSON; `convert` makes rows of them. An import keeps the cells between the dry run and the confirmation.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from park import attachments
from park.attachments import UnacceptableFile
from park.sheets.cells import Bad, converter
from park.sheets.columns import Column, Fault, Reading, Sheet

HEADER_WITHIN = 5  # a title may stand above the header
MOST_FAULTS = 10_000
OWN_PAGES = frozenset({"填写说明", "可选项"})  # of the template
STEP = 500  # rows between two calls of `advance`

FORMULA = "单元格里是公式，请复制后用“选择性粘贴—数值”换成结果再上传。"
HIDDEN_ROW = "这一行是隐藏的或被筛选掉的，请取消隐藏和筛选，确认后再上传。"
STRAY = "没有表头的列里有内容，请删去；也可能是这一行错位或多了分隔符，请检查。"
MERGED = "有合并的单元格，请取消合并，每一格都填上内容。"


def read(file, sheet: Sheet) -> Reading:
    """Rows and faults of an upload, an open file or a path. What cannot be read is a fault too, of row 0."""
    with tempfile.TemporaryDirectory(prefix="park-sheet-") as folder:
        target = Path(folder, "cells")
        if fault := examine(_on_disk(file, folder), target, sheet):
            return Reading(faults=[fault])
        return convert(target, sheet)


def _on_disk(file, folder) -> str:
    if isinstance(file, str | Path):
        return str(file)
    if hasattr(file, "temporary_file_path"):
        return file.temporary_file_path()
    path = Path(folder, "source")
    file.seek(0)
    with path.open("wb") as copy:
        while chunk := file.read(1 << 20):
            copy.write(chunk)
    return str(path)


def examine(source, target, sheet: Sheet) -> Fault | None:
    """Leave the cells of a file in `target`, or say why not."""
    try:
        for hook in attachments.scan_hooks:
            hook(str(source))
        attachments.examine("表格", "rows", str(source), str(target), sheet.page, str(sheet.max_rows))
    except UnacceptableFile as refusal:
        texts = {
            "busy": "系统正忙，没能读完表格，请稍后再上传一次。",
            "unreadable": "表格展开后过大、结构过于复杂或已损坏，无法读取；请把数据复制到本页的模板里再上传。",
        }
        return Fault(0, "", texts.get(refusal.code, refusal.messages[0].replace("“表格”", "表格")))
    return None


def convert(cells: Path, sheet: Sheet, advance: Callable[[float], None] = lambda share: None) -> Reading:
    """Rows of the cells that `examine` left; `advance` is told now and then which share is done."""
    reading = Reading()
    size = max(Path(cells).stat().st_size, 1)
    with open(cells, encoding="utf-8") as file:
        noticed = json.loads(next(file))
        if noticed["others"]:
            names = "、".join(f"“{name[:20]}”" for name in noticed["others"] if name not in OWN_PAGES)
            if names:
                text = f"还有工作表{names}也有内容，这里只读一张；请把内容合并到一张，或删去多余的工作表。"
                reading.faults.append(Fault(0, "", text))
        lines = map(json.loads, file)
        header_row, header = _header(lines, sheet, reading.faults)
        if header is None:
            return reading
        faulty = _beside(noticed, header_row, header, reading.faults)
        place = {column.name: i for i, column in enumerate(header) if column}
        strays = [i for i, column in enumerate(header) if column is None]
        converters = [
            (c.name, c.label, place[c.name], converter(c, noticed["base_1904"])) for c in sheet.columns
        ]
        done = 0
        for count, (number, values) in enumerate(lines, 1):
            if count > sheet.max_rows:
                text = f"超过 {sheet.max_rows:,} 行，请分几份上传。"
                reading.faults.append(Fault(number, "", text))
                break
            done += len(values) * 12
            if count % STEP == 0:
                advance(min(done / size, 1))
            _row(number, values, converters, faulty, header, strays, reading)
            if len(reading.faults) >= MOST_FAULTS:
                text = f"问题太多，只列出前 {MOST_FAULTS:,} 处，改正后再检查一次。"
                reading.faults.append(Fault(number, "", text))
                break
    if not reading.rows and not reading.faults:
        reading.faults.append(Fault(header_row + 1, "", "表格里没有数据，请从表头下面一行起填写。"))
    reading.faults.sort()
    return reading


def _row(number, values, converters, faulty, header, strays, reading):
    row, good = {"_row": number}, number not in faulty
    if faulty.get(number) == HIDDEN_ROW:
        reading.faults.append(Fault(number, "", HIDDEN_ROW))
    width = len(values)
    for name, label, index, value_of in converters:
        try:
            row[name] = value_of(values[index] if index < width else "")
        except Bad as bad:
            good = False
            reading.faults.append(Fault(number, label, str(bad)))
    if width > len(header) or any(values[i] != "" for i in strays if i < width):
        good = False
        reading.faults.append(Fault(number, "", STRAY))
    if good:
        reading.rows.append(row)


def _header(lines, sheet, faults) -> tuple[int, list[Column | None] | None]:
    """The row of the header and its columns by position; None where the columns are not those of the sheet."""
    labels = {_label(column.label): column for column in sheet.columns}
    best, rows_above = None, []
    for number, values in lines:
        words = [_label(value) for value in values]
        known = sum(word in labels for word in words)
        rows_above.append((number, words, values))
        if best is None or known > best[0]:
            best = (known, number, words, values)
        if known * 2 >= len(labels) or number >= HEADER_WITHIN:
            break
    if best is None:
        faults.append(Fault(0, "", "表格是空的。请下载本页的模板，填好后再上传。"))
        return 0, None
    known, number, words, values = best
    if not known:
        faults.append(Fault(rows_above[0][0], "", "没有找到表头。请用本页的模板填写，不要删改第一行的列名。"))
        return 0, None
    problems = []
    if missing := [column.label for word, column in labels.items() if word not in words]:
        problems.append("缺少列：" + "、".join(missing) + "。请用本页的模板填写。")
    if unknown := [str(v)[:20] for v, word in zip(values, words, strict=True) if word and word not in labels]:
        problems.append("有不认识的列：" + "、".join(unknown) + "。请删去这些列，或用本页的模板填写。")
    if twice := sorted({word for word in words if word in labels and words.count(word) > 1}):
        problems.append("列名重复：" + "、".join(labels[word].label for word in twice) + "。")
    faults += [Fault(number, "", problem) for problem in problems]
    return number, None if problems else [labels.get(word) for word in words]


def _label(value) -> str:
    """How a header is compared: a star for “required” and blanks do not count."""
    text = "".join(str(value).split()).strip("*＊").replace("(", "（").replace(")", "）")
    return text.removesuffix("（必填）")


def _beside(noticed, header_row, header, faults) -> dict[int, str]:
    """Faults that no cell shows; the rows they are in, of which none is taken."""
    faulty = {}

    def column_at(number) -> Column | None:
        return header[number - 1] if 0 < number <= len(header) else None

    for row, number in noticed["formulas"]:
        column = column_at(number)
        if row >= header_row and (column or not number):
            faulty[row] = FORMULA
            faults.append(Fault(row, column.label if column else "", FORMULA))
    for top, left, bottom, right in noticed["merged"]:
        columns = [c for c in map(column_at, range(left, min(right, len(header)) + 1)) if c]
        if bottom >= header_row and columns:
            row = max(top, header_row)
            faulty |= dict.fromkeys(range(row, min(bottom, row + 1000) + 1), MERGED)
            faults.append(Fault(row, columns[0].label, "表头" + MERGED if row == header_row else MERGED))
    faulty |= {row: HIDDEN_ROW for row in noticed["hidden_rows"] if row >= header_row}
    for first, last in noticed["hidden_columns"]:
        for column in filter(None, map(column_at, range(first, min(last, len(header)) + 1))):
            faults.append(Fault(header_row, column.label, "这一列是隐藏的，请取消隐藏，确认内容后再上传。"))
    return faulty
