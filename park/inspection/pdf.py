"""Is this PDF plain paper: open, whole, of sane size, without scripts, actions or hidden files?"""

import re

import pikepdf

from park.inspection import Unacceptable

MAX_PAGES = 300
MAX_OBJECTS = 100_000
MAX_PIXELS = 120_000_000  # of one picture inside: A3 at 600 dpi is 70 million
MAX_STREAM = 48 * 1024 * 1024  # bytes of one text, font or object stream once unpacked
MAX_UNPACKED = 160 * 1024 * 1024  # bytes of them all
MAX_DEPTH = 100

SCRIPT = "含有脚本或自动执行的动作，请用“打印为 PDF”重新生成后再上传"
HIDDEN_FILE = "里面夹带了其他文件，请去掉后重新生成 PDF，或把夹带的文件单独上传"
FORM = "是动态表单（XFA），请用“打印为 PDF”重新生成后再上传"
MEDIA = "里面嵌有音视频或三维内容，请用“打印为 PDF”重新生成后再上传"
TOO_COMPLEX = "展开后过大或结构过于复杂，请用“打印为 PDF”重新生成后再上传"
DAMAGED = "已损坏，无法打开，请重新导出或扫描后再上传"

# A quick look at an object's own text; what it flags is then examined key by key.
SUSPECT = re.compile(
    rb"/(?:JS|JavaScript|AA|EF|EmbeddedFiles?|XFA|Launch|ImportData|SubmitForm|GoToE|Rendition|Movie|Sound"
    rb"|RichMedia\w*|Screen|3D|FileAttachment|Collection)(?![A-Za-z0-9_.\-])"
)
ACTIONS = {
    "/JavaScript": SCRIPT,
    "/Launch": SCRIPT,
    "/ImportData": SCRIPT,
    "/SubmitForm": SCRIPT,
    "/GoToE": HIDDEN_FILE,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/RichMediaExecute": MEDIA,
}
SUBTYPES = {
    "/FileAttachment": HIDDEN_FILE,
    "/RichMedia": MEDIA,
    "/Screen": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/3D": MEDIA,
}
KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/AA": SCRIPT,
    "/EF": HIDDEN_FILE,
    "/EmbeddedFiles": HIDDEN_FILE,
    "/Collection": HIDDEN_FILE,
    "/XFA": FORM,
}


def inspect(path: str) -> dict:
    """`{"pages": n}`; raises Unacceptable."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_STREAM,
        run_length_max_memory=MAX_STREAM,
        png_max_memory=MAX_STREAM,
        tiff_max_memory=MAX_STREAM,
        max_stream_filters=2,
        doc_max_warnings=500,
    )
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Unacceptable("设有密码或限制，请去掉后再上传")
            _examine_objects(pdf)
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Unacceptable("设有密码，打不开，请去掉密码后再上传") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError):
        raise Unacceptable(TOO_COMPLEX if pikepdf.settings.qpdf_limit_errors() else DAMAGED) from None
    if not pages:
        raise Unacceptable(DAMAGED)
    if pages > MAX_PAGES:
        raise Unacceptable(f"有 {pages} 页，超过 {MAX_PAGES} 页的上限，请拆成几份后再上传")
    return {"pages": pages}


def _examine_objects(pdf):
    if len(pdf.objects) > MAX_OBJECTS:
        raise Unacceptable(TOO_COMPLEX)
    unpacked = 0
    for obj in pdf.objects:
        if isinstance(obj, pikepdf.Stream):
            text = obj.stream_dict.unparse(resolved=True)
            unpacked += _unpacked_size(obj)
            if unpacked > MAX_UNPACKED:
                raise Unacceptable(TOO_COMPLEX)
        elif isinstance(obj, pikepdf.Dictionary | pikepdf.Array):
            text = obj.unparse(resolved=True)
        else:
            continue
        if SUSPECT.search(text):
            _examine(obj, MAX_DEPTH)


def _unpacked_size(stream) -> int:
    """Bytes of a stream once unpacked; a picture is measured by its declared pixels instead."""
    if stream.get("/Subtype") == "/Image":
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MAX_PIXELS:
            raise Unacceptable("里面有尺寸异常大的图片，请以 300 dpi 重新扫描后再上传")
        return 0
    before = pikepdf.settings.qpdf_limit_errors()
    try:
        size = len(stream.read_bytes())
    except pikepdf.PdfError as error:
        if "limit exceeded" in str(error) or "bad_alloc" in str(error):
            raise Unacceptable(TOO_COMPLEX) from None
        size = 0  # damaged, or packed in a way that qpdf does not unpack
    if pikepdf.settings.qpdf_limit_errors() > before:
        raise Unacceptable(TOO_COMPLEX)
    return size


def _examine(obj, depth):
    """Look at every key of one object. Other objects it refers to have their own turn."""
    if not depth:
        raise Unacceptable(TOO_COMPLEX)
    if isinstance(obj, pikepdf.Array):
        children = list(obj)
    elif isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
        entries = dict(obj.items())
        _examine_entries(entries)
        children = entries.values()
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            _examine(child, depth - 1)


def _examine_entries(entries: dict):
    for key, why in KEYS.items():
        value = entries.get(key)
        if isinstance(value, pikepdf.Object) and not isinstance(value, pikepdf.Name):
            raise Unacceptable(why)
    if isinstance(entries.get("/S"), pikepdf.Name) and str(entries["/S"]) in ACTIONS:
        raise Unacceptable(ACTIONS[str(entries["/S"])])
    if isinstance(entries.get("/Subtype"), pikepdf.Name) and str(entries["/Subtype"]) in SUBTYPES:
        raise Unacceptable(SUBTYPES[str(entries["/Subtype"])])
    if entries.get("/Type") == "/EmbeddedFile":
        raise Unacceptable(HIDDEN_FILE)
