"""Box 10 of Annex 1: the copy for the stamp, the scan that comes back, the unit's one-time link [A1][A3]."""

import io
from datetime import timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from applications.actions import filling, recommending
from applications.forms.filing import RecommendationForm
from applications.models import Recommendation, RecommendationLink, RecommendationMode
from applications.workflow import ADMISSION
from park import attachments, rules
from park.formkeys import new_key
from park.models import AuditEntry, Notification
from park.models.document import DocumentState
from park.workflow import Refused
from tests.applications import filled
from tests.applications.conftest import verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def application(fresh):
    return fresh("draft")


@pytest.fixture
def owner(people):
    return people["owner"]


@pytest.fixture
def copy(application, owner):
    return recommending.print_for_stamp(application, by=owner)


def change(application, owner, text):
    version = application.sections.get(name="plan").version
    filling.save_section(application, "plan", {"plan_or_goals": text}, version=version, by=owner)


def page_with(*texts, name="盖章页.png") -> SimpleUploadedFile:
    """A scanned page with these QR codes on it."""
    page = Image.new("RGB", (1240, 1754), "white")
    for place, text in enumerate(texts):
        drawn = io.BytesIO()
        segno.make(text, error="m").save(drawn, kind="png", scale=6, border=4)
        page.paste(Image.open(drawn).convert("RGB"), (120 + 500 * place, 1300))
    out = io.BytesIO()
    page.save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def receive(application, owner, scan, *, same_copy=False, mode="employer", reason=""):
    return recommending.receive_scan(
        application,
        attachments.check(scan, read_qr=True),
        by=owner,
        mode=mode,
        opinion="同意推荐。",
        reason=reason,
        same_copy=same_copy,
    )


# ── the copy for the stamp ──────────────────────────────────────────────────────────────────────
def test_a_copy_freezes_what_is_typed(application, owner, copy):
    change(application, owner, "后来的规划")
    copy.refresh_from_db()
    assert copy.data["plan"] == filled.TYPED["plan"]
    assert (copy.number, str(copy), copy.document.kind) == (1, "用印稿 第1稿", "annex1_stamp")


def test_an_unchanged_form_gives_the_same_copy(application, owner, copy):
    assert recommending.print_for_stamp(application, by=owner) == copy
    assert application.stamp_copies.count() == 1


def test_what_is_not_printed_needs_no_new_stamp(application, owner, copy):
    """Unit and conditions are not on the printed form [A1], so changing them leaves the stamp good."""
    unit = filled.TYPED["unit"] | {"contact_name": "赵珺"}
    filling.save_section(application, "unit", unit, version=1, by=owner)
    assert recommending.print_for_stamp(application, by=owner) == copy


def test_a_changed_form_gets_the_next_copy_and_the_old_paper_falls(application, owner, copy):
    change(application, owner, "后来的规划")
    second = recommending.print_for_stamp(application, by=owner)
    assert (second.number, second.document.number, second.document.version) == (2, copy.document.number, 2)
    copy.document.refresh_from_db()
    assert (copy.document.state, copy.document.superseded_by) == (DocumentState.SUPERSEDED, second.document)


def test_no_copy_of_an_unfinished_form(application, owner):
    change(application, owner, "")
    with pytest.raises(Refused, match="请先填完：创业规划或工作目标。"):
        recommending.print_for_stamp(application, by=owner)


def test_a_change_after_the_stamp_stops_the_filing(application, owner, copy):
    receive(application, owner, page_with(copy.document.check_url))
    change(application, owner, "盖章以后改的")
    with pytest.raises(Refused, match="盖章的是用印稿 第1稿"):
        ADMISSION.perform(application, "submit", by=owner, data=filled.CONSENTS)


# ── the scan ────────────────────────────────────────────────────────────────────────────────────
def test_a_scan_is_matched_by_its_code(application, owner, copy):
    row = receive(application, owner, page_with("https://example.org/else", copy.document.check_url))
    assert (row.matched_by, row.copy, row.via, row.received_from) == ("qr", copy, "scan", owner)
    assert verbs_of(application)[-1] == "receive_recommendation"


def test_a_scan_of_an_older_copy_is_refused(application, owner, copy):
    change(application, owner, "后来的规划")
    recommending.print_for_stamp(application, by=owner)
    with pytest.raises(Refused, match="扫描件是用印稿 第1稿，之后内容有修改，最新的是用印稿 第2稿。"):
        receive(application, owner, page_with(copy.document.check_url), same_copy=True)
    assert application.standing_recommendation() is None


