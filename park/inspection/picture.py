"""Is this a picture of sane size? It is drawn anew, so nothing but its pixels is kept."""

from PIL import Image, ImageOps

from park.inspection import Unacceptable

MAX_PIXELS = 64_000_000
MAX_SCANNED = 1_000_000_000  # pixels times scans of a progressive JPEG: each scan is a pass over the picture
KEPT_PIXELS = {"jpg": 25_000_000, "png": 25_000_000}
DAMAGED = "已损坏，无法打开，请重新拍照或导出后再上传"


def inspect(path: str, target: str, kind: str) -> dict:
    """Write the picture to `target`: upright, without EXIF, GPS, comments or colour profile.

    A JPEG of more than 25 million pixels is halved on the way (the decoder does that while reading).
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit below says it in Chinese
    try:
        with Image.open(path, formats=["JPEG" if kind == "jpg" else "PNG"]) as image:
            _check_size(image, kind)
            _check_scans(image, path)
            if kind == "jpg" and image.width * image.height > KEPT_PIXELS["jpg"]:
                image.draft(None, (image.width // 2, image.height // 2))
            image.load()
            upright = ImageOps.exif_transpose(image)
            _draw(upright, target, kind)
            return {"width": upright.width, "height": upright.height}
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError, IndexError):
        raise Unacceptable(DAMAGED) from None


def _check_size(image, kind):
    pixels = image.width * image.height
    limit = MAX_PIXELS if kind == "jpg" else KEPT_PIXELS["png"]
    if pixels > limit:
        raise Unacceptable(
            f"有 {pixels / 10_000:.0f} 万像素，超过 {limit // 10_000} 万像素的上限，请缩小图片后再上传"
        )


def _check_scans(image, path):
    if image.info.get("progressive"):
        with open(path, "rb") as file:
            scans = file.read().count(b"\xff\xda")
        if image.width * image.height * scans > MAX_SCANNED:
            raise Unacceptable("结构过于复杂，请另存为普通 JPG 后再上传")


def _draw(image, target, kind):
    if kind == "jpg":
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
        image.info = {}
        image.save(target, "JPEG", quality=90)
        return
    image = image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    image.save(target, "PNG", compress_level=3 if image.width * image.height > 4_000_000 else 6)
