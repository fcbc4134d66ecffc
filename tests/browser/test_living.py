"""Life in the park as its people walk it: the leader and an inspector on a phone, the office and the logistics at a
desk. Every page visited is free of barriers, fits its window and reports no error [4.1][5.2][5.3][5.4.2][A2.2]."""

import io
from datetime import date, timedelta

import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from park.models import Body, WorkingGroupMember
from tests import sheets_samples as samples
from tests.assessments.factories import plan
from tests.browser.conftest import SIZES
from tests.factories import UserFactory
from tests.workshops import fees, staying
from tests.workshops.factories import PersonFactory, ResidencyFactory, RoomFactory, StudioFactory
from workshops.actions.attendance import code_of
from workshops.kinds import KINDS
from workshops.models import (
    Agreement,
    Bill,
    CheckIn,
    LeaderChange,
    LedgerRecord,
    RepairTicket,
    Residency,
    Studio,
)
from workshops.sheets.ledger import sheet_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def size():
    """A desk; whoever is on a phone says so."""
    return SIZES["desktop"]


@pytest.fixture(autouse=True)
def _no_printing(settings):
    """No papers and mails here: how they are printed is tested without a browser."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }


@pytest.fixture
def leader(reference_data):
    return UserFactory(roles=["applicant"], real_name="周镕喆")


@pytest.fixture
def studio(leader):
    """In the park with a room; its leader has an account."""
    row = StudioFactory(people=[leader], leader_name="周镕喆")
    row.persons.update(user=leader)
    ResidencyFactory(active=True, studio=row)
    return row


def at(name, *args):
    return reverse(f"workshops:{name}", args=args)


def picture(code="") -> dict:
    """A photo as the file chooser takes it; with a check address the scan of the paper that has it."""
    out = io.BytesIO()
    sheet = Image.new("RGB", (900, 900) if code else (320, 240), "white" if code else "steelblue")
    if code:
        drawn = io.BytesIO()
        segno.make(code, error="m").save(drawn, kind="png", scale=8)
        sheet.paste(Image.open(drawn).convert("RGB"), (300, 300))
    sheet.save(out, "JPEG")
    return {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()


def carry_out(page, name):
    """A step without a form: the button on the record's page."""
    with page.expect_navigation():
        press(page, name)
    says(page, f"{name}，已办理。")


def says(page, text):
    expect(page.get_by_text(text).first).to_be_visible()


# ── on a phone ──────────────────────────────────────────────────────────────────────────────────
def test_the_leader_signs_in_with_the_code_of_the_day(open_page, accessible, studio, leader):
    screen = open_page(UserFactory(roles=["logistics"]))
    screen.goto(at("attendance_code"))
    accessible(screen)
    code = screen.locator(".day-code").inner_text()
    phone = open_page(leader, at="phone")
    phone.goto(at("mine"))
    accessible(phone)
    follow(phone, "到园")
    accessible(phone)
    phone.get_by_label("签到码").fill("12" if code != "12" else "13")
    press(phone, "签到")
    accessible(phone)
    phone.get_by_label("签到码").fill(code)
    press(phone, "签到")
    says(phone, "已签到，今天计入本月到园天数。")
    accessible(phone)
    assert code == code_of(timezone.localdate())
    assert CheckIn.objects.get().entered_by == leader


def test_a_ledger_record_with_a_photo_takes_a_minute(open_page, accessible, studio, leader):
    phone = open_page(leader, at="phone")
    phone.goto(at("ledgers", studio.key))
    accessible(phone)
    phone.locator(".ledger-acts a[href$='/log/new/']").click()
    accessible(phone)
    phone.locator("[name=title]").fill("工装调试")
    press(phone, "保存并提交核验")
    says(phone, "还不能提交")
    accessible(phone)
    follow(phone, "修改内容")
    phone.locator("[name=content]").fill("工装调试，指导徒弟两人。")
    phone.locator("[name=photo]").set_input_files(picture())
    press(phone, "保存并提交核验")
    accessible(phone)
    record = LedgerRecord.objects.get()
    assert (record.status, record.file_count) == ("submitted", 1)
    desk = open_page(UserFactory(roles=["office"]))
    desk.goto(at("ledger_office"))
    accessible(desk)
    follow(desk, record.number)
    accessible(desk)
    carry_out(desk, "核验通过")
    accessible(desk)
    assert LedgerRecord.objects.get().status == "verified"


