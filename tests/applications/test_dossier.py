"""The whole file of a case (案卷): what is in it, in which order, proved by its hashes, for whom it is made."""

import hashlib
import io
import json
import re
import uuid
import zipfile
from xml.etree import ElementTree

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from applications.actions import archiving
from applications.models import SiteVisit, VisitPhoto
from applications.papers import dossier, papers_of
from applications.workflow import ADMISSION
from park import attachments, documents, jobs
from park.formkeys import new_key
from park.models import AuditEntry, Document, Job
from park.workflow import Refused
from tests.applications import filled, road
from tests.applications.conftest import verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

RARE = "镕喆玥垚昇堃珺䶮"


def manifest_agrees(archive: zipfile.ZipFile) -> list[str]:
    """What is wrong with the zip: every folder's files, manifest and sums must say the same. [] where all agree."""
    faults = [archive.testzip()] if archive.testzip() else []
    folders = {name.split("/")[0] for name in archive.namelist()}
    for folder in sorted(folders):
        inside = {
            name.removeprefix(f"{folder}/") for name in archive.namelist() if name.startswith(f"{folder}/")
        }
        actual = {name: hashlib.sha256(archive.read(f"{folder}/{name}")).hexdigest() for name in inside}
        manifest = json.loads(archive.read(f"{folder}/manifest.json"))
        said = {row["name"]: row["sha256"] for row in manifest["files"]}
        sums = dict(
            reversed(line.split("  ", 1))
            for line in archive.read(f"{folder}/SHA256SUMS.txt").decode().splitlines()
        )
        for name, digest in actual.items():
            if name not in ("manifest.json", "SHA256SUMS.txt") and said.get(name) != digest:
                faults.append(f"{folder}: manifest disagrees on {name}")
            if name != "SHA256SUMS.txt" and sums.get(name) != digest:
                faults.append(f"{folder}: sums disagree on {name}")
        faults += [f"{folder}: {name} is not there" for name in (said.keys() | sums.keys()) - inside]
    return faults


@pytest.fixture
def officer(people):
    return people["office"]


def visited(application, officer, photos=1):
    """A settled visit with so many pictures and a signed sheet; closed last, for a closed record takes nothing."""
    now = timezone.now()
    visit = SiteVisit.objects.create(
        application=application,
        round=application.visits.count() + 1,
        visit_on=timezone.localdate(),
        place="镇江市丹徒区工业园",
        planned_by=officer,
    )
    picture = attachments.accept(filled.picture(b"visit"), by=officer)
    for _ in range(photos):
        VisitPhoto.objects.create(visit=visit, stored=picture, added_by=officer)
    SiteVisit.objects.filter(pk=visit.pk).update(
        status="settled",
        outcome="passed",
        recorded_at=now,
        recorded_by=officer,
        confirmation="paper",
        confirmed_at=now,
        confirmed_by=officer,
        signed_sheet=attachments.accept(filled.picture(b"signed sheet"), by=officer),
    )


@pytest.fixture
def case(people, officer):
    """A case that was visited: papers of filing and review, attachments, a picture, a signed sheet."""
    application = road.filed(by=people["owner"], studio_name=f"{RARE}焊工技能大师工作室")
    filled.reviewed(application, by=officer)
    application = ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"})
    visited(application, officer)
    return application


def made(cases, officer, form="zip") -> Job:
    """The finished job for these cases."""
    job = archiving.start_dossiers([c.key for c in cases], form, by=officer)
    jobs.run(job.key)
    return Job.objects.get(pk=job.pk)


def opened(job) -> zipfile.ZipFile:
    with default_storage.open(job.storage_name) as stored:
        return zipfile.ZipFile(io.BytesIO(stored.read()))


def test_a_case_as_zip(case, officer):
    job = made([case], officer)
    assert (job.state, job.failure, [line["ok"] for line in job.result]) == ("done", "", [True])
    archive = opened(job)
    number, year = case.number, case.number[3:7]
    assert manifest_agrees(archive) == []
    names = [name.removeprefix(f"{number}/") for name in archive.namelist()]
    numbers = {d.kind: d.number for d in papers_of(case, for_studio=False)}
    assert names == [
        f"01-入驻申报表-{number}-v1.pdf",
        f"02-申报材料提交回执-{numbers['receipt']}-v1.pdf",
        "03-附件-" + dossier.evidence_label("conditions", "3.1.1a").replace("/", "、") + ".png",
        "04-附件-" + dossier.evidence_label("leader", "certificate").replace("/", "、") + ".png",
        "05-附件-推荐意见盖章扫描件.png",
        f"06-材料初审意见表-{numbers['review_opinion']}-v1.pdf",
        "07-附件-第1次现场考察照片-1.png",
        "08-附件-第1次现场考察记录表（签字扫描件）.png",
        "00-案卷目录.pdf",
        "metadata.xml",
        "manifest.json",
        "SHA256SUMS.txt",
    ]
    assert year.isdigit()


