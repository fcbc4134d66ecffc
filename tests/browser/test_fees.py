"""Fees in a real browser: readings on a phone, the billing run, a payment, what the studio sees; no barriers [5.3]."""

from datetime import date

import pytest
from django.urls import reverse

from tests.workshops import fees
from tests.workshops.fees import Park
from workshops.models import Bill, Reading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


def at(name, *args):
    return reverse(f"workshops:{name}", args=args)


def test_from_the_reading_to_the_payment(open_page, accessible):
    park = Park()
    park.bill()
    park.bill(date(2026, 2, 1))
    page = open_page(park.officer)
    page.goto(at("readings") + "?month=2026-03")
    accessible(page)
    page.get_by_label("抄表日期").fill("2026-03-31")
    page.get_by_label(f"{fees.room_of(park.residency)}水表 {park.water.number}本次读数").fill("20")
    page.get_by_role("button", name="保存读数").click()
    expect(page.locator(".summary").first).to_contain_text("读数小于")
    accessible(page)
    page.get_by_label(f"{fees.room_of(park.residency)}水表 {park.water.number}本次读数").fill("140.5")
    page.get_by_role("button", name="保存读数").click()
    expect(page.get_by_text("已保存 1 个读数")).to_be_visible()
    assert Reading.objects.filter(meter=park.water, value="140.5").exists()
    page.goto(at("billing_run") + "?period=2026-03")
    expect(page.get_by_text("2026年3月没有读数")).to_be_visible()
    accessible(page)
    page.get_by_label("立即签发，编号并通知工作室").check()
    page.get_by_role("button", name="出账", exact=True).click()
    expect(page.get_by_text("已签发 1 份账单")).to_be_visible()
    accessible(page)
    bill = Bill.objects.get(period=date(2026, 3, 1))
    page.goto(bill.get_absolute_url())
    accessible(page)
    page.get_by_role("link", name="登记缴费").click()
    page.get_by_label("票据号").fill("No.0001")
    accessible(page)
    page.get_by_role("button", name="登记缴费").click()
    expect(page.get_by_text("已登记缴费")).to_be_visible()
    for name in ("arrears", "fee_accounts", "rates", "rate_new", "meters", "meter_new"):
        page.goto(at(name))
        accessible(page)
    own = open_page(park.person)
    own.goto(at("studio_fees", park.studio.key))
    accessible(own)
    own.get_by_role("button", name="生成对账单").click()
    expect(own.get_by_role("link", name="费用对账单")).to_be_visible()
    own.goto(bill.get_absolute_url())
    accessible(own)