def test_a_repair_from_the_report_to_the_confirmation(open_page, accessible, studio, leader):
    phone = open_page(leader, at="phone")
    phone.goto(at("studio_repairs", studio.key))
    accessible(phone)
    follow(phone, "我要报修")
    accessible(phone)
    phone.locator("[name=problem]").fill("北侧窗户玻璃开裂。")
    press(phone, "提交报修")
    accessible(phone)
    phone.locator("[name=place]").fill("201室北侧")
    phone.locator("[name=photo]").set_input_files(picture())
    press(phone, "提交报修")
    says(phone, "报修已提交")
    accessible(phone)
    ticket = RepairTicket.objects.get()
    desk = open_page(UserFactory(roles=["logistics"]))
    desk.goto(at("repairs"))
    accessible(desk)
    follow(desk, ticket.number)
    accessible(desk)
    expect(desk.locator(".photos img")).to_have_count(1)
    follow(desk, "受理")
    press(desk, "受理")
    carry_out(desk, "开始维修")
    follow(desk, "维修完成")
    accessible(desk)
    desk.locator("[name=reason]").fill("更换玻璃一块。")
    desk.locator("[name=cost]").fill("120.50")
    press(desk, "维修完成")
    accessible(desk)
    phone.reload()
    accessible(phone)
    carry_out(phone, "确认修好")
    says(phone, "已确认修好。")
    accessible(phone)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.cost) == ("confirmed", 12050)


def test_an_inspection_without_a_line_then_answered_and_closed(open_page, accessible, studio, leader):
    officer, inspector = UserFactory(roles=["office"]), UserFactory(roles=["logistics"])
    residency = studio.standing_residency()
    inspection = plan([residency], by=officer, inspectors=[officer, inspector]).inspections.get()
    phone = open_page(inspector, at="phone")
    phone.goto(inspection.get_absolute_url())
    accessible(phone)
    follow(phone, "填写检查记录")
    phone.wait_for_load_state("networkidle")
    accessible(phone)
    phone.context.set_offline(True)
    for number, verdict in enumerate(("met", "not_met", "met")):
        group = phone.locator(".place-line").nth(number)
        group.locator(f"input[value={verdict}]").check()
    phone.locator(".place-line").nth(1).locator("[name$=-note]").fill("展示栏没有更新")
    phone.locator("[name=summary]").fill("总体良好。")
    expect(phone.locator("[data-draft-state]").first).to_contain_text("没有网络")
    press(phone, "保存")
    expect(phone.locator("[data-draft-state]").first).to_contain_text("恢复后会自动保存")
    assert inspection.lines.exclude(verdict="").count() == 0
    phone.context.set_offline(False)
    expect(phone.locator("[data-draft-state]").first).to_contain_text("已保存")
    press(phone, "保存并完成记录")
    phone.wait_for_url("**/steps/finish_inspection/")
    accessible(phone)
    phone.locator("[name=checked]").check()
    press(phone, "完成记录，请工作室核对")
    accessible(phone)

    own = open_page(leader, at="phone")
    own.goto(inspection.get_absolute_url())
    accessible(own)
    follow(own, "核对检查记录")
    own.locator("[name=answer][value=online]").check()
    press(own, "核对检查记录")
    accessible(own)
    finding = inspection.findings.get()
    own.goto(finding.get_absolute_url())
    accessible(own)
    follow(own, "答复整改情况")
    accessible(own)
    own.locator("[name=reason]").fill("已更新展示栏。")
    own.locator("[name=proof]").set_input_files(picture())
    press(own, "答复整改情况")
    accessible(own)

    phone.goto(finding.get_absolute_url())
    follow(phone, "复查通过")
    accessible(phone)
    phone.locator("[name=reason]").fill("现场查看属实。")
    press(phone, "复查通过")
    accessible(phone)
    inspection.refresh_from_db()
    assert (inspection.status, finding.problem) == ("closed", "展示栏没有更新")