@pytest.mark.parametrize("whose", ["another application", "nothing of ours"])
def test_a_scan_of_something_else_is_refused(application, owner, copy, fresh, whose):
    other = fresh("submitted").stamp_copies.last().document.check_url
    code = other if whose == "another application" else "http://127.0.0.1:8000/check/AAAAAAAAAAAAAAAA/"
    with pytest.raises(Refused, match="不是本次申报的用印稿"):
        receive(application, owner, page_with(code), same_copy=True)


def test_an_unreadable_scan_needs_confirmation_by_hand(application, owner, copy):
    with pytest.raises(Refused, match="没有识别到扫描件上的二维码。请核对它确是用印稿 第1稿"):
        receive(application, owner, page_with())
    assert receive(application, owner, page_with(), same_copy=True).matched_by == "hand"


def test_the_page_takes_a_scan_and_keeps_what_was_typed_when_it_refuses(application, owner, copy, client_of):
    client, url = client_of(owner), reverse("applications:recommendation", args=[application.key])
    data = {"mode": "employer", "opinion": "同意推荐，情况属实。", "reason": ""}
    refused = client.post(url, data | {"form_key": new_key(), "scan": page_with()})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "没有识别到扫描件上的二维码" in page
    assert "同意推荐，情况属实。" in page
    taken = client.post(url, data | {"form_key": new_key(), "scan": page_with(copy.document.check_url)})
    assert taken.url == url
    assert application.standing_recommendation().opinion == "同意推荐，情况属实。"


def test_a_scan_before_any_copy_is_refused(application, owner):
    with pytest.raises(Refused, match="请先打印用印稿"):
        receive(application, owner, page_with())


def test_a_newer_scan_replaces_the_older(application, owner, copy):
    first = receive(application, owner, page_with(), same_copy=True)
    second = receive(application, owner, page_with(copy.document.check_url))
    assert application.standing_recommendation() == second
    assert Recommendation.objects.get(pk=first.pk).replaced_at is not None


@pytest.mark.parametrize("status", ["submitted", "site_visit", "rejected", "withdrawn"])
def test_box_10_is_closed_once_filed(fresh, owner, client_of, status):
    application = fresh(status)
    with pytest.raises(Refused, match="现在不能修改推荐意见"):
        recommending.print_for_stamp(application, by=owner)
    with pytest.raises(Refused, match="现在不能修改推荐意见"):
        recommending.make_link(application, by=owner)
    for name in ("print_copy", "make_link", "recommendation"):
        url = reverse(f"applications:{name}", args=[application.key])
        assert client_of(owner).post(url, {"form_key": new_key()}).status_code == 403


# ── people without a unit [A3] ──────────────────────────────────────────────────────────────────
def test_every_mode_of_the_rule_is_a_mode_of_the_form(reference, db):
    assert {code for code, _ in rules.REGISTRY["unit_recommendation_modes"].choices} == set(
        RecommendationMode
    )
    offered = [code for code, _ in RecommendationForm().fields["mode"].choices]
    assert offered == ["employer", "association", "local", "none"]


@pytest.mark.parametrize("mode", ["association", "local", "none"])
def test_substitutes_need_a_reason(mode, db):
    form = RecommendationForm({"mode": mode, "opinion": "同意"}, {"scan": page_with()})
    assert form.errors == {"reason": ["不是由所在单位推荐的，请说明原因。"]}


def test_a_mode_that_the_park_closed_is_refused(owner, db):
    rules.set_rule("unit_recommendation_modes", ["employer"], by=owner, reason="试验")
    form = RecommendationForm(
        {"mode": "none", "opinion": "同意", "reason": "自由职业"}, {"scan": page_with()}
    )
    assert list(form.errors) == ["mode"]


# ── the unit's link ─────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def link(application, owner, copy):
    return recommending.make_link(application, by=owner)


def confirm_url(token):
    return reverse("applications:unit_confirm", args=[token])


def confirmation(scan=None, **changes):
    return {
        "form_key": new_key(), "opinion": "同意推荐。", "signer_name": "赵珺", "signer_post": "人事科长",
        "authorised": "on", "scan": scan or page_with(),
    } | changes  # fmt: skip


def test_only_the_hash_of_the_token_is_kept(link):
    row, token = link
    assert row.token_hash == recommending.hash_token(token)
    assert len(token) >= 43
    stored = [str(v) for v in RecommendationLink.objects.values().get(pk=row.pk).values()]
    assert [v for v in stored if token in v] == []
    assert AuditEntry.objects.filter(note__contains=token).count() == 0


