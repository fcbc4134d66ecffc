"""The optional scripts, each on a small page of its own: what they send, say, and do with the keyboard's focus."""

import json
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

SITE = "http://park.test"
FORM = """
<form method="post" action="/filed" data-autosave data-url="/save" data-version="3">
  <input type="hidden" name="version" value="3"><input type="hidden" name="csrfmiddlewaretoken" value="token">
  <label>简介 <textarea name="intro" id="intro"></textarea></label>
  <p data-autosave-state></p><button>保存并继续</button>
</form>
<ul data-autosave-problems></ul>
"""


class Server:
    """Stands in for the site: records what is posted, answers with what the test lays ready (the last one stays)."""

    def __init__(self, page):
        self.page, self.saves, self.filed, self.answers = page, [], [], []
        page.route("**/*", self.answer)

    def open(self, body):
        self.body = body
        self.page.goto(f"{SITE}/", wait_until="networkidle")  # modules load after the page

    def answer(self, route):
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            file = Path(settings.BASE_DIR, path.removeprefix("/"))
            route.fulfill(path=file, content_type="text/javascript")
        elif path == "/save":
            self.saves.append(route.request.post_data)
            status, data = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if status == 0:
                route.abort()
            else:
                route.fulfill(status=status, content_type="application/json", body=json.dumps(data))
        elif path == "/filed":
            self.filed.append(route.request.post_data)
            route.fulfill(content_type="text/html", body="<p>filed")
        else:
            script = '<script type="module" src="/static/js/site.js"></script>'
            route.fulfill(content_type="text/html; charset=utf-8", body=f"<!doctype html>{self.body}{script}")


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    context.set_default_timeout(8_000)
    faults = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())  # leaving with unsaved text
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def server(page):
    return Server(page)


def saved(version=4, **more):
    return 200, {"ok": True, "version": version, "saved_at": "10:32", "problems": [], **more}


# ── autosave ────────────────────────────────────────────────────────────────────────────────────
def test_autosave_sends_the_form_and_takes_the_new_version(page, server):
    server.answers = [saved(problems=[{"anchor": "intro", "text": "请填写简介。"}])]
    server.open(FORM)
    page.fill("#intro", "茶艺工作室")
    expect(page.locator("[data-autosave-state]")).to_have_text("已自动保存 10:32")
    assert page.locator("[data-autosave-state]").get_attribute("aria-live") == "polite"
    assert page.input_value("[name=version]") == "4"
    assert page.locator("[data-autosave-problems] a").get_attribute("href") == "#intro"
    assert len(server.saves) == 1
    assert "茶艺工作室" in server.saves[0]
    assert "token" in server.saves[0]


def test_autosave_waits_for_a_pause_in_typing(page, server):
    server.answers = [saved()]
    server.open(FORM)
    page.locator("#intro").press_sequentially("abcdef", delay=100)
    expect(page.locator("[data-autosave-state]")).to_have_text("已自动保存 10:32")
    assert len(server.saves) == 1


def test_autosave_saves_nothing_that_was_not_changed(page, server):
    server.answers = [saved()]
    server.open(FORM)
    page.wait_for_timeout(1500)
    assert server.saves == []


def test_autosave_tries_again_when_the_line_is_back(page, server):
    server.answers = [(0, None), (500, {}), saved()]
    server.open(FORM)
    page.fill("#intro", "一")
    expect(page.locator("[data-autosave-state]")).to_have_text("保存失败，30 秒后重试")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-autosave-state]")).to_have_text("保存失败，60 秒后重试")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-autosave-state]")).to_have_text("已自动保存 10:32")


def test_autosave_stops_at_a_conflict_and_says_where_to_look(page, server):
    server.answers = [(409, {"ok": False, "conflict": True, "message": "有人同时修改", "url": "/theirs"})]
    server.open(FORM)
    page.fill("#intro", "一")
    expect(page.locator("[data-autosave-state] a")).to_have_attribute("href", "/theirs")
    page.fill("#intro", "二")
    page.wait_for_timeout(1500)
    assert len(server.saves) == 1
    assert page.input_value("#intro") == "二"


def test_autosave_does_not_repeat_what_was_refused(page, server):
    server.answers = [(400, {"ok": False, "message": "文字太长。"}), saved()]
    server.open(FORM)
    page.fill("#intro", "一")
    expect(page.locator("[data-autosave-state]")).to_have_text("文字太长。")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert len(server.saves) == 1
    page.fill("#intro", "二")
    expect(page.locator("[data-autosave-state]")).to_have_text("已自动保存 10:32")


def test_saving_by_button_lets_a_running_autosave_finish_first(page, server):
    server.answers = [saved(version=9)]
    server.open(FORM)
    page.evaluate(
        """() => { const send = window.fetch;
        window.fetch = (...a) => new Promise((done) => setTimeout(() => done(send(...a)), 800)); }"""
    )
    page.fill("#intro", "一")
    expect(page.locator("[data-autosave-state]")).to_have_text("正在保存…")
    page.get_by_role("button").click()
    expect(page.locator("p")).to_have_text("filed")
    assert len(server.saves) == 1
    assert "version=9" in server.filed[0]


