"""Is a file what it claims to be, and harmless? The parsers that touch strangers' bytes live here.

They run in a child process (`python -m park.inspection TASK SOURCE [TARGET]`) whose memory and processor
time the kernel limits: a hostile file can only end its own inspection. Nothing in this package knows Django,
so the child starts in a tenth of a second. `park/attachments.py` starts it and turns its answer into a row.
"""

from pathlib import Path

MEMORY_MB = 300  # address space of the child, its interpreter included
TABLE_MEMORY_MB = 500  # the same while a sheet is read: all its cells stand in memory at once
CHECK_SECONDS = 1.6  # processor time for checking a file
READ_SECONDS = 6  # processor time for reading text or QR codes out of an accepted one

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "mp4": "video/mp4",
}
ENDINGS = {"jpeg": "jpg", "m4v": "mp4"}  # other endings that mean the same


class Unacceptable(Exception):
    """Why not, and what to do instead: a Chinese clause that follows the file's name."""


def sniff(head: bytes) -> str:
    """The format of a file by its first 64 bytes: a key of CONTENT_TYPES, "zip" for docx or xlsx.

    Raises Unacceptable for what people upload by mistake, and for anything unknown.
    """
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"avif"):
            raise Unacceptable("是 HEIC 格式的照片，请在手机上改存为 JPG 后再上传")
        if head[8:12] == b"qt  ":
            raise Unacceptable("是 MOV 格式的视频，请转成 MP4 后再上传")
        return "mp4"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unacceptable("是加了密码的文档或旧版 doc、xls 文档，请去掉密码并另存为 PDF 后再上传")
    if head.startswith((b"Rar!", b"7z\xbc\xaf")):
        raise Unacceptable("是压缩包，请解压后逐个上传里面的文件")
    if head.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*")) or head[8:12] == b"WEBP":
        raise Unacceptable("不是 JPG 或 PNG 图片，请另存为 JPG 后再上传")
    raise Unacceptable("的内容不是可接收的格式，请另存为 PDF 或 JPG 后再上传")


def ending_of(name: str) -> str:
    """`jpg` for `照片.JPEG`; "" where there is none."""
    ending = Path(name).suffix.lstrip(".").lower()
    return ENDINGS.get(ending, ending)
