"""Is a paper numbered, printed once, kept as it was, and found out when it no longer stands?"""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from park import documents, pdf
from park.models import AuditEntry, Document, NumberSequence, Unit, User
from park.models.document import CHECK_ALPHABET, DocumentState, next_number
from tests.papers import page_texts, qr_texts
from tests.races import at_once

CONTEXT = {
    "application_number": "SB-2026-0001",
    "studio_name": "某工作室",
    "leader_name": "某人",
    "items": [],
}


@pytest.fixture
def officer(db):
    return User.objects.create_user("officer", real_name="某干部")


@pytest.fixture
def subject(db):
    return Unit.objects.create(name="某单位")


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    """A kind of paper whose text is fixed; tests may break its builder."""
    monkeypatch.setattr(documents, "KINDS", {})
    documents.register(
        "letter", lambda document: ("documents/correction_notice.html", CONTEXT), title="告知书", prefix="GZ"
    )
    documents.register(
        "other", lambda document: ("documents/receipt.html", CONTEXT), title="回执", prefix="HZ"
    )


@pytest.fixture
def letter(officer, subject, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = documents.issue("letter", subject, by=officer, content_hash="c" * 64)
    document.refresh_from_db()
    return document


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────
def test_numbers_count_per_prefix_and_year(db):
    assert [
        next_number("SB", 2026),
        next_number("SB", 2026),
        next_number("BZ", 2026),
        next_number("SB", 2027),
    ] == [
        "SB-2026-0001",
        "SB-2026-0002",
        "BZ-2026-0001",
        "SB-2027-0001",
    ]


def test_number_is_given_back_when_the_transaction_fails(db):
    with transaction.atomic():
        next_number("SB", 2026)
        transaction.set_rollback(True)
    assert next_number("SB", 2026) == "SB-2026-0001"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_drawn_at_the_same_time_have_no_doubles_and_no_gaps():
    results = at_once(*[lambda: [next_number("SB", 2026) for _ in range(5)]] * 8)
    assert sorted(n for drawn in results for n in drawn) == [f"SB-2026-{n:04d}" for n in range(1, 41)]


# ── issuing ─────────────────────────────────────────────────────────────────────────────────────
def test_issue_gives_number_version_and_check_code_and_prints_after_commit(
    officer, subject, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        document = documents.issue("letter", subject, by=officer, content_hash="c" * 64)
        assert (document.state, document.version, document.title) == (DocumentState.PENDING, 1, "告知书")
        assert document.number[:3] + document.number[7:] == "GZ--0001"
        assert (len(document.check_code), set(document.check_code) - set(CHECK_ALPHABET)) == (12, set())
    document.refresh_from_db()
    assert (document.state, document.pages, document.failure) == (DocumentState.ISSUED, 1, "")
    assert list(Document.objects.about(subject)) == [document]


def test_issue_is_audited(letter, officer):
    entry = AuditEntry.objects.get(verb="issue_document")
    assert (entry.by, entry.subject_id, entry.after) == (officer, str(letter.pk), "第 1 版")


def test_nothing_is_issued_when_the_callers_transaction_fails(officer, subject):
    with transaction.atomic():
        documents.issue("letter", subject, by=officer)
        transaction.set_rollback(True)
    assert (Document.objects.count(), NumberSequence.objects.count()) == (0, 0)


def test_draft_draws_no_number(officer, subject):
    assert documents.issue("letter", subject, by=officer, draft=True).number == ""
    assert NumberSequence.objects.count() == 0


def test_new_version_keeps_the_number_and_ends_the_old_one(letter, officer, subject):
    new = documents.issue("letter", subject, by=officer, supersedes=letter, reason="内容有误")
    letter.refresh_from_db()
    assert (new.number, new.version) == (letter.number, 2)
    assert (letter.state, letter.superseded_by, letter.reason) == (DocumentState.SUPERSEDED, new, "内容有误")
    assert documents.read(letter)[:5] == b"%PDF-"


def test_paper_of_another_kind_or_already_ended_cannot_be_superseded(letter, officer, subject):
    with pytest.raises(ValueError, match="不是同一种"):
        documents.issue("other", subject, by=officer, supersedes=letter)
    documents.withdraw(letter, by=officer, reason="发错对象")
    with pytest.raises(ValueError, match="已经失效"):
        documents.issue("letter", subject, by=officer, supersedes=letter)
    assert Document.objects.count() == 1


def test_withdrawing_needs_a_reason_and_works_once(letter, officer):
    with pytest.raises(ValueError, match="必须写明原因"):
        documents.withdraw(letter, by=officer, reason=" ")
    assert documents.withdraw(letter, by=officer, reason="发错对象").state == DocumentState.WITHDRAWN
    with pytest.raises(ValueError, match="已经被取代或撤回"):
        documents.withdraw(letter, by=officer, reason="再来一次")
    assert AuditEntry.objects.filter(verb="withdrawn_document").count() == 1


def test_document_cannot_be_changed_or_deleted(letter):
    letter.title = "别的"
    for change in (letter.save, letter.delete, Document.objects.all().delete):
        with pytest.raises(TypeError):
            change()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"state": "issued", "sha256": ""},
        {"state": "superseded"},
        {"state": "withdrawn", "reason": ""},
        {"issued_by": None},
        {"version": 0},
    ],
)
def test_database_refuses_an_impossible_document(letter, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=letter.pk).update(**change)


