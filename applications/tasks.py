"""What is made in the background: whole files of cases, as a zip or as one volume to print.

The zip is written to the disk piece by piece, so memory holds one file at a time, however many cases there are.
"""

import contextlib
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from django.utils import timezone

from applications.models import Application
from applications.papers.dossier import Piece, Unreadable, facts_of, index_pdf, pieces_of
from applications.permissions import is_officer

INDEX, MANIFEST, SUMS, METADATA = "00-案卷目录.pdf", "manifest.json", "SHA256SUMS.txt", "metadata.xml"
A4 = (595.28, 841.89)  # points
MARGIN = 36
LONGEST_SIDE = 2400  # pixels of a picture on paper: 200 dots per inch on A4
PRINTABLE = ("pdf", "jpg", "png")


@dataclass
class Entry:
    """One file of a dossier as it was written."""

    name: str
    size: int
    sha256: str


@dataclass
class Folder:
    """What was written of one case, and what could not be."""

    entries: list[Entry] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)  # order of the piece → why


def make_dossiers(work):
    """The job `dossier`. Arguments: cases (keys), form ("zip" or "pdf")."""
    keys, as_volume = work.arguments["cases"], work.arguments["form"] == "pdf"
    day = timezone.localdate()
    if as_volume and len(keys) == 1:
        target, name = work.folder / "volume.pdf", ""
        for application in _allowed(work):
            faults = write_volume(application, target, work.folder)
            name = f"{application.number}-案卷.pdf"
            _note(work, application, faults)
        if name:
            work.keep(target, name)
        return
    target, made = work.folder / "dossiers.zip", 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for application in _allowed(work):
            if as_volume:
                volume = work.folder / "volume.pdf"
                faults = write_volume(application, volume, work.folder)
                archive.write(volume, f"{application.number}-案卷.pdf")
                volume.unlink()
            else:
                faults = write_folder(application, archive, f"{application.number}/").faults
            made += 1
            _note(work, application, faults)
    if made:
        kind = "案卷打印" if as_volume else "案卷"
        work.keep(target, f"{kind}-{day:%Y%m%d}-{made}件.zip")


def _allowed(work):
    """The cases one by one that the person may see at this moment; the others get a line that says so."""
    for key in work.arguments["cases"]:
        application = Application.objects.visible_to(work.by).filter(key=key, number__isnull=False).first()
        if application is None or not is_officer(work.by, application):
            label = application.number if application is not None else "—"
            work.note(label, ok=False, text="没有导出：不存在，或您不能查看（本人参与的申报由他人办理）。")
            continue
        yield application


def _note(work, application, faults):
    text = "；".join(f"第{order}件{why}" for order, why in faults.items())
    work.note(
        application.number,
        ok=not faults,
        text=f"{text}。其余文件已导出。" if faults else "全部文件已导出。",
        url=application.get_absolute_url(),
    )


# ── the zip ─────────────────────────────────────────────────────────────────────────────────────
def write_folder(application, archive: zipfile.ZipFile, prefix: str) -> Folder:
    """One case into one folder of the zip: pieces, index, metadata, manifest and sums."""
    folder, pieces = Folder(), pieces_of(application)

    def put(name, content: bytes):
        moment = timezone.localtime().timetuple()[:6]
        archive.writestr(zipfile.ZipInfo(prefix + name, moment), content)
        folder.entries.append(Entry(name, len(content), hashlib.sha256(content).hexdigest()))

    for piece in pieces:
        try:
            content = piece.read()
        except Unreadable as fault:
            folder.faults[piece.order] = str(fault)
            continue
        if piece.pages is None and piece.ending == "pdf":  # it was printed only now
            piece.pages = _page_count(content)
        put(piece.file_name, content)
    put(INDEX, index_pdf(application, pieces, folder.faults, numbered_pages=False))
    put(METADATA, _metadata(application, pieces, folder))
    put(MANIFEST, _manifest(application, pieces, folder))
    sums = "".join(f"{entry.sha256}  {entry.name}\n" for entry in folder.entries)
    put(SUMS, sums.encode())
    return folder


def _page_count(content: bytes) -> int | None:
    from park.pdf import page_count

    return page_count(content)


