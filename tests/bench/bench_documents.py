"""What does our printing cost over bare WeasyPrint? A warm filled Annex 1 of three pages, same HTML, same run.

    python -m tests.bench.bench_documents

Target: at most 1.2 times the bare render. "Bare" is `weasyprint.HTML(string).write_pdf()` in the same PDF
variant, with a shared FontConfiguration and no fetcher of ours; ours adds template, QR code and fetcher.
"""

import os
import statistics
import sys
import time
from functools import partial

ROUNDS = 15
LIMIT = 1.2


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from applications import documents as papers
    from park import documents, pdf
    from park.models import Document
    from tests.papers import form

    # A row that was never saved, but shows the check code and QR code of one that was.
    document = Document(title="入驻申报表", number="SB-2026-0001")
    document._state.adding = False

    def page():
        return documents.page_html(*papers.annex1(form(), print_label="第1版"), document)

    html = page()
    ours = _seconds(lambda: pdf.render_pdf(page()))
    bare = _seconds(partial(_bare, html.replace("static:", (pdf.STATIC_DIR.as_uri() + "/")), _fonts()))
    pages = pdf.page_count(pdf.render_pdf(html))
    ratio = statistics.median(ours) / statistics.median(bare)
    for name, seconds in (("ours", ours), ("bare", bare)):
        print(f"{name}: median {statistics.median(seconds) * 1000:.0f} ms, best {min(seconds) * 1000:.0f} ms")
    print(f"{pages} pages, ratio {ratio:.2f} (limit {LIMIT})")
    return 0 if ratio <= LIMIT and pages == 3 else 1


def _fonts():
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _bare(html, fonts):
    import weasyprint

    return weasyprint.HTML(string=html).write_pdf(font_config=fonts, pdf_variant="pdf/a-2b", pdf_tags=True)


def _seconds(render) -> list[float]:
    render()  # warm
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        render()
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    sys.exit(main())
