import hashlib
import io
import re
from contextlib import closing
from datetime import timedelta

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from pikepdf import Encryption, ObjectStreamMode
from PIL import Image

from park import attachments
from park.attachments import DOCX, EVIDENCE, IMAGE, PDF, VIDEO, XLSX, UnacceptableFile
from park.models import AuditEntry, StoredFile
from tests.park import upload_samples as samples
from tests.park.upload_samples import upload

ANY = EVIDENCE | DOCX | XLSX | VIDEO
ID_NUMBER = "11010519491231002X"  # the example of GB 11643

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": str(tmp_path / "files")}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}


@pytest.fixture
def person():
    return get_user_model().objects.create(username="chen")


# ── what stays outside ──────────────────────────────────────────────────────────────────────────
SCRIPT = "含有脚本或自动执行的动作，请用“打印为 PDF”重新生成后再上传。"
HIDDEN = "里面夹带了其他文件，请去掉后重新生成 PDF，或把夹带的文件单独上传。"
COMPLEX_PDF = "展开后过大或结构过于复杂，请用“打印为 PDF”重新生成后再上传。"
DAMAGED_PDF = "已损坏，无法打开，请重新导出或扫描后再上传。"
COMPLEX_OFFICE = "展开后过大或结构过于复杂，请另存为 PDF 后再上传。"
DAMAGED_OFFICE = "已损坏，无法打开，请重新保存后再上传。"
MACRO = "含有宏，请另存为不含宏的 docx、xlsx 或 PDF 后再上传。"
EMBEDDED = "里面嵌入了其他对象或控件，请另存为 PDF 后再上传。"
REMOTE = "引用了外部文件或网络内容，请断开链接，或另存为 PDF 后再上传。"
DDE_FIELD = {
    "word/document.xml": '<d xmlns:w="urn:w"><w:instrText>DDE</w:instrText><w:instrText>AUTO c</w:instrText></d>'
}

