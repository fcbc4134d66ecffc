"""How does a page of HTML become an archival PDF (PDF/A-2b, tagged), without reaching for anything outside?

WeasyPrint is imported on first use: it costs a second or two.
"""

import functools
import io
import threading

from django.conf import settings

STATIC_DIR = settings.BASE_DIR / "static"
# One at a time per process: Pango's font map, which one FontConfiguration keeps warm, is not thread-safe.
_lock = threading.Lock()
# Free stand-ins with correct subsets (CID-keyed .otf faces lose glyphs); each list ends with the face
# that knows the rarest characters of names.
_FACES = {
    "title": ["Noto Serif CJK SC"],
    "body": ["Noto Serif CJK SC"],
    "head": ["Noto Sans CJK SC", "Noto Serif CJK SC"],
    "value": ["LXGW WenKai", "Noto Serif CJK SC"],
}


class RenderFailed(Exception):
    """The page asked for something it must not have, or could not be laid out."""


def font_families() -> dict[str, str]:
    """The CSS family lists of title, body, head and value text.

    `settings.PDF_FONTS` come first: "方正小标宋简体" for every role, "title:方正小标宋简体" for one.
    """
    families = {}
    for role, faces in _FACES.items():
        licensed = [
            name for entry in settings.PDF_FONTS for to, name in [_role_and_name(entry)] if to in ("", role)
        ]
        families[role] = ", ".join(f'"{name}"' for name in [*licensed, *faces])
    return families


def _role_and_name(entry: str) -> tuple[str, str]:
    role, _, name = entry.rpartition(":")
    return role.strip(), name.strip().replace('"', "")


@functools.cache
def _machinery():
    """(weasyprint, FontConfiguration, fetcher), once per process."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        """`static:css/print.css` reads our static/ folder; `data:` is what the page itself carries."""

        def fetch(self, url, headers=None):
            if url.startswith(("data:image/png;", "data:image/jpeg;")):
                return super().fetch(url, headers)
            path = (STATIC_DIR / url.removeprefix("static:")).resolve()
            if not url.startswith("static:") or not path.is_relative_to(STATIC_DIR) or not path.is_file():
                raise FatalURLFetchingError(f"拒绝读取 {url[:80]}")
            kind = {".css": "text/css", ".png": "image/png"}.get(path.suffix, "application/octet-stream")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return weasyprint, FontConfiguration(), OwnFilesOnly(fail_on_errors=True), FatalURLFetchingError


def render_pdf(html: str, *, copies: int = 1) -> bytes:
    """PDF/A-2b with tags, language and title from the HTML. The same HTML gives the same bytes.

    Raises RenderFailed.
    """
    weasyprint, fonts, fetcher, fetching_error = _machinery()
    with _lock:
        try:
            page = weasyprint.HTML(string=html, base_url="static:", url_fetcher=fetcher)
            pdf = page.write_pdf(font_config=fonts, pdf_variant="pdf/a-2b", pdf_tags=True)
        except fetching_error as error:  # derives from BaseException: `except Exception` would miss it
            raise RenderFailed(str(error)) from error
        except Exception as error:
            raise RenderFailed(f"排版出错：{type(error).__name__}") from error
    return pdf if copies == 1 else repeat(pdf, copies)


def repeat(pdf: bytes, copies: int) -> bytes:
    """The same pages several times in one file, page numbers and all (此表一式两份 [A1])."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as one:
        pages = list(one.pages)
        for _ in range(copies - 1):
            one.pages.extend(pages)
        one.save(out, deterministic_id=True)
    return out.getvalue()


def page_count(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def qr_png(text: str) -> str:
    """A QR code as a data URI. Correction level M survives a stamp or a fold."""
    import segno

    return segno.make(text, error="m", micro=False).png_data_uri(scale=8, border=2)
