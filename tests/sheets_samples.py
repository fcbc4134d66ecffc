"""Sheets to import, good and bad, written part by part: what no office program would write, and what they do write.

    xlsx([["姓名", "课时"], ["王镕", 12]])                        # a plain one
    xlsx(rows, hidden_rows=[3], merged=["A2:A4"], formulas={"B2": "1+1"})
    xlsx(rows, others={"Sheet2": [["x"]]}, hidden_sheets=["Sheet2"])
    csv(rows, encoding="gb18030")
    lying_dimension(rows), far_cell(rows), a_million_empty_rows(rows), giant_strings(), repeated_string(), bomb()

A cell is None, a text, a number, True or False, or a date (written as Excel does: a number with a date's look).
"""

import csv as csv_module
import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def upload(content: bytes, name="表格.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def csv(rows, *, encoding="utf-8", delimiter=",") -> bytes:
    out = io.StringIO()
    csv_module.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def letters(number: int) -> str:
    """1 → A, 27 → AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _cell(place, value, formula) -> str:
    inside = f"<f>{escape(formula)}</f>" if formula is not None else ""
    if value is None:
        return f'<c r="{place}">{inside}</c>' if inside else ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b">{inside}<v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1">{inside}<v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}">{inside}<v>{value!r}</v></c>'
    if value.startswith("#") and value.isupper():  # an error value
        return f'<c r="{place}" t="e">{inside}<v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr">{inside}<is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(
    rows, *, hidden_rows=(), hidden_columns=(), merged=(), formulas=None, dimension="", after=""
) -> str:
    """The worksheet itself; `after` stands behind the last row."""
    formulas, lines = formulas or {}, []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            _cell(f"{letters(i)}{number}", value, formulas.get(f"{letters(i)}{number}"))
            for i, value in enumerate(row, 1)
        )
        hidden = ' hidden="1"' if number in hidden_rows else ""
        lines.append(f'<row r="{number}"{hidden}>{cells}</row>')
    columns = "".join(f'<col min="{n}" max="{n}" width="9" hidden="1"/>' for n in hidden_columns)
    ranges = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}">'
        + (f'<dimension ref="{dimension}"/>' if dimension else "")
        + (f"<cols>{columns}</cols>" if columns else "")
        + f"<sheetData>{''.join(lines)}{after}</sheetData>"
        + (f"<mergeCells>{ranges}</mergeCells>" if ranges else "")
        + "</worksheet>"
    )


def xlsx(
    rows=(), *, page="Sheet1", others=None, hidden_sheets=(), base_1904=False, xml=None, parts=None, **sheet
) -> bytes:
    """A workbook. `others`: more worksheets by name; `xml`: the first worksheet as it is; `parts`: more files."""
    pages = {page: xml if xml is not None else sheet_xml(rows, **sheet)}
    pages |= {name: sheet_xml(lines) for name, lines in (others or {}).items()}
    listed, relations, types = [], [], []
    for number, name in enumerate(pages, 1):
        state = ' state="hidden"' if name in hidden_sheets else ""
        listed.append(f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>')
        relations.append(
            f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        types.append(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{TYPE}.worksheet+xml"/>'
        )
    relations.append(f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>')
    properties = '<workbookPr date1904="1"/>' if base_1904 else ""
    files = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{"".join(types)}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{''.join(listed)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f"{''.join(relations)}</Relationships>",
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    files |= {f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(pages.values(), 1)}
    files |= parts or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


# ── abuse ───────────────────────────────────────────────────────────────────────────────────────
def lying_dimension(rows) -> bytes:
    """The sheet says that it is one cell."""
    return xlsx(rows, dimension="A1")


def huge_dimension(rows) -> bytes:
    """The sheet says that it fills everything Excel has."""
    return xlsx(rows, dimension="A1:XFD1048576")


def far_cell(rows, place="XFD1048576") -> bytes:
    """A value in the last cell there is, so that whoever takes the rectangle takes 17 thousand million cells."""
    number = "".join(filter(str.isdigit, place))
    return xlsx(rows, after=f'<row r="{number}"><c r="{place}"><v>1</v></c></row>')


def wide_cell(rows) -> bytes:
    """A value in the last column of the second row."""
    first, *rest = rows
    return xlsx(
        [first, *rest], after=f'<row r="{len(rows) + 1}"><c r="XFD{len(rows) + 1}"><v>1</v></c></row>'
    )


def a_million_empty_rows(rows) -> bytes:
    """What is left when somebody gave a format to whole columns."""
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(len(rows) + 1, 1_048_577))
    return xlsx(rows, after=empty)


def giant_strings(megabytes=90) -> bytes:
    """Shared strings that unpack to so much."""
    text = "镇江" * 500
    count = megabytes * 1_000_000 // 3_000
    strings = f'{HEAD}<sst xmlns="{MAIN}">' + f"<si><t>{text}</t></si>" * count + "</sst>"
    return xlsx([["姓名"], ["王镕"]], parts={"xl/sharedStrings.xml": strings})


def repeated_string(times=200_000, length=30_000) -> bytes:
    """One long shared string that every cell names: small to send, endless to write out."""
    strings = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"a" * length}</t></si></sst>'
    relations = (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, times + 1))
    return xlsx(after=cells, parts={"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations})


def bomb() -> bytes:
    """A worksheet of two gigabytes in two megabytes."""
    out = io.BytesIO(xlsx([["姓名"], ["王镕"]]))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(2000):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def prefixed(rows, formulas=None) -> bytes:
    """Every tag of the worksheet with a prefix, as some programs write it."""
    text = sheet_xml(rows, formulas=formulas).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    head, body = text.split("\n", 1)
    return xlsx(xml=head + "\n" + body.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:"))
