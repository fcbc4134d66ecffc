"""Every address of applications against every kind of person, and how many queries the lists cost."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from applications.models import Application
from applications.papers import papers_of
from park.formkeys import new_key
from park.models import AuditEntry, Role
from tests.applications import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

EVERYBODY = {"anonymous", "owner", "collaborator", "officer_of_studio", "superuser", "nobody", *Role.values}
STUDIO = {"owner", "collaborator", "officer_of_studio"}
OFFICE = {"office", "lead_division"}
SIGNED_IN = EVERYBODY - {"anonymous"}
# An officer who is one of the studio has the office's lists, but is of the studio in this case.
LISTS = OFFICE | {"officer_of_studio"}

# For a case in initial review. (method, url name) -> status codes: who gets which; everybody else gets the last.
# A page one may not know of is 404; one that is known but not for this person is 403.
# fmt: off
TABLE = {
    ("get", "list"):              ({200: SIGNED_IN}, 302),
    ("post", "start"):            ({302: {"applicant", "owner", "collaborator", "officer_of_studio", "anonymous"}}, 403),
    ("get", "blank_form"):        ({}, 200),
    ("get", "members_sheet"):     ({200: SIGNED_IN}, 302),
    ("get", "section"):           ({200: STUDIO | OFFICE, 302: {"anonymous"}}, 404),
    ("post", "section"):          ({302: STUDIO | {"anonymous"}, 403: OFFICE}, 404),
    ("post", "import_members"):   ({403: STUDIO | OFFICE, 302: {"anonymous"}}, 404),
    ("get", "preview"):           ({200: STUDIO, 302: {"anonymous"}}, 404),
    ("get", "people"):            ({200: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "people"):           ({422: {"owner"}, 403: STUDIO - {"owner"}, 302: {"anonymous"}}, 404),
    ("get", "recommendation"):    ({200: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "recommendation"):   ({403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "print_copy"):       ({403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "make_link"):        ({403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "revoke_link"):      ({302: STUDIO | {"anonymous"}}, 404),
    ("get", "unit_confirm"):      ({}, 410),
    ("get", "unit_copy"):         ({}, 410),
    ("get", "queue"):             ({200: LISTS, 302: {"anonymous"}}, 403),
    ("get", "export"):            ({200: LISTS, 302: {"anonymous"}}, 403),
    ("get", "batch"):             ({302: LISTS | {"working_group", "anonymous"}}, 403),
    ("post", "batch"):            ({302: LISTS | {"working_group", "anonymous"}}, 403),
    ("get", "archive"):           ({200: LISTS, 302: {"anonymous"}}, 403),
    ("post", "archive"):          ({422: LISTS, 302: {"anonymous"}}, 403),
    ("get", "statistics"):        ({200: LISTS, 302: {"anonymous"}}, 403),
    ("get", "export_statistics"): ({200: LISTS, 302: {"anonymous"}}, 403),
    ("post", "find_by_id"):       ({302: LISTS | {"anonymous"}}, 403),
    ("get", "dossier"):           ({200: OFFICE, 302: STUDIO | {"anonymous"}}, 404),
    ("get", "review"):            ({200: OFFICE, 403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "review"):           ({302: OFFICE | {"anonymous"}, 403: STUDIO}, 404),
    ("get", "correction"):        ({200: OFFICE, 403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "correction"):       ({422: OFFICE, 403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "assign"):           ({302: OFFICE | {"anonymous"}, 403: STUDIO}, 404),
    ("post", "reveal"):           ({200: OFFICE, 403: STUDIO, 302: {"anonymous"}}, 404),
    ("post", "originals"):        ({302: OFFICE | {"anonymous"}, 403: STUDIO}, 404),
    ("get", "detail"):            ({200: STUDIO | OFFICE, 302: {"anonymous"}}, 404),
    ("get", "version"):           ({200: STUDIO | OFFICE, 302: {"anonymous"}}, 404),
    ("get", "step"):              ({200: {"owner"}, 302: STUDIO - {"owner"} | OFFICE | {"anonymous"}}, 404),
    ("post", "step"):             ({302: {"owner", "anonymous"}, 403: STUDIO - {"owner"} | OFFICE}, 404),
    ("get", "file"):              ({200: STUDIO | OFFICE, 302: {"anonymous"}}, 404),
    ("get", "paper"):             ({202: STUDIO | OFFICE, 302: {"anonymous"}}, 404),
    ("post", "add_note"):         ({302: STUDIO | OFFICE | {"anonymous"}}, 404),
}
# fmt: on
OTHER_RECORDS = ("visits/", "experts/", "panels/", "lists/", "letters/", "objections/")
NOT_IN_THE_TABLE = {"preview_pdf"}  # has the rights of preview, and costs a PDF: tested once below


def expected(method, name, who):
    codes, otherwise = TABLE[method, name]
    return next((code for code, people in codes.items() if who in people), otherwise)


@pytest.fixture
def paperless(monkeypatch):
    """Papers stay unprinted, so that asking for one costs no PDF and answers 202."""
    from park import documents

    monkeypatch.setattr(documents, "render_document", lambda document: document)


def code_of(client, url) -> int:
    return finished(client.get(url)).status_code


def finished(response):
    """Read to the end, which closes the file behind it (`close()` would close the database connection too)."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def address(name, application):
    args = {
        "list": [], "start": [], "blank_form": [], "members_sheet": [], "queue": [], "export": [], "batch": [],
        "archive": [], "statistics": [], "export_statistics": [],
        "find_by_id": [], "unit_confirm": ["A" * 43], "unit_copy": ["A" * 43],
        "section": [application.key, "plan"], "version": [application.key, 1], "step": [application.key, "withdraw"],
    }.get(name, [application.key])  # fmt: skip
    if name == "file":
        args = [application.key, application.files.first().stored.key]
    if name == "paper":
        args = [
            application.key,
            papers_of(application, for_studio=True).filter(kind="annex1").get().public_id,
        ]
    return reverse(f"applications:{name}", args=args)