REFUSED = {
    # name, content, sentence after the name
    "empty": ("a.pdf", lambda: b"", "是空文件，请检查后重新选择。"),
    "unknown": (
        "a.pdf",
        lambda: b"MZ\x90\x00" * 40,
        "的内容不是可接收的格式，请另存为 PDF 或 JPG 后再上传。",
    ),
    "html": ("a.pdf", lambda: b"<html><script>", "的内容不是可接收的格式，请另存为 PDF 或 JPG 后再上传。"),
    "heic": ("a.jpg", lambda: b"\0\0\0\x18ftypheic", "是 HEIC 格式的照片，请在手机上改存为 JPG 后再上传。"),
    "mov": ("a.mp4", lambda: samples.video(b"qt  "), "是 MOV 格式的视频，请转成 MP4 后再上传。"),
    "gif": ("a.png", lambda: samples.picture("GIF"), "不是 JPG 或 PNG 图片，请另存为 JPG 后再上传。"),
    "webp": ("a.jpg", lambda: samples.picture("WEBP"), "不是 JPG 或 PNG 图片，请另存为 JPG 后再上传。"),
    "old word": (
        "a.docx",
        lambda: b"\xd0\xcf\x11\xe0" * 200,
        "是加了密码的文档或旧版 doc、xls 文档，请去掉密码并另存为 PDF 后再上传。",
    ),
    "rar": ("a.docx", lambda: b"Rar!\x1a\x07", "是压缩包，请解压后逐个上传里面的文件。"),
    "zip": ("a.docx", lambda: samples.office(content_types=False), "是压缩包，请解压后逐个上传里面的文件。"),
    "id card": (
        "张三 身 份 证.jpg",
        samples.picture,
        "看起来是身份证件，本系统不收身份证复印件或照片，请改传其他证明材料。",
    ),
    "picture called pdf": (
        "a.pdf",
        samples.picture,
        "的内容是 JPG，文件名却不是以 .jpg 结尾，请确认选对了文件并改正文件名后再上传。",
    ),
    "pdf called exe": (
        "a.pdf.exe",
        samples.pdf,
        "的内容是 PDF，文件名却不是以 .pdf 结尾，请确认选对了文件并改正文件名后再上传。",
    ),
    "word called excel": (
        "a.xlsx",
        samples.office,
        "的内容是 DOCX，文件名却不是以 .docx 结尾，请确认选对了文件并改正文件名后再上传。",
    ),
    "no ending": (
        "申报表",
        samples.pdf,
        "的内容是 PDF，文件名却不是以 .pdf 结尾，请确认选对了文件并改正文件名后再上传。",
    ),
    # PDF
    "pdf script": ("a.pdf", lambda: samples.pdf(samples.script), SCRIPT),
    "pdf script by name": ("a.pdf", lambda: samples.pdf(samples.script_in_names), SCRIPT),
    "pdf launch": ("a.pdf", lambda: samples.pdf(samples.launch), SCRIPT),
    "pdf page action": ("a.pdf", lambda: samples.pdf(samples.additional_action), SCRIPT),
    "pdf sends form": ("a.pdf", lambda: samples.pdf(samples.submit_form), SCRIPT),
    "pdf script, name escaped": (
        "a.pdf",
        lambda: samples.pdf(samples.script).replace(b"/JavaScript", b"/J#61vaScri#70t"),
        SCRIPT,
    ),
    "pdf script, in an object stream": (
        "a.pdf",
        lambda: samples.pdf(samples.script, object_stream_mode=ObjectStreamMode.generate),
        SCRIPT,
    ),
    "pdf with a file": ("a.pdf", lambda: samples.pdf(samples.embedded_file), HIDDEN),
    "pdf with a file note": ("a.pdf", lambda: samples.pdf(samples.file_annotation), HIDDEN),
    "pdf xfa": (
        "a.pdf",
        lambda: samples.pdf(samples.xfa),
        "是动态表单（XFA），请用“打印为 PDF”重新生成后再上传。",
    ),
    "pdf media": (
        "a.pdf",
        lambda: samples.pdf(samples.rich_media),
        "里面嵌有音视频或三维内容，请用“打印为 PDF”重新生成后再上传。",
    ),
    "pdf password": (
        "a.pdf",
        lambda: samples.pdf(encryption=Encryption(owner="a", user="b")),
        "设有密码，打不开，请去掉密码后再上传。",
    ),
    "pdf owner password": (
        "a.pdf",
        lambda: samples.pdf(encryption=Encryption(owner="a", user="")),
        "设有密码或限制，请去掉后再上传。",
    ),
    "pdf cut off": ("a.pdf", lambda: b"%PDF-1.7\nnothing more", DAMAGED_PDF),
    "pdf without pages": (
        "a.pdf",
        lambda: samples.pdf(pages=0),
        DAMAGED_PDF,
    ),
    "pdf of 301 pages": (
        "a.pdf",
        lambda: samples.pdf(pages=301),
        "有 301 页，超过 300 页的上限，请拆成几份后再上传。",
    ),
    "pdf flate bomb": ("a.pdf", lambda: samples.pdf(samples.flate_bomb), COMPLEX_PDF),
    "pdf many flate bombs": ("a.pdf", lambda: samples.pdf(samples.flate_bombs), COMPLEX_PDF),
    "pdf doubled flate bomb": ("a.pdf", lambda: samples.pdf(samples.double_flate_bomb), COMPLEX_PDF),
    "pdf lzw bomb": ("a.pdf", lambda: samples.pdf(samples.lzw_bomb), COMPLEX_PDF),
    "pdf object stream bomb": ("a.pdf", samples.object_stream_bomb, DAMAGED_PDF),
    "pdf of 110,000 objects": ("a.pdf", lambda: samples.pdf(samples.many_objects), COMPLEX_PDF),
    "pdf deep page tree": ("a.pdf", samples.deep_page_tree, DAMAGED_PDF),
    "pdf looping page tree": ("a.pdf", samples.looping_page_tree, DAMAGED_PDF),
    "pdf deep nesting": ("a.pdf", samples.deep_nesting, DAMAGED_PDF),
    "pdf huge picture": (
        "a.pdf",
        lambda: samples.pdf(samples.huge_picture),
        "里面有尺寸异常大的图片，请以 300 dpi 重新扫描后再上传。",
    ),
    # pictures
    "png bomb": (
        "a.png",
        samples.png_bomb,
        "有 360000 万像素，超过 2500 万像素的上限，请缩小图片后再上传。",
    ),
    "png comment bomb": ("a.png", samples.png_text_bomb, "已损坏，无法打开，请重新拍照或导出后再上传。"),
    "jpeg cut off": (
        "a.jpg",
        lambda: samples.picture(size=(900, 900))[:700],
        "已损坏，无法打开，请重新拍照或导出后再上传。",
    ),
    "jpeg of many scans": ("a.jpg", samples.jpeg_scan_bomb, "结构过于复杂，请另存为普通 JPG 后再上传。"),
    # Word and Excel
    "zip bomb": ("a.docx", samples.zip_bomb, COMPLEX_OFFICE),
    "zip bomb that lies": ("a.docx", samples.lying_zip_bomb, DAMAGED_OFFICE),
    "5,000 entries": ("a.docx", samples.many_entries, COMPLEX_OFFICE),
    "entity bomb": ("a.docx", samples.entity_bomb, DAMAGED_OFFICE),
    "deep xml": (
        "a.docx",
        lambda: samples.office(parts={"word/document.xml": "<a>" * 9000 + "</a>" * 9000}),
        COMPLEX_OFFICE,
    ),
    "zip cut off": ("a.docx", lambda: samples.office()[:-30], DAMAGED_OFFICE),
    "path leads out": (
        "a.docx",
        lambda: samples.office(parts={"../../etc/passwd": "x"}),
        "里面的文件路径不规范，请重新保存后再上传。",
    ),
    "macro": ("a.docx", lambda: samples.office(parts={"word/vbaProject.bin": "x"}), MACRO),
    "macro document": ("a.docx", lambda: samples.office(main=samples.WORD_MACRO), MACRO),
    "macro under another name": (
        "a.docx",
        lambda: samples.office(relations=[("vbaProject", "media/a.png", False)]),
        MACRO,
    ),
    "object": ("a.docx", lambda: samples.office(parts={"word/embeddings/oleObject1.bin": "x"}), EMBEDDED),
    "object under another name": (
        "a.docx",
        lambda: samples.office(relations=[("oleObject", "media/a.png", False)]),
        EMBEDDED,
    ),
    "remote template": (
        "a.docx",
        lambda: samples.office(relations=[("attachedTemplate", "https://example.org/t.dotm", True)]),
        REMOTE,
    ),
    "remote picture": (
        "a.docx",
        lambda: samples.office(relations=[("image", "https://example.org/t.png", True)]),
        REMOTE,
    ),
    "link to a file": (
        "a.docx",
        lambda: samples.office(relations=[("hyperlink", "file:///c:/cmd.exe", True)]),
        REMOTE,
    ),
    "dde field": ("a.docx", lambda: samples.office(parts=DDE_FIELD), REMOTE),
    "excel linked to another": (
        "a.xlsx",
        lambda: samples.office(main=samples.EXCEL, parts={"xl/externalLinks/externalLink1.xml": "<a/>"}),
        REMOTE,
    ),
    "powerpoint": (
        "a.docx",
        lambda: samples.office(main="application/x-other"),
        "不是 Word 文档或 Excel 表格，请另存为 PDF 后再上传。",
    ),
    # video
    "video without index": (
        "a.mp4",
        lambda: samples.video(moov=False),
        "已损坏，无法播放，请重新导出为 MP4 后再上传。",
    ),
    "video with a tail": (
        "a.mp4",
        lambda: samples.video(extra=b"PK\x03\x04 and more"),
        "已损坏，无法播放，请重新导出为 MP4 后再上传。",
    ),
}


