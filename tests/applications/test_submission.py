"""What filing freezes, and that nobody changes it afterwards [3.2.1][A1]."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from applications.actions import filling, reviewing
from applications.models import Application, Batch, Status, Submission, SubmissionFile
from applications.papers import filing as papers
from applications.workflow import ADMISSION
from park import crypto, documents, rules
from park.fields import EncryptedTextField
from park.formkeys import new_key
from park.models import Consent, Document, PrivacyNotice
from park.models.document import DocumentState
from park.workflow import Refused
from tests.applications import filled, road
from tests.workshops.factories import ResidencyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owner(people):
    return people["owner"]


@pytest.fixture
def ready(fresh, owner):
    """A draft that can be filed."""
    application = fresh("draft")
    filled.recommend(application, by=owner)
    return application


def submit(application, owner):
    return ADMISSION.perform(application, "submit", by=owner, data=filled.CONSENTS)


# ── freezing ────────────────────────────────────────────────────────────────────────────────────
def test_filing_freezes_content_files_and_columns(ready, owner, clock):
    clock("2026-03-02")
    application = submit(ready, owner)
    version = application.submissions.get()
    assert (version.number, version.submitted_by, version.changed_sections) == (1, owner, [])
    assert version.content_hash == documents.hash_of(version.data)
    assert set(version.data) == {
        "leader", "unit", "members", "intro", "plan", "profile", "conditions", "filled_on", "member_total",
        "recommendation",
    }  # fmt: skip
    assert version.data["filled_on"] == "2026-03-02"
    assert version.data["plan"] == filled.TYPED["plan"]
    assert version.data["recommendation"]["mode"] == {"code": "employer", "label": "领衔人所在单位"}
    assert {(f.section, f.purpose, f.sha256) for f in version.files.all()} == {
        ("recommendation", "stamped_form", application.standing_recommendation().stored.sha256),
        *((f.section, f.purpose, f.stored.sha256) for f in application.files.standing()),
    }
    leader = version.data["leader"]
    assert (application.studio_name, application.leader_name, application.leader_sort_key) == (
        leader["studio_name"], "陈青松", "chen qing song",
    )  # fmt: skip
    assert application.leader_id_index == Application.index_of(leader["leader_id_number"])
    assert (application.occupation, application.unit_name, application.district.code) == (
        "焊工", "镇江船舶设备有限公司", "321102",
    )  # fmt: skip
    assert (application.status, application.due_on) == ("submitted", date(2026, 3, 16))


def test_numbers_follow_each_other_within_the_year(owner, people, clock, world):
    clock("2031-05-06")
    numbers = [filled.submitted(by=owner, typed=filled.typed_for(n)).number for n in (90, 91, 92)]
    assert numbers == ["SB-2031-0001", "SB-2031-0002", "SB-2031-0003"]
    clock("2032-01-04")
    assert filled.submitted(by=owner, typed=filled.typed_for(93)).number == "SB-2032-0001"


def test_the_ticks_are_kept_with_the_version_of_the_notice(ready, owner):
    submit(ready, owner)
    given = Consent.objects.filter(user=owner, withdrawn_at=None)
    assert {(c.purpose, c.notice) for c in given} == {
        ("processing", PrivacyNotice.current()),
        ("disclosure", PrivacyNotice.current()),
        ("members_informed", PrivacyNotice.current()),
    }


@pytest.mark.parametrize("missing", ["truthful", "processing", "disclosure", "members_informed"])
def test_every_tick_is_needed(ready, owner, client_of, missing):
    url = reverse("applications:step", args=[ready.key, "submit"])
    data = {k: "on" for k in filled.CONSENTS if k != missing} | {"form_key": new_key()}
    response = client_of(owner).post(url, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]
    assert Application.objects.get(pk=ready.pk).status == "draft"


def test_papers_are_issued_with_the_number_of_the_case(ready, owner):
    application = submit(ready, owner)
    papers = Document.objects.about(application.latest_submission())
    assert {(d.kind, d.version) for d in papers} == {("annex1", 1), ("receipt", 1)}
    assert papers.get(kind="annex1").number == application.number
    assert re.fullmatch(r"HZ-\d{4}-\d{4}", papers.get(kind="receipt").number)


# ── a second version ────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def second(fresh, owner):
    application = fresh("correction")
    typed = filled.TYPED["profile"] | {"profile_awards": "江苏省技术能手（2019年）。"}
    filling.save_section(application, "profile", typed, version=1, by=owner)
    filled.recommend(application, by=owner)
    return ADMISSION.perform(application, "resubmit", by=owner)


def test_a_second_version_says_what_changed_and_keeps_the_number(second, fresh):
    first, latest = second.submissions.all()
    assert (latest.number, latest.changed_sections) == (2, ["profile", "recommendation"])
    assert first.data["profile"]["profile_awards"] == "江苏省技术能手。"
    assert second.number == fresh("correction").number
    assert second.submitted_at == fresh("correction").submitted_at
    old, new = (Document.objects.about(s).get(kind="annex1") for s in (first, latest))
    assert (old.state, old.superseded_by, new.number, new.version) == (
        DocumentState.SUPERSEDED, new, old.number, 2,
    )  # fmt: skip


def test_changed_files_are_a_change(fresh, owner, people):
    from park import attachments

    application = fresh("submitted")
    reviewing.add_correction_item(
        application, section="leader", missing="换证书", clause="", by=people["office"]
    )
    application = ADMISSION.perform(application, "request_correction", by=people["office"])
    filling.remove_file(application.files.get(purpose="certificate"), by=owner)
    new = attachments.check(filled.picture(b"another one"))
    filling.add_file(application, "leader", "certificate", new, by=owner)
    application = ADMISSION.perform(application, "resubmit", by=owner)  # the text is stamped already
    assert application.latest_submission().changed_sections == ["leader"]


def test_an_unchanged_answer_is_no_answer(fresh, owner):
    with pytest.raises(Refused, match="与上一版完全相同"):
        ADMISSION.perform(fresh("correction"), "resubmit", by=owner)


# ── nobody changes it afterwards ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "changes",
    [
        {"content_hash": "0" * 64},
        {"number": 9},
        {"changed_sections": ["leader"]},
        {"submitted_at": "2020-01-01T00:00+08:00"},
        {"submitted_by_id": "nobody"},
        {"application_id": "draft"},
        {"row_key": "00000000-0000-0000-0000-000000000000"},
    ],
    ids=lambda c: next(iter(c)),
)
def test_the_database_refuses_to_change_a_filed_version(fresh, people, changes):
    changes = {
        k: people[v].pk if v == "nobody" else fresh(v).pk if v == "draft" else v for k, v in changes.items()
    }
    with pytest.raises(DatabaseError, match="filed versions do not change"), transaction.atomic():
        Submission.objects.filter(application=fresh("submitted")).update(**changes)


@pytest.mark.parametrize("table", ["applications_submission", "applications_submissionfile"])
def test_the_database_refuses_to_delete_a_filed_version_or_its_files(fresh, table):
    with (
        pytest.raises(DatabaseError, match="filed versions stay"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


def test_the_database_refuses_to_change_a_filed_file(fresh):
    with pytest.raises(DatabaseError, match="filed versions do not change"), transaction.atomic():
        SubmissionFile.objects.filter(submission__application=fresh("submitted")).update(sha256="0" * 64)


def test_keys_can_still_be_rotated(fresh, settings):
    version = fresh("submitted").latest_submission()
    content, before = version.data, version.__dict__["data"]
    settings.FIELD_KEYS += ",9:" + "QUFB" * 10 + "QUE="
    assert crypto.current_key_id() == "9"
    call_command("rotate_field_keys", verbosity=0)
    version.refresh_from_db()
    assert version.data == content
    assert version.__dict__["data"] != before
    assert isinstance(Submission._meta.get_field("data"), EncryptedTextField)


# ── twice, and for whom ─────────────────────────────────────────────────────────────────────────
def test_a_double_click_files_once(ready, owner, client_of):
    client, url = client_of(owner), reverse("applications:step", args=[ready.key, "submit"])
    data = dict.fromkeys(filled.CONSENTS, "on") | {"form_key": new_key()}
    first, second = client.post(url, data), client.post(url, data)
    assert first.url == second.url == ready.get_absolute_url()
    assert ready.submissions.count() == 1


def test_a_retry_with_a_fresh_form_is_refused_with_a_sentence(ready, owner, client_of):
    client, url = client_of(owner), reverse("applications:step", args=[ready.key, "submit"])
    data = dict.fromkeys(filled.CONSENTS, "on")
    client.post(url, data | {"form_key": new_key()})
    assert client.post(url, data | {"form_key": new_key()}).status_code == 409
    assert ready.submissions.count() == 1


def test_a_form_without_key_files_nothing(ready, owner, client_of):
    url = reverse("applications:step", args=[ready.key, "submit"])
    response = client_of(owner).post(url, dict.fromkeys(filled.CONSENTS, "on"))
    assert response.status_code == 409
    assert "请刷新页面后重新提交" in response.content.decode()
    assert ready.submissions.count() == 0


@pytest.mark.parametrize("status", ["submitted", "correction", "site_visit"])
def test_one_leader_one_application_on_the_road(fresh, owner, people, status):
    n = list(Status).index(status)
    rival = filled.draft(by=people["applicant"], typed=filled.typed_for(n))
    filled.recommend(rival, by=people["applicant"])
    with pytest.raises(Refused, match="这位领衔人已有一份正在办理的申报"):
        submit(rival, people["applicant"])


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_after_the_end_one_may_apply_again(fresh, people, status):
    n = list(Status).index(status)
    again = filled.submitted(by=people["applicant"], typed=filled.typed_for(n))
    assert again.number != fresh(status).number


def test_whose_right_was_revoked_waits_until_the_bar_is_over(reference, people, clock):
    """[5.4][T15]: known by an earlier application of the same leader, whatever the studio is called now."""
    earlier = road.place(filled.submitted(by=people["applicant"], typed=filled.typed_for(70)), "withdrawn")
    ended = timezone.localdate() - timedelta(days=30)
    ResidencyFactory(source=earlier.number, status="revoked", ended_on=ended)
    again = filled.draft(
        by=people["applicant"], typed=filled.typed_for(70, studio_name="换了名称的技能大师工作室")
    )
    filled.recommend(again, by=people["applicant"])
    with pytest.raises(Refused, match="本园设定1年内不能再次申报"):
        submit(again, people["applicant"])
    clock(f"{ended + timedelta(days=367)}")
    assert submit(again, people["applicant"]).status == "submitted"


def test_the_database_itself_refuses_a_second_one(fresh):
    rival = fresh("submitted")
    index = fresh("correction").leader_id_index
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=rival.pk).update(leader_id_index=index)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "admitted_by_magic"},
        {"status": "submitted", "number": None},
        {"originals_received_at": "2026-01-01T00:00+08:00"},
    ],
)
def test_the_database_refuses_impossible_cases(fresh, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=fresh("submitted").pk).update(**wrong)


def test_withdrawing_ends_everything_and_the_text_can_be_read_still(fresh, owner, people, client_of):
    application = ADMISSION.perform(fresh("correction"), "withdraw", by=owner, note="另有安排")
    assert not application.corrections.filter(closed_at=None).exists()
    page = client_of(owner).get(application.get_absolute_url())
    assert page.status_code == 200
    version = reverse("applications:version", args=[application.key, 1])
    assert client_of(owner).get(version).status_code == 200


# ── intake ──────────────────────────────────────────────────────────────────────────────────────
def test_in_batches_filing_waits_for_its_days(ready, owner, clock):
    rules.set_rule("intake_mode", "batches", by=owner, reason="试验")
    Batch.objects.create(name="2026年第一批", opens_on=date(2026, 3, 2), closes_on=date(2026, 3, 31))
    for day, may in (
        ("2026-03-01", False),
        ("2026-03-02", True),
        ("2026-03-31", True),
        ("2026-04-01", False),
    ):
        clock(day)
        missing = ADMISSION.steps["submit"].missing(ready)
        assert missing == ([] if may else ["现在不在申报批次的受理时间内，草稿会为您保留。"])


def test_what_is_missing_is_said_in_full(fresh, owner):
    application = fresh("draft")
    filling.save_section(application, "plan", {"plan_or_goals": ""}, version=1, by=owner)
    filling.save_section(application, "intro", {"founded_on": ""}, version=1, by=owner)
    with pytest.raises(Refused) as refusal:
        submit(application, owner)
    assert refusal.value.sentences == [
        "尚未填完：工作室简介、创业规划或工作目标。",
        "还没有推荐意见：请打印用印稿，盖章后上传扫描件，或请单位在线确认。",
    ]


def test_papers_of_a_withdrawn_application_no_longer_stand(fresh, people):
    application = fresh("submitted")
    annex = Document.objects.about(application.latest_submission()).get(kind="annex1")
    ADMISSION.perform(application, "withdraw", by=people["owner"])
    annex.refresh_from_db()
    assert (annex.state, annex.reason) == ("withdrawn", "申报已撤回")


def test_the_total_of_members_is_frozen_with_the_version(fresh, people):
    submission = fresh("submitted").latest_submission()
    before = papers.printed_hash(submission.data), papers.annex1_data(submission.data)["member_total"]
    rules.set_rule("member_total_includes_leader", False, by=people["office"], reason="测试")
    assert (
        papers.printed_hash(submission.data),
        papers.annex1_data(submission.data)["member_total"],
    ) == before