def test_number_and_version_are_unique(letter, officer, subject):
    with pytest.raises(IntegrityError), transaction.atomic():
        documents.issue("other", subject, by=officer, number=letter.number)


def test_hash_of_equal_data_is_equal_whatever_the_order():
    assert documents.hash_of({"a": 1, "b": ["乙"]}) == documents.hash_of({"b": ["乙"], "a": 1})
    assert documents.hash_of({"a": 1}) != documents.hash_of({"a": 2})


# ── rendering ───────────────────────────────────────────────────────────────────────────────────
def test_stored_file_is_the_one_on_record(letter):
    with default_storage.open(letter.storage_name) as stored:
        content = stored.read()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (letter.sha256, letter.size)


def test_print_shows_number_version_page_and_check_code(letter):
    (text,) = page_texts(documents.read(letter))
    assert text.endswith(
        f"编号:{letter.number}版本:第1版核验码:{letter.printed_check_code}扫码可核验本件真伪和是否有效第1页共1页"
    )


def test_qr_code_leads_to_the_check_page(letter):
    (text,) = qr_texts(documents.read(letter))
    assert text == letter.check_url == f"http://127.0.0.1:8000/check/{letter.check_code}/"
    assert documents.code_in(text) == letter.check_code
    assert [documents.code_in(other) for other in ("", "https://example.org/", "/check/short/")] == [
        "",
        "",
        "",
    ]


def test_rendering_twice_changes_nothing(letter):
    before = Document.objects.filter(pk=letter.pk).values().get()
    documents.render_document(letter)
    documents.render_in_background.call(str(letter.public_id))
    assert Document.objects.filter(pk=letter.pk).values().get() == before


def test_second_of_two_workers_leaves_no_file(officer, subject, monkeypatch):
    document = documents.issue("letter", subject, by=officer)
    render, names = pdf.render_pdf, []

    def overtaken(html, **options):
        monkeypatch.setattr(pdf, "render_pdf", render)
        documents.render_document(Document.objects.get(pk=document.pk))
        return render(html, **options)

    store = documents._store
    monkeypatch.setattr(documents, "_store", lambda content: names.append(store(content)) or names[-1])
    monkeypatch.setattr(pdf, "render_pdf", overtaken)
    documents.render_document(document)
    assert document.storage_name == names[0]
    assert [default_storage.exists(name) for name in names] == [True, False]


def test_failure_keeps_its_reason_and_can_be_retried(officer, subject, monkeypatch):
    document = documents.issue("letter", subject, by=officer)
    working = documents.KINDS["letter"].build
    documents.register("letter", lambda document: 1 / 0, title="告知书", prefix="GZ")
    documents.render_document(document)
    assert (document.state, document.failure) == (DocumentState.FAILED, "出错：ZeroDivisionError")
    with pytest.raises(documents.NotPrinted, match="暂时没有生成出来"):
        documents.read(document)
    documents.register("letter", working, title="告知书", prefix="GZ")
    documents.render_document(document)
    assert (document.state, document.failure) == (DocumentState.ISSUED, "")


def test_paper_whose_task_was_lost_is_printed_when_asked_for(officer, subject):
    document = documents.issue("letter", subject, by=officer)
    assert documents.read(document)[:5] == b"%PDF-"
    assert document.state == DocumentState.ISSUED