def test_papers_are_the_stored_bytes(case, officer):
    archive = opened(made([case], officer))
    annex1 = papers_of(case, for_studio=False).get(kind="annex1")
    assert archive.read(f"{case.number}/01-入驻申报表-{case.number}-v1.pdf") == documents.read(annex1)
    scan = next(n for n in archive.namelist() if "推荐意见" in n)
    assert archive.read(scan) == attachments.content_of(case.standing_recommendation().stored)


def test_no_name_of_a_person_is_in_a_file_name_the_title_or_the_trail(case, officer):
    job = made([case], officer)
    said = [
        *opened(job).namelist(),
        job.title,
        job.file_name,
        json.dumps(job.result),
        json.dumps(job.arguments),
    ]
    trail = AuditEntry.objects.filter(verb__in=["export_dossier", "start_job"])
    said += [f"{e.subject} {e.note} {e.before} {e.after}" for e in trail]
    assert [
        t for t in said for word in (case.leader_name, case.studio_name, RARE, case.unit_name) if word in t
    ] == []


def test_the_metadata_name_every_piece(case, officer):
    archive = opened(made([case], officer))
    root = ElementTree.fromstring(archive.read(f"{case.number}/metadata.xml"))
    assert [(root.findtext(name)) for name in ("编号", "保管期限", "题名")] == [
        case.number,
        "办结后确定",
        f"{case.studio_name}入驻申报案卷",
    ]
    pieces = root.findall("文件")
    assert [p.findtext("顺序号") for p in pieces] == [str(n) for n in range(1, 9)]
    first = pieces[0]
    content = archive.read(f"{case.number}/{first.findtext('文件名')}")
    assert first.findtext("摘要") == hashlib.sha256(content).hexdigest()
    assert first.findtext("大小") == str(len(content))


@pytest.mark.parametrize(
    ("status", "words"), [("admitted", "30年"), ("not_selected", "10年"), ("ballot", "办结后确定")]
)
def test_how_long_it_is_kept(case, status, words):
    assert dossier.retention_of(road.place(case, status)) == words


def test_the_index_lists_every_piece_and_prints_rare_names(case, officer):
    archive = opened(made([case], officer))
    text = text_of(archive.read(f"{case.number}/00-案卷目录.pdf"))
    assert all(word in text for word in ("案卷目录", "责任者", "页数", "入驻申报表", "现场考察照片", "共8件"))
    assert all(sign in text for sign in RARE)


def text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s", "", text)


# ── what is missing is said ─────────────────────────────────────────────────────────────────────
def test_what_cannot_be_had_is_listed(case, officer, monkeypatch):
    """A paper that cannot be printed, a purged scan, a damaged picture: named, and the rest is there."""
    build = documents.KINDS["receipt"].build

    def broken(document):
        raise ValueError(build)

    kind = documents.Kind("receipt", "申报材料提交回执", "HZ", broken)
    monkeypatch.setitem(documents.KINDS, "receipt", kind)
    scan = case.standing_recommendation().stored
    attachments.purge(scan, by=officer, reason="测试")
    photo = VisitPhoto.objects.get().stored
    default_storage.delete(photo.storage_name)
    job = made([case], officer)
    archive = opened(job)
    assert manifest_agrees(archive) == []
    manifest = json.loads(archive.read(f"{case.number}/manifest.json"))
    assert [(row["order"], row["reason"]) for row in manifest["missing"]] == [
        (2, "文件没有生成或已损坏"),
        (5, "内容已按规定清除"),
        (7, "存档文件缺失或与登记不符"),
    ]
    assert job.result == [
        {"label": case.number, "ok": False, "url": case.get_absolute_url(),
         "text": "第2件文件没有生成或已损坏；第5件内容已按规定清除；第7件存档文件缺失或与登记不符。其余文件已导出。"}
    ]  # fmt: skip
    assert "共8件，其中3件没有文件" in text_of(archive.read(f"{case.number}/00-案卷目录.pdf"))


def test_withdrawn_papers_are_in_it_and_marked(case, officer):
    paper = papers_of(case, for_studio=False).get(kind="review_opinion")
    documents.render_document(paper)
    documents.withdraw(paper, by=officer, reason="测试")
    piece = next(p for p in dossier.pieces_of(case) if p.number == paper.number)
    assert (piece.note, piece.read()[:4]) == ("已撤回", b"%PDF")


def test_a_file_of_two_versions_is_there_once(case, officer):
    """The versions it belonged to are in the remark."""
    submission = case.latest_submission()
    scan = submission.files.get(purpose="stamped_form")
    again = type(submission).objects.create(
        application=case, number=2, data=submission.data, content_hash="x" * 64, submitted_by=officer
    )
    scan.pk, scan.submission = None, again
    scan.save()
    notes = [p.note for p in dossier.pieces_of(case) if "盖章" in p.title]
    assert notes == ["第1、2版附件"]


