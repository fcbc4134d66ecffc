"""How are numbers drawn? Bars, columns and a funnel as plain SVG from the server: no script, no inline style.

The drawing is as wide as its place and its text keeps the size of the page's text, so it reads on a phone; its title and
description say to a screen reader what it shows. The table with the same numbers belongs beside it.
"""

from itertools import count

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()

LINE = 46  # pixels per row: its label, then its bar
BAR = 16
COLUMN = 120  # pixels of the highest column
FOOT = COLUMN + 44  # where columns stand: above them their number, above that the unit
_serial = count(1)


@register.simple_tag
def bars(rows, title, unit="", most=None):
    """Horizontal bars of (label, number) rows; the longest fills the place, or `most` would."""
    return _drawing(rows, title, unit, centred=False, most=most)


@register.simple_tag
def funnel(rows, title, unit=""):
    """The same, centred: every row is a part of the one above."""
    return _drawing(rows, title, unit, centred=True)


@register.simple_tag
def columns(rows, title, unit=""):
    """Columns side by side, for a handful of (label, number) rows over time; a number that is not known is left out.
    The year of a label stands on a line of its own, so that eight fit on a phone.
    """
    rows = list(rows)
    most = max((number for _, number in rows if number is not None), default=0) or 1
    width = 100 / max(len(rows), 1)
    parts = format_html_join(
        "",
        '<rect x="{}%" y="{}" width="{}%" height="{}" class="chart-bar"/>'
        '<text x="{}%" y="{}" text-anchor="middle" class="chart-number">{}</text>'
        '<text x="{}%" y="{}" text-anchor="middle" class="chart-label">{}</text>'
        '<text x="{}%" y="{}" text-anchor="middle" class="chart-label">{}</text>',
        (
            (
                _plain(n * width + width * 0.2), _plain(FOOT - height), _plain(width * 0.6), _plain(height),
                _plain(n * width + width / 2), _plain(FOOT - 6 - height), "—" if number is None else _plain(number),
                _plain(n * width + width / 2), FOOT + 20, label.rpartition("年")[2],
                _plain(n * width + width / 2), FOOT + 38, "".join(label.rpartition("年")[:2]),
            )
            for n, (label, number) in enumerate(rows)
            for height in [float(COLUMN * (number or 0) / most)]
        ),
    )  # fmt: skip
    ground = format_html(
        '<text x="0" y="14" class="chart-label">{}</text>'
        '<line x1="0" y1="{}" x2="100%" y2="{}" class="chart-foot"/>',
        f"单位：{unit.strip()}" if unit else "", FOOT + 0.5, FOOT + 0.5,
    )  # fmt: skip
    height = FOOT + (50 if any("年" in label for label, _ in rows) else 32)
    return _svg(rows, title, unit, height, ground + parts, "chart chart-columns")


@register.simple_tag
def gauge(number, most, title="", marks=()):
    """One bar: `number` out of `most`. `marks` are the numbers at which something begins; the words for them belong
    beside it. Without a title it only repeats the number beside it, and is silent to a screen reader."""
    share = lambda n: _plain(min(max(100 * float(n) / (float(most) or 1), 0), 100))  # noqa: E731
    lines = format_html_join(
        "",
        '<line x1="{}%" x2="{}%" y1="0" y2="{}" class="chart-mark"/>'
        '<text x="{}%" y="{}" text-anchor="middle" class="chart-label">{}</text>',
        ((share(mark), share(mark), BAR + 4, share(mark), BAR + 18, _plain(float(mark))) for mark in marks),
    )
    thick = BAR if marks else BAR // 2
    said = format_html('role="img" aria-label="{}"', title) if title else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="chart gauge" width="100%" height="{}" {}><rect y="2" width="100%" height="{}" class="chart-ground"/>'
        '<rect y="2" width="{}%" height="{}" class="chart-bar"/>{}</svg>',
        BAR + 22 if marks else thick + 4, said, thick, share(number), thick, lines,
    )  # fmt: skip


def _drawing(rows, title, unit, *, centred, most=None):
    rows = [(label, number) for label, number in rows if number is not None]
    most = most or max((number for _, number in rows), default=0) or 1
    parts = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><text x="100%" y="{}" text-anchor="end" class="chart-number">{}</text>'
        '<rect x="0" y="{}" width="100%" height="{}" class="chart-ground"/>'
        '<rect x="{}%" y="{}" width="{}%" height="{}" class="chart-bar"/>',
        (
            (
                n * LINE + 16, label, n * LINE + 16, f"{_plain(number)}{unit}",
                n * LINE + 23, BAR,
                _plain((100 - share) / 2 if centred else 0), n * LINE + 23, _plain(share), BAR,
            )
            for n, (label, number) in enumerate(rows)
            for share in [round(100 * number / most, 2)]
        ),
    )  # fmt: skip
    return _svg(rows, title, unit, max(len(rows) * LINE, 1), parts, "chart")


def _svg(rows, title, unit, height, parts, css):
    """The drawing with its words for a screen reader."""
    key = f"chart-{next(_serial)}"
    words = "；".join(f"{label} {'—' if number is None else _plain(number) + unit}" for label, number in rows)
    return format_html(
        '<svg class="{}" width="100%" height="{}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        css, height, key, key, key, title, key, words, mark_safe(parts),
    )  # fmt: skip


def _plain(number) -> str:
    """12, 7.5: no needless zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