# ── at a desk ───────────────────────────────────────────────────────────────────────────────────
def test_from_the_agreement_to_the_first_day(open_page, accessible, leader):
    officer, keeper = UserFactory(roles=["office"]), UserFactory(roles=["logistics"])
    residency, room = staying.pending(people=[leader]), RoomFactory()
    keep = open_page(keeper)
    keep.goto(at("room_assign", residency.key))
    accessible(keep)
    keep.locator("[name=room]").select_option(str(room.pk))
    press(keep, "安排房间")
    says(keep, "房间已安排")
    accessible(keep)

    desk = open_page(officer)
    desk.goto(residency.get_absolute_url())
    accessible(desk)
    follow(desk, "拟定入驻协议")
    accessible(desk)
    press(desk, "保存拟稿")
    accessible(desk)
    follow(desk, "出具")
    accessible(desk)
    press(desk, "出具协议")
    says(desk, "协议已出具")
    agreement = Agreement.objects.get()

    own = open_page(leader, at="phone")
    own.goto(at("studio_residency", residency.studio.key))
    accessible(own)
    follow(own, "上传签字的扫描件")
    accessible(own)
    own.locator("[name=scan]").set_input_files(picture(agreement.document.check_url))
    press(own, "上传签字的协议")
    says(own, "已收到扫描件")
    accessible(own)

    follow(keep, "交付清单")
    accessible(keep)
    follow(keep, "填写清单")
    accessible(keep)
    for field in keep.locator("[name^=items-][name$=-quantity]").all()[:-2]:
        field.fill("2")
    press(keep, "保存")
    says(keep, "清单已保存")
    follow(keep, "确认清单")
    press(keep, "确认交接清单")
    accessible(keep)
    follow(own, "交付清单")
    accessible(own)
    follow(own, "核对交接清单")
    accessible(own)
    own.locator("[name=agrees][value=yes]").check()
    press(own, "核对交接清单")
    accessible(own)

    desk.reload()
    follow(desk, "核对")
    accessible(desk)
    for tick in ("office_signed", "studio_signed", "complete"):
        desk.locator(f"[name={tick}]").check()
    press(desk, "核对签字的协议")
    accessible(desk)
    carry_out(desk, "办理入驻")
    accessible(desk)
    residency = Residency.objects.get()
    agreement.refresh_from_db()
    assert (residency.status, residency.term_starts_on) == ("active", agreement.term_starts_on)
    assert residency.is_rent_free_on(timezone.localdate())


def test_arrears_go_away_when_everything_owed_is_paid_at_once(
    open_page, accessible, reference_data, monkeypatch
):
    park = fees.Park()
    with monkeypatch.context() as patch:
        long_ago = timezone.now() - timedelta(days=60)
        patch.setattr(timezone, "now", lambda: long_ago)
        park.bill()
        park.bill(date(2026, 2, 1))
    page = open_page(park.officer)
    page.goto(at("arrears"))
    accessible(page)
    follow(page, park.studio.name)
    accessible(page)
    bill = Bill.objects.order_by("period").first()
    page.goto(bill.get_absolute_url())
    expect(page.get_by_role("link", name="缴费通知单")).to_be_visible()
    page.goto(at("studio_pay", park.studio.key))
    accessible(page)
    page.get_by_label("票据号").fill("No.0002")
    press(page, "登记缴费")
    says(page, "分入 2 份账单")
    accessible(page)
    page.goto(at("arrears"))
    says(page, "没有逾期的账单")
    accessible(page)
    assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}


