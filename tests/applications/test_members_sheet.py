"""Members from an xlsx: a good sheet is shown, a bad one is told row by row, and nothing is written unasked."""

import io
import zipfile

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.forms.progress import Progress
from applications.resources import members_template, read_members
from tests.applications.conftest import draft_of, form_data, section_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owner(people, client_of):
    return client_of(people["owner"])


HEAD = ["姓名", "性别", "年龄", "学历", "职业（工种）", "职业资格等级", "技能特长", "主要业绩"]
GOOD = ["王镕", "男", 36, "大学专科", "焊工", "二级/技师", "氩弧焊", "省赛二等奖"]


def book(*lines, head=HEAD) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    for line in ([head] if head else []) + list(lines):
        sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same workbook with other words in its first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old_book, zipfile.ZipFile(out, "w") as new_book:
        for name in old_book.namelist():
            part = old_book.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old in part
                part = part.replace(old, new)
            new_book.writestr(name, part)
    return out.getvalue()


def codes_of(content):
    rows, faults = read_members(io.BytesIO(content))
    return rows, [(f.row, f.text) for f in faults]


@pytest.fixture
def good():
    """A row with labels that the code lists really have."""
    from applications.forms.sections import MemberForm

    fields = MemberForm().fields
    line = list(GOOD)
    for place, name in ((3, "education"), (5, "skill_level")):
        line[place] = fields[name].choices[2][1]
    return line


def send_sheet(client, application, content, name="成员.xlsx"):
    url = reverse("applications:import_members", args=[application.key])
    return client.post(url, {"sheet": SimpleUploadedFile(name, content)})


def test_the_template_is_empty_and_asks_for_the_printed_columns():
    made = openpyxl.load_workbook(io.BytesIO(members_template()))
    assert [c.value for c in made.worksheets[0][1]] == HEAD
    assert made.worksheets[0].max_row == 1
    assert codes_of(members_template()) == ([], [(2, "表格里没有成员。")])


def test_a_good_sheet_is_shown_and_not_yet_saved(owner, fresh, good):
    application = fresh("draft")
    before = draft_of(application, "members").data
    response = send_sheet(
        owner, application, book(good, [None] * 8, [*good[:1], *good[1:2], "41", *good[3:6], None, None])
    )
    assert response.status_code == 200
    page = response.content.decode()
    assert "读到 2 名成员，尚未保存" in page
    assert 'name="members-TOTAL" value="2"' in page
    assert 'value="41"' in page
    assert f'action="{section_url(application, "members")}"' in page  # where 保存 goes
    assert draft_of(application, "members").data == before


def test_a_sheet_that_is_no_sheet_is_told_what_is_wanted(owner, fresh):
    response = send_sheet(owner, fresh("draft"), b"MZ\x90\x00" + b"\x00" * 100, name="成员.pdf")
    said = [str(m) for m in get_messages(response.wsgi_request)]
    assert said == ["没有导入：“成员.pdf”不是 Excel 表格，请下载成员表模板（xlsx），填好后上传。"]


def test_members_never_opened_freeze_as_none(fresh):
    application = fresh("draft")
    draft_of(application, "members").delete()
    assert Progress(application).frozen()["members"] == {"members": []}


def test_every_bad_row_is_listed_and_nothing_is_written(owner, fresh, good):
    application = fresh("draft")
    before = draft_of(application, "members").data
    lines = [
        good,
        ["Tom", *good[1:]],
        [good[0], "雄", *good[2:]],
        [*good[:2], 36.5, *good[3:]],
        [None, *good[1:]],
    ]
    response = send_sheet(owner, application, book(*lines))
    assert response.status_code == 422
    assert [(f.row, f.text) for f in response.context["faults"]] == [
        (3, "姓名第1个字符（“T”）不是汉字。"),
        (4, "“性别”写的是“雄”，请从模板的可选项中选择。"),
        (5, "年龄请填整数。"),
        (6, "请填写“姓名”。"),
    ]
    assert draft_of(application, "members").data == before


def test_ages_as_excel_writes_them(good):
    rows, faults = codes_of(
        book([*good[:2], 36.0, *good[3:]], [*good[:2], "３６", *good[3:]], [*good[:2], True, *good[3:]])
    )
    assert [r["age"] for r in rows[:1]] == ["36"]
    assert faults == [(4, "年龄请填整数。")]


def test_columns_may_stand_in_any_order_and_others_are_ignored(good):
    line, head = list(reversed(good)), [*reversed(HEAD), "备注"]
    rows, faults = codes_of(book([*line, "别的"], head=head))
    assert faults == []
    assert rows[0]["name"] == "王镕"


def test_a_missing_column_is_named():
    _, faults = codes_of(book(["王镕"], head=["姓名"]))
    assert faults == [
        (
            1,
            "第一行缺少列：性别、年龄、学历、职业（工种）、职业资格等级、技能特长、主要业绩。请用本页提供的模板填写。",
        )
    ]


def test_an_empty_sheet_names_the_columns():
    _, faults = codes_of(book(head=None))
    assert faults[0][0] == 1
    assert faults[0][1].startswith("第一行缺少列：姓名、")


def test_a_lying_dimension_hides_no_row(good):
    content = book(good, good)
    lying = rewritten(content, b'<dimension ref="A1:H3"', b'<dimension ref="A1:H2"')
    assert len(codes_of(lying)[0]) == 2


def test_formulas_are_never_run_and_never_taken_for_text(good):
    """A formula without a stored value is an empty cell; the row is refused, not skipped."""
    rows, faults = codes_of(book(['=HYPERLINK("http://x","王镕")', *good[1:]]))
    assert faults == [(2, "请填写“姓名”。")]
    assert "HYPERLINK" not in str(rows)


def test_at_most_200_members(good):
    rows, faults = codes_of(book(*[good] * 201))
    assert len(rows) == 200
    assert faults == [(202, "最多 200 行，从这一行起没有读取。")]


def test_a_member_a_million_rows_down_is_refused_quickly(good):
    content = rewritten(book(good, good), b'<row r="3"', b'<row r="1048576"')
    content = rewritten(content, b'r="A3"', b'r="A1048576"')
    assert codes_of(content) == ([], [(20_001, "表格超过 20000 行，请删去空行后再上传。")])


def test_a_broken_sheet_is_refused_with_a_sentence(good):
    for old, new in (
        (b"<v>36</v>", b"<v>abc</v>"),
        (b"</row>", b"</rox>"),
        (b"<sheetData>", b"<sheetData><row r='x'>"),
    ):
        _, faults = codes_of(rewritten(book(good), old, new))
        assert faults == [(1, "表格无法读取，请下载本页提供的模板，填好后再上传。")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("成员.xlsx", b"PK\x03\x04not a zip"),
        ("成员.xlsx", b"%PDF-1.7 nothing"),
        ("成员.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512),
        ("成员.csv", "姓名,性别".encode()),
        ("成员.xlsx", b""),
    ],
)
def test_what_is_no_xlsx_is_refused(owner, fresh, name, content):
    response = send_sheet(owner, fresh("draft"), content, name)
    assert response.url == section_url(fresh("draft"), "members")
    said = [str(m) for m in owner.get(response.url).context["messages"]]
    assert len(said) == 1
    assert said[0].startswith("没有导入：") or said[0].startswith("请选择填好的表格文件")


def test_the_imported_rows_can_be_saved_as_shown(owner, fresh, good):
    application = fresh("draft")
    rows, _ = codes_of(book(good))
    owner.post(section_url(application, "members"), form_data("members", {"members": rows}))
    assert draft_of(application, "members").data == {"members": rows}
