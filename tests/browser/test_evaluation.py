"""The yearly evaluation in a real browser: the studio says what it thinks, a verifier goes round with a phone, the office
opens, announces and closes the year."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions import scorecard as acts
from assessments.models import EvaluationCycle, LineEvidence, Scorecard
from assessments.workflow import SCORECARD
from park import rules
from tests.assessments import evaluation as make
from tests.factories import UserFactory
from tests.pictures import jpeg
from tests.workshops.factories import ResidencyFactory, StudioFactory

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(reference_data):
    roles = {
        "owner": ["applicant"],
        "office": ["office"],
        "second": ["office"],
        "keeper": ["logistics"],
        "expert": ["expert"],
    }
    return {name: UserFactory(roles=given) for name, given in roles.items()}


@pytest.fixture
def residency(people):
    return ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]]))


def card_in(status, residency, people):
    cycle = make.cycle_in(by=people["office"])
    card = make.card_in(status, cycle=cycle, residency=residency, owner=people["owner"], by=people["second"])
    Scorecard.objects.filter(pk=card.pk).update(due_on=timezone.localdate() + timedelta(days=9))
    return Scorecard.objects.get(pk=card.pk)


def line_of(card, code):
    return card.lines.select_related("item").get(item__code=code)


def test_the_studio_assesses_itself(open_page, accessible, people, residency):
    card = card_in("open", residency, people)
    page = open_page(people["owner"])
    page.goto("/home/")
    page.get_by_role("link", name=residency.studio.name, exact=True).first.click()
    accessible(page)
    page.get_by_role("link", name="填写自评").click()
    accessible(page)
    sign, service = line_of(card, "A2.1"), line_of(card, "A2.14")
    part = page.locator(f"#line-{sign.pk}")
    part.get_by_label("认可").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-draft-state]").first).to_contain_text("已保存")
    expect(page.locator("#left-note")).to_contain_text("还有 17 项")
    part = page.locator(f"#line-{service.pk}")
    part.get_by_label("有不同意见").check()
    part.get_by_text("自评得分和理由").click()
    part.get_by_label("自评得分").fill("5")
    page.get_by_role("button", name="保存", exact=True).click()  # no reason yet
    expect(page.locator("#summary")).to_contain_text("请说明理由")
    assert part.get_by_label("自评得分").input_value() == "5"
    part.get_by_label("理由").fill("7月进社区义务维修。")
    part.get_by_role("button", name="添加或删去证明").click()
    page.wait_for_url("**/evidence/")
    accessible(page)
    picture = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": jpeg().read()}
    page.get_by_label("文件或照片").set_input_files(picture)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("证明已添加。")).to_be_visible()
    page.get_by_role("link", name="返回逐项").last.click()
    assert page.locator(f"#line-{service.pk}").get_by_label("理由").input_value() == "7月进社区义务维修。"
    page.get_by_role("button", name="其余全部认可").click()
    expect(page.locator("#left-note")).to_be_hidden()
    page.get_by_role("button", name="保存并去提交").click()
    page.wait_for_url("**/hand_in_self_assessment/")
    accessible(page)
    page.get_by_label("自评内容和所附证明真实").check()
    page.get_by_role("button", name="提交自评").click()
    expect(page.get_by_text("已办理").first).to_be_visible()
    card.refresh_from_db()
    assert (card.status, line_of(card, "A2.14").claimed_points) == ("self_assessed", 5)


def test_a_verifier_goes_round_with_the_phone(open_page, accessible, people, residency):
    card = card_in("self_assessed", residency, people)
    page = open_page(people["keeper"], at="phone")
    page.goto(reverse("assessments:verification", args=[card.key]))
    accessible(page)
    sign, plan, wall = (line_of(card, code) for code in ("A2.1", "A2.3", "A2.8"))
    page.locator(f"#line-{sign.pk}").get_by_role("button", name="按记录确认 5 分").click()
    expect(page.locator("#progress")).to_contain_text("还有 17 项")
    expect(page.locator(f"#line-{sign.pk}")).to_contain_text("按记录确认")
    # no line: the tap is kept and sent when it is back
    page.context.set_offline(True)
    page.locator(f"#line-{wall.pk}").get_by_role("button", name="按记录确认 2 分").click()
    expect(page.locator(f"#line-{wall.pk} [data-draft-state]")).to_contain_text("没有网络")
    page.context.set_offline(False)
    expect(page.locator("#progress")).to_contain_text("还有 16 项")
    # somebody else was first: both are read, the own words stay
    part = page.locator(f"#line-{plan.pk}")
    part.get_by_text("其他得分").click()
    part.get_by_label("得分", exact=False).first.fill("5")
    part.get_by_label("改定理由").fill("规划没有步骤。")
    plan.card = card
    acts.judge_line(plan, points=0, reason="没有看到规划。", version=0, by=people["office"])
    part.get_by_role("button", name="保存").click()
    expect(part).to_contain_text("没有看到规划。")
    assert part.get_by_label("改定理由").input_value() == "规划没有步骤。"
    accessible(page)
    part.get_by_role("button", name="保存").click()
    expect(part.locator(".summary")).to_have_count(0)
    expect(part).to_contain_text("规划没有步骤。")
    assert line_of(card, "A2.3").points == 5
    # a picture of the place
    part = page.locator(f"#line-{sign.pk}")
    part.get_by_text("拍照、添加证明").click()
    part.get_by_label("照片说明").fill("门口标识")
    part.get_by_label("从相册选择").set_input_files(
        {"name": "sign.jpg", "mimeType": "image/jpeg", "buffer": jpeg().read()}
    )
    expect(page.locator(f"#photos-{sign.pk} img")).to_be_visible()
    assert LineEvidence.objects.get().caption == "门口标识"
    accessible(page)


def bring_to_verified(card, people):
    """What studio and verifiers do meanwhile."""
    lines = card.lines.select_related("item")
    acts.answer_lines(card, {line.pk: ("agreed", None, "") for line in lines}, by=people["owner"])
    data = {"statement": "", "checked": True}
    card = SCORECARD.perform(card, "hand_in_self_assessment", by=people["owner"], data=data)
    for line in card.lines.select_related("item"):
        line.card = card
        acts.judge_line(
            line, points=line.proposed_points, reason="", version=line.version, by=people["keeper"]
        )
    SCORECARD.perform(card, "close_verification", by=people["second"], data={"note": "", "checked": True})


def test_the_office_opens_announces_and_closes_a_year(open_page, accessible, people, residency):
    rules.set_rule("cycle_earliest_month", 1, by=people["office"], reason="测试")
    year = timezone.localdate().year
    page = open_page(people["office"])
    page.goto(reverse("assessments:cycles"))
    accessible(page)
    page.get_by_role("link", name="启动年度考核").first.click()
    accessible(page)
    page.get_by_label("考核要求").fill("重点核对带徒协议。")
    page.get_by_role("button", name="启动并通知工作室").click()
    expect(page.get_by_text(f"{year}年度考核已启动")).to_be_visible()
    accessible(page)
    expect(page.get_by_text("还有1个工作室没有完成核验。")).to_be_visible()
    cycle = EvaluationCycle.objects.get(year=year)
    bring_to_verified(cycle.cards.get(), people)
    page.reload()
    page.get_by_role("link", name="告知初步结果").click()
    accessible(page)
    page.get_by_label("已核对全部考核评分表").check()
    page.get_by_role("button", name="告知初步结果").click()
    _sure(page)
    expect(page.locator(".stage-current")).to_contain_text("初步结果已告知")
    expect(page.get_by_text("期满后才能办结").first).to_be_visible()
    Scorecard.objects.filter(cycle=cycle).update(due_on=timezone.localdate() - timedelta(days=1))
    page.reload()
    page.get_by_role("link", name="办结年度考核").click()
    page.get_by_label("已核对全部考核评分表").check()
    page.get_by_role("button", name="办结年度考核").click()
    _sure(page)
    expect(page.get_by_role("link", name="起草结果公告")).to_be_visible()
    accessible(page)
    assert cycle.cards.get().status == "final"
    page.get_by_role("link", name=residency.studio.name).first.click()
    accessible(page)


def _sure(page):
    """A dangerous step asks once more, where scripts run."""
    dialog = page.locator("dialog[open] button.btn-danger, dialog[open] button.btn-primary")
    if dialog.count():
        dialog.first.click()