def test_the_unit_needs_no_account_and_sees_no_number(link):
    client = Client()
    response = client.get(confirm_url(link[1]))
    assert response.status_code == 200
    page = response.content.decode()
    assert "陈青松焊工技能大师工作室" in page
    leader = link[0].copy.data["leader"]
    assert [n for n in (leader["leader_id_number"], leader["leader_mobile"]) if n in page] == []


def test_the_unit_confirms_once(application, owner, link, django_capture_on_commit_callbacks):
    token = link[1]
    client, data = Client(), confirmation()
    response = client.post(confirm_url(token), data)
    assert response.status_code == 200
    standing = application.standing_recommendation()
    assert (standing.via, standing.mode, standing.signer_name, standing.signer_post, standing.opinion) == (
        "link", "employer", "赵珺", "人事科长", "同意推荐。",
    )  # fmt: skip
    assert standing.received_from is None
    entry = AuditEntry.objects.get(verb="confirm_recommendation")
    assert (entry.by, entry.note) == (None, "单位在线确认")
    assert Notification.objects.filter(user=owner, text="所在单位已在线确认推荐意见。").count() == 1

    again = client.post(confirm_url(token), confirmation(form_key=data["form_key"]))  # a double click
    assert again.status_code == 200
    assert client.get(confirm_url(token)).status_code == 410
    assert client.post(confirm_url(token), confirmation()).status_code == 410
    assert application.recommendations.count() == 1


def test_a_refused_form_keeps_the_link_and_the_words(link, application):
    response = Client().post(confirm_url(link[1]), confirmation(signer_name="Tom", opinion="很好的工作室"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "姓名第1个字符" in page
    assert "很好的工作室" in page
    assert RecommendationLink.objects.get(pk=link[0].pk).is_live


def kill(how, application, owner, link):
    if how == "expired":
        RecommendationLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "revoked":
        recommending.revoke_link(link, by=owner)
    elif how == "replaced":
        recommending.make_link(application, by=owner)
    elif how == "filed":
        receive(application, owner, page_with(), same_copy=True)
        ADMISSION.perform(application, "submit", by=owner, data=filled.CONSENTS)
    elif how == "withdrawn":
        ADMISSION.perform(application, "withdraw", by=owner)


@pytest.mark.parametrize("how", ["expired", "revoked", "replaced", "filed", "withdrawn"])
def test_a_dead_link_says_so(application, owner, link, how):
    row, token = link
    kill(how, application, owner, row)
    for url in (confirm_url(token), reverse("applications:unit_copy", args=[token])):
        assert Client().get(url).status_code == 410
    assert Client().post(confirm_url(token), confirmation()).status_code == 410
    checked = attachments.check(page_with())
    with pytest.raises(Refused, match="用过、撤销或过期"):
        recommending.confirm_by_link(row, checked, opinion="x", signer_name="赵珺", signer_post="x")


def test_a_made_up_link_is_dead(db):
    assert Client().get(confirm_url("A" * 43)).status_code == 410


def test_a_link_lasts_as_long_as_the_rule_says(application, owner, copy, clock):
    now = clock("2026-03-02")
    rules.set_rule("recommendation_link_days", 5, by=owner, reason="试验")
    assert recommending.make_link(application, by=owner)[0].expires_at == now + timedelta(days=5)


def test_the_unit_cannot_confirm_a_text_that_has_changed(application, owner, link):
    change(application, owner, "后来的规划")
    recommending.print_for_stamp(application, by=owner)
    response = Client().post(confirm_url(link[1]), confirmation())
    assert response.status_code == 422
    assert "申报内容在发出链接之后有修改" in response.content.decode()


def test_the_link_is_shown_once_and_can_be_revoked(application, owner, copy, client_of):
    client, url = client_of(owner), reverse("applications:recommendation", args=[application.key])
    client.post(reverse("applications:make_link", args=[application.key]), {"form_key": new_key()})
    first, second = (client.get(url).content.decode() for _ in range(2))
    assert "/applications/recommend/" in first
    assert "/applications/recommend/" not in second
    client.post(reverse("applications:revoke_link", args=[application.key]), {"form_key": new_key()})
    assert not application.recommendation_links.get().is_live


def test_the_unit_gets_the_paper_it_stamps(link, copy):
    response = Client().get(reverse("applications:unit_copy", args=[link[1]]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_the_studio_cannot_confirm_for_its_unit(fresh, people, client_of):
    application = fresh("draft")
    recommending.print_for_stamp(application, by=people["owner"])
    _, token = recommending.make_link(application, by=people["owner"])
    page = client_of(people["owner"]).get(reverse("applications:unit_confirm", args=[token]))
    assert page.status_code == 403
    assert "请把它发给单位经办人" in page.content.decode()
