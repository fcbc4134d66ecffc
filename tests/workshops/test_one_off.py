"""What a studio is charged once: recorded, billed once under 其他费用, withdrawn while no bill has it [5.3]."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from park import documents
from park.formkeys import new_key
from park.models import Document, Role
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops import fees, staying
from tests.workshops.fees import Park, draft
from workshops.actions import billing, charging
from workshops.conditions.fee import unbilled_one_offs
from workshops.invariants.one_off import INVARIANTS
from workshops.models import Bill, BillLine, Charge, FeeKind, OneOffCharge, Residency

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = (date(2026, n, 1) for n in (1, 2, 3))


@pytest.fixture
def park(reference):
    return Park()


def charge(park, day=date(2026, 1, 12), fen=2500, by=None, **given):
    given = {"reason": "补配门钥匙一把"} | given
    return charging.record_one_off(park.residency, day=day, amount_fen=fen, by=by or park.officer, **given)


def others(bill) -> list:
    rows = BillLine.objects.filter(charge__bill=bill, charge__kind=FeeKind.OTHER).order_by("pk")
    return list(rows.values_list("one_off__reason", "first", "amount_fen"))


def test_it_goes_onto_the_bill_of_its_month_under_other_and_nowhere_else(park):
    charge(park)
    charge(park, day=date(2026, 1, 30), fen=18050, reason="赔偿空调面板")
    charge(park, day=date(2026, 2, 3), fen=100)
    before = {p.fen_of(FeeKind.RENT) for p in billing.plan(JANUARY, by=park.officer)}
    bill = park.bill()
    assert others(bill) == [
        ("补配门钥匙一把", date(2026, 1, 12), 2500),
        ("赔偿空调面板", date(2026, 1, 30), 18050),
    ]
    assert {row.kind: row.amount_fen for row in bill.charges.all()} == {
        "water": 3150, "electricity": 10566, "property": 9000, "rent": 120000, "other": 20550,
    }  # fmt: skip
    assert before == {120000}
    assert [i.name for i in INVARIANTS if i.offenders()] == []
    paper = documents.render_html(Document.objects.about(bill).get())
    assert "赔偿空调面板" in paper
    assert "180.50" in paper


def test_the_fee_of_every_month_and_what_is_charged_once_are_one_charge(park):
    fees.set_prices(park.officer, prices={FeeKind.OTHER: 1000})
    charge(park)
    bill = park.bill()
    assert Charge.objects.get(bill=bill, kind="other").amount_fen == 3500


def test_a_billed_month_takes_no_more_and_says_which_one_does(park):
    charge(park)
    park.bill()
    with pytest.raises(Refused, match="请计入2026年2月"):
        charge(park, period=JANUARY)
    late = charge(park, day=date(2026, 1, 20))
    assert late.period == FEBRUARY
    assert others(park.bill(FEBRUARY)) == [("补配门钥匙一把", date(2026, 1, 20), 2500)]


def test_a_cancelled_bill_gives_it_back(park):
    row = charge(park)
    bill = park.bill()
    with pytest.raises(Refused, match="已列入2026年1月账单"):
        charging.withdraw_one_off(row, reason="登记有误", by=park.officer)
    park.step(bill, "cancel_bill", reason="重出")
    again = park.bill()
    assert others(again) == others(bill)
    assert [i.name for i in INVARIANTS if i.offenders()] == []
    park.step(again, "cancel_bill", reason="重出")
    row = charging.withdraw_one_off(row, reason="登记有误", by=park.officer)
    assert others(park.bill()) == []
    with pytest.raises(Refused, match="已经撤销"):
        charging.withdraw_one_off(row, reason="登记有误", by=park.officer)


def test_what_comes_between_the_page_and_the_click_is_shown_first(park):
    (planned,) = billing.plan(JANUARY, by=park.officer)
    shown = {planned.residency.pk: billing.fingerprint(planned)}
    charge(park)
    with pytest.raises(Conflict):
        billing.draft_bills(JANUARY, shown, by=park.officer)


def test_a_studio_that_left_is_still_billed_for_it(park):
    Residency.objects.filter(pk=park.residency.pk).update(ended_on=date(2026, 2, 10), status="ended")
    charge(park, day=date(2026, 3, 2), reason="赔偿损坏的办公椅")
    assert unbilled_one_offs(park.residency) == "还有 25.00 元一次性费用没有出账。"
    (bill,) = draft(MARCH, park.officer, park.residency)
    assert [row.kind for row in bill.charges.all()] == ["other"]
    assert unbilled_one_offs(park.residency) == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"day": timezone.localdate() + timedelta(days=1)}, "不能晚于今天"),
        ({"day": date(2020, 1, 1)}, "不能早于确定入驻日期"),
        ({"day": date(2026, 2, 3), "period": JANUARY}, "不能早于2026年2月"),
        ({"period": date(2099, 1, 1)}, "账期不能晚于"),
    ],
)
def test_a_day_or_month_that_cannot_be_is_refused(park, given, words):
    with pytest.raises(Refused, match=words):
        charge(park, **given)


def test_nothing_is_charged_before_the_agreement(reference):
    with pytest.raises(Refused, match="协议签订"):
        charging.record_one_off(
            staying.pending(), day=timezone.localdate(), amount_fen=1, reason="x",
            by=UserFactory(roles=["logistics"]),
        )  # fmt: skip


@pytest.mark.parametrize("role", [*Role, "own"])
def test_office_and_logistics_charge_and_never_their_own_studio(park, client_of, role):
    row = charge(park)
    person = park.person if role == "own" else UserFactory(roles=[role])
    may = role in {Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS}
    if may:
        assert charge(park, by=person).recorded_by == person
        park.studio.people.add(person)
    with pytest.raises(PermissionDenied):
        charge(park, by=person)
    with pytest.raises(PermissionDenied):
        charging.withdraw_one_off(row, reason="x", by=person)


def test_the_way_on_the_pages(park, client_of):
    browser, key = client_of(park.officer), park.studio.key
    page = reverse("workshops:studio_fees", args=[key])
    form = {"day": "2026-01-12", "amount_fen": "25", "reason": "补配门钥匙一把", "form_key": new_key()}
    wrong = browser.post(reverse("workshops:one_off_new", args=[key]), form | {"amount_fen": "-1"})
    assert wrong.status_code == 422
    assert "补配门钥匙一把" in wrong.content.decode()
    assert browser.post(reverse("workshops:one_off_new", args=[key]), form).url == page
    row = OneOffCharge.objects.get()
    assert (row.amount_fen, row.period) == (2500, JANUARY)
    assert reverse("workshops:one_off_withdraw", args=[row.key]) in browser.get(page).content.decode()
    own = client_of(park.person).get(page).content.decode()
    assert "补配门钥匙一把" in own
    assert "登记一次性费用" not in own
    draft(JANUARY, park.officer, park.residency)
    own = client_of(park.person).get(page).content.decode()
    assert "已列入账单，待签发" in own
    assert str(Bill.objects.get().key) not in own
    refused = browser.post(
        reverse("workshops:one_off_withdraw", args=[row.key]), {"reason": "错", "form_key": new_key()}
    )
    assert refused.status_code == 409
    assert "请先作废账单" in refused.content.decode()


def test_the_database_keeps_it_as_it_is(park):
    row = charge(park)
    for change in {"amount_fen": 1}, {"reason": "改"}, {"period": FEBRUARY}:
        with pytest.raises(DatabaseError), transaction.atomic():
            OneOffCharge.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    bill = park.bill()
    given = {"withdrawn_at": timezone.now(), "withdrawn_by": park.officer, "withdrawn_why": "x"}
    with pytest.raises(DatabaseError), transaction.atomic():
        OneOffCharge.objects.filter(pk=row.pk).update(**given)
    line = {"one_off": row, "first": row.day, "last": row.day, "quantity": 1, "amount_fen": row.amount_fen}
    for kind in "other", "rent":
        with pytest.raises(DatabaseError), transaction.atomic():
            BillLine.objects.create(charge=bill.charges.get(kind=kind), **line)
