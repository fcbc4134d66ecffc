"""Filling in Annex 1: saving as you go, two editors, colleagues, files, members from a sheet, help by the office."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.actions import filling
from applications.forms.sections import SECTIONS
from applications.models import Application, ApplicationFile
from applications.workflow import ADMISSION
from park import attachments
from park.formkeys import new_key
from park.models import AuditEntry, Notification, StoredFile
from park.workflow import Refused
from tests.applications import filled
from tests.applications.conftest import draft_of, form_data, section_url, verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def owner(people, client_of):
    return client_of(people["owner"])


@pytest.fixture
def colleague(people, client_of):
    return client_of(people["collaborator"])


# ── saving ──────────────────────────────────────────────────────────────────────────────────────
def test_saving_keeps_what_is_typed_right_or_wrong(owner, fresh):
    application = fresh("draft")
    response = owner.post(section_url(application, "intro"), form_data("intro", {"founded_on": "二零一五"}))
    assert response.url == section_url(application, "plan")
    saved = draft_of(application, "intro")
    assert (saved.data["founded_on"], saved.version) == ("二零一五", 2)
    page = owner.get(section_url(application, "intro")).content.decode()
    assert "二零一五" in page
    assert "请写成年和月" in page


def test_autosave_answers_with_version_and_problems(owner, fresh):
    application = fresh("draft")
    response = owner.post(
        section_url(application, "intro"),
        form_data("intro", {"studio_intro": ""}),
        headers={"X-Autosave": "1"},
    )
    said = response.json()
    assert re.fullmatch(r"\d\d:\d\d:\d\d", said.pop("saved_at"))
    assert said == {
        "ok": True,
        "version": 2,
        "problems": [{"anchor": "id_studio_intro", "text": "请填写“工作室简介”。"}],
    }


def test_studio_and_leader_names_are_copied_for_lists(owner, fresh):
    application = fresh("draft")
    owner.post(
        section_url(application, "leader"),
        form_data("leader", {"studio_name": "甲" * 70, "leader_name": "珺䶮"}),
    )
    application.refresh_from_db()
    assert (application.studio_name, application.leader_name) == ("甲" * 60, "珺䶮")


def test_what_is_typed_is_not_readable_in_the_database(fresh):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM applications_sectiondraft")
        stored = "".join(row[0] for row in cursor.fetchall())
    assert filled.TYPED["leader"]["leader_mobile"] not in stored
    assert "焊" not in stored


# ── two editors ─────────────────────────────────────────────────────────────────────────────────
def test_two_editors_never_overwrite_each_other(owner, colleague, fresh):
    application = fresh("draft")
    url = section_url(application, "plan")
    colleague.post(url, form_data("plan", {"plan_or_goals": "李玥写的规划"}))
    response = owner.post(url, form_data("plan", {"plan_or_goals": "陈青松写的规划"}))
    assert response.status_code == 409
    page = response.content.decode()
    assert "李玥写的规划" in page
    assert "陈青松写的规划" in page
    assert "已由李玥保存过，您现在的修改尚未保存" in page
    assert draft_of(application, "plan").data == {"plan_or_goals": "李玥写的规划"}
    assert 'name="version" value="2"' in page  # saving again is a decision, with both texts in sight


def test_a_conflict_shows_the_other_sides_rows_in_full(owner, colleague, fresh):
    application = fresh("draft")
    url = section_url(application, "members")
    theirs = [filled.TYPED["members"]["members"][0] | {"name": "赵珺", "achievements": "市赛一等奖"}]
    colleague.post(url, form_data("members", {"members": theirs}))
    response = owner.post(url, form_data("members", {"members": []}))
    assert response.status_code == 409
    page = response.content.decode()
    assert "赵珺" in page
    assert "市赛一等奖" in page


def test_an_autosaving_editor_is_told_and_led_to_the_other_text(owner, colleague, fresh):
    application = fresh("draft")
    url = section_url(application, "plan")
    colleague.post(url, form_data("plan", {"plan_or_goals": "李玥写的规划"}))
    response = owner.post(url, form_data("plan", {"plan_or_goals": "别的"}), headers={"X-Autosave": "1"})
    assert response.status_code == 409
    assert response.json() == {
        "ok": False,
        "conflict": True,
        "message": "“创业规划或工作目标”已由李玥保存过，您现在的修改尚未保存。",
        "url": url,
    }


def test_the_same_form_twice_is_no_conflict(owner, fresh):
    application = fresh("draft")
    for _ in range(2):
        assert (
            owner.post(
                section_url(application, "plan"), form_data("plan", {"plan_or_goals": "新"})
            ).status_code
            == 302
        )
    assert draft_of(application, "plan").version == 2


@pytest.mark.parametrize("version", ["", "x", "²", "-1", "99999999999999999999", "0"])
def test_a_forged_version_is_a_conflict_not_an_error(owner, fresh, version):
    application = fresh("draft")
    response = owner.post(
        section_url(application, "plan"), form_data("plan", {"plan_or_goals": "新"}, version=version)
    )
    assert response.status_code == 409
    assert draft_of(application, "plan").data == filled.TYPED["plan"]


# ── abuse ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize(
    "text", ["长" * 100_000, "\x00", "\ud800", "\x1b[31m", "<script>alert(1)</script>", "𠮷" * 5000]
)
def test_no_text_breaks_a_section(owner, fresh, name, text):
    application = fresh("draft")
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if "\ud800" in text else text
    data = form_data(name)
    for field in {"version", *(k for k in data if k.endswith("-TOTAL"))} ^ set(data):
        if len(text) < 100_000 or field.endswith(
            ("name", "achievements", "intro", "goals", "resume", "funding")
        ):
            data[field] = text
    response = owner.post(section_url(application, name), data)
    assert response.status_code == (422 if len(text) == 100_000 else 302)
    page = owner.get(section_url(application, name)).content.decode()
    assert "<script>alert(1)</script>" not in page


def test_a_text_far_too_long_stays_on_the_form_with_everything_else(owner, fresh):
    application = fresh("draft")
    long = "长" * 30_000
    changed = [filled.TYPED["members"]["members"][0] | {"achievements": long, "name": "赵珺"}]
    response = owner.post(section_url(application, "members"), form_data("members", {"members": changed}))
    assert response.status_code == 422
    page = response.content.decode()
    assert "“主要业绩”有 30000 字，超过系统能保存的 20000 字" in page
    assert long in page
    assert "赵珺" in page
    assert draft_of(application, "members").data == filled.TYPED["members"]


def test_raw_bytes_that_are_no_text_are_no_error(owner, fresh):
    response = owner.generic(
        "POST",
        section_url(fresh("draft"), "plan"),
        b"version=1&plan_or_goals=%ED%A0%80%00%FFx",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 302
    assert draft_of(fresh("draft"), "plan").data["plan_or_goals"].endswith("x")


@pytest.mark.parametrize("field", ["remove_file", "restore_file", "extra", "add_row"])
@pytest.mark.parametrize("value", ["²", "x", "-1", "999999999", "9" * 5000, "\x00"])
def test_forged_buttons_are_no_error(owner, fresh, field, value):
    response = owner.post(section_url(fresh("draft"), "leader"), form_data("leader") | {field: value})
    assert response.status_code in (302, 404)


def test_unknown_section_is_404(owner, fresh):
    assert owner.get(section_url(fresh("draft"), "secrets")).status_code == 404


# ── closed sections ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["submitted", "site_visit", "rejected", "withdrawn"])
def test_a_filed_form_is_closed(owner, fresh, people, status):
    application = fresh(status)
    with pytest.raises(Refused, match="现在不能修改"):
        filling.save_section(application, "plan", {"plan_or_goals": "x"}, version=1, by=people["owner"])
    response = owner.post(
        section_url(application, "plan"), form_data("plan", {"plan_or_goals": "x"}), follow=True
    )
    assert next(str(m) for m in response.context["messages"]).startswith("“创业规划或工作目标”现在不能修改")
    with pytest.raises(Refused, match="现在不能上传"):
        filling.add_file(application, "plan", "plan", attachments.check(filled.picture()), by=people["owner"])
    row = application.files.first()
    with pytest.raises(Refused, match="现在不能删除"):
        filling.remove_file(row, by=people["owner"])
    with pytest.raises(Refused, match="现在不能恢复"):
        filling.restore_file(row, by=people["owner"])
    page = owner.get(section_url(application, "leader")).content.decode()
    assert '<form method="post" enctype' not in page
    assert filled.person_number(list(SECTIONS).index("leader")) not in page


def test_a_correction_opens_only_the_named_sections(owner, fresh, people):
    application = fresh("correction")  # names the section profile
    assert (
        owner.post(section_url(application, "profile"), form_data("profile", {"remarks": "已补"})).status_code
        == 302
    )
    with pytest.raises(Refused, match="本次补正不涉及这一部分"):
        filling.save_section(application, "plan", {"plan_or_goals": "x"}, version=1, by=people["owner"])
    response = owner.post(section_url(application, "plan"), form_data("plan"), headers={"X-Autosave": "1"})
    assert (response.status_code, response.json()["ok"]) == (409, False)


# ── on the applicant's behalf ───────────────────────────────────────────────────────────────────
def test_the_office_types_for_the_studio_only_with_a_reason_everybody_sees(client_of, fresh, people):
    application, office = fresh("correction"), client_of(people["office"])
    url, data = section_url(application, "profile"), form_data("profile", {"remarks": "电话里更正"})
    response = office.post(url, data)
    assert response.status_code == 409
    assert "代申报人修改须写明原因" in response.content.decode()
    assert draft_of(application, "profile").version == 1

    response = office.post(url, data | {"reason": "\x00申报人来电"})
    assert response.status_code == 302
    assert draft_of(application, "profile").data["remarks"] == "电话里更正"
    entry = AuditEntry.objects.get(verb="edit_on_behalf", subject_id=str(application.pk))
    assert (entry.by, entry.note, entry.after) == (people["office"], "申报人来电", "领衔大师基本情况")
    told = Notification.objects.filter(text__contains="代您修改了")
    assert {n.user for n in told} == {people["owner"], people["collaborator"], people["officer_of_studio"]}
    page = client_of(people["owner"]).get(application.get_absolute_url()).content.decode()
    assert "代为修改" in page
    assert "申报人来电" in page


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_the_office_types_nothing_outside_a_correction(client_of, fresh, people, status):
    application = fresh(status)
    response = client_of(people["office"]).post(
        section_url(application, "profile"), form_data("profile", reason="x")
    )
    assert response.status_code == (404 if status == "draft" else 403)


# ── colleagues ──────────────────────────────────────────────────────────────────────────────────
def test_the_applicant_lets_colleagues_in_and_out(owner, client_of, fresh, people):
    application, url = fresh("draft"), reverse("applications:people", args=[fresh("draft").key])
    guest = people["applicant"]
    assert client_of(guest).get(application.get_absolute_url()).status_code == 404
    assert (
        owner.post(
            url, {"username": guest.username, "real_name": guest.real_name, "form_key": new_key()}
        ).status_code
        == 302
    )
    assert (
        owner.post(
            url, {"username": guest.username, "real_name": guest.real_name, "form_key": new_key()}
        ).status_code
        == 302
    )  # twice is once
    assert client_of(guest).get(application.get_absolute_url()).status_code == 200
    assert [n.text for n in Notification.objects.filter(user=guest)] == ["陈青松邀请您共同填报入驻申报。"]
    row = application.collaborators.get(user=guest)
    assert owner.post(url, {"remove": row.pk, "form_key": new_key()}).status_code == 302
    assert client_of(guest).get(application.get_absolute_url()).status_code == 404
    assert verbs_of(application)[-2:] == ["add_collaborator", "remove_collaborator"]


def test_a_colleague_may_leave_but_put_nobody_out(owner, client_of, fresh, people):
    application, guest = fresh("draft"), people["applicant"]
    url = reverse("applications:people", args=[application.key])
    mine = filling.add_collaborator(application, guest, by=people["owner"])
    others = application.collaborators.exclude(user=guest).first()
    assert client_of(guest).post(url, {"remove": others.pk, "form_key": new_key()}).status_code == 403
    page = client_of(guest).post(url, {"remove": mine.pk, "form_key": new_key()}, follow=True)
    assert [str(m) for m in page.context["messages"]] == ["已退出共同填报。"]
    assert not application.collaborators.filter(user=guest).exists()


def test_login_name_and_name_must_agree(owner, fresh, people):
    application = fresh("draft")
    url = reverse("applications:people", args=[application.key])
    typed = {"username": people["applicant"].username, "real_name": "别人", "form_key": new_key()}
    response = owner.post(url, typed)
    assert response.context["form"].errors == {
        "username": ["没有找到登录名和姓名都相符的申报人账号，请核对。"]
    }


def test_start_again_with_the_words_of_an_earlier_application(owner, client_of, fresh, people):
    earlier = fresh("withdrawn")
    typed = {"based_on": str(earlier.key), "form_key": new_key()}
    assert owner.post(reverse("applications:start"), typed).status_code == 302
    new = Application.objects.latest("pk")
    assert {s.name: s.data for s in new.sections.all()} == {s.name: s.data for s in earlier.sections.all()}
    assert (new.files.count(), new.status, new.number) == (0, "draft", None)
    stranger = client_of(people["applicant"])
    assert stranger.post(reverse("applications:start"), typed | {"form_key": new_key()}).status_code == 404


def test_an_application_takes_so_many_files(fresh, people, monkeypatch):
    application = fresh("draft")
    monkeypatch.setattr(filling, "MAX_FILES", application.files.standing().count())
    with pytest.raises(Refused, match="个附件，请合并成 PDF 后再上传"):
        filling.add_file(
            application,
            "profile",
            "award",
            attachments.check(filled.picture(b"one more")),
            by=people["owner"],
        )


def test_the_applicants_own_account_stays(owner, fresh, people):
    application = fresh("draft")
    row = application.collaborators.get(user=people["owner"])
    response = owner.post(
        reverse("applications:people", args=[application.key]),
        {"remove": row.pk, "form_key": new_key()},
        follow=True,
    )
    assert [str(m) for m in response.context["messages"]] == ["申报账号本人不能移出。"]
    assert application.collaborators.filter(user=people["owner"]).exists()


@pytest.mark.parametrize("username", ["", "no-such", "the-expert", "\x00"])
def test_only_applicants_can_be_let_in(owner, fresh, username):
    application = fresh("draft")
    before = application.collaborators.count()
    response = owner.post(reverse("applications:people", args=[application.key]), {"username": username})
    assert response.status_code == 422
    assert application.collaborators.count() == before


def test_an_officer_who_is_also_an_applicant_can_fill_in_their_own(client_of, fresh, people):
    client = client_of(people["officer_of_studio"])
    response = client.post(reverse("applications:start"), {"form_key": new_key()}, follow=True)
    assert response.status_code == 200
    assert Application.objects.filter(applicant=people["officer_of_studio"]).count() == 1
    assert client.get(fresh("draft").get_absolute_url()).status_code == 200


def test_a_double_click_starts_one_application(client_of, people, reference):
    client, key = client_of(people["applicant"]), new_key()
    first, second = (client.post(reverse("applications:start"), {"form_key": key}) for _ in range(2))
    assert first.url == second.url
    assert Application.objects.filter(applicant=people["applicant"]).count() == 1


# ── files ───────────────────────────────────────────────────────────────────────────────────────
def test_files_come_and_go_and_come_back(owner, fresh):
    application, url = fresh("draft"), section_url(fresh("draft"), "plan")
    assert owner.post(url, form_data("plan") | {"file-plan": filled.picture(b"a")}).status_code == 302
    row = application.files.get(section="plan")
    assert (row.purpose, row.stored.original_name) == ("plan", "证书.png")
    owner.post(url, form_data("plan") | {"remove_file": row.pk})
    assert not application.files.standing().filter(section="plan").exists()
    assert StoredFile.objects.filter(pk=row.stored_id).exists()
    owner.post(url, form_data("plan") | {"restore_file": row.pk})
    assert application.files.standing().get(section="plan") == row
    assert verbs_of(application)[-3:] == ["add_file", "remove_file", "restore_file"]


def test_the_same_file_sent_twice_is_one(owner, fresh):
    application, url = fresh("draft"), section_url(fresh("draft"), "plan")
    for _ in range(2):
        owner.post(url, form_data("plan") | {"file-plan": filled.picture(b"same")})
    assert application.files.standing().filter(section="plan").count() == 1


def test_a_refused_file_keeps_the_text_and_the_good_files(owner, fresh):
    application, url = fresh("draft"), section_url(fresh("draft"), "plan")
    bad = SimpleUploadedFile("说明.pdf", b"MZ\x90\x00" + b"\x00" * 100)
    response = owner.post(
        url,
        form_data("plan", {"plan_or_goals": "新规划"}) | {"file-plan": [bad, filled.picture(b"ok")]},
        follow=True,
    )
    said = [str(m) for m in response.context["messages"]]
    assert said[0].startswith("没有上传：“说明.pdf”")
    assert draft_of(application, "plan").data == {"plan_or_goals": "新规划"}
    assert application.files.standing().filter(section="plan").count() == 1


def test_an_identity_card_is_not_taken(owner, fresh):
    application, url = fresh("draft"), section_url(fresh("draft"), "leader")
    card = filled.picture(b"card")
    card.name = "身份证正面.png"
    before = application.files.count()
    response = owner.post(url, form_data("leader") | {"file-certificate": card}, follow=True)
    assert "不收身份证" in next(str(m) for m in response.context["messages"])
    assert application.files.count() == before


def test_a_file_of_another_application_is_not_touched(owner, fresh):
    other = fresh("correction").files.first()
    response = owner.post(
        section_url(fresh("draft"), "leader"), form_data("leader") | {"remove_file": other.pk}
    )
    assert response.status_code == 404
    assert ApplicationFile.objects.get(pk=other.pk).removed_at is None


def test_a_filed_version_keeps_a_file_that_is_taken_out_later(owner, fresh, people):
    application = fresh("submitted")
    from applications.actions import reviewing

    reviewing.add_correction_item(
        application, section="leader", missing="换证书", clause="", by=people["office"]
    )
    ADMISSION.perform(application, "request_correction", by=people["office"])
    row = application.files.get(purpose="certificate")
    filling.remove_file(row, by=people["owner"])
    assert application.latest_submission().files.get(purpose="certificate").stored_id == row.stored_id