def payload(name, people):
    return {"form_key": new_key()} | {
        "assign": {"officer": people["lead_division"].pk},
        "reveal": {"reason": "核对"},
        "add_note": {"text": "您好"},
        "section": {"plan_or_goals": "x", "version": "1"},
    }.get(name, {})


@pytest.mark.parametrize(("method", "name"), TABLE)
def test_who_gets_what(fresh, people, client_of, paperless, method, name):
    application, got = fresh("submitted"), {}
    for who in sorted(EVERYBODY):
        client = Client() if who == "anonymous" else client_of(people[who])
        with transaction.atomic():  # each person finds the case as it was
            data = payload(name, people) if method == "post" else {}
            response = finished(getattr(client, method)(address(name, application), data))
            got[who] = response.status_code
            if who == "anonymous" and response.status_code == 302:
                assert response.url.startswith(reverse("login"))
            transaction.set_rollback(True)
    assert got == {who: expected(method, name, who) for who in EVERYBODY}


def test_the_table_knows_every_address():
    """Of a case and of the lists of cases; visits, panels, lists, letters and objections have their own tables."""
    patterns = next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "applications")
    names = {p.name for p in patterns.url_patterns if not str(p.pattern).startswith(OTHER_RECORDS)}
    assert names == {name for _, name in TABLE} | NOT_IN_THE_TABLE


@pytest.mark.parametrize(
    "name",
    ["start", "import_members", "print_copy", "make_link", "revoke_link", "find_by_id", "assign",
     "reveal", "originals", "add_note"],
)  # fmt: skip
def test_writes_are_never_done_by_get(fresh, people, client_of, name):
    for who in ("owner", "office"):
        assert client_of(people[who]).get(address(name, fresh("submitted"))).status_code == 405


def test_forms_need_the_csrf_token(fresh, people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["owner"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address("step", fresh("submitted")), {"form_key": new_key()}).status_code == 403
    assert fresh("submitted").status == "submitted"


# ── what nobody else may know ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", sorted(EVERYBODY - STUDIO - {"anonymous"}))
def test_a_draft_does_not_exist_for_others(fresh, people, client_of, who):
    draft, client = fresh("draft"), client_of(people[who])
    for name in (
        "detail",
        "section",
        "preview",
        "preview_pdf",
        "recommendation",
        "people",
        "review",
        "file",
        "step",
    ):
        assert client.get(address(name, draft)).status_code == 404
    assert draft not in Application.objects.visible_to(people[who])


def test_the_draft_preview_is_a_pdf_for_the_studio_only(fresh, people, client_of):
    response = client_of(people["collaborator"]).get(address("preview_pdf", fresh("draft")))
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("status", ["site_visit", "rejected"])
def test_the_studio_never_sees_the_review_sheet(fresh, people, client_of, paperless, status):
    application = fresh(status)
    sheet = papers_of(application, for_studio=False).get(kind="review_opinion")
    url = reverse("applications:paper", args=[application.key, sheet.public_id])
    codes = {who: code_of(client_of(people[who]), url) for who in ("owner", "collaborator", "office")}
    assert codes == {"owner": 404, "collaborator": 404, "office": 202}
    page = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert "初审意见表" not in page
    assert str(sheet.public_id) not in page


def test_the_copy_for_the_stamp_is_the_studios(fresh, people, client_of, paperless):
    application = fresh("submitted")
    paper = papers_of(application, for_studio=True).get(kind="annex1_stamp")
    url = reverse("applications:paper", args=[application.key, paper.public_id])
    assert code_of(client_of(people["owner"]), url) == 202
    assert code_of(client_of(people["office"]), url) == 404


def test_a_file_or_paper_of_another_case_is_404(fresh, people, client_of):
    """Also for somebody who sees both cases."""
    one, other = fresh("submitted"), fresh("correction")
    foreign_file = reverse("applications:file", args=[one.key, other.files.first().stored.key])
    paper = papers_of(other, for_studio=True).first()
    foreign_paper = reverse("applications:paper", args=[one.key, paper.public_id])
    for who in ("owner", "office"):
        assert [code_of(client_of(people[who]), u) for u in (foreign_file, foreign_paper)] == [
            404,
            404,
        ]


def test_an_unfiled_file_is_not_the_offices(fresh, people, client_of):
    """What the studio took out again, or put in during a correction and has not filed, stays the studio's."""
    from applications.actions import filling
    from park import attachments

    application = fresh("correction")
    row = filling.add_file(
        application, "profile", "award", attachments.check(filled.picture(b"new")), by=people["owner"]
    )
    filling.remove_file(row, by=people["owner"])
    url = reverse("applications:file", args=[application.key, row.stored.key])
    assert code_of(client_of(people["owner"]), url) == 200
    assert code_of(client_of(people["office"]), url) == 404


def test_downloads_are_audited(fresh, people, client_of):
    application = fresh("submitted")
    assert code_of(client_of(people["office"]), address("file", application)) == 200
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.by, entry.subject_id) == (
        "download_file",
        people["office"],
        str(application.pk),
    )
    assert entry.note == f"sha256 {application.files.first().stored.sha256}"


