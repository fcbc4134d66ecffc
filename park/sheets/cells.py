"""What does one cell mean? For each kind of column a function cell -> value, which raises Bad with a sentence.

A cell is what `park.inspection.table` gives: a text, a number, True or False; dates are ISO texts.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from park import validators
from park.sheets.columns import Column

EXACT = 10**15  # Excel keeps fifteen digits and makes the rest 0
LARGEST = 2_147_483_647  # of a whole number in the database, where the column names no maximum
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
FIRST_SERIAL, LAST_SERIAL = (
    10_959,
    73_415,
)  # 1930-01-01 to 2100-12-31: smaller numbers are no day anybody means
OPTIONS_NAMED = 6  # in a refusal

_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")
_GAP = re.compile(r"[ \t\r\n\xa0\u2000-\u200a\u2028\u2029\u3000]+")
_LINE_GAP = re.compile(r"[ \t\xa0\u2000-\u200a\u3000]+")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,3}")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA"})
_DATE = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?)")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})|年([0-9]{1,2})月(?:份)?)")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:,[0-9]{3})*|[0-9]*)(?:\.[0-9]+)?")
_YES = {"是", "√", "✓", "✔", "有", "对", "y", "yes", "true", "1"}
_NO = {"否", "×", "✗", "✘", "无", "错", "n", "no", "false", "0", "x"}

LONG_NUMBER = "是超过 15 位的数字，Excel 已把后面的位数改成 0；请先把这一列设成文本格式，再重新填写。"


class Bad(Exception):
    """This cell is not what the column asks for; the message is one sentence about it."""


def quoted(cell) -> str:
    text = _GAP.sub(" ", str(cell))
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"


def converter(column: Column, base_1904: bool = False) -> Callable:
    """The function for the cells of a column; asks for its choices once. A blank cell gives `column.blank`."""
    convert = _MAKERS[column.kind](column, base_1904)
    blank, required, clean, label = column.blank, column.required, column.clean, column.label

    def value_of(cell):
        if type(cell) is str:
            cell = cell.strip()
            if cell[:1] == "#" and cell in _ERRORS:
                raise Bad(f"是错误值 {cell}，请改成内容本身。")
        value = blank if cell == "" else convert(cell)
        if value == blank:
            if required:
                raise Bad(f"请填写“{label}”。")
            return blank
        if clean is not None:
            try:
                value = clean(value)
            except ValidationError as refusal:
                raise Bad(refusal.messages[0]) from None
        return value

    return value_of


# ── words ───────────────────────────────────────────────────────────────────────────────────────
def text_of(cell) -> str:
    """A number as Excel shows it; refuses one that has lost its last digits."""
    kind = type(cell)
    if kind is str:
        return cell
    if kind is bool:
        return "TRUE" if cell else "FALSE"
    if abs(cell) >= EXACT:
        raise Bad(LONG_NUMBER)
    return str(cell) if kind is int else format(Decimal(repr(round(cell, 9))).normalize(), "f")


def _text(column, _):
    limit, gap, joint = column.max_length, _GAP, " "
    if column.kind == "longtext":
        gap = _LINE_GAP

    def convert(cell):
        text = cell if type(cell) is str else text_of(cell)
        if not text.isprintable():  # line ends, wide blanks, invisible or control characters
            text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
            text = gap.sub(joint, text).strip()
            try:
                text = validators.clean_text(text)
            except ValidationError as refusal:
                raise Bad(refusal.messages[0]) from None
        if "E+" in text and _SCIENTIFIC.fullmatch(text):
            raise Bad(f"{quoted(text)}{LONG_NUMBER}")
        if len(text) > limit:
            raise Bad(f"有 {len(text)} 个字，最多 {limit} 个字。")
        return text

    return convert


def _mobile(column, _):
    def convert(cell):
        try:
            return validators.mobile(text_of(cell))
        except ValidationError as refusal:
            raise Bad(refusal.messages[0]) from None

    return convert


def _word(cell) -> str:
    """How a word of a list is compared: half-width, without blanks, in lower case."""
    return _GAP.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text_of(cell)))).lower()


def _choice(column, _):
    labels = column.choices()
    exact, known = dict(labels), {_word(label): value for label, value in labels.items()}
    named = "、".join(map(str, labels)) if len(labels) <= OPTIONS_NAMED else ""
    hint = f"请填{named}之一。" if named else "请从模板“可选项”一页里选择。"

    def convert(cell):
        if cell in exact:
            return exact[cell]
        word = _word(cell)
        if word not in known:
            raise Bad(f"{quoted(cell)}不在可选项里，{hint}")
        return known[word]

    return convert


def _bool(column, _):
    def convert(cell):
        word = _word(cell)
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise Bad(f"{quoted(cell)}看不出是或否，请填是或否。")

    return convert


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────
def _number(cell, example="12") -> int | Decimal:
    kind = type(cell)
    if kind is int:
        return cell
    if kind is float:
        return Decimal(repr(round(cell, 9)))
    if kind is str:
        text = "".join(unicodedata.normalize("NFKC", cell).split()).replace("−", "-")
        if _NUMBER.fullmatch(text) and any(map(str.isdigit, text)):
            try:
                return Decimal(text.replace(",", ""))
            except InvalidOperation:
                pass
    raise Bad(f"{quoted(cell)}不是数字，请写成 {example} 这样的数字。")


def _within(column, value, shown):
    if column.minimum is not None and value < column.minimum:
        raise Bad(f"{shown}小于 {column.minimum}。")
    if column.maximum is not None and value > column.maximum:
        raise Bad(f"{shown}大于 {column.maximum}。")


def _int(column, _):
    bounded = column.minimum is not None or column.maximum is not None
    largest = LARGEST if column.maximum is None else column.maximum

    def convert(cell):
        value = cell if type(cell) is int else _number(cell)
        if type(value) is Decimal:
            if value != value.to_integral_value():
                raise Bad(f"{quoted(cell)}不是整数。")
            value = int(value)
        if bounded:
            _within(column, value, quoted(cell))
        if abs(value) > largest:
            raise Bad(f"{quoted(cell)}太大了，请检查。")
        return value

    return convert


def _decimal(column, _):
    unit = Decimal(1).scaleb(-column.places)

    def convert(cell):
        value = Decimal(_number(cell))
        if abs(value) >= EXACT:
            raise Bad(f"{quoted(cell)}太大了，请检查。")
        rounded = value.quantize(unit)
        if rounded != value:
            raise Bad(f"{quoted(cell)}最多写 {column.places} 位小数。")
        _within(column, rounded, quoted(cell))
        return rounded

    return convert


def _money(column, _):
    def convert(cell):
        bare = cell
        if type(cell) is str:
            bare = cell.strip().removeprefix("￥").removeprefix("¥").removesuffix("元")
        value = Decimal(_number(bare, "1234.50"))
        fen = value * 100
        if fen != fen.to_integral_value():
            raise Bad(f"{quoted(cell)}最多写到分（两位小数）。")
        if abs(fen) >= EXACT:
            raise Bad(f"{quoted(cell)}太大了，请检查。")
        _within(column, value, quoted(cell))
        return int(fen)

    return convert


# ── days ────────────────────────────────────────────────────────────────────────────────────────
def _day(cell, base_1904) -> date | None:
    """The day a cell names, or None."""
    if type(cell) is str:
        text = "".join(unicodedata.normalize("NFKC", cell).split())
        match = _DATE.fullmatch(text)
        if match:
            year, *rest = match.groups()
            month, day = (part for part in rest if part is not None)
        elif len(text) == 8 and text.isdigit():
            year, month, day = text[:4], text[4:6], text[6:]
        else:
            return None
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            return None
        return found if FIRST_DAY <= found <= LAST_DAY else None
    if type(cell) is int:
        if 19_000_101 <= cell <= 21_001_231:
            return _day(str(cell), base_1904)
        if FIRST_SERIAL <= cell + 1462 * base_1904 <= LAST_SERIAL:
            return date(1899, 12, 30) + timedelta(cell + 1462 * base_1904)
    return None


def _date(column, base_1904):
    known = {}  # a column of dates has few different ones

    def convert(cell):
        value = known.get(cell)
        if value is None:
            value = _day(cell, base_1904)
            if value is None:
                raise Bad(f"{quoted(cell)}不是日期，请写成 2026-03-05 这样。")
            _within(column, value, quoted(cell))
            known[cell] = value
        return value

    return convert


def _month(column, base_1904):
    def convert(cell):
        value = None
        if type(cell) is str:
            text = "".join(unicodedata.normalize("NFKC", cell).split())
            match = _MONTH.fullmatch(text)
            year, month = (match[1], match[2] or match[3]) if match else (text[:4], text[4:])
            if match or (len(text) == 6 and text.isdigit()):
                value = _first_of(year, month)
        elif type(cell) is int and 190_001 <= cell <= 210_012:
            value = _first_of(str(cell)[:4], str(cell)[4:])
        elif type(cell) is float:  # 2026.10 is kept as 2026.1
            raise Bad(f"{quoted(cell)}写成了小数，分不清 1 月和 10 月，请写成 2026-03 这样。")
        if value is None and (day := _day(cell, base_1904)):
            value = day.replace(day=1)
        if value is None:
            raise Bad(f"{quoted(cell)}不是月份，请写成 2026-03 这样。")
        _within(column, value, quoted(cell))
        return value

    return convert


def _first_of(year, month) -> date | None:
    try:
        found = date(int(year), int(month), 1)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


_MAKERS = {
    "text": _text, "longtext": _text, "int": _int, "decimal": _decimal, "money": _money, "date": _date,
    "month": _month, "bool": _bool, "choice": _choice, "mobile": _mobile,
}  # fmt: skip