# ── to print ────────────────────────────────────────────────────────────────────────────────────
def test_one_volume_to_print(case, officer):
    job = made([case], officer, "pdf")
    assert (job.state, job.file_name) == ("done", f"{case.number}-案卷.pdf")
    with default_storage.open(job.storage_name) as stored:
        content = stored.read()
    with pikepdf.open(io.BytesIO(content)) as volume, volume.open_outline() as outline:
        assert [item.title for item in outline.root][:3] == [
            "案卷目录",
            "1 入驻申报表（第1版）",
            "2 申报材料提交回执",
        ]
        assert len(outline.root) == 9
        pages = len(volume.pages)
        wide = volume.pages[-1].mediabox
        assert [float(v) for v in wide] == [0, 0, 841.89, 595.28]  # a wide picture on a wide page
    pieces = sum(
        d.pages
        for d in Document.objects.filter(kind__in=["annex1", "receipt", "review_opinion"])
        if papers_of(case, for_studio=False).filter(pk=d.pk)
    )
    assert pages == 1 + pieces + 5  # index, papers, five pictures
    text = text_of(content)
    assert "页次" in text
    assert str(pieces + 5) in text  # the number of the last page of the volume


def test_turned_pages_carry_their_number_in_the_seen_corner():
    from applications.tasks import _number

    volume = pikepdf.new()
    for turned in (0, 90, 180, 270):
        page = volume.add_blank_page(page_size=(400, 600))
        page.rotate(turned, relative=False)
    _number(volume)
    content = [p.obj.Contents for p in volume.pages]
    marks = [
        c.read_bytes() if not isinstance(c, pikepdf.Array) else b"".join(x.read_bytes() for x in c)
        for c in content
    ]
    places = [re.search(rb"(\S+ \S+ \S+ \S+ \S+ \S+) Tm", mark)[1].decode() for mark in marks]
    assert places == [
        "1 0 0 1 366.0 572.0",
        "0 1 -1 0 28.0 566.0",
        "-1 0 0 -1 34.0 28.0",
        "0 -1 1 0 372.0 34.0",
    ]


# ── many, and for whom ──────────────────────────────────────────────────────────────────────────
def test_many_cases_in_one_zip(case, officer, people, fresh):
    other = fresh("submitted")
    job = made([case, other], officer)
    assert {name.split("/")[0] for name in opened(job).namelist()} == {case.number, other.number}
    assert manifest_agrees(opened(job)) == []
    assert (job.done, job.total) == (2, 2)
    assert verbs_of(case, verb="export_dossier") == ["export_dossier"]
    assert verbs_of(other, verb="export_dossier") == ["export_dossier"]


def test_nobody_takes_the_file_of_their_own_studio(fresh, people):
    application, own = fresh("submitted"), people["officer_of_studio"]
    with pytest.raises(Refused):
        archiving.start_dossiers([application.key], "zip", by=own)


def test_rights_are_asked_again_when_it_is_made(case, officer, fresh):
    """A person who joined the studio meanwhile gets the other cases only."""
    from applications.actions import filling

    other = fresh("submitted")
    job = archiving.start_dossiers([case.key, other.key], "zip", by=officer)
    filling.add_collaborator(other, officer, by=other.applicant)
    jobs.run(job.key)
    job.refresh_from_db()
    assert {name.split("/")[0] for name in opened(job).namelist()} == {case.number}
    assert [line["ok"] for line in job.result].count(False) == 1


@pytest.mark.parametrize("who", ["owner", "expert", "working_group", "auditor", "sysadmin", "superuser"])
def test_only_the_office(case, people, client_of, who):
    page = client_of(people[who]).get(reverse("applications:archive"), {"case": str(case.key)})
    assert page.status_code == 403


def test_the_page_starts_one_job_however_often_it_is_sent(case, officer, client_of):
    browser, url = client_of(officer), reverse("applications:archive")
    page = browser.get(url, {"case": [str(case.key), "nonsense", str(uuid.uuid4())]})
    assert [row for row, _ in page.context["rows"]] == [case]
    data = {"form_key": new_key(), "case": str(case.key), "form": "zip"}
    first, second = browser.post(url, data), browser.post(url, data)
    job = Job.objects.get()
    assert (first.url, second.url) == (job.get_absolute_url(), job.get_absolute_url())
    assert AuditEntry.objects.filter(verb="export_dossier").count() == 1


@pytest.mark.parametrize(
    ("data", "code"), [({"form": "exe"}, 422), ({}, 422), ({"form": "zip", "case": []}, 409)]
)
def test_a_wrong_request_starts_nothing(case, officer, client_of, data, code):
    data = {"form_key": new_key(), "case": str(case.key)} | data
    response = client_of(officer).post(reverse("applications:archive"), data)
    assert (response.status_code, Job.objects.count()) == (code, 0)


def test_the_queries_of_a_case_do_not_grow_with_its_files(case, officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        few = len(dossier.pieces_of(case))
    visited(case, officer, photos=30)
    with django_assert_max_num_queries(8):
        assert len(dossier.pieces_of(case)) == few + 31


def test_the_manifest_check_finds_a_changed_byte(case, officer):
    """The control: a zip in which one file was changed does not pass."""
    archive, out = opened(made([case], officer)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(name, content + b" " if "01-" in name else content)
    assert manifest_agrees(zipfile.ZipFile(out)) == [
        f"{case.number}: manifest disagrees on 01-入驻申报表-{case.number}-v1.pdf",
        f"{case.number}: sums disagree on 01-入驻申报表-{case.number}-v1.pdf",
    ]
