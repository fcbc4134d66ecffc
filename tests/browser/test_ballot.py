"""Five experts with their phones, one of them recused, and the screen in the room: from the opinion to the result."""

import pytest

from applications.actions import recusing
from applications.models import Application, BallotRound, Slip, Status
from tests.applications import road
from tests.browser.conftest import SIZES
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def size():
    return SIZES["phone"]


@pytest.fixture
def panel(reference_data):
    """A panel of five in session, a case on its agenda, its fourth expert recused."""
    office = UserFactory(roles=["office"], real_name="钱慧")
    names = ("王镕", "李喆", "周玥", "陈垚", "姚昇")
    experts = [
        road.expert(n, user=UserFactory(roles=["expert"], real_name=name)) for n, name in enumerate(names)
    ]
    session = road.session(by=office, experts=experts, assent="majority", title="集中评议会")
    application = road.place(road.filed(), Status.DELIBERATION)
    item = road.agenda_item(session, application, opinion="", by=office)
    type(item).objects.filter(pk=item.pk).update(opinion_version=0, opinion_at=None, opinion_by=None)
    recusing.report_conflict(item, session.seats.order_by("pk")[3], detail="曾为同事", by=office)
    row = item.conflicts.get()
    recusing.confirm_conflict(row, by=office)
    return {"office": office, "experts": experts, "session": session, "item": item}


def agree(page, question):
    """The dialog before a step that cannot be taken back."""
    page.get_by_role("dialog").get_by_role("button", name=question, exact=True).click()


def test_a_panel_votes_on_phones(panel, open_page, accessible, chromium, live_server):
    session, item, experts = panel["session"], panel["item"], panel["experts"]
    studio = item.application.studio_name
    live, seat = f"/applications/panels/{session.key}/live/", f"/applications/panels/{session.key}/seat/"
    phones = [open_page(expert.user) for expert in experts]
    screen = open_page(panel["office"])
    screen.set_viewport_size(SIZES["desktop"])

    # the clerk calls the case; the recused expert is asked to leave and learns nothing else
    screen.goto(live)
    accessible(screen)
    screen.get_by_role("button", name="开始评议").click()
    expect(screen.get_by_text("请回避离席：陈垚")).to_be_visible()
    for phone in phones:
        phone.goto(seat)
    expect(phones[3].get_by_text("这一项请您回避，请离席")).to_be_visible()
    assert studio not in phones[3].content()
    accessible(phones[3])

    # notes keep themselves; the chair writes the opinion, two more agree
    phones[1].get_by_label("个人评议记录").fill("带徒有方，设备尚可。")
    expect(phones[1].get_by_text("已自动保存")).to_be_visible()
    chair = phones[0]
    chair.get_by_label("专家组评估意见").fill("技艺精湛，规划可行，建议入驻。")
    chair.get_by_role("button", name="保存评估意见").click()
    expect(chair.get_by_role("button", name="开始投票")).to_be_disabled()
    accessible(chair)
    for phone in (phones[1], phones[2]):
        phone.goto(seat)
        phone.get_by_role("button", name="同意这份评估意见").click()
        expect(phone.get_by_text("您已同意")).to_be_visible()

    # the ballot opens on the chair's word; the others' phones turn to it by themselves
    expect(chair.get_by_role("button", name="开始投票")).to_be_enabled(timeout=15_000)
    chair.get_by_role("button", name="开始投票").click()
    agree(chair, "开始投票")
    for phone in (phones[1], phones[2], phones[4]):
        expect(phone.get_by_text("无记名投票　第 1 轮")).to_be_visible(timeout=15_000)
    accessible(phones[1])
    expect(phones[1].get_by_role("button", name="确认投票")).to_be_hidden()  # one tap casts nothing
    expect(phones[3].locator("form[data-ballot]")).to_have_count(0)

    for phone, choice in ((phones[1], "同意"), (phones[2], "不同意"), (phones[4], "同意"), (chair, "同意")):
        phone.get_by_text(choice, exact=True).first.click()
        expect(phone.locator(".ballot-confirm strong:visible")).to_have_text(choice)
        if phone is phones[2]:
            accessible(phone)
        phone.get_by_role("button", name="确认投票").click()
        expect(phone.get_by_text("您已投票")).to_be_visible()
        assert "不同意" not in phone.locator("main").inner_text()
    assert Slip.objects.count() == 4
    expect(screen.get_by_text("已投票 4 / 4")).to_be_visible(timeout=15_000)
    accessible(screen)

    # the close: the sum with its arithmetic, on the screen and on the phones
    chair.get_by_role("button", name="结束投票并计票").click()
    agree(chair, "结束投票")
    sums = "应到 5 · 实到 5 · 回避 1 · 有表决权 4 · 同意 3 ≥ ⅔×4＝2⅔ → 通过"
    for page in (chair, phones[1], screen):
        expect(page.get_by_text(sums).first).to_be_visible(timeout=15_000)
    accessible(screen)
    accessible(chair)
    assert sums not in phones[3].content()
    assert Application.objects.get(pk=item.application_id).status == "candidate"

    screen.goto(f"/applications/panels/{session.key}/ballots/")
    accessible(screen)
    phones[2].goto("/applications/panels/ballot-secrecy/")
    accessible(phones[2])


def test_voting_without_scripts(panel, chromium, live_server):
    """Three buttons and a second tap are plain HTML: an old phone votes as well."""
    from django.test import Client

    from applications.actions import balloting
    from applications.models import PanelSession
    from tests.browser.conftest import BACKEND

    session, item = panel["session"], panel["item"]
    PanelSession.objects.filter(pk=session.pk).update(current_item=item, assent="chair")
    type(item).objects.filter(pk=item.pk).update(opinion="建议入驻。")
    item.refresh_from_db()
    balloting.open_round_for(item, by=panel["experts"][0].user)
    context = chromium.new_context(
        viewport=SIZES["phone"], base_url=live_server.url, java_script_enabled=False, locale="zh-CN"
    )
    client = Client()
    client.force_login(panel["experts"][1].user, backend=BACKEND)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"/applications/panels/{session.key}/seat/")
    page.get_by_text("弃权", exact=True).first.click()
    page.get_by_role("button", name="确认投票").click()
    expect(page.get_by_text("您已投票")).to_be_visible()
    context.close()
    assert BallotRound.objects.get().roll.filter(has_voted=True).count() == 1
