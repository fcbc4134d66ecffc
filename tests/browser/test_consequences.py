"""限期整改 and 取消资格 in a real browser: office, studio, working group, office again; whole pages, no barriers [5.4]."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import RectificationOrder, Revocation
from park import documents
from park.models import Document
from tests.assessments import holding as make
from tests.factories import UserFactory
from tests.pictures import jpeg
from tests.workshops import staying
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.models import Residency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def people(reference_data):
    return {
        "owner": UserFactory(roles=["applicant"], real_name="周镕喆"),
        "office": UserFactory(roles=["office"], real_name="吴主任"),
        "group_leader": make.seat(is_leader=True),
    }


@pytest.fixture
def residency(people):
    studio = StudioFactory(people=[people["owner"]], name="周镕喆钣金技能大师工作室", leader_name="周镕喆")
    return ResidencyFactory(active=True, studio=studio)


def picture(name):
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": jpeg().read()}


def look(page, name):
    """A picture for whoever looks at the pages: LOOK says where to put it."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder, f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def today():
    return timezone.localdate().isoformat()


def test_from_the_failed_card_to_the_re_check(open_page, accessible, people, residency):
    make.card(residency, by=people["office"])
    office, owner = open_page(people["office"]), open_page(people["owner"])
    office.goto("/home/")
    office.get_by_role("link", name="周镕喆钣金技能大师工作室", exact=True).first.click()
    accessible(office)
    look(office, "issue")
    office.get_by_label("整改要求").nth(0).fill("设置展示栏。")
    office.get_by_label("整改要求").nth(1).fill("建立计划表和日志。")
    office.get_by_role("button", name="发出通知").click()
    expect(office.get_by_text("通知已发出")).to_be_visible()
    accessible(office)
    order = RectificationOrder.objects.get()
    owner.goto("/home/")
    owner.get_by_role("link", name="周镕喆钣金技能大师工作室", exact=True).first.click()
    expect(owner.get_by_text("轮到您办理")).to_be_visible()
    owner.get_by_role("button", name="签收通知书").click()
    expect(owner.get_by_text("工作室在线签收")).to_be_visible()
    accessible(owner)
    owner.get_by_role("link", name="报告整改情况").click()
    accessible(owner)
    owner.get_by_label("第1项的整改情况").fill("展示栏已设置。")
    owner.get_by_label("第2项的整改情况").fill("计划表和日志已建立。")
    owner.get_by_role("button", name="报告整改情况").click()
    expect(owner.get_by_text("请上传第1项的整改证明").first).to_be_visible()
    accessible(owner)
    owner.locator("[name=proof_1]").set_input_files(picture("展示栏"))
    owner.locator("[name=proof_2]").set_input_files(picture("日志"))
    look(owner, "report")
    owner.get_by_role("button", name="报告整改情况").click()
    expect(owner.get_by_text("等待管理办公室复查").first).to_be_visible()
    office.goto(order.get_absolute_url())
    look(office, "order-reported")
    office.get_by_label("拍照").set_input_files(picture("复查"))
    office.get_by_role("button", name="上传照片").click()
    expect(office.locator(".photos img")).to_have_count(1)
    office.get_by_role("link", name="复查合格").click()
    accessible(office)
    for number in (1, 2):
        office.get_by_role("group", name=f"第{number}项").get_by_label("达标", exact=True).check()
        office.get_by_label(f"第{number}项的复查情况").fill("现场查看，已落实。")
    office.get_by_label("复查意见").fill("各项达标，恢复入驻。")
    look(office, "recheck")
    office.get_by_role("button", name="复查合格").click()
    expect(office.get_by_text("复查合格，已办理")).to_be_visible()
    accessible(office)
    look(office, "order-passed")
    assert Residency.objects.get(pk=residency.pk).status == "active"
    owner.goto(reverse("assessments:studio_rectifications", args=[residency.studio.key]))
    accessible(owner)
    office.goto(reverse("assessments:rectifications"))
    accessible(office)
    look(office, "orders")


