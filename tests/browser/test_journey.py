"""The whole of step one, as its people walk it: register, fill in, print, file, correct, pass [3.2.1][3.2.2]."""

import io
import re

import pytest
import segno
from PIL import Image

from applications.models import Application, Status
from park.models import User
from tests.applications.filled import TYPED
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


def png(text="证明材料") -> dict:
    """An image as the file chooser takes it; a text of a check address becomes a scan with its QR code."""
    out = io.BytesIO()
    sheet = Image.new("RGB", (900, 1200), "white")
    if text.startswith("http"):
        code = io.BytesIO()
        segno.make(text, error="m").save(code, kind="png", scale=8)
        sheet.paste(Image.open(code).convert("RGB"), (300, 600))
    sheet.save(out, "PNG")
    return {"name": "扫描件.png", "mimeType": "image/png", "buffer": out.getvalue()}


def type_section(page, name):
    """Type what filled.TYPED has for the section, leaving derived fields alone. The scripts of the page are there first:
    a condition that is ticked opens its fields."""
    page.wait_for_load_state()
    for field, value in TYPED[name].items():
        if field in ("members", "projects"):
            continue
        control = page.locator(f"[name='{field}']")
        if field == "claims":
            for claim in value:
                page.locator(f"[name=claims][value='{claim}']").check()
        elif field == "key_project" or not value or field in ("leader_gender", "leader_birth_ym"):
            continue
        elif control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def type_row(page, table, index, row):
    for field, value in row.items():
        control = page.locator(f"[name='{table}-{index}-{field}']")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def follow(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def test_from_registration_to_passed_review(open_page, accessible, live_server):
    officer = UserFactory(roles=["office"], real_name="钱初审")
    page = open_page()

    # ── register: the notice is there, nothing is ticked beforehand
    page.goto("/")
    accessible(page)
    page.goto("/register/")
    assert not page.locator("[name=processing]").is_checked()
    accessible(page)
    page.locator("[name=username]").fill("chenqs")
    page.locator("[name=password1]").fill("Welding-2026-zj")
    page.locator("[name=password2]").fill("Welding-2026-zj")
    page.locator("[name=real_name]").fill("陈青松")
    page.locator("[name=mobile]").fill("13900001111")
    page.locator("[name=processing]").check()
    follow(page, "注册")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待办")
    accessible(page)

    # ── start; leave in the middle of a section and find everything again
    page.goto("/applications/")
    accessible(page)
    follow(page, "新建申报")
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作室与领衔人")
    type_section(page, "leader")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已自动保存")
    section_url = page.url
    page.goto("/applications/")
    page.goto(section_url)
    assert page.locator("[name=studio_name]").input_value() == TYPED["leader"]["studio_name"]
    accessible(page)
    page.locator("[name='file-certificate']").set_input_files(png())
    follow(page, "保存")
    expect(page.locator("#evidence")).to_contain_text("扫描件.png")
    follow(page, "保存并继续")

    # ── the other sections
    for name in ("unit", "members", "intro", "plan", "profile", "conditions"):
        expect(page).to_have_url(re.compile(f"sections/{name}/"))
        type_section(page, name)
        if name == "members":
            type_row(page, "members", 0, TYPED["members"]["members"][0])
            follow(page, "增加一行")
            expect(page.locator("[data-row]")).to_have_count(2)
            page.locator("[data-row]").nth(1).get_by_role("button", name="删除这一行").click()
            expect(page.locator("[data-row]")).to_have_count(1)
        if name == "conditions":
            type_row(page, "projects", 0, TYPED["conditions"]["projects"][0])
            page.locator("[name='file-3.1.1a']").set_input_files(png())
        accessible(page)
        follow(page, "保存并继续")
        if name == "conditions":  # a file came along: the page stays to show it
            expect(page.locator("#evidence")).to_contain_text("扫描件.png")

    # ── box 10: print, stamp, scan; the scan is recognised by its QR code
    application = Application.objects.get()
    page.goto(f"/applications/{application.key}/recommendation/")
    accessible(page)
    follow(page, "生成用印稿")
    copy = application.stamp_copies.get()
    expect(page.get_by_text("与现在的内容一致")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载用印稿").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.locator("[name=opinion]").fill("同意推荐。")
    page.locator("[name=scan]").set_input_files(png(copy.document.check_url))
    follow(page, "上传")
    expect(page.get_by_text("二维码自动核对")).to_be_visible()
    accessible(page)

    # ── preview and file
    page.goto(f"/applications/{application.key}/preview/")
    accessible(page)
    page.get_by_role("link", name="去提交").click()
    accessible(page)
    follow(page, "提交申报")
    expect(page.get_by_text("请先告知工作室成员。").first).to_be_visible()
    for tick in ("truthful", "processing", "disclosure", "members_informed"):
        page.locator(f"[name={tick}]").check()
    follow(page, "提交申报")
    expect(page.get_by_text("已办理").first).to_be_visible()
    application.refresh_from_db()
    assert (application.status, application.applicant) == (
        Status.SUBMITTED,
        User.objects.get(username="chenqs"),
    )
    accessible(page)

    # ── the office: queue, review, one correction told once
    desk = open_page(officer)
    desk.goto("/home/")
    accessible(desk)
    desk.goto("/applications/queue/")
    accessible(desk)
    desk.get_by_role("link", name=application.number).click()
    expect(desk.get_by_text("32**************30").first).to_be_visible()
    assert TYPED["leader"]["leader_id_number"] not in desk.content()
    accessible(desk)
    desk.get_by_role("link", name="填写审查表").click()
    verdicts = desk.locator("select[name$='-verdict']")
    for index in range(verdicts.count()):
        verdicts.nth(index).select_option("met")
    verdicts.last.select_option("unclear")
    follow(desk, "保存审查表")
    expect(desk.get_by_text("请写明说明").first).to_be_visible()
    desk.locator("input[name$='-note']").last.fill("盖章不清晰。")
    accessible(desk)
    follow(desk, "保存审查表")
    desk.get_by_role("link", name="准备补正告知").click()
    desk.locator("[name=section]").select_option("profile")
    desk.locator("[name=missing]").fill("请补充获奖年份。")
    follow(desk, "列入告知书")
    accessible(desk)
    desk.get_by_role("link", name="核对并发出").click()
    follow(desk, "发出一次性告知书")
    expect(desk.get_by_text("补正中").first).to_be_visible()
    accessible(desk)

    # ── the studio corrects: only the named section is open; the changed form is stamped anew
    page.goto(f"/applications/{application.key}/")
    accessible(page)
    page.goto(f"/applications/{application.key}/sections/intro/")
    expect(page.get_by_text("现在只能查看")).to_be_visible()
    page.goto(f"/applications/{application.key}/sections/profile/")
    page.locator("[name=profile_awards]").fill("2018年获江苏省技术能手称号。")
    follow(page, "保存")
    page.goto(f"/applications/{application.key}/recommendation/")
    follow(page, "生成用印稿")
    copy = application.stamp_copies.last()
    page.locator("[name=opinion]").fill("同意推荐。")
    page.locator("[name=scan]").set_input_files(png(copy.document.check_url))
    follow(page, "上传")
    page.goto(f"/applications/{application.key}/steps/resubmit/")
    page.locator("[name=truthful]").check()
    follow(page, "提交补正")
    expect(page.get_by_text("已办理").first).to_be_visible()

    # ── the office sees what changed, and passes
    desk.goto(f"/applications/{application.key}/")
    expect(desk.get_by_text("本版有修改").first).to_be_visible()
    accessible(desk)
    desk.goto(f"/applications/{application.key}/review/")
    verdicts.last.select_option("met")
    follow(desk, "保存审查表")
    expect(desk.get_by_text("各项都已认定")).to_be_visible()
    desk.goto(f"/applications/{application.key}/steps/pass_review/")
    accessible(desk)
    follow(desk, "初审通过，转现场考察")
    expect(desk.get_by_text("现在是“现场考察”").first).to_be_visible()
    application.refresh_from_db()
    assert application.status == Status.SITE_VISIT
    page.goto(f"/applications/{application.key}/")
    expect(page.get_by_text("材料初审已通过").first).to_be_visible()


def test_two_editors_never_overwrite_each_other(open_page, accessible):
    from applications.actions import filling

    mine, other = UserFactory(roles=["applicant"]), UserFactory(roles=["applicant"], real_name="李同事")
    application = filling.start_application(by=mine)
    filling.add_collaborator(application, other, by=mine)
    url = f"/applications/{application.key}/sections/plan/"
    first, second = open_page(mine), open_page(other)
    first.goto(url)
    second.goto(url)
    second.locator("[name=plan_or_goals]").fill("同事写的规划。")
    expect(second.locator("[data-autosave-state]")).to_contain_text("已自动保存")

    first.locator("[name=plan_or_goals]").fill("我写的规划。")

    expect(first.locator("[data-autosave-state]")).to_contain_text("尚未保存")
    first.get_by_role("button", name="保存", exact=True).click()
    expect(first.get_by_role("alert")).to_contain_text("同事写的规划。")
    assert first.locator("[name=plan_or_goals]").input_value() == "我写的规划。"
    accessible(first)
    assert application.sections.get(name="plan").data == {"plan_or_goals": "同事写的规划。"}


def test_filling_in_works_without_scripts(chromium, live_server, reference_data):
    from django.test import Client

    applicant = UserFactory(roles=["applicant"])
    client = Client()
    client.force_login(applicant, backend="django.contrib.auth.backends.ModelBackend")
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto("/applications/")
    follow(page, "新建申报")
    page.locator("[name=studio_name]").fill("没有脚本的工作室")
    follow(page, "保存并继续")
    page.goto(f"/applications/{Application.objects.get().key}/sections/members/")
    page.locator("[name='members-0-name']").fill("王镕")
    follow(page, "增加一行")
    page.locator("[name='members-1-name']").fill("李玥")
    follow(page, "保存")
    context.close()
    rows = Application.objects.get().sections.get(name="members").data["members"]
    assert [row["name"] for row in rows] == ["王镕", "李玥"]
