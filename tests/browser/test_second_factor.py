"""Binding a phone and signing in with its code, in a real browser."""

import base64
import re

import pytest
from django.urls import reverse
from django_otp.oath import TOTP

from park import second_factor
from park.models import SecondFactor
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect = pytest.importorskip("playwright.sync_api").expect


def test_from_the_first_login_to_new_recovery_codes(open_page, accessible, settings):
    settings.STAFF_SECOND_FACTOR = True
    person = UserFactory(roles=["office"])
    page = open_page()
    sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("绑定手机")
    accessible(page)
    secret = page.locator("strong.num").inner_text()
    assert re.fullmatch(r"(?:[A-Z2-7]{4} ?){8}", secret)
    type_code(page, "000000")
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("alert")).to_contain_text(second_factor.WRONG)
    accessible(page)
    type_code(page, code(base32(secret), -1))
    page.get_by_role("button", name="确认绑定").click()
    expect(page.locator(".page-main li")).to_have_count(10)
    accessible(page)
    page.get_by_role("button", name="已经记下，继续").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("待办"))

    again = open_page()
    sign_in(again, person)
    expect(again.get_by_role("heading", level=1)).to_have_text("动态验证码")
    accessible(again)
    type_code(again, code(bytes.fromhex(SecondFactor.objects.get().key)))
    again.get_by_role("button", name="继续").click()
    expect(again.get_by_role("heading", level=1)).to_have_text(re.compile("待办"))
    again.goto(reverse("second_factor_manage"))
    accessible(again)
    again.goto(reverse("profile"))
    accessible(again)


def sign_in(page, person):
    page.goto(reverse("login"))
    page.get_by_label("登录名").fill(person.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def type_code(page, text):
    page.get_by_label("验证码").fill(text)


def base32(text) -> bytes:
    return base64.b32decode(text.replace(" ", ""))


def code(secret: bytes, steps=0) -> str:
    return f"{TOTP(secret, drift=steps).token():06d}"
