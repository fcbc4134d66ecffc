"""Sheets in and out: templates, reading with every fault, abuse refused, exports that carry no formula."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from park import sheets, validators
from park.sheets import Column, Sheet
from park.sheets.cells import Bad, converter
from tests import sheets_samples as samples

LEVELS = {"高级工": 30, "技师": 20, "高级技师（一级）": 10}
TRAINEES = Sheet(
    "trainees",
    "培训花名册",
    (
        Column("name", "姓名", required=True, max_length=20, help="身份证上的姓名", example="王镕喆"),
        Column("hours", "学时", "int", minimum=0, maximum=500),
        Column("trained_on", "培训日期", "date"),
        Column("level", "等级", "choice", choices=lambda: LEVELS),
    ),
    max_rows=50,
)
HEAD = ["姓名", "学时", "培训日期", "等级"]
ROW = ["王镕喆", 12, date(2026, 3, 5), "技师"]
VALUES = {"_row": 2, "name": "王镕喆", "hours": 12, "trained_on": date(2026, 3, 5), "level": 20}


def read(content: bytes, sheet=TRAINEES):
    return sheets.read(samples.upload(content), sheet)


def faults(content: bytes, sheet=TRAINEES) -> list[tuple]:
    return [(f.row, f.column, f.text) for f in read(content, sheet).faults]


def value(kind, cell, **options):
    return converter(Column("x", "列", kind, **options))(cell)


def refusal(kind, cell, **options) -> str:
    with pytest.raises(Bad) as caught:
        value(kind, cell, **options)
    return str(caught.value)


# ── one cell ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "cell", "meant"),
    [
        ("text", "　王 镕　", "王 镕"),
        ("text", "一\n二\t三", "一 二 三"),
        ("text", "王\u200b镕\ufeff", "王镕"),
        ("text", 32110219, "32110219"),
        ("text", 1.5, "1.5"),
        ("text", 0.1 + 0.2, "0.3"),
        ("text", "", ""),
        ("text", "𠮷镕珺䶮", "𠮷镕珺䶮"),
        ("longtext", "一 \r\n二", "一 \n二"),
        ("int", "１２", 12),
        ("int", "1,200", 1200),
        ("int", 12.0, 12),
        ("int", "", None),
        ("int", "-3", -3),
        ("decimal", "12.50", Decimal("12.50")),
        ("decimal", 12.300000000000001, Decimal("12.30")),
        ("money", "￥1,234.5元", 123450),
        ("money", 0.1, 10),
        ("money", 19.99, 1999),
        ("date", "2026-3-5", date(2026, 3, 5)),
        ("date", "2026/3/5", date(2026, 3, 5)),
        ("date", "2026.3.5", date(2026, 3, 5)),
        ("date", "2026年3月5日", date(2026, 3, 5)),
        ("date", "２０２６年3月5日", date(2026, 3, 5)),
        ("date", 20260305, date(2026, 3, 5)),
        ("date", 46086, date(2026, 3, 5)),
        ("month", "2026年3月", date(2026, 3, 1)),
        ("month", "2026-03", date(2026, 3, 1)),
        ("month", 202603, date(2026, 3, 1)),
        ("month", "2026-03-05", date(2026, 3, 1)),
        ("bool", "√", True),
        ("bool", "否", False),
        ("bool", True, True),
        ("mobile", "138 1234-5678", "13812345678"),
        ("mobile", 13812345678, "13812345678"),
        ("mobile", "", ""),
    ],
)
def test_a_cell_means(kind, cell, meant):
    found = value(kind, cell)
    assert (found, type(found)) == (meant, type(meant))


@pytest.mark.parametrize(
    ("kind", "cell", "text"),
    [
        ("text", "王\x07镕", "第2个字符（U+0007）是无法保存的控制字符"),
        ("text", "王\u202e镕", "控制字符"),
        ("text", 321102197501011230, "超过 15 位的数字，Excel 已把后面的位数改成 0"),
        ("text", "3.21102E+17", "超过 15 位的数字"),
        ("text", "#N/A", "是错误值 #N/A"),
        ("text", "字" * 201, "有 201 个字，最多 200 个字。"),
        ("int", "十二", "“十二”不是数字"),
        ("int", 1.5, "不是整数"),
        ("int", 3_000_000_000, "太大了"),
        ("int", "1,2,3", "不是数字"),
        ("int", True, "不是数字"),
        ("decimal", "1.234", "最多写 2 位小数"),
        ("money", "1.5万元", "不是数字"),
        ("money", 0.001, "最多写到分"),
        ("date", "26-3-5", "“26-3-5”不是日期，请写成 2026-03-05 这样。"),
        ("date", "2026-2-30", "不是日期"),
        ("date", 5, "不是日期"),
        ("date", 99999, "不是日期"),
        ("date", 46086.5, "不是日期"),
        ("date", "3026-3-5", "不是日期"),
        ("month", 2026.1, "分不清 1 月和 10 月"),
        ("month", "2026-13", "不是月份"),
        ("bool", "也许", "看不出是或否"),
        ("mobile", "1381234567", "手机号码应为11位"),
        ("mobile", 1.38e20, "超过 15 位"),
    ],
)
def test_a_cell_is_refused_in_a_sentence(kind, cell, text):
    assert text in refusal(kind, cell)


def test_bounds_choices_and_cleaners():
    assert refusal("int", 501, maximum=500) == "“501”大于 500。"
    assert "小于 2020-01-01" in refusal("date", "2019-12-31", minimum=date(2020, 1, 1))
    assert value("choice", " 高级技师(一级) ", choices=lambda: LEVELS) == 10
    assert (
        refusal("choice", "大师", choices=lambda: LEVELS)
        == "“大师”不在可选项里，请填高级工、技师、高级技师（一级）之一。"
    )
    assert value("choice", 2026, choices=lambda: {"2026": 7}) == 7
    assert "身份证" in refusal("text", "321102197501011231", clean=validators.resident_id)
    assert refusal("text", "", required=True) == "请填写“列”。"


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
@hypothesis_settings(max_examples=400, deadline=None)
def test_any_cell_is_read_or_refused(cell):
    for kind in ("text", "longtext", "int", "decimal", "money", "date", "month", "bool", "mobile"):
        try:
            text = str(value(kind, cell))
        except Bad as bad:
            text = str(bad)
        assert "\0" not in text


def test_a_sheet_that_contradicts_itself_is_not_made():
    with pytest.raises(ValueError, match="same label"):
        Sheet("x", "x", (Column("a", "列"), Column("b", "列")))
    with pytest.raises(ValueError, match="choices"):
        Column("a", "列", "choice")


# ── whole sheets ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "content",
    [
        samples.xlsx([HEAD, ROW]),
        samples.xlsx([["姓名*", "学 时", "培训日期（必填）", "等级"], ROW]),
        samples.xlsx([["培训花名册"], [], HEAD, ROW], merged=["A1:D1"]),
        samples.xlsx([HEAD[::-1], ROW[::-1]]),
        samples.xlsx([HEAD, ROW], others={"备用": [["x"]]}, hidden_sheets=["备用"]),
        samples.xlsx([["x"]], page="别的", others={"培训花名册": [HEAD, ROW]}, hidden_sheets=["别的"]),
        samples.xlsx([HEAD, ROW, [" ", None, "　"]]),
        samples.prefixed([HEAD, ROW]),
        samples.lying_dimension([HEAD, ROW]),
        samples.huge_dimension([HEAD, ROW]),
        samples.csv([HEAD, ["王镕喆", "12", "2026-3-5", "技师"]]),
        samples.csv([HEAD, ["王镕喆", "12", "2026-3-5", "技师"]], encoding="utf-8-sig"),
        samples.csv([HEAD, ["王镕喆", "12", "2026-3-5", "技师"]], encoding="gb18030"),
        samples.csv([HEAD, ["王镕喆", "12", "2026-3-5", "技师"]], encoding="utf-16", delimiter="\t"),
        samples.csv([HEAD, ["王镕喆", "12", "2026-3-5", "技师"]], delimiter=";"),
    ],
    ids=range(15),
)
def test_every_way_to_write_the_same_row(content):
    reading = read(content)
    assert reading.faults == []
    row = reading.rows[0]
    assert reading.rows == [VALUES | {"_row": row["_row"]}]


def test_days_counted_from_1904():
    cells = [HEAD, ["王镕喆", 12, 46086 - 1462, "技师"]]
    assert read(samples.xlsx(cells, base_1904=True)).rows == [VALUES]


def test_a_bare_serial_before_1930_is_no_date():
    assert faults(samples.xlsx([HEAD, ["王镕喆", 12, 365, "技师"]]))[0][:2] == (2, "培训日期")


DAMAGED = [HEAD, ROW, ["李玥", "许多", "明天", "大师"], ["", 1, None, None]]


def test_every_bad_cell_is_named_and_good_rows_stand_apart():
    reading = read(samples.xlsx(DAMAGED))
    assert [(f.row, f.column) for f in reading.faults] == [
        (3, "学时"),
        (3, "培训日期"),
        (3, "等级"),
        (4, "姓名"),
    ]
    assert reading.rows == [VALUES]


def test_one_bad_row_in_500():
    sheet = Sheet("t", "花名册", TRAINEES.columns)
    rows = [HEAD] + [[f"学员{n}", n % 100, "2026-03-05", "技师"] for n in range(500)]
    rows[250][1] = "约 3"
    reading = read(samples.xlsx(rows), sheet)
    assert ([f.row for f in reading.faults], len(reading.rows)) == ([251], 499)


@pytest.mark.parametrize(
    ("options", "row", "column", "text"),
    [
        ({"formulas": {"B2": "1+1"}}, 2, "学时", "单元格里是公式"),
        ({"formulas": {"A1": '"姓名"'}}, 1, "姓名", "单元格里是公式"),
        ({"hidden_rows": [2]}, 2, "", "这一行是隐藏的"),
        ({"hidden_columns": [2]}, 1, "学时", "这一列是隐藏的"),
        ({"merged": ["A2:A4"]}, 2, "姓名", "有合并的单元格"),
        ({"merged": ["A1:B1"]}, 1, "姓名", "表头有合并的单元格"),
        ({"others": {"Sheet2": [["李玥"]]}}, 0, "", "还有工作表“Sheet2”也有内容"),
    ],
)
def test_what_cells_do_not_show_is_refused(options, row, column, text):
    found = faults(samples.xlsx([HEAD, ROW], **options))
    assert [(r, c) for r, c, _ in found] == [(row, column)]
    assert text in found[0][2]


def test_formulas_are_found_under_any_prefix_and_in_csv():
    assert faults(samples.prefixed([HEAD, ROW], {"B2": "1+1"}))[0][:2] == (2, "学时")
    assert faults(samples.csv([HEAD, ["=HYPERLINK(1)", "1", "", ""]]))[0][:2] == (2, "姓名")


def test_an_error_value_is_not_a_blank():
    assert faults(samples.xlsx([HEAD, ["王镕喆", "#DIV/0!", None, None]])) == [
        (2, "学时", "单元格里是错误值，请改成内容本身。")
    ]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([["姓名", "学时", "等级"], ROW], "缺少列：培训日期。"),
        ([[*HEAD, "年龄"], [*ROW, 3]], "有不认识的列：年龄。"),
        ([[*HEAD, "姓名"], [*ROW, "x"]], "列名重复：姓名。"),
        ([ROW], "没有找到表头"),
        ([], "表格是空的"),
        ([HEAD], "表格里没有数据"),
        ([[*HEAD[:2], None, *HEAD[2:]], ["王镕喆", 12, "x", None, None]], "没有表头的列里有内容"),
        ([HEAD, [*ROW, "x"]], "没有表头的列里有内容"),
        ([HEAD] + [ROW] * 51, "超过 50 行"),
    ],
)
def test_a_sheet_of_the_wrong_shape(rows, text):
    found = faults(samples.xlsx(rows))
    assert [text in sentence for _, _, sentence in found] == [True]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: samples.far_cell([HEAD, ROW]), "写到了第 1048576 行"),
        (lambda: samples.far_cell([HEAD, ROW], "XFD4000"), "有 16384 列|展开后过大"),
        (lambda: samples.giant_strings(), "展开后过大"),
        (lambda: samples.repeated_string(4000), "展开后过大"),
        (lambda: samples.bomb(), "展开后过大"),
        (lambda: b"PK\x03\x04" + b"x" * 100, "已损坏"),
        (lambda: samples.xlsx([HEAD, ROW])[:-300], "已损坏"),
        (lambda: samples.xlsx(xml="<worksheet><sheetData><row><c"), "已损坏|是空的"),
        (lambda: samples.xlsx(xml=samples.sheet_xml([HEAD, ROW]).encode("utf-16")), "已损坏"),
        (lambda: samples.xlsx([HEAD, ROW], parts={"xl/vbaProject.bin": "x"}), "含有宏"),
        (lambda: samples.xlsx([HEAD, ROW], hidden_sheets=["Sheet1"]), "没有可以读取的工作表"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 100, "旧版 xls 表格，请去掉密码并另存为 xlsx"),
        (lambda: b"%PDF-1.4 x", "不是 xlsx 或 csv 文件"),
        (lambda: b"\xff\xd8\xff" + b"x" * 100, "不是 xlsx 或 csv 文件"),
        (lambda: b"\xff\x00\x01" * 50, "不是 xlsx 或 csv 文件"),
        (lambda: '姓名,学时,培训日期,等级\n"王'.encode(), "引号或分隔不完整"),
        (lambda: b"\n\n", "表格是空的"),
    ],
    ids=range(17),
)
def test_abuse_is_refused_in_a_sentence(make, text):
    reading = read(make())
    assert reading.rows == []
    assert any(word in reading.faults[0].text for word in text.split("|")), reading.faults
    assert all(f.text.startswith("表格") and "PDF" not in f.text for f in reading.faults)


def test_a_million_formatted_empty_rows_are_none():
    assert read(samples.a_million_empty_rows([HEAD, ROW])).rows == [VALUES]


# ── out ─────────────────────────────────────────────────────────────────────────────────────────
NASTY = ['=cmd|"/c calc"!A0', "+86 138", "-1+1", "@SUM(A1)", "\tx", "\rx", "=1+1\n=2", "http://x.cn", "'=1"]


def exported(rows, sheet) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(sheets.write(sheet, rows)))
    assert [cell for line in book.active.iter_rows() for cell in line if cell.data_type == "f"] == []
    return [list(line) for line in book.active.iter_rows(min_row=2)]


def test_an_export_never_carries_a_formula():
    sheet = Sheet("x", "导出", (Column("a", "甲"), Column("b", "乙", "int"), Column("c", "丙", "date")))
    cells = exported([(text, text, text) for text in NASTY], sheet)
    assert {cell.data_type for line in cells for cell in line} == {"s"}
    assert all(cell.quotePrefix for cell in cells[0])
    assert b"<f>" not in sheets.write(sheet, [(text, text, text) for text in NASTY])


def test_what_goes_out_comes_in_again():
    columns = (
        Column("a", "文字"), Column("l", "长文字", "longtext"), Column("i", "整数", "int"),
        Column("d", "小数", "decimal", places=1), Column("m", "金额", "money"), Column("t", "日期", "date"),
        Column("o", "月份", "month"), Column("b", "是否", "bool"), Column("c", "等级", "choice", choices=lambda: LEVELS),
        Column("p", "手机", "mobile"),
    )  # fmt: skip
    sheet = Sheet("x", "往返", columns)
    rows = [
        {
            "a": "=1+1", "l": "一\n二", "i": -5, "d": Decimal("0.5"), "m": 1999, "t": date(2026, 3, 5),
            "o": date(2026, 3, 1), "b": False, "c": 10, "p": "13812345678",
        },
        {"a": "-x", "l": "", "i": None, "d": None, "m": None, "t": None, "o": None, "b": None, "c": None, "p": ""},
    ]  # fmt: skip
    for content in (sheets.write(sheet, rows), sheets.write_csv(sheet, rows)):
        reading = read(content, sheet)
        assert reading.faults == []
        assert [{k: v for k, v in row.items() if k != "_row"} for row in reading.rows] == rows


def test_csv_puts_an_apostrophe_before_what_looks_like_a_formula():
    sheet = Sheet("x", "导出", (Column("a", "甲"), Column("b", "乙", "int")))
    lines = sheets.write_csv(sheet, [("=1+1", -5)]).decode("utf-8-sig").splitlines()
    assert lines == ["甲,乙", "'=1+1,-5"]


def test_an_export_of_an_iterator_goes_to_a_file(tmp_path):
    path = tmp_path / "x.xlsx"
    assert sheets.write(TRAINEES, (("王", n, None, 20) for n in range(3)), path=path) is None
    assert len(read(path.read_bytes()).rows) == 3


def test_the_template_explains_itself_and_can_be_filled_in():
    content = sheets.template(TRAINEES)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["培训花名册", "填写说明", "可选项"]
    page = book["培训花名册"]
    assert [cell.value for cell in page[1]] == HEAD
    assert "身份证上的姓名" in page["A1"].comment.text
    assert [rule.formula1 for rule in page.data_validations.dataValidation] == ["可选项!$A$2:$A$4"]
    assert [row[0].value for row in book["可选项"].iter_rows()] == ["等级", *LEVELS]
    assert "王镕喆" in {cell.value for row in book["填写说明"].iter_rows() for cell in row}
    for index, cell in enumerate(ROW, 1):
        page.cell(2, index, cell)
    filled = io.BytesIO()
    book.save(filled)
    assert read(filled.getvalue()).rows == [VALUES]
