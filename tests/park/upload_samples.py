"""Files to upload, good and bad, made on the spot: nothing binary lies in the repository."""

import io
import struct
import zipfile
import zlib

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, StreamDecodeLevel, String
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WORD_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
EXTERNAL = ' TargetMode="External"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────────
def pdf(change=None, *, pages=1, **save) -> bytes:
    """A PDF of blank pages; `change` gets it before it is written, and streams stay as they were made."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    out = io.BytesIO()
    if "encryption" not in save:
        save |= {"compress_streams": False, "stream_decode_level": StreamDecodeLevel.none}
    document.save(out, **save)
    return out.getvalue()


def pdf_with_text(text: str) -> bytes:
    """One page of Latin text in a standard font."""

    def change(document):
        page = document.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
        lines = " T* ".join(f"({line}) Tj" for line in text.splitlines())
        page.Contents = document.make_stream(f"BT /F1 12 Tf 14 TL 50 750 Td {lines} ET".encode())

    return pdf(change)


def pdf_of_picture(picture: bytes, width: int, height: int) -> bytes:
    """A scan: one page that is a JPEG from edge to edge."""

    def change(document):
        image = document.make_stream(
            picture, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode,
        )  # fmt: skip
        document.pages[0].Resources = Dictionary(XObject=Dictionary(Im=image))
        document.pages[0].Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")

    return pdf(change)


def script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def script_in_names(document):
    names = Array([String("a"), Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))])
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def launch(document):
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"))


def additional_action(document):
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("http://example.org/")))


def submit_form(document):
    document.pages[0].Annots = Array(
        [
            Dictionary(
                Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.SubmitForm, F=String("http://e"))
            )
        ]
    )


def embedded_file(document):
    document.attachments["工资.xlsx"] = b"PK"


def file_annotation(document):
    document.pages[0].Annots = Array([Dictionary(Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9])])


def xfa(document):
    document.Root.AcroForm = Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=[])


def rich_media(document):
    document.pages[0].Annots = Array([Dictionary(Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])])


def harmless(document):
    """What ordinary writers put in: an opening view, a web link, a bookmark, a form field, words about scripts."""
    page = document.pages[0].obj
    document.Root.OpenAction = Array([page, Name.Fit])
    document.Root.AcroForm = Dictionary(Fields=[])
    document.Root.Info2 = Dictionary(Title=String("/JavaScript /AA (/EmbeddedFiles)"))
    link = Dictionary(S=Name.URI, URI=String("https://example.org/"))
    document.pages[0].Annots = Array([Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link)])


def zeros(size: int) -> bytes:
    """`size` zero bytes (whole megabytes) deflated in no time: the same megabyte again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = ((size % 65521) << 16) | 1  # Adler-32 of zeros
    return b"\x78\xda" + block * (size >> 20) + packer.flush() + struct.pack(">I", checksum)


def flate_bomb(document, size=8 << 30):
    """A page whose 8 MB of content unpack to 8 GB."""
    document.pages[0].Contents = document.make_stream(zeros(size), Filter=Name.FlateDecode)


def flate_bombs(document):
    """Many pages, each below the limit of one stream."""
    packed = zeros(40 << 20)
    for _ in range(200):
        document.add_blank_page()
        document.pages[-1].Contents = document.make_stream(packed, Filter=Name.FlateDecode)


def double_flate_bomb(document):
    once = zeros(1 << 30)
    document.pages[0].Contents = document.make_stream(
        zlib.compress(once, 1), Filter=Array([Name.FlateDecode, Name.FlateDecode])
    )


