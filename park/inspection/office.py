"""Is this Word or Excel file a plain one: no macros, no embedded or remote parts, no zip bomb?"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from park.inspection import Unacceptable

MAX_ENTRIES = 3000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed; spreadsheets reach about 40
SMALL = 5 * 1024 * 1024  # below this the ratio does not matter
MAX_DEPTH = 200

DAMAGED = "已损坏，无法打开，请重新保存后再上传"
TOO_COMPLEX = "展开后过大或结构过于复杂，请另存为 PDF 后再上传"
MACRO = "含有宏，请另存为不含宏的 docx、xlsx 或 PDF 后再上传"
EMBEDDED = "里面嵌入了其他对象或控件，请另存为 PDF 后再上传"
REMOTE = "引用了外部文件或网络内容，请断开链接，或另存为 PDF 后再上传"

MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
DDE = re.compile(rb"\bDDE(?:AUTO)?\b")


def inspect(path: str) -> dict:
    """`{"format": "docx" | "xlsx"}`; raises Unacceptable."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive.infolist())
            if archive.testzip():  # reads everything once, within the bounds just checked
                raise Unacceptable(DAMAGED)
            found = _format(archive)
            for name in archive.namelist():
                if name.lower().endswith(".rels"):
                    _check_relations(archive.read(name))
            if found == "docx":
                _check_fields(archive)
            return {"format": found}
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError, KeyError, EOFError):
        raise Unacceptable(DAMAGED) from None
    except (NotImplementedError, RuntimeError):  # exotic packing; a password on an entry
        raise Unacceptable("加了密码或用了少见的压缩方式，请重新保存后再上传") from None


def _check_entries(entries):
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES:
        raise Unacceptable(TOO_COMPLEX)
    if len({name.lower() for name in names}) != len(names):
        raise Unacceptable(DAMAGED)
    if any("\\" in name or ":" in name or name.startswith("/") or ".." in name.split("/") for name in names):
        raise Unacceptable("里面的文件路径不规范，请重新保存后再上传")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unacceptable("加了密码，请去掉密码后再上传")
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise Unacceptable(TOO_COMPLEX)
    for name in (name.lower() for name in names):
        if "vbaproject" in name or "/macrosheets/" in name or name.endswith("vbadata.xml"):
            raise Unacceptable(MACRO)
        if "/embeddings/" in name or "/activex/" in name or "oleobject" in name:
            raise Unacceptable(EMBEDDED)
        if "/externallinks/" in name:
            raise Unacceptable(REMOTE)


def _format(archive) -> str:
    if "[Content_Types].xml" not in archive.namelist():
        raise Unacceptable("是压缩包，请解压后逐个上传里面的文件")
    types = {a.get("ContentType", "") for _, a in _elements(archive.read("[Content_Types].xml"))}
    if any("macroenabled" in name.lower() or "vbaproject" in name.lower() for name in types):
        raise Unacceptable(MACRO)
    found = {MAIN_PARTS[name] for name in types if name in MAIN_PARTS}
    if len(found) != 1:
        raise Unacceptable("不是 Word 文档或 Excel 表格，请另存为 PDF 后再上传")
    return found.pop()


def _check_relations(data: bytes):
    """Web addresses that a reader may click are fine; parts fetched on opening are not."""
    for _, attributes in _elements(data):
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        if kind in ("oleobject", "package", "control", "vbaproject", "attachedtoolbars"):
            raise Unacceptable(MACRO if kind == "vbaproject" else EMBEDDED)
        if attributes.get("TargetMode", "").lower() == "external":
            target = attributes.get("Target", "").strip().lower()
            if kind != "hyperlink" or not target.startswith(("http://", "https://", "mailto:", "#", "tel:")):
                raise Unacceptable(REMOTE)


def _check_fields(archive):
    for name in archive.namelist():
        if name.startswith("word/") and name.endswith(".xml"):
            codes = "".join(text for kind, text in texts(archive.read(name)) if kind == "instrText")
            if DDE.search(codes.encode()):
                raise Unacceptable(REMOTE)


def _parser():
    def refuse_doctype(*_):
        raise Unacceptable(DAMAGED)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse_doctype  # no entities, so nothing expands
    parser.buffer_text = True
    return parser


def _elements(data: bytes) -> list[tuple[str, dict]]:
    """Every element's local name and attributes."""
    found = []
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))
    parser.Parse(data, True)
    return found


def texts(data: bytes) -> Iterator[tuple[str, str]]:
    """(local name of the element, its text) in order; an empty text where a paragraph or cell ends."""
    found, path = [], []
    ends = {"p", "c", "si", "is", "tr", "row"}

    def start(name, attributes):
        path.append(name.rpartition(" ")[2])
        if len(path) > MAX_DEPTH:
            raise Unacceptable(TOO_COMPLEX)
        if path[-1] == "fldSimple":
            found.extend(("instrText", value) for key, value in attributes.items() if key.endswith("instr"))

    def end(_):
        if path.pop() in ends:
            found.append(("", ""))

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: found.append((path[-1], text))
    parser.Parse(data, True)
    return iter(found)
