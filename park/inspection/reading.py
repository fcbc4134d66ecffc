"""What does an accepted file say: the QR codes on its pages, the text inside?"""

import zipfile

from park.inspection import office

MAX_CHARACTERS = 2_000_000
SHARPNESS = (2.1, 4.2)  # 150 dpi first, 300 dpi where nothing was found
MAX_SIDE = 5000  # pixels of a rendered page


def qr_texts(path: str, kind: str, max_pages: int) -> list[str]:
    """Texts of the QR codes on the first pages, in order, each once."""
    import zxingcpp

    found = []
    for image in _pages(path, max_pages) if kind == "pdf" else _picture(path):
        found += [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]
    return list(dict.fromkeys(text for text in found if text))


def _pages(path, max_pages):
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        for number in range(min(len(pdf), max_pages)):
            page = pdf[number]
            for scale in SHARPNESS:
                side = max(page.get_size()) * scale
                scale *= min(1, MAX_SIDE / side)
                yield page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
            page.close()


def _picture(path):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the size was checked when the file was accepted
    with Image.open(path, formats=["JPEG", "PNG"]) as image:
        image.draft("L", (2500, 2500))
        image.thumbnail((MAX_SIDE, MAX_SIDE))
        yield image.convert("L")


def text(path: str, kind: str) -> str:
    """The text of a pdf, docx or xlsx, cut at two million characters."""
    pieces, length = [], 0
    for piece in _pdf_texts(path) if kind == "pdf" else _office_texts(path):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_CHARACTERS:
            break
    return "".join(pieces)[:MAX_CHARACTERS]


def _pdf_texts(path):
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            text_page = page.get_textpage()
            yield text_page.get_text_bounded() + "\n"
            text_page.close()
            page.close()


def _office_texts(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and name.startswith(
                ("word/", "xl/sharedStrings", "xl/worksheets/", "xl/comments")
            ):
                for kind, piece in office.texts(archive.read(name)):
                    yield piece if kind else "\n"
