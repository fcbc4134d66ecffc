"""Take the pictures of README.md from a running demo site: `.venv/bin/python scripts/screenshots.py [address]`.

Needs the packages of requirements/browser.txt and the system's Chromium. Start `./run demo` first and give it
a minute to print its papers; the demo accounts are listed by `manage.py demo_logins`.
"""

import argparse
import io
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "Demo-2026-park"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
COLOURS = 128  # enough for a page of text, and a third of the bytes


class Camera:
    """A browser at the demo site, and the folder for its pictures."""

    def __init__(self, browser, address, folder):
        self.browser, self.address, self.folder = browser, address, folder

    @contextmanager
    def page(self, login="", size=DESKTOP):
        context = self.browser.new_context(
            viewport=size, base_url=self.address, locale="zh-CN", reduced_motion="reduce"
        )
        page = context.new_page()
        if login:
            page.goto("/login/")
            page.fill("[name=username]", login)
            page.fill("[name=password]", PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url("**/home/")
        yield page
        context.close()

    def take(self, page, name, *, top=""):
        """What the window shows, from the element `top` on."""
        if top:
            page.locator(top).first.evaluate("e => window.scrollTo(0, e.offsetTop - 16)")
        page.wait_for_load_state("networkidle")
        self.keep(Image.open(io.BytesIO(page.screenshot())), name)

    def keep(self, image, name):
        path = self.folder / f"{name}.png"
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB")


def open_case(page, words):
    """The case page of the only application that the search finds."""
    page.goto(f"/applications/queue/?q={words}")
    page.locator("tbody th a").first.click()


def first_page(pdf: bytes, number=0):
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=1.3).to_pil()


def public(camera):
    with camera.page() as page:
        page.goto("/")
        camera.take(page, "portal")
        page.goto("/guide/")
        camera.take(page, "guide")


def studio(camera):
    with camera.page("applicant1") as page:
        page.goto("/applications/")
        page.get_by_role("link", name="耿江生").click()
        camera.take(page, "tasks")
        page.get_by_role("link", name="入驻条件与证明").first.click()
        camera.take(page, "section")
    with camera.page("applicant3", PHONE) as page:
        page.goto("/applications/")
        page.get_by_role("link", name="倪䶮").click()
        camera.take(page, "correction-phone")


def office(camera):
    with camera.page("director") as page:
        page.goto("/applications/queue/")
        camera.take(page, "queue")
    with camera.page("office2") as page:
        camera.take(page, "desk")
        open_case(page, "束玥")
        camera.take(page, "case")
        page.get_by_role("link", name="填写审查表").click()
        camera.take(page, "review")
        open_case(page, "赵堃")
        page.get_by_role("link", name="准备补正告知").click()
        camera.take(page, "correction")
        open_case(page, "殷大桥")
        link = page.locator("a[href*='/papers/']").filter(has_text="入驻申报表").first
        paper = page.request.get(link.get_attribute("href")).body()
        camera.keep(first_page(paper), "annex1-cover")
        camera.keep(first_page(paper, 1), "annex1-page")


def road(camera):
    """From the panel to the list: the screen in the room, a phone with its slip, the list, the figures."""
    with camera.page("office1") as page:
        page.goto("/applications/panels/")
        session = page.locator("tbody tr").filter(has_text="会议进行中").last
        session.locator("th a").click()
        page.get_by_role("link", name="会议现场页面").click()
        camera.take(page, "live")
        page.goto("/applications/statistics/")
        camera.take(page, "statistics")
        page.goto("/applications/visits/")
        camera.take(page, "visits")
    with camera.page("expert1", PHONE) as page:
        page.goto("/applications/panels/")
        page.locator("tbody tr").filter(has_text="会议进行中").last.locator("th a").click()
        page.get_by_role("link", name="我的评议").click()
        camera.take(page, "seat-phone")
    with camera.page("working1") as page:
        page.goto("/applications/lists/")
        page.locator("tbody th a").first.click()
        camera.take(page, "list")
    with camera.page() as page:
        page.goto("/announcements/")
        camera.take(page, "announcements")


def living(camera):
    """In the park: the year of a studio in ledgers, what is due, the rooms, signing in on the phone."""
    with camera.page("studio1") as page:
        page.goto("/studios/mine/")
        for tab, name in (("台账", "ledgers"), ("待办日历", "duties")):
            page.get_by_role("link", name=tab, exact=True).click()
            camera.take(page, name)
    with camera.page("office1") as page:
        page.goto("/studios/rooms/")
        camera.take(page, "rooms")
    with camera.page("studio1", PHONE) as page:
        page.goto("/studios/mine/")
        page.get_by_role("link", name="到园", exact=True).click()
        camera.take(page, "attendance-phone", top=".tabs")


def evaluation(camera):
    """The card that keeps itself, all studios side by side, the card on paper, verification on the phone."""
    with camera.page("studio1") as page:
        page.goto("/studios/mine/")
        page.get_by_role("link", name="年度考核", exact=True).click()
        camera.take(page, "projection")
    with camera.page("office1") as page:
        page.goto("/assessments/projections/")
        camera.take(page, "projections")
        page.goto("/assessments/evaluation/")
        page.locator("tbody tr").filter(has_text="已办结").first.locator("th a").click()
        page.locator("tbody tr").filter(has_text="良好").first.locator("th a").click()
        link = page.get_by_role("link", name="考核评分表", exact=True).first
        paper = page.request.get(link.get_attribute("href")).body()
        camera.keep(first_page(paper), "scorecard-page")
    with camera.page("logistics", PHONE) as page:
        page.goto("/assessments/evaluation/")
        page.locator("tbody tr").filter(has_text="考核进行中").first.locator("th a").click()
        page.locator("tbody tr").filter(has_text="核验中").first.locator("th a").click()
        page.get_by_role("link", name="逐项核验").click()
        camera.take(page, "verification-phone", top=".item-line")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("没有 Chromium：请运行 ./run setup browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        camera = Camera(browser, options.address, options.out.resolve())
        for part in (public, studio, office, road, living, evaluation):
            part(camera)
        browser.close()


if __name__ == "__main__":
    main()