def _manifest(application, pieces: list[Piece], folder: Folder) -> bytes:
    """Every file with its hash, in order; and what belongs here but has no file."""
    missing = [
        {
            "order": piece.order,
            "title": piece.title,
            "number": piece.number,
            "reason": folder.faults[piece.order],
        }
        for piece in pieces
        if piece.order in folder.faults
    ]
    data = {
        "case": application.number,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "algorithm": "SHA-256",
        "files": [
            {"name": entry.name, "size": entry.size, "sha256": entry.sha256} for entry in folder.entries
        ],
        "missing": missing,
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _metadata(application, pieces: list[Piece], folder: Folder) -> bytes:
    """The elements of DA/T 46-2009 for the file and for each piece; the archive gives the 档号."""
    facts, written = facts_of(application), {entry.name: entry for entry in folder.entries}
    root = ElementTree.Element("案卷")

    def add(parent, **elements):
        for name, text in elements.items():
            ElementTree.SubElement(parent, name).text = "" if text is None else str(text)

    add(
        root,
        档号="",
        题名=f"{facts['studio_name']}入驻申报案卷",
        编号=facts["application_number"],
        责任者="镇江市技能大师产业创新园管理办公室",
        机构="镇江市人力资源和社会保障局",
        日期=timezone.localdate(application.submitted_at).isoformat(),
        年度=facts["year"],
        保管期限=facts["retention"],
        密级="非密（含个人信息）",
        状态=facts["stage"],
    )
    for piece in pieces:
        entry = written.get(piece.file_name)
        node = ElementTree.SubElement(root, "文件")
        add(
            node,
            顺序号=piece.order,
            题名=piece.title,
            编号=piece.number,
            责任者=piece.responsible,
            日期=piece.on.isoformat(),
            页数=piece.pages,
            格式=piece.ending.upper(),
            文件名=entry.name if entry else "",
            大小=entry.size if entry else "",
            摘要=entry.sha256 if entry else "",
            备注="；".join(filter(None, [piece.note, folder.faults.get(piece.order, "")])),
        )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


# ── the volume to print ─────────────────────────────────────────────────────────────────────────
def write_volume(application, target: Path, folder: Path) -> dict[int, str]:
    """One PDF of one case in order: index, papers, attachments, pictures as pages; the pages are numbered in the
    upper right corner and every piece has a bookmark. Returns what is not in it, and why, by order."""
    import pikepdf

    pieces, faults = pieces_of(application), {}
    with contextlib.ExitStack() as stack:
        volume = stack.enter_context(pikepdf.new())
        for piece in pieces:
            try:
                page = _add(volume, piece, folder, stack)
            except Unreadable as fault:
                faults[piece.order] = str(fault)
            else:
                piece.page, piece.pages = page, len(volume.pages) - page + 1
        _number(volume)
        index = stack.enter_context(
            pikepdf.open(io.BytesIO(index_pdf(application, pieces, faults, numbered_pages=True)))
        )
        front = len(index.pages)
        volume.pages[0:0] = list(index.pages)
        with volume.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("案卷目录", 0))
            for piece in pieces:
                if piece.page:
                    outline.root.append(
                        pikepdf.OutlineItem(f"{piece.order} {piece.title}", front + piece.page - 1)
                    )
        volume.Root.PageMode = pikepdf.Name.UseOutlines
        with volume.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:title"] = f"{application.number} 案卷"
        volume.save(target)
    for part in folder.glob("piece-*"):
        part.unlink()
    return faults


def _add(volume, piece: Piece, folder: Path, stack) -> int:
    """Append the pages of a piece; returns the number of its first page."""
    import pikepdf

    if piece.ending not in PRINTABLE:
        raise Unreadable("不能打印，见电子文件")
    content, first = piece.read(), len(volume.pages) + 1
    if piece.ending == "pdf":
        path = folder / f"piece-{piece.order}.pdf"  # read from the disk as it is saved, not kept in memory
        path.write_bytes(content)
        try:
            source = stack.enter_context(pikepdf.open(path))
            volume.pages.extend(source.pages)
        except pikepdf.PdfError:
            raise Unreadable("文件已损坏，不能打印") from None
    else:
        volume.pages.append(_picture_page(volume, content))
    return first


def _picture_page(volume, content: bytes):
    """A picture on a page of A4, turned with it, never enlarged beyond the margins."""
    import pikepdf
    from PIL import Image

    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    coded = io.BytesIO()
    picture.save(coded, "JPEG", quality=85)
    wide, high = A4 if picture.height >= picture.width else A4[::-1]
    scale = min((wide - 2 * MARGIN) / picture.width, (high - 2 * MARGIN) / picture.height, 1.0)
    w, h = picture.width * scale, picture.height * scale
    image = pikepdf.Stream(
        volume,
        coded.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    drawing = f"q {w:.2f} 0 0 {h:.2f} {(wide - w) / 2:.2f} {(high - h) / 2:.2f} cm /Picture Do Q"
    return pikepdf.Page(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, wide, high],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=image)),
            Contents=pikepdf.Stream(volume, drawing.encode()),
        )
    )


def _number(volume):
    """The page number of the volume in the upper right corner, as it is seen, also on turned pages."""
    import pikepdf

    face = volume.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for n, page in enumerate(volume.pages, 1):
        left, bottom, right, top = (float(v) for v in page.cropbox)
        text, turned = str(n), int(page.obj.get("/Rotate", 0)) % 360
        along, down = 28 + 6 * len(text), 28
        matrix = {
            0: f"1 0 0 1 {right - along:.1f} {top - down:.1f}",
            90: f"0 1 -1 0 {left + down:.1f} {top - along:.1f}",
            180: f"-1 0 0 -1 {left + along:.1f} {bottom + down:.1f}",
            270: f"0 -1 1 0 {right - down:.1f} {bottom + along:.1f}",
        }[turned]
        name = page.add_resource(face, pikepdf.Name.Font, pikepdf.Name("/VolumeNumber"))
        page.contents_add(b"q", prepend=True)
        mark = f"Q q 0 g BT {name} 11 Tf {matrix} Tm ({text}) Tj ET Q"
        page.contents_add(mark.encode())
