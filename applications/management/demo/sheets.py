"""What do the demo's certificates and stamped scans look like? Grey pages that say 演示材料, drawn on the fly.

No seal and no signature is drawn, here as anywhere.
"""

import functools
import hashlib
import io
import shutil
import subprocess
from dataclasses import replace

import segno
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from park.attachments import CheckedUpload

PAGE = (827, 1169)  # A4 at 100 dpi
MARGIN = 90


@functools.cache
def _font(size):
    """A Chinese face by fontconfig; where there is none, Pillow's own (which has no Chinese)."""
    command = shutil.which("fc-match")
    if command:
        found = subprocess.run(
            [command, "-f", "%{file}|%{index}", "Noto Sans CJK SC"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        path, _, index = found.partition("|")
        if "CJK" in path:
            return ImageFont.truetype(path, size, index=int(index or 0) & 0xFFFF)
    return ImageFont.load_default(size)


def _page(title, lines):
    image = Image.new("L", PAGE, 250)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, PAGE[0] - 40, PAGE[1] - 40), outline=120, width=2)
    draw.text((PAGE[0] / 2, 150), title, font=_font(34), fill=20, anchor="mm")
    for number, line in enumerate(lines):
        draw.text((MARGIN, 250 + 52 * number), line[:30], font=_font(22), fill=40)
    draw.text((PAGE[0] / 2, PAGE[1] - 90), "演示材料　内容均为虚构", font=_font(24), fill=110, anchor="mm")
    return image


def _checked(image, name, kind) -> CheckedUpload:
    """Our own drawing needs no inspection in a child process; it is stored like any checked upload."""
    buffer = io.BytesIO()
    image.save(
        buffer,
        **{"pdf": {"format": "PDF", "resolution": 100}, "jpg": {"format": "JPEG", "quality": 60}}[kind],
    )
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    return CheckedUpload(
        ContentFile(content), f"{name}.{kind}", kind, len(content), digest, 1 if kind == "pdf" else None
    )


def evidence(title, *lines) -> CheckedUpload:
    """One page of PDF that stands for a certificate, a contract, a list."""
    return _checked(_page(title, lines), f"{title}（演示）", "pdf")


def photo(title, *lines) -> CheckedUpload:
    return _checked(_page(title, lines), f"{title}（演示）", "jpg")


def scan(title, *lines, address="") -> CheckedUpload:
    """A stamped form as it comes from a scanner: with the QR code of the stamp copy, or illegible without."""
    image = _page(title, [*lines, "", "推荐意见栏：（此处应为推荐单位公章和日期）"])
    if address:
        code = io.BytesIO()
        segno.make(address, error="m", micro=False).save(code, kind="png", scale=4, border=4)
        with Image.open(code) as picture:
            square = picture.convert("L")
        image.paste(square, (PAGE[0] - MARGIN - square.width, PAGE[1] - 150 - square.height))
    checked = _checked(image, f"{title}（演示）", "pdf")
    return replace(checked, qr_texts=(address,) if address else ())
