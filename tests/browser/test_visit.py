"""The record of a site visit on a phone, in a real browser: the draft that survives a lost line [3.2.2]."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from applications.models import SiteVisit, VisitPhoto
from tests.applications import road
from tests.applications.test_visit import DEMANDED, plan
from tests.browser.conftest import BACKEND, SIZES
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture(params=["phone"])
def size(request):
    return SIZES[request.param]


@pytest.fixture
def officer(reference_data):
    return UserFactory(roles=["office"], real_name="钱考察")


@pytest.fixture
def expert(reference_data):
    return UserFactory(roles=["expert"], real_name="周专家")


@pytest.fixture
def owner(reference_data):
    return UserFactory(roles=["applicant"])


@pytest.fixture
def visit(officer, expert, owner):
    case = road.place(road.filed(by=owner), "site_visit")
    visit = plan(case, by=officer, visitors=[officer, expert])[0]
    SiteVisit.objects.filter(pk=visit.pk).update(visit_on=timezone.localdate())
    return SiteVisit.objects.get(pk=visit.pk)


def record_url(visit):
    return reverse("applications:visit_record", args=[visit.key])


def state(page):
    return page.locator("[data-draft-state]").first


def drafts(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('record-draft:')).length"
    )


def save(page):
    page.get_by_role("button", name="保存", exact=True).click()


def picture() -> dict:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "steelblue").save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_the_draft_survives_a_lost_line_and_a_reload(open_page, accessible, visit, officer):
    page = open_page(officer)
    page.goto(record_url(visit), wait_until="networkidle")
    accessible(page)
    page.context.set_offline(True)
    page.locator("[name=findings]").fill("没有信号的车间里写的情况。")
    page.locator("[name='3_1_2_equipment-verdict'][value=met]").check()
    page.locator("[name='3_1_2_equipment-note']").fill("二十台焊机在场")
    expect(state(page)).to_contain_text("没有网络")
    save(page)
    expect(state(page)).to_contain_text("恢复后会自动保存")
    assert SiteVisit.objects.get().version == 0
    assert drafts(page) == 1

    # the phone is put away, the page comes back when there is a line again
    # A closing page may still hear that the line is back, and save; a phone that was put away does not.
    page.evaluate("addEventListener('online', (event) => event.stopImmediatePropagation(), true)")
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(record_url(visit), wait_until="networkidle")
    expect(page.get_by_role("alert")).to_contain_text("已恢复这部手机上")
    assert page.locator("[name=findings]").input_value() == "没有信号的车间里写的情况。"
    assert page.locator("[name='3_1_2_equipment-verdict'][value=met]").is_checked()
    assert page.locator("[name='3_1_2_equipment-note']").input_value() == "二十台焊机在场"
    accessible(page)
    save(page)
    expect(state(page)).to_contain_text("已保存")
    saved = SiteVisit.objects.get()
    assert (saved.findings, saved.version) == ("没有信号的车间里写的情况。", 1)
    assert list(saved.lines.values_list("item", "verdict", "note")) == [
        ("3.1.2.equipment", "met", "二十台焊机在场")
    ]
    assert drafts(page) == 0
    page.reload(wait_until="networkidle")
    expect(page.locator("[data-draft-notice]")).to_be_hidden()


def test_what_was_kept_is_saved_by_itself_when_the_line_is_back(open_page, visit, officer):
    page = open_page(officer)
    page.goto(record_url(visit), wait_until="networkidle")
    page.context.set_offline(True)
    page.locator("[name=findings]").fill("先写一句。")
    save(page)
    expect(state(page)).to_contain_text("恢复后会自动保存")
    page.locator("[name=findings]").fill("先写一句。再写一句。")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("已保存")
    assert SiteVisit.objects.get().findings == "先写一句。再写一句。"
    assert drafts(page) == 0


def test_newer_text_of_somebody_else_is_never_overwritten_unseen(
    open_page, accessible, visit, officer, expert
):
    mine, theirs = open_page(officer), open_page(expert)
    mine.goto(record_url(visit), wait_until="networkidle")
    mine.context.set_offline(True)
    mine.locator("[name=findings]").fill("我在现场写的。")
    expect(state(mine)).to_contain_text("没有网络")
    theirs.goto(record_url(visit), wait_until="networkidle")
    theirs.locator("[name=findings]").fill("专家先保存的。")
    save(theirs)
    expect(state(theirs)).to_contain_text("已保存")

    mine.context.set_offline(False)
    mine.goto(record_url(visit), wait_until="networkidle")
    expect(mine.get_by_role("alert")).to_contain_text("其他人后来保存过")
    assert mine.locator("[name=findings]").input_value() == "专家先保存的。"
    accessible(mine)
    mine.get_by_role("button", name="改为显示手机上的内容").click()
    assert mine.locator("[name=findings]").input_value() == "我在现场写的。"
    save(mine)
    alert = mine.get_by_role("alert")
    expect(alert).to_contain_text("专家先保存的。")
    expect(alert).to_contain_text("我在现场写的。")
    assert SiteVisit.objects.get().findings == "专家先保存的。"
    accessible(mine)
    mine.locator("[name=findings]").fill("专家先保存的。我在现场写的。")
    save(mine)
    expect(state(mine)).to_contain_text("已保存")
    assert SiteVisit.objects.get().findings == "专家先保存的。我在现场写的。"
    assert drafts(mine) == 0


def test_two_drafts_on_one_phone_stay_apart(open_page, visit, officer, expert):
    """The draft belongs to the visit and the person: who signs in next on the same phone does not see it."""
    page = open_page(officer)
    page.goto(record_url(visit), wait_until="networkidle")
    page.context.set_offline(True)
    page.locator("[name=findings]").fill("只给自己看的草稿。")
    expect(state(page)).to_contain_text("没有网络")
    page.context.set_offline(False)
    client = Client()
    client.force_login(expert, backend=BACKEND)
    value = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": value, "url": page.url.partition("/applications")[0]}]
    )
    page.goto(record_url(visit), wait_until="networkidle")
    assert page.locator("[name=findings]").input_value() == ""
    expect(page.locator("[data-draft-notice]")).to_be_hidden()


def test_a_picture_waits_for_the_line_and_is_sent_once(open_page, visit, officer):
    page = open_page(officer)
    page.goto(record_url(visit), wait_until="networkidle")
    page.context.set_offline(True)
    page.locator("[name=caption]").fill("设备间")
    page.locator("[name=album]").set_input_files(picture())
    expect(page.locator("[data-photo-state]")).to_contain_text("没有网络，还有 1 张照片没有上传")
    page.context.set_offline(False)
    expect(page.locator("[data-photo-state]")).to_contain_text("照片已上传。")
    expect(page.locator("#photos img")).to_have_count(1)
    assert list(VisitPhoto.objects.values_list("caption", flat=True)) == ["设备间"]


def test_from_the_record_to_the_answer_of_the_studio(open_page, accessible, visit, officer, owner):
    page = open_page(officer)
    page.goto("/applications/visits/", wait_until="networkidle")
    accessible(page)
    page.goto("/applications/visits/?view=list")
    accessible(page)
    page.get_by_role("link", name=re.compile("月.*日")).last.click()
    accessible(page)
    page.get_by_role("link", name="填写考察记录").click()
    for group in page.locator(".place-line").all():
        group.locator("input[value=met]").check()
    page.locator("[name=findings]").fill("设备齐全，制度上墙。")
    page.get_by_role("button", name="保存并完成记录").click()
    page.wait_for_url("**/steps/finish_visit/")
    accessible(page)
    page.locator("[name=outcome][value=passed]").check()
    page.locator("[name=reason]").fill("符合现场考察要求。")
    page.get_by_role("button", name="完成记录，请工作室确认").click()
    expect(page.get_by_text("已记录，待工作室确认").first).to_be_visible()
    accessible(page)
    assert SiteVisit.objects.get().lines.filter(verdict="met", item__in=DEMANDED).count() == len(DEMANDED)

    studio = open_page(owner)
    studio.goto(visit.application.get_absolute_url())
    accessible(studio)
    studio.get_by_role("link", name="核对并确认考察记录").click()
    accessible(studio)
    studio.locator("[name=answer][value=online]").check()
    studio.get_by_role("button", name="核对考察记录").click()
    expect(studio.get_by_text("已办结").first).to_be_visible()
    accessible(studio)
    assert SiteVisit.objects.get().status == "settled"


def test_recording_works_without_scripts(chromium, live_server, visit, officer):
    client = Client()
    client.force_login(officer, backend=BACKEND)
    context = chromium.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport=SIZES["phone"]
    )
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(record_url(visit))
    page.locator("[name=findings]").fill("没有脚本也能写。")
    save(page)
    expect(page.get_by_text("考察记录已保存。")).to_be_visible()
    page.locator("[name=photo]").set_input_files(picture())
    page.get_by_role("button", name="上传照片").click()
    expect(page.get_by_text("已上传 1 张照片。")).to_be_visible()
    context.close()
    assert (SiteVisit.objects.get().findings, VisitPhoto.objects.count()) == ("没有脚本也能写。", 1)


def test_planning_on_a_phone(open_page, accessible, officer, expert, owner):
    case = road.place(road.filed(by=owner), "site_visit")
    page = open_page(officer)
    page.goto(f"/applications/visits/plan/?case={case.key}", wait_until="networkidle")
    accessible(page)
    assert page.locator(f"[name=case-{case.pk}-chosen]").is_checked()
    page.locator("[name=visit_on]").fill(f"{timezone.localdate()}")
    page.locator(f"[name=visitors][value='{officer.pk}']").check()
    page.get_by_role("button", name="安排考察并发出通知").click()
    expect(page.get_by_text("考察至少2人（本园设定）").first).to_be_visible()
    expect(page.get_by_text("考察应提前3个工作日通知").first).to_be_visible()
    page.locator(f"[name=visitors][value='{expert.pk}']").check()
    page.locator("[name=short_notice]").fill("工作室主动提出。")
    page.get_by_role("button", name="安排考察并发出通知").click()
    page.wait_for_url("**/visits/day/**")
    accessible(page)
    assert case.visits.get().visitors.count() == 2