def test_from_the_proposal_to_the_rooms(open_page, accessible, people, residency):
    make.housed(residency)
    office, owner = open_page(people["office"]), open_page(people["owner"])
    office.goto(reverse("assessments:studio_rectifications", args=[residency.studio.key]))
    accessible(office)
    office.get_by_role("link", name="提出取消资格").click()
    accessible(office)
    look(office, "grounds")
    office.get_by_role("link", name="按这一情形提出").click()
    office.get_by_role("button", name="提出").click()
    expect(office.get_by_text("请写").or_(office.get_by_text("请填写")).first).to_be_visible()
    accessible(office)
    office.get_by_label("重大过失", exact=True).check()
    office.get_by_label("违法违纪行为或者重大过失的情况").fill("违规动火，引发火灾。")
    office.locator("[name=act_proof]").set_input_files(picture("认定书"))
    office.get_by_label("重大损失和严重后果的情况").fill("烧毁两间厂房。")
    office.locator("[name=consequence_proof]").set_input_files(picture("清单"))
    office.get_by_label("认定机关").fill("镇江市消防救援支队")
    office.get_by_label("认定文号").fill("镇消〔2026〕8号")
    office.get_by_label("事实和理由").fill("经消防机构认定，火灾由工作室违规动火引起。")
    look(office, "propose")
    office.get_by_role("button", name="提出").click()
    expect(office.get_by_text("已提出，请出具告知书")).to_be_visible()
    accessible(office)
    row = Revocation.objects.get()
    owner.goto("/home/")
    expect(owner.get_by_text(row.number)).to_have_count(0)
    office.get_by_role("button", name="出具告知书").click()
    serve(office, accessible, "登记告知书送达", "送达回证")
    owner.goto("/home/")
    owner.get_by_role("link", name="周镕喆钣金技能大师工作室", exact=True).first.click()
    owner.get_by_role("link", name="陈述申辩").click()
    accessible(owner)
    owner.locator("[name=text]").fill("动火经物业许可，请求从轻。")
    owner.locator("[name=file_1]").set_input_files(picture("许可"))
    look(owner, "defend")
    owner.get_by_role("button", name="陈述申辩").click()
    expect(owner.get_by_text("等待工作小组研究决定").first).to_be_visible()
    accessible(owner)
    leader = open_page(people["group_leader"])
    leader.goto("/home/")
    leader.get_by_role("link", name="周镕喆钣金技能大师工作室", exact=True).first.click()
    leader.get_by_role("link", name="决定取消资格").click()
    expect(leader.get_by_text("动火经物业许可")).to_be_visible()
    accessible(leader)
    leader.get_by_label("会议纪要文号").fill("工作小组纪要〔2026〕9号")
    leader.get_by_label("会议日期").fill(today())
    leader.get_by_label("决定理由").fill("造成重大损失。")
    leader.get_by_label("对陈述申辩的答复").fill("许可不免除看护责任，不予采纳。")
    look(leader, "resolve")
    leader.get_by_role("button", name="决定取消资格").click()
    expect(leader.get_by_text("已办理").first).to_be_visible()
    office.goto(row.get_absolute_url())
    serve(office, accessible, "登记决定书送达，取消资格", "决定书回证")
    expect(office.get_by_text("资格即日取消")).to_be_visible()
    for paper in Document.objects.all():
        documents.render_document(paper)
    office.reload()
    accessible(office)
    look(office, "case-served")
    assert Residency.objects.get(pk=residency.pk).status == "revoked"
    owner.goto(residency.get_absolute_url())
    expect(owner.get_by_text("取消资格：待腾退")).to_be_visible()
    accessible(owner)
    look(owner, "residency")
    handover = residency.occupancies.get().handovers.get(kind="out")
    staying.settle(handover, by=people["office"])
    office.reload()
    office.get_by_role("button", name="腾退完毕").click()
    office.get_by_role("link", name="起草公告").click()
    accessible(office)
    look(office, "announce")
    office.get_by_role("button", name="起草").click()
    expect(office.get_by_text("已起草，请送审")).to_be_visible()
    office.goto(reverse("assessments:revocations"))
    accessible(office)
    look(office, "cases")


def serve(page, accessible, button, scan):
    page.get_by_role("link", name=button).click()
    accessible(page)
    page.get_by_label("直接送达").check()
    page.get_by_label("送达日期").fill(today())
    page.get_by_label("签收人").fill("周镕喆")
    page.locator("[name=scan]").set_input_files(picture(scan))
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("已办理").first).to_be_visible()