@pytest.mark.parametrize(("name", "make", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_check_refuses(name, make, sentence):
    with pytest.raises(UnacceptableFile) as caught:
        attachments.check(upload(make(), name), kinds=ANY)

    assert caught.value.messages == [f"“{name}”{sentence}"]


def test_check_refuses_a_kind_that_is_not_asked_for():
    with pytest.raises(UnacceptableFile) as caught:
        attachments.check(upload(samples.office(), "a.docx"), kinds=PDF | IMAGE)

    assert caught.value.messages == [
        "这里只收PDF、JPG/PNG 图片，“a.docx”是Word 文档（docx），请换成要求的格式后再上传。"
    ]


def test_check_refuses_more_than_the_park_allows_before_reading_on(monkeypatch):
    monkeypatch.setattr(attachments, "examine", None)  # not even started

    with pytest.raises(UnacceptableFile) as caught:
        attachments.check(upload(b"%PDF-1.7" + b" " * (21 << 20), "a.pdf"))

    assert caught.value.messages == ["“a.pdf”有 21.0 MB，超过 20 MB 的上限，请压缩或拆分后再上传。"]


def test_check_allows_videos_more_than_papers():
    film = samples.video(extra=b"\0\0\0\0free" + bytes(21 << 20))

    assert attachments.check(upload(film, "a.mp4"), kinds=VIDEO).size == len(film)


def test_check_takes_the_limit_of_its_caller():
    with pytest.raises(UnacceptableFile, match=r"超过 1 MB 的上限"):
        attachments.check(upload(samples.pdf() + b" " * (2 << 20), "a.pdf"), max_mb=1)


def test_check_says_so_when_the_machine_is_too_busy(monkeypatch):
    monkeypatch.setattr(attachments, "PATIENCE_SECONDS", 0.001)

    with pytest.raises(UnacceptableFile) as caught:
        attachments.check(upload(samples.pdf(), "a.pdf"))

    assert caught.value.messages == ["系统正忙，没能检查完“a.pdf”，请稍后再上传一次。"]


@pytest.mark.parametrize(
    "crash",
    ["import os; os.abort()", "x = bytes(1 << 30)", "while True: pass"],
    ids=["crash", "memory", "time"],
)
def test_check_survives_a_file_that_ends_its_inspection(monkeypatch, tmp_path, crash):
    package = tmp_path / "park" / "inspection"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    limits = "import resource, signal; resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))"
    (package / "__main__.py").write_text(f"{limits}; signal.setitimer(signal.ITIMER_PROF, 0.2)\n{crash}")
    monkeypatch.setattr(attachments.settings, "BASE_DIR", tmp_path)

    with pytest.raises(UnacceptableFile) as caught:
        attachments.check(upload(samples.pdf(), "a.pdf"), max_mb=1)

    assert caught.value.messages == [
        "“a.pdf”展开后过大、结构过于复杂或已损坏，无法检查，请另存或打印为 PDF 后再上传。"
    ]


def test_scan_hook_may_refuse(monkeypatch):
    def scanner(path):
        raise UnacceptableFile("这个文件带有病毒，请换一份。")

    monkeypatch.setattr(attachments, "scan_hooks", [scanner])

    with pytest.raises(UnacceptableFile, match="带有病毒"):
        attachments.check(upload(samples.pdf(), "a.pdf"))


# ── what comes in ───────────────────────────────────────────────────────────────────────────────
ACCEPTED = {
    "pdf": ("推荐意见.pdf", lambda: samples.pdf(pages=3), "pdf", "application/pdf", 3),
    "pdf after a mark": ("a.PDF", lambda: b"\xef\xbb\xbf" + samples.pdf(), "pdf", "application/pdf", 1),
    "pdf of an ordinary writer": (
        "a.pdf",
        lambda: samples.pdf(samples.harmless),
        "pdf",
        "application/pdf",
        1,
    ),
    "pdf of 300 pages": ("a.pdf", lambda: samples.pdf(pages=300), "pdf", "application/pdf", 300),
    "word": ("简介.docx", samples.office, "docx", attachments.CONTENT_TYPES["docx"], None),
    "word with a web link": (
        "a.docx",
        lambda: samples.office(relations=[("hyperlink", "https://example.org/", True)]),
        "docx",
        attachments.CONTENT_TYPES["docx"],
        None,
    ),
    "excel": (
        "成员.xlsx",
        lambda: samples.office(main=samples.EXCEL),
        "xlsx",
        attachments.CONTENT_TYPES["xlsx"],
        None,
    ),
    "video": ("绝技.mp4", samples.video, "mp4", "video/mp4", None),
}


@pytest.mark.parametrize(
    ("name", "make", "kind", "content_type", "pages"), ACCEPTED.values(), ids=ACCEPTED.keys()
)
def test_accept_keeps_the_bytes(person, name, make, kind, content_type, pages):
    content = make()

    stored = attachments.accept(upload(content, name), by=person, kinds=ANY)

    stored = StoredFile.objects.get(pk=stored.pk)
    assert (stored.kind, stored.content_type, stored.pages) == (kind, content_type, pages)
    assert (stored.original_name, stored.uploaded_by, stored.size) == (name, person, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert attachments.content_of(stored) == content
    assert re.fullmatch(r"uploads/([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}", stored.storage_name)


def test_accept_takes_a_large_upload_from_its_temporary_file(person):
    content = samples.pdf(pages=2)
    with TemporaryUploadedFile("a.pdf", "application/pdf", len(content), None) as large:
        large.write(content)
        large.seek(0)

        stored = attachments.accept(large, by=person)

        assert attachments.content_of(stored) == content
        large.seek(0)
        assert large.read() == content  # copied, not moved away


def test_accept_draws_a_photo_anew_upright_and_without_its_secrets(person):
    stored = attachments.accept(upload(samples.photo(size=(80, 60)), "现场.JPG"), by=person)

    content = attachments.content_of(stored)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (60, 80), {})
        assert "comment" not in image.info
    assert b"Zhang" not in content
    assert b"secret" not in content
    assert (stored.kind, stored.content_type, stored.size) == ("image", "image/jpeg", len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("kind", "mode", "kept"),
    [
        ("PNG", "RGBA", "RGBA"),
        ("PNG", "P", "P"),
        ("PNG", "L", "L"),
        ("PNG", "I;16", "RGB"),
        ("JPEG", "L", "L"),
        ("JPEG", "CMYK", "RGB"),
    ],
)
def test_accept_takes_every_usual_picture(person, kind, mode, kept):
    name = "a.png" if kind == "PNG" else "a.jpg"

    stored = attachments.accept(upload(samples.picture(kind, mode=mode, colour=0), name), by=person)

    with Image.open(io.BytesIO(attachments.content_of(stored))) as image:
        assert (image.mode, image.size) == (kept, (80, 60))


def test_accept_drops_what_follows_a_picture(person):
    stored = attachments.accept(upload(samples.picture("PNG") + b"PK\x03\x04 hidden", "a.png"), by=person)

    assert b"hidden" not in attachments.content_of(stored)


def test_accept_halves_an_oversized_photo(person):
    stored = attachments.accept(upload(samples.picture(size=(6000, 5000), mode="L"), "a.jpg"), by=person)

    with Image.open(io.BytesIO(attachments.content_of(stored))) as image:
        assert image.size == (3000, 2500)


def test_two_equal_files_are_two_rows_with_their_own_bytes(person):
    content = samples.pdf()
    one, two = (attachments.accept(upload(content, "a.pdf"), by=person) for _ in range(2))

    assert one.sha256 == two.sha256
    assert (one.key != two.key, one.storage_name != two.storage_name) == (True, True)


def test_check_asks_one_query_and_store_writes_one_row(person, django_assert_num_queries):
    with django_assert_num_queries(1):
        checked = attachments.check(upload(samples.pdf(), "a.pdf"))
    with django_assert_num_queries(1):
        attachments.store(checked, by=person)


@pytest.mark.django_db(transaction=True)
def test_store_belongs_inside_a_transaction(person):
    checked = attachments.check(upload(samples.pdf(), "a.pdf"))

    with pytest.raises(transaction.TransactionManagementError):
        attachments.store(checked, by=person)


def test_rollback_leaves_no_row_and_purge_orphans_sweeps_the_bytes(person, monkeypatch, capsys):
    kept = attachments.accept(upload(samples.pdf(), "a.pdf"), by=person)
    with transaction.atomic():
        lost = attachments.accept(upload(samples.pdf(), "b.pdf"), by=person)
        transaction.set_rollback(True)
    assert list(StoredFile.objects.all()) == [kept]

    call_command("purge_orphans")  # too young: its transaction may still be running
    assert default_storage.exists(lost.storage_name)

    tomorrow = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    call_command("purge_orphans", "--dry-run")
    assert default_storage.exists(lost.storage_name)
    call_command("purge_orphans")

    assert (default_storage.exists(kept.storage_name), default_storage.exists(lost.storage_name)) == (
        True,
        False,
    )
    assert capsys.readouterr().out.splitlines() == [
        "已删除 0 个没有登记的文件。",
        "已删除 0 个到期的任务结果，0 个中断任务的残留。",
        lost.storage_name,
        "发现 1 个没有登记的文件。",
        "已删除 1 个没有登记的文件。",
        "已删除 0 个到期的任务结果，0 个中断任务的残留。",
    ]


def test_bytes_are_synced_before_the_row(person, monkeypatch):
    order = []
    real_sync, real_create = attachments.os.fsync, StoredFile.objects.create
    monkeypatch.setattr(attachments.os, "fsync", lambda handle: order.append("fsync") or real_sync(handle))
    monkeypatch.setattr(StoredFile.objects, "create", lambda **kw: order.append("row") or real_create(**kw))

    attachments.accept(upload(samples.pdf(), "a.pdf"), by=person)

    assert order == ["fsync"] * 5 + ["row"]  # the file, its three folders, the root


# ── names ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("镕喆玥垚昇堃珺䶮.pdf", "镕喆玥垚昇堃珺䶮.pdf"),
        ("C:\\Users\\张三\\申报表.pdf", "申报表.pdf"),
        ("../../etc/申报表.pdf", "申报表.pdf"),
        ("a\x00b\x07c\r\nd.pdf", "abc d.pdf"),
        ("申报\u202efdp.exe", "申报fdp.exe"),
        ("零\u200b宽\ufeff.pdf", "零宽.pdf"),
        ("孤\ud800立.pdf", "孤立.pdf"),
        ("  ..申报表.pdf. ", "申报表.pdf"),
        ("长" * 300 + ".pdf", "长" * 109 + "….pdf"),
        ("长" * 300, "长" * 119 + "…"),
        ("", "未命名"),
        (None, "未命名"),
        ("\u202e", "未命名"),
    ],
)
def test_clean_name(given, shown):
    assert attachments.clean_name(given) == shown