def test_scans_of_the_recommendation_are_served_like_files(fresh, people, client_of):
    application = fresh("submitted")
    scan = application.standing_recommendation().stored
    url = reverse("applications:file", args=[application.key, scan.key])
    codes = {who: code_of(client_of(people[who]), url) for who in ("owner", "office", "expert")}
    assert codes == {"owner": 200, "office": 200, "expert": 404}


# ── how many queries ────────────────────────────────────────────────────────────────────────────
def queries(client, url, **query) -> int:
    client.get(url, query)  # sessions, content types and code lists are warm in the second call
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert client.get(url, query).status_code == 200
    return len(made)


def copies(base, count):
    for n in range(count):
        base.pk, base.key, base.number = None, f"00000000-0000-4000-8000-{n:012}", f"SB-1998-{n:04}"
        base.status, base._state.adding = "withdrawn", True
        base.save()


def test_the_queue_costs_the_same_at_any_length(fresh, people, client_of):
    client, url = client_of(people["office"]), reverse("applications:queue")
    few = queries(client, url, status="submitted")
    copies(fresh("withdrawn"), 30)
    cache.clear()
    assert queries(client, url) == few <= 10


def test_the_applicants_list_costs_the_same_at_any_length(fresh, people, client_of):
    client, url = client_of(people["collaborator"]), reverse("applications:list")
    few = queries(client, url)
    for status in ("rejected", "withdrawn"):
        base = fresh(status)
        base.pk, base.key, base.number, base._state.adding = (
            None,
            filled_uuid(status),
            f"SB-1997-{status}",
            True,
        )
        base.save()
        base.collaborators.create(user=people["collaborator"], added_by=people["owner"])
    assert queries(client, url) == few <= 15


def filled_uuid(text):
    import uuid

    return uuid.uuid5(uuid.NAMESPACE_URL, text)


def test_the_case_page_costs_the_same_however_much_happened(fresh, people, client_of):
    from applications.actions import reviewing

    application = fresh("correction")
    for who, limit in (("office", 26), ("owner", 52)):
        few = queries(client_of(people[who]), application.get_absolute_url())
        for n in range(5):
            reviewing.add_note(application, f"第{n}条", internal=False, by=people["office"])
            application.corrections.get().items.create(section="plan", missing=f"补{n}")
        assert queries(client_of(people[who]), application.get_absolute_url()) == few <= limit


def test_the_members_page_costs_the_same_with_30_members(fresh, people, client_of):
    from applications.actions import filling

    application, client = fresh("draft"), client_of(people["owner"])
    for url in (
        reverse("applications:section", args=[application.key, "members"]),
        application.get_absolute_url(),
    ):
        few = queries(client, url)
        row, draft = filled.TYPED["members"]["members"][0], application.sections.get(name="members")
        many = [row | {"age": str(20 + n)} for n in range(30)]
        filling.save_section(
            application, "members", {"members": many}, version=draft.version, by=people["owner"]
        )
        assert queries(client, url) == few <= 36
        draft.refresh_from_db()
        filling.save_section(
            application, "members", {"members": [row]}, version=draft.version, by=people["owner"]
        )
