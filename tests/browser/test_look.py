"""The public pages and the desk in a real browser: no barrier, no overflow, usable by keyboard and without scripts."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect

PUBLIC = [
    "portal",
    "guide",
    "self_check",
    "regulation",
    "privacy",
    "help",
    "site_map",
    "login",
    "register",
    "check_start",
]
HUGE = [{"name": "text_size", "value": "huge"}, {"name": "contrast", "value": "high"}]


def test_public_pages_have_no_barriers(open_page, accessible):
    page = open_page()
    for name in PUBLIC:
        page.goto(reverse(name))
        accessible(page)


def test_public_pages_reflow_at_320_px_with_huge_text_in_high_contrast(open_page, accessible, live_server):
    page = open_page()
    page.context.add_cookies([{**cookie, "url": live_server.url} for cookie in HUGE])
    page.set_viewport_size({"width": 320, "height": 800})
    for name in PUBLIC:
        page.goto(reverse(name))
        expect(page.locator("html")).to_have_attribute("data-size", "huge")
        accessible(page)


@pytest.mark.parametrize("role", ["applicant", "office", "auditor"])
def test_desk_has_no_barriers(open_page, accessible, role):
    page = open_page(UserFactory(roles=[role]))
    page.goto(reverse("home"))
    accessible(page)
    page.locator("details.menu summary").click()
    accessible(page)
    box = page.get_by_role("button", name="退出登录").bounding_box()
    assert 0 <= box["x"] < box["x"] + box["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()


def test_skip_link_comes_first_and_leads_to_the_text(open_page):
    page = open_page()
    page.goto(reverse("guide"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_site_works_without_scripts(chromium, live_server, size, reference_data):
    context = chromium.new_context(java_script_enabled=False, viewport=size, base_url=live_server.url)
    page = context.new_page()
    page.goto("/")
    if size["width"] < 992:
        page.locator("summary", has_text="栏目").click()
    page.locator(".public-nav:visible").get_by_role("link", name="条件自查").click()
    page.get_by_label("特别注重传艺带徒").check()
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator("#result")).to_have_text("还缺以下条件")
    page.get_by_role("link", name="超大").click()
    expect(page.locator("html")).to_have_attribute("data-size", "huge")
    expect(page.get_by_label("特别注重传艺带徒")).to_be_checked()
    context.close()