def test_a_long_name_is_shortened_in_the_refusal():
    with pytest.raises(UnacceptableFile) as caught:
        attachments.check(upload(b"", "长" * 100 + ".pdf"))

    assert caught.value.messages == [f"“{'长' * 28}…{'长' * 6}.pdf”是空文件，请检查后重新选择。"]


# ── out again ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def stored_pdf(person):
    return attachments.accept(upload(samples.pdf(), "张三的申报表.pdf"), by=person)


def test_serve_sends_a_download_that_names_nobody(stored_pdf):
    response = attachments.serve(stored_pdf)

    neutral = f"%E9%99%84%E4%BB%B6-{stored_pdf.key.hex[:8]}.pdf"
    assert dict(response.items()) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(stored_pdf.size),
        "Content-Disposition": f"attachment; filename*=utf-8''{neutral}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'; sandbox",
    }
    assert response.getvalue() == attachments.content_of(stored_pdf)
    response.close()


def test_serve_cleans_the_name_it_is_given(stored_pdf):
    with closing(attachments.serve(stored_pdf, filename='x/ZJ-2026-0001"\r\n.pdf')) as response:
        assert response["Content-Disposition"] == 'attachment; filename="ZJ-2026-0001\\" .pdf"'


def test_serve_shows_only_papers_and_pictures_in_the_page(person, stored_pdf):
    picture = attachments.accept(upload(samples.picture(), "a.jpg"), by=person)
    word = attachments.accept(upload(samples.office(), "a.docx"), by=person, kinds=DOCX)

    shown = {}
    for file in (stored_pdf, picture, word):
        with closing(attachments.serve(file, inline=True)) as response:
            shown[file.kind] = (
                response["Content-Disposition"].split(";")[0],
                response["Content-Security-Policy"],
            )

    assert shown == {
        "pdf": ("inline", "default-src 'none'; frame-ancestors 'self'; object-src 'self'"),
        "image": ("inline", "default-src 'none'; frame-ancestors 'self'; sandbox"),
        "docx": ("attachment", "default-src 'none'; frame-ancestors 'self'; sandbox"),
    }