def test_a_ledger_from_a_sheet_whose_bad_row_is_mended(open_page, accessible, studio, leader, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    sheet, today = sheet_of(KINDS["log"]), timezone.localdate()
    head = [column.label for column in sheet.columns]

    def rows(second_day):
        given = [
            {"名称": "工装调试", "day": today - timedelta(days=2)},
            {"名称": "模具验收", "day": second_day},
        ]
        return [head, *(_log_row(sheet, **row) for row in given)]

    page = open_page(leader)
    page.goto(at("ledger_kind", studio.key, "log"))
    accessible(page)
    follow(page, "导入")
    accessible(page)
    choose(page, rows("二月三十日"))
    page.get_by_role("heading", name="没有写入：表格有 1 处问题").wait_for()
    says(page, "第 3 行")
    accessible(page)
    follow(page, "重新上传")
    choose(page, rows(today - timedelta(days=1)))
    page.get_by_role("heading", name="没有发现问题，还没有写入").wait_for()
    accessible(page)
    assert not LedgerRecord.objects.exists()
    press(page, "写入 2 行")
    page.get_by_role("heading", name="已写入").wait_for()
    accessible(page)
    follow(page, "返回查看")
    says(page, "模具验收")
    accessible(page)
    assert set(LedgerRecord.objects.values_list("title", "status")) == {
        ("工装调试", "draft"),
        ("模具验收", "draft"),
    }


def _log_row(sheet, *, day, **named):
    values = {"title": named["名称"], "happened_on": day, "content": "指导徒弟两人。"}
    return [values.get(column.name) for column in sheet.columns]


def choose(page, rows):
    page.set_input_files(
        "input[type=file]",
        {"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": samples.xlsx(rows)},
    )
    press(page, "检查表格")


def test_another_leader_is_nominated_and_decided(open_page, accessible, studio, leader):
    successor = PersonFactory(studio=studio, name="李玥", occupation="钣金工")
    officer, chair = UserFactory(roles=["office"]), UserFactory(roles=["working_group"])
    WorkingGroupMember.objects.create(user=chair, body=Body.objects.first(), is_leader=True)
    own = open_page(leader)
    own.goto(at("report_leader_change", studio.key))
    accessible(own)
    own.locator("[name=reason_kind][value=transferred]").check()
    own.locator("[name=reason]").fill("调往外市。")
    own.locator("[name=left_on]").fill(f"{timezone.localdate() - timedelta(days=3)}")
    press(own, "报告离任")
    accessible(own)
    follow(own, "提名接替人")
    accessible(own)
    own.locator("[name=member]").select_option(str(successor.pk))
    for name, text in {
        "occupation": "钣金工",
        "unit_name": "镇江某汽车制造有限公司",
        "achievements": "革新三项",
    }.items():
        own.locator(f"[name={name}]").fill(text)
    own.locator("[name=claim_1]").check()
    own.locator("[name=statement_1]").fill("绝技三项。")
    own.locator("[name=proof_1]").set_input_files(picture())
    press(own, "提名接替人")
    accessible(own)
    change = LeaderChange.objects.get()

    desk = open_page(officer)
    desk.goto(at("leader_changes"))
    accessible(desk)
    desk.goto(change.get_absolute_url())
    accessible(desk)
    follow(desk, "核对条件，报工作小组")
    accessible(desk)
    desk.locator("[name=verdict_1][value=met]").check()
    desk.locator("[name=reason_1]").fill("有证书。")
    desk.locator("[name=opinion]").fill("符合，建议同意。")
    press(desk, "核对条件，报工作小组")
    accessible(desk)

    decide = open_page(chair)
    decide.goto(change.get_absolute_url())
    accessible(decide)
    follow(decide, "同意变更")
    accessible(decide)
    decide.locator("[name=minutes_no]").fill("工作小组纪要〔2026〕3号")
    decide.locator("[name=minutes_on]").fill(f"{timezone.localdate()}")
    press(decide, "同意变更")
    accessible(decide)
    change.refresh_from_db()
    assert change.status == "approved"
    assert Studio.objects.get().leader_name == "李玥"