# ── rows ────────────────────────────────────────────────────────────────────────────────────────
ROW = """<fieldset data-row><legend>第 <span data-row-number></span> 行</legend>
<label for="id_members-{n}-name">姓名</label><input id="id_members-{n}-name" name="members-{n}-name">
<button type="button" data-rows-remove hidden>删除</button></fieldset>"""
ROWS = (
    '<form><div data-rows="members" data-noun="成员" data-max-rows="3">'
    '<input type="hidden" name="members-TOTAL" value="1" data-rows-total>'
    f"<div data-rows-list>{ROW.format(n=0)}</div><template>{ROW.format(n='__prefix__')}</template>"
    '<button data-rows-add>增加一行</button><p data-rows-status aria-live="polite"></p></div></form>'
)


def test_rows_are_added_numbered_and_focused(page, server):
    server.open(ROWS)
    page.click("[data-rows-add]")
    expect(page.locator("[name='members-1-name']")).to_be_focused()
    expect(page.locator("label[for='id_members-1-name']")).to_have_count(1)
    expect(page.locator("[data-rows-status]")).to_have_text("已增加第 2 行成员")
    assert page.input_value("[data-rows-total]") == "2"


def test_rows_close_the_gap_when_one_is_removed(page, server):
    server.open(ROWS)
    page.fill("[name='members-0-name']", "甲")
    for n, name in ((1, "乙"), (2, "丙")):
        page.click("[data-rows-add]")
        page.fill(f"[name='members-{n}-name']", name)
    page.locator("[data-rows-remove]").nth(1).click()
    assert page.input_value("[name='members-1-name']") == "丙"
    assert page.input_value("[data-rows-total]") == "2"
    expect(page.locator("[name='members-1-name']")).to_be_focused()
    expect(page.locator("[data-rows-status]")).to_have_text("已删除第 2 行成员，还有 2 行")


def test_rows_keep_to_their_maximum(page, server):
    server.open(ROWS)
    for _ in range(4):
        page.click("[data-rows-add]")
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.locator("[data-rows-status]")).to_have_text("最多 3 行")


# ── counter, upload, confirm ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "已写 0 字 / 最多 10 字"),
        ("焊接", "已写 2 字 / 最多 10 字"),
        ("焊接\n技能𠮷", "已写 6 字 / 最多 10 字，超出表格的部分印在附页"),
        ("一二三四五六七八九十百", "已写 11 字 / 最多 10 字，超出 1 字"),
    ],
)
def test_counter_counts_as_the_server_does(page, server, text, sentence):
    server.open('<textarea id="t" data-counter data-max="10" data-cell="5"></textarea>')
    page.fill("#t", text)
    expect(page.locator("#t_counter")).to_have_text(sentence)
    assert page.locator("#t").get_attribute("aria-describedby") == "t_counter"


def test_upload_refuses_a_large_file_before_it_travels(page, server):
    server.open(
        '<form method="post" action="/filed"><input type="file" id="f" data-max-mb="1"><button>上传</button></form>'
    )
    page.set_input_files("#f", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1_100_000})
    expect(page.locator("#f_size")).to_have_text("“a.pdf”有 1.0 MB，超过上限 1 MB，请压缩或拆分后再选。")
    page.click("button")
    assert server.filed == []
    page.set_input_files("#f", {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2048})
    expect(page.locator("#f_size")).to_have_text("b.pdf（2 KB）")
    page.click("button")
    expect(page.locator("p")).to_have_text("filed")


CONFIRM = """<form method="post" action="/filed" data-confirm="确定要“撤回申报”吗？" data-confirm-label="撤回申报">
<button id="go" name="step" value="withdraw">撤回</button></form>"""


def test_confirm_sends_only_after_a_yes(page, server):
    server.open(CONFIRM)
    page.click("#go")
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.filed == []
    page.click("#go")
    page.get_by_role("dialog").get_by_role("button", name="撤回申报").click()
    expect(page.locator("p")).to_have_text("filed")
    assert server.filed == ["step=withdraw"]


def test_confirm_closes_on_escape_and_gives_the_focus_back(page, server):
    server.open(CONFIRM)
    page.focus("#go")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#go")).to_be_focused()
    assert server.filed == []


SESSION = (
    '<body data-idle-minutes="15" data-session-url="/session/"><label>说明 <input id="note"></label></body>'
)


def test_typing_keeps_the_session_and_a_dialog_comes_before_its_end(page):
    kept = []
    server = Server(page)
    page.clock.install()
    server.open(SESSION)
    page.route("**/session/", lambda route: (kept.append(1), route.fulfill(status=204)))

    page.clock.fast_forward("05:00")
    with page.expect_response("**/session/"):
        page.fill("#note", "一")
    page.fill("#note", "一二")
    page.wait_for_timeout(200)
    assert len(kept) == 1

    page.clock.fast_forward("13:30")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("分钟后将自动退出登录")
    with page.expect_response("**/session/"):
        dialog.get_by_role("button", name="继续使用").click()
    expect(dialog).not_to_be_visible()
    assert len(kept) == 2

    page.clock.fast_forward("16:00")
    expect(page.get_by_role("dialog")).to_contain_text("登录已超时")
