"""The second step whole, as its people walk it: visit, panel, secret ballot, list, resolution, 公示, admission.

Office, studio, five experts (one of them has to leave the room) and the working group, on desk and phone
[3.2.2][3.2.3]. Time is not waited for: where days must pass, the row is put back by them.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import (
    Application,
    BallotRound,
    CandidateList,
    Conflict,
    Letter,
    PanelSession,
    SiteVisit,
    Status,
)
from applications.workflow import ADMISSION
from park.models import Announcement, WorkingGroupMember
from park.models.organisation import Body
from tests.applications import filled, road
from tests.browser.conftest import SIZES
from tests.factories import UserFactory
from workshops.models import Residency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture(params=["phone"])
def size(request):
    """Experts and visitors hold a phone; `at_desk` widens the window for the others."""
    return SIZES[request.param]


@pytest.fixture
def at_desk(open_page):
    def opener(user=None):
        page = open_page(user)
        page.set_viewport_size(SIZES["desktop"])
        return page

    return opener


def press(page, name, *, within=None, sure=False):
    """A button, and the same word again in the dialog that asks whether one is sure."""
    (within or page).get_by_role("button", name=name, exact=True).first.click()
    if sure:
        page.get_by_role("dialog").get_by_role("button").first.click()


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"[name={name}]").first.fill(value)


def take(page, label):
    """A step: the button carries it out, or leads to its page with a button of the same name."""
    button = page.locator(".steps").get_by_text(label, exact=True).first
    if button.evaluate("e => e.tagName") == "A":
        button.click()
        page.wait_for_url("**/steps/**")
        button = page.get_by_role("button", name=label, exact=True).last
    button.click()
    if page.get_by_role("dialog").is_visible():
        page.get_by_role("dialog").get_by_role("button").first.click()
    page.wait_for_load_state()


def test_from_the_visit_to_the_admitted_list(open_page, at_desk, accessible):
    today = timezone.localdate()
    office = UserFactory(roles=["office"], real_name="钱考察")
    readers = [UserFactory(roles=["office"], real_name=f"审读{n}") for n in "甲乙丙"]
    owner = UserFactory(roles=["applicant"], real_name="陈青松")
    leader = UserFactory(roles=["working_group"], real_name="龙组长")
    member = UserFactory(roles=["working_group"], real_name="金成员")
    WorkingGroupMember.objects.create(
        user=leader, body=Body.objects.get(code="working_group"), is_leader=True
    )
    WorkingGroupMember.objects.create(user=member, body=Body.objects.get(code="logistics"))
    experts = [road.expert(n) for n in range(1, 5)]
    kin = road.expert(5, unit_name="镇江船舶设备有限公司")  # of the applicant's own unit
    case = filled.submitted(by=owner)
    case = ADMISSION.perform(
        filled.reviewed(case, by=office), "pass_review", by=office, data={"opinion": "材料齐全。"}
    )
    case_url = case.get_absolute_url()

    # ── the office plans the visit, today, and says why the notice is short
    desk = at_desk(office)
    desk.goto(reverse("applications:plan_visits"))
    accessible(desk)
    desk.locator("input[type=checkbox][name$=chosen]").first.check()
    desk.locator("[name$=place]").first.fill("镇江市京口区学府路1号焊接车间")
    fill(desk, visit_on=today.isoformat(), short_notice="领衔人下周外出，经电话商定。")
    for person in (office, readers[0]):
        desk.locator(f"[name=visitors][value='{person.pk}']").check()
    press(desk, "安排考察并发出通知")
    visit = SiteVisit.objects.get()
    assert set(visit.visitors.values_list("user", flat=True)) == {office.pk, readers[0].pk}

    # ── at the place, on the phone: line by line, then the conclusion
    phone = open_page(office)
    phone.goto(reverse("applications:visit_record", args=[visit.key]), wait_until="networkidle")
    for met in phone.locator("[name$=-verdict][value=met]").all():
        met.check()
    fill(phone, findings="设备齐全，制度上墙，经费有保障。")
    accessible(phone)
    press(phone, "保存并完成记录")
    phone.locator("[name=outcome][value=passed]").check()
    fill(phone, reason="具备入驻所需的设备、经费和制度。")
    accessible(phone)
    press(phone, "完成记录，请工作室确认")
    visit.refresh_from_db()
    assert (visit.status, visit.outcome) == ("recorded", "passed")

    # ── the studio agrees with what was found
    studio = open_page(owner)
    studio.goto("/home/")
    expect(studio.get_by_role("heading", name="请确认的考察记录")).to_be_visible()
    studio.goto(reverse("applications:visit", args=[visit.key]))
    accessible(studio)
    studio.goto(reverse("applications:visit_step", args=[visit.key, "confirm_visit"]))
    studio.locator("[name=answer][value=online]").check()
    accessible(studio)
    press(studio, "核对考察记录")
    desk.goto(f"{case_url}steps/pass_visit/")
    press(desk, "考察通过，转集中评议")
    case.refresh_from_db()
    assert case.status == Status.DELIBERATION

    # ── the office prepares the panel: agenda, five experts, a chair
    desk.goto(reverse("applications:panel_new"))
    accessible(desk)
    fill(
        desk, title="2026年第一次集中评议会", meets_on=today.isoformat(), meets_at="09:00", place="三楼会议室"
    )
    desk.locator("[name=seats_wanted]").select_option("5")
    desk.locator("[name=means][value=online]").check()
    press(desk, "建立")
    panel = PanelSession.objects.get()
    panel_url = panel.get_absolute_url()
    desk.locator("[name$=cases]").first.check()
    press(desk, "列入议程")
    for expert in (*experts, kin):
        desk.get_by_text("指定专家（不抽取）").click()
        desk.locator("[name$=expert]").last.select_option(str(expert.key))
        desk.locator("#seats [name$=reason]").last.fill("本职业专家不多，按专业指定。")
        press(desk, "安排席位")
    desk.get_by_role("button", name=re.compile(rf"指定为组长\s*{experts[0].name}")).click()
    accessible(desk)
    take(desk, "发出会议通知")
    conflict = Conflict.objects.get(basis=Conflict.Basis.SAME_UNIT)
    assert (conflict.seat.expert, conflict.state) == (kin, "proposed")

    # ── the expert of the same unit sees nothing of the case; the office confirms the recusal
    away = open_page(kin.user)
    away.goto(panel_url)
    expect(away.get_by_text(case.studio_name)).to_have_count(0)
    assert away.goto(case_url).status == 404
    away.goto(panel_url)
    away.locator("[name$=answer][value=accepted]").check()
    press(away, "答复")
    desk.goto(panel_url)
    accessible(desk)
    desk.locator("#conflicts").get_by_role("button", name="确认回避").first.click()
    conflict.refresh_from_db()
    assert conflict.state == "confirmed"

    # ── the others accept, read the dossier and sign in, on their phones
    phones = {}
    for expert in experts:
        page = phones[expert] = open_page(expert.user)
        page.goto(panel_url)
        page.locator("[name$=answer][value=accepted]").check()
        press(page, "答复")
    reader = phones[experts[1]]
    reader.goto(reverse("applications:dossier", args=[case.key]))
    expect(reader.get_by_role("heading", level=1)).to_contain_text(case.studio_name)
    assert filled.ID_NUMBER not in reader.content()
    accessible(reader)
    for page in (*phones.values(), away):
        page.goto(panel_url)
        press(page, "我已到会，签到")
    accessible(reader)
    desk.goto(panel_url)
    take(desk, "宣布开会")

    # ── the chair calls the case and writes the opinion; each of them agrees
    seat_url = reverse("applications:panel_seat", args=[panel.key])
    chair = phones[experts[0]]
    chair.goto(seat_url)
    chair.get_by_role("button", name=re.compile(r"开始评议\s*第 1 项")).click()
    chair.locator("[name$=opinion]").first.fill("领衔人技艺精湛，规划可行，建议入驻。")
    press(chair, "保存评估意见")
    for page in [phones[expert] for expert in experts[1:]]:  # who wrote it agrees with it
        page.goto(seat_url)
        press(page, "同意这份评估意见")
    away.goto(seat_url)
    expect(away.get_by_text("这一项请您回避").first).to_be_visible()
    expect(away.get_by_text(case.studio_name)).to_have_count(0)
    accessible(away)

    # ── the ballot: opened by the chair, one vote each, nothing to read before it is closed
    chair.goto(seat_url)
    press(chair, "开始投票", sure=True)
    screen = at_desk(office)
    screen.goto(reverse("applications:panel_live", args=[panel.key]))
    accessible(screen)
    for page, choice in zip(phones.values(), "aaao", strict=True):
        page.goto(seat_url)
        page.locator(f"label[for=choice-{choice}]").click()
        accessible(page)
        press(page, "确认投票")
        expect(page.get_by_text("您已投票").first).to_be_visible()
    expect(screen.get_by_text("已投票 4 / 4")).to_be_visible()
    expect(screen.get_by_text("同意 3")).to_have_count(0)
    chair.goto(seat_url)
    press(chair, "结束投票并计票", sure=True)
    round_ = BallotRound.objects.get()
    assert (round_.approve, round_.oppose, round_.outcome) == (3, 1, "passed")
    assert round_.arithmetic.startswith("应到 5 · 实到 5 · 回避 1 · 有表决权 4 · 同意 3 ≥")
    expect(screen.get_by_text(round_.arithmetic)).to_be_visible()
    accessible(chair)
    desk.goto(panel_url)
    take(desk, "宣布散会")
    studio.goto(case_url)
    expect(studio.get_by_text("结果将书面告知").first).to_be_visible()
    expect(studio.get_by_text("通过", exact=True)).to_have_count(0)

    # ── the candidate list goes to the working group
    desk.goto(reverse("applications:list_new"))
    accessible(desk)
    fill(desk, title="2026年第一批候选名单", places="1")
    desk.locator("[name=case]").first.check()
    press(desk, "编制名单")
    listed = CandidateList.objects.get()
    list_url = listed.get_absolute_url()
    accessible(desk)
    take(desk, "报工作小组审核认定")

    # ── a member unit gives its opinion; the leader decides with the minutes
    other = at_desk(member)
    other.goto("/home/")
    expect(other.get_by_role("heading", name="待审核认定的候选名单")).to_be_visible()
    other.goto(f"{list_url}opinions/")
    accessible(other)
    other.locator("[name^=stance]").first.select_option("approve")
    press(other, "保存意见")
    head = at_desk(leader)
    head.goto(f"{list_url}resolve/")
    accessible(head)
    head.locator("[name^=decision][value=approve]").first.check()
    fill(
        head,
        minutes_no="镇人社纪要〔2026〕12号",
        minutes_on=today.isoformat(),
        resolution="同意列为入驻对象，按程序公示。",
    )
    press(head, "下一步：核对")
    accessible(head)
    press(head, "确认，作出审核认定")
    case.refresh_from_db()
    assert case.status == Status.APPROVED

    # ── box 12 of the form, now that there is a resolution to cite
    desk.goto(f"{list_url}office-box/")
    accessible(desk)
    press(desk, "填写并出具审批件")

    # ── 公示: drafted, read by three others, published
    desk.goto(reverse("applications:draft_notice", args=[listed.key]))
    accessible(desk)
    press(desk, "起草")
    notice = Announcement.objects.get()
    notice_url = notice.get_absolute_url()
    desk.goto(notice_url)
    accessible(desk)
    take(desk, "送审")
    for n, reading in enumerate(readers):
        page = at_desk(reading)
        page.goto(notice_url)
        take(page, "审核通过")
        assert notice.reviews.count() == n + 1
    desk.goto(notice_url)
    take(desk, "发布")
    notice.refresh_from_db()
    assert notice.status == "published"
    assert Application.objects.get(pk=case.pk).status == Status.ON_NOTICE

    # ── everybody reads it: the public columns and nothing else
    public = open_page()
    public.goto("/")
    expect(public.get_by_text(notice.title).first).to_be_visible()
    accessible(public)
    public.goto(reverse("announcement", args=[notice.key]))
    expect(public.get_by_text("陈青松").first).to_be_visible()
    for secret in (filled.ID_NUMBER, "13900001111", "汉族", "1975"):
        assert secret not in public.content()
    accessible(public)

    # ── the days pass; concluded; admitted; the letter is read once more and sent
    Announcement.objects.filter(pk=notice.pk).update(ends_on=today - timedelta(days=1))
    desk.goto(notice_url)
    take(desk, "公示办结")
    desk.goto(f"{case_url}steps/admit/")
    press(desk, "确定入驻")
    assert Residency.objects.get().source == case.number
    studio.goto(case_url)
    expect(studio.get_by_text("确定入驻，请按")).to_have_count(0)
    desk.goto(reverse("applications:letters"))
    accessible(desk)
    press(desk, "发出所选：先看清单")
    press(desk, "确认发出 1 件")
    assert Letter.objects.get().sent_at is not None
    studio.goto(case_url)
    expect(studio.get_by_text("已确定入驻").first).to_be_visible()
    accessible(studio)

    # ── and the list of those who were admitted
    desk.goto(reverse("applications:draft_final", args=[listed.key]))
    press(desk, "起草")
    final = Announcement.objects.exclude(pk=notice.pk).get()
    assert [row["leader_name"] for row in final.rows] == ["陈青松"]