def test_paper_withdrawn_before_it_was_printed_has_no_file(officer, subject):
    document = documents.issue("letter", subject, by=officer)
    documents.withdraw(document, by=officer, reason="发错对象")
    with pytest.raises(documents.NotPrinted, match="在生成之前已经失效"):
        documents.read(document)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.png",
        "static:../config/settings.py",
        "/etc/passwd",
        "css/absent.css",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_page_that_reaches_outside_is_refused(address):
    with pytest.raises(pdf.RenderFailed, match="拒绝读取"):
        pdf.render_pdf(f'<html lang="zh-CN"><img src="{address}" alt=""></html>')


def test_style_sheet_is_read_from_our_static_folder():
    assert pdf.render_pdf('<link rel="stylesheet" href="static:css/print.css"><p>文</p>')[:5] == b"%PDF-"


def test_licensed_fonts_come_before_the_free_ones(settings):
    settings.PDF_FONTS = ["仿宋_GB2312", "title:方正小标宋简体"]
    families = pdf.font_families()
    assert families["title"] == '"仿宋_GB2312", "方正小标宋简体", "Noto Serif CJK SC"'
    assert families["value"] == '"仿宋_GB2312", "LXGW WenKai", "Noto Serif CJK SC"'


# ── handing out ─────────────────────────────────────────────────────────────────────────────────
def test_served_file_is_private_and_named_without_a_person(letter, officer):
    response = documents.serve(letter, by=officer)
    assert response["Content-Disposition"] == f'attachment; filename="{letter.number}-v1.pdf"'
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
    assert response["Content-Type"] == "application/pdf"
    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == letter.sha256
    assert AuditEntry.objects.filter(verb="download_document", by=officer).count() == 1


def test_preview_is_served_inline_and_two_copies_hold_the_pages_twice(letter, officer):
    response = documents.serve(letter, by=officer, inline=True, copies=2)
    assert response["Content-Disposition"] == f'inline; filename="{letter.number}-v1.pdf"'
    assert page_texts(b"".join(response.streaming_content)) == page_texts(documents.read(letter)) * 2
    assert AuditEntry.objects.filter(verb="view_document", by=officer).count() == 1


def test_changed_or_missing_file_is_not_served(letter, officer):
    with open(default_storage.path(letter.storage_name), "ab") as stored:
        stored.write(b"x")
    with pytest.raises(documents.NotPrinted, match="与登记不符"):
        documents.serve(letter, by=officer)
    default_storage.delete(letter.storage_name)
    with pytest.raises(documents.NotPrinted, match="缺失"):
        documents.serve(letter, by=officer)


# ── checking ────────────────────────────────────────────────────────────────────────────────────
def test_check_page_says_valid_without_a_person(client, letter):
    response = client.get(f"/check/{letter.check_code}/")
    assert (response.status_code, response.context["heading"]) == (200, "有效")
    page = response.content.decode()
    assert [words in page for words in (letter.number, letter.sha256, "某人", "某干部", "某单位")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert "no-store" in response["Cache-Control"]


def test_check_page_takes_the_code_as_people_type_it(client, letter):
    typed = f" {letter.printed_check_code.lower()} "
    assert client.get("/check/", {"code": typed}).context["document"] == letter


def test_check_page_says_superseded_withdrawn_draft_and_unknown(client, letter, officer, subject):
    new = documents.issue("letter", subject, by=officer, supersedes=letter)
    draft = documents.issue("letter", subject, by=officer, draft=True)
    headings = [client.get(f"/check/{d.check_code}/").context["heading"] for d in (letter, new, draft)]
    documents.withdraw(new, by=officer, reason="发错对象")
    headings.append(client.get(f"/check/{new.check_code}/").context["heading"])
    assert headings == ["已失效", "正在生成", "草稿", "已撤回"]
    unknown = client.get("/check/AAAAAAAAAAAA/")
    assert (unknown.status_code, unknown.context["heading"]) == (404, "查无此件")


@pytest.mark.parametrize("code", ["x", "%00", "A" * 5000, "../../etc", "文书"])
def test_check_page_answers_nonsense_calmly(client, db, code):
    assert client.get("/check/", {"code": code}).status_code == 404


def test_check_page_without_a_code_asks_for_one(client, db):
    response = client.get("/check/")
    assert (response.status_code, response.context["asked"]) == (200, False)