def test_purge_removes_the_bytes_and_keeps_the_row(person, stored_pdf, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        attachments.purge(stored_pdf, by=person, reason="草稿超过保留期")
        attachments.purge(stored_pdf, by=person, reason="再来一次")

    assert not default_storage.exists(stored_pdf.storage_name)
    assert (stored_pdf.purged_at is not None, stored_pdf.purge_reason) == (True, "草稿超过保留期")
    assert list(AuditEntry.objects.values_list("verb", "note")) == [("purge_file", "草稿超过保留期")]
    with pytest.raises(Http404):
        attachments.serve(stored_pdf)


def test_content_of_notices_changed_bytes(stored_pdf):
    with open(default_storage.path(stored_pdf.storage_name), "ab") as file:
        file.write(b"x")

    with pytest.raises(ValueError, match="不符"):
        attachments.content_of(stored_pdf)


# ── the row ─────────────────────────────────────────────────────────────────────────────────────
def test_row_cannot_be_changed_or_deleted(stored_pdf):
    with pytest.raises(TypeError):
        stored_pdf.save()
    with pytest.raises(TypeError):
        stored_pdf.delete()


@pytest.mark.parametrize(
    "change",
    [
        {"size": 0},
        {"sha256": "ab"},
        {"kind": "exe"},
        {"pages": 0},
        {"kind": "docx", "pages": 3},
        {"purge_reason": "没有时间"},
        {"purged_at": timezone.now()},
    ],
)
def test_database_refuses(stored_pdf, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored_pdf.pk).update(**change)


# ── in a form ───────────────────────────────────────────────────────────────────────────────────
class ScanForm(forms.Form):
    scan = attachments.UploadField(label="盖章扫描件", kinds=PDF)


def test_field_gives_a_checked_upload():
    form = ScanForm({}, {"scan": upload(samples.pdf(pages=2), "a.pdf")})

    assert form.is_valid()
    assert (form.cleaned_data["scan"].kind, form.cleaned_data["scan"].pages) == ("pdf", 2)
    assert 'accept=".pdf"' in str(form["scan"])


def test_field_shows_the_one_sentence():
    form = ScanForm({}, {"scan": upload(b"", "a.pdf")})

    assert form.errors == {"scan": ["“a.pdf”是空文件，请检查后重新选择。"]}


# ── what it says ────────────────────────────────────────────────────────────────────────────────
def qr_picture(text: str, border=20) -> bytes:
    import segno

    drawn = io.BytesIO()
    segno.make(text, micro=False).save(drawn, kind="png", scale=4)
    with Image.open(drawn) as code:
        page = Image.new("L", (827, 1169), 255)
        page.paste(code.convert("L"), (border, border))
        out = io.BytesIO()
        page.rotate(1.5, fillcolor=245).save(out, "JPEG", quality=60)
    return out.getvalue()


def test_qr_codes_of_a_scan_and_a_photo_are_read_on_request():
    text = "https://example.org/check/abc"
    picture = qr_picture(text)
    scan = samples.pdf_of_picture(picture, 827, 1169)

    assert attachments.check(upload(scan, "a.pdf"), read_qr=True).qr_texts == (text,)
    assert attachments.check(upload(picture, "a.jpg"), read_qr=True).qr_texts == (text,)
    assert attachments.check(upload(picture, "a.jpg")).qr_texts == ()


def test_a_file_without_qr_codes_has_none():
    assert attachments.check(upload(samples.office(), "a.docx"), kinds=DOCX, read_qr=True).qr_texts == ()
    assert attachments.check(upload(samples.pdf(), "a.pdf"), read_qr=True).qr_texts == ()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.pdf", lambda: samples.pdf_with_text(f"ID {ID_NUMBER}\nTel 138 1234 5678\nNo 110105194912310021")),
        (
            "a.docx",
            lambda: samples.office(
                parts=samples.word_text(["证号", ID_NUMBER[:9], ID_NUMBER[9:]], ["13812345678"])
            ),
        ),
        (
            "a.xlsx",
            lambda: samples.office(
                main=samples.EXCEL,
                parts={
                    "xl/sharedStrings.xml": f"<sst><si><t>{ID_NUMBER}</t></si></sst>",
                    "xl/worksheets/sheet1.xml": "<w><c><v>13812345678</v></c><c><v>12812345678</v></c></w>",
                },
            ),
        ),
    ],
)
def test_contains_personal_data_finds_numbers_and_masks_them(person, name, make):
    stored = attachments.accept(upload(make(), name), by=person, kinds=ANY)

    found = attachments.contains_personal_data(stored)

    assert found == ["身份证号码 11**************2X", "手机号码 13*******78"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "编号 202611230001",
        "110105194912310021",
        "统一社会信用代码 91321100MA1MXXXX0X",
        "13812345678901",
        "电话 0511-85012345",
    ],
)
def test_other_numbers_are_not_personal_data(text):
    assert attachments.personal_data_in(text) == []


def test_full_width_numbers_are_found():
    assert attachments.personal_data_in("手机１３８１２３４５６７８") == ["手机号码 13*******78"]


def test_text_that_cannot_be_read_stops_publishing(stored_pdf):
    with open(default_storage.path(stored_pdf.storage_name), "wb") as file:
        file.write(b"no longer a pdf")

    assert attachments.contains_personal_data(stored_pdf) == ["文字无法读取，请人工核对"]


def test_unacceptable_file_is_a_validation_error():
    assert issubclass(UnacceptableFile, ValidationError)