def lzw_bomb(document):
    """4 MB of LZW codes, each one longer by a byte than the one before, that unpack to 6 GB."""
    codes = [format(0, "09b")]
    for code in range(258, 4094):
        width = 9 if code < 511 else 10 if code < 1023 else 11 if code < 2047 else 12
        codes.append(format(code, f"0{width}b"))
    block = "".join([*codes, format(256, "012b")]) * 8  # 256 clears the table; eight blocks end on a byte
    packed = int(block, 2).to_bytes(len(block) // 8, "big")
    document.pages[0].Contents = document.make_stream(packed * 100, Filter=Name.LZWDecode)


def huge_picture(document):
    document.pages[0].Resources = Dictionary(
        XObject=Dictionary(
            Im=document.make_stream(
                b"x",
                Subtype=Name.Image,
                Width=60000,
                Height=60000,
                ColorSpace=Name.DeviceRGB,
                BitsPerComponent=8,
            )
        )
    )


def many_objects(document):
    document.Root.Many = Array([document.make_indirect(Dictionary(A=i)) for i in range(110_000)])


def raw_pdf(objects: dict[int, bytes], trailer=b"/Root 1 0 R") -> bytes:
    """A PDF put together by hand, for structures that a library would not write."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %c \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return bytes(out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


def deep_page_tree(depth=50_000) -> bytes:
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, depth):
        objects[number] = b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1)
    objects[depth] = b"<< /Type /Page /MediaBox [0 0 9 9] >>"
    return raw_pdf(objects)


def looping_page_tree() -> bytes:
    return raw_pdf(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"}
    )


def deep_nesting(depth=200_000) -> bytes:
    deep = b"[" * depth + b"]" * depth
    return raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /X 3 0 R >>",
            2: b"<< /Type /Pages /Kids [] /Count 0 >>",
            3: deep,
        }
    )


def wide_array(items=4_000_000) -> bytes:
    wide = b"[" + b"1 " * items + b"]"
    return raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /X 3 0 R >>",
            2: b"<< /Type /Pages /Kids [] /Count 0 >>",
            3: wide,
        }
    )


def object_stream_bomb() -> bytes:
    """The catalogue lies in an object stream that unpacks to 8 GB."""
    packed = zeros(8 << 30)
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    head = b"%PDF-1.7\n"
    body = b"2 0 obj\n" + stream + packed + b"\nendstream\nendobj\n"
    at = len(head) + len(body)
    rows = (
        struct.pack(">BIB", 0, 0, 255) + struct.pack(">BIB", 2, 2, 0) + struct.pack(">BIB", 1, len(head), 0)
    )
    rows += struct.pack(">BIB", 1, at, 0)
    xref = b"3 0 obj\n<< /Type /XRef /Size 4 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(rows)
    return head + body + xref + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


# ── pictures ────────────────────────────────────────────────────────────────────────────────────
def picture(kind="JPEG", size=(80, 60), mode="RGB", colour="white", **save) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **save)
    return out.getvalue()


def photo(size=(80, 60)) -> bytes:
    """A phone's JPEG: lying on its side, with place and owner in its EXIF, and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn right
    exif[0x013B] = "Zhang San"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 12.0, 0.0)})
    return picture(size=size, exif=exif, comment=b"secret place")


def noise(kind: str, size: tuple[int, int], mode="RGB", **save) -> bytes:
    """The worst case for an encoder."""
    out = io.BytesIO()
    bands = [Image.effect_noise(size, 60 + 40 * i) for i in range(len(mode))]
    (Image.merge(mode, bands) if len(bands) > 1 else bands[0]).save(out, kind, **save)
    return out.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(side=60_000) -> bytes:
    """A few kilobytes that claim 3.6 billion pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zeros(16 << 20))
        + png_chunk(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """A small picture with a comment that unpacks to 2 GB."""
    whole = picture("PNG")
    return whole[:33] + png_chunk(b"zTXt", b"Comment\0\0" + zeros(2 << 30)) + whole[33:]


def jpeg_scan_bomb(scans=150) -> bytes:
    """A progressive JPEG of 60 million pixels that repeats its first scan: each costs a pass over the picture."""
    plain = picture(size=(8000, 7500), mode="L", progressive=True)
    first = plain.index(b"\xff\xda")
    second = plain.index(b"\xff\xda", first + 2)
    return plain[:second] + plain[first:second] * scans + plain[second:]


# ── Word and Excel ──────────────────────────────────────────────────────────────────────────────
def office(main=WORD, parts=None, relations=(), content_types=True) -> bytes:
    """A docx or xlsx with the given parts; `relations` are (type, target, external)."""
    out = io.BytesIO()
    folder, document = ("xl", "workbook.xml") if main == EXCEL else ("word", "document.xml")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if content_types:
            archive.writestr(
                "[Content_Types].xml",
                '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
                f'content-types"><Override PartName="/{folder}/{document}" ContentType="{main}"/></Types>',
            )
        rows = "".join(
            f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{target}"{EXTERNAL if external else ""}/>'
            for i, (kind, target, external) in enumerate(relations)
        )
        archive.writestr(
            f"{folder}/_rels/{document}.rels", f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'
        )
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def word_text(*paragraphs: list[str]) -> dict[str, str]:
    """word/document.xml of paragraphs, each a list of runs."""
    body = "".join(
        f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>" for runs in paragraphs
    )
    return {"word/document.xml": f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>'}


def zip_bomb() -> bytes:
    """200 MB of zeros in 0.2 MB."""
    out = io.BytesIO(office())
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/a.bin", "w") as entry,
    ):
        for _ in range(200):
            entry.write(b"\0" * (1 << 20))
    return out.getvalue()


def lying_zip_bomb() -> bytes:
    """The same with sizes in the directory that look harmless."""
    whole = bytearray(zip_bomb())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = whole.rfind(mark)
        struct.pack_into("<I", whole, place + at, 1024)
    return bytes(whole)


def many_entries() -> bytes:
    return office(parts={f"word/media/{i}.xml": "" for i in range(5000)})


def entity_bomb() -> bytes:
    """Billion laughs in the content types."""
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", f"<!DOCTYPE t [{entities}]><t>&a11;</t>")
    return out.getvalue()


# ── video ───────────────────────────────────────────────────────────────────────────────────────
def video(brand=b"isom", moov=True, extra=b"") -> bytes:
    boxes = struct.pack(">I4s4sI", 16, b"ftyp", brand, 0) + struct.pack(">I4s", 8, b"mdat")
    return boxes + (struct.pack(">I4s", 8, b"moov") if moov else b"") + extra
