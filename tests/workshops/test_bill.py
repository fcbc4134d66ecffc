"""The billing run of a month and the life of a bill [5.3][4.1]."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from park import documents
from park.invariants import REGISTRY
from park.models import Document, Role
from park.rules import set_rule
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops import fees
from tests.workshops.fees import Park, draft, read, residency
from workshops.actions import billing, metering, rating
from workshops.invariants.fee import INVARIANTS
from workshops.models import Bill, BillLine, Charge, FeeKind, FeeRate, Reading
from workshops.papers.bill import price_text
from workshops.workflow import BILL

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = (date(2026, n, 1) for n in (1, 2, 3))


@pytest.fixture
def park(reference):
    return Park()


def holds():
    """Everything that must be true of fees is true."""
    assert {i.name for i in INVARIANTS} <= {i.name for i in REGISTRY}
    return {i.name: i.offenders() for i in INVARIANTS if i.offenders()} == {}


def amounts(bill) -> dict:
    return {charge.kind: charge.amount_fen for charge in bill.charges.all()}


# ── what is billed ──────────────────────────────────────────────────────────────────────────────
def test_a_month_of_everything(park):
    bill = park.bill()
    assert amounts(bill) == {
        "water": 10 * 315,
        "electricity": 10566,  # 200 kWh × 0.5283 yuan
        "property": 60 * 150,
        "rent": 60 * 2000,
    }
    assert bill.amount_fen == sum(amounts(bill).values())
    assert holds()


def test_the_next_month_goes_on_where_this_one_ended(park):
    park.bill()
    bill = park.bill(FEBRUARY)
    lines = BillLine.objects.filter(charge__bill=bill).exclude(meter=None).order_by("pk")
    assert [(line.start_value, line.end_value) for line in lines.order_by("meter__kind")] == [
        (1200, 1500),
        (110, 125),
    ]
    assert holds()


@pytest.mark.parametrize(
    "end", [date(2026, 1, 31) + timedelta(days=n) for n in (-32, -31, -30, -1, 0, 1, 27, 28, 29)]
)
def test_no_rent_for_a_day_inside_the_waiver(reference, end):
    """[4.1]: billed and waived days of two months around the end of the waiver, on every boundary."""
    park = Park(free=(date(2025, 1, 1), end))
    for period, days in ((JANUARY, 31), (FEBRUARY, 28)):
        bill = park.bill(period)
        lines = BillLine.objects.filter(charge__bill=bill, charge__kind="rent")
        billed = sum(line.days for line in lines)
        assert billed + bill.waived_days == days
        assert all(line.first > end for line in lines)
    assert holds()


def test_a_rent_of_nothing_is_a_line_of_nothing(reference):
    officer = UserFactory(roles=["office"])
    fees.set_prices(officer, prices={FeeKind.PROPERTY: Decimal(150), FeeKind.RENT: Decimal(0)})
    residency()
    (bill,) = draft(JANUARY, officer)
    assert amounts(bill) == {"property": 9000, "rent": 0}


def test_rooms_and_prices_that_change_within_the_month(reference):
    officer = UserFactory(roles=["office"])
    fees.set_prices(officer, prices={FeeKind.PROPERTY: Decimal(310)})
    rating.set_rate(
        kind=FeeKind.PROPERTY,
        unit_fen=Decimal(620),
        valid_from=date(2026, 1, 11),
        document_no="2号",
        by=officer,
    )
    residency(starts=date(2026, 1, 6), area="10.00")
    (bill,) = draft(JANUARY, officer)
    lines = BillLine.objects.filter(charge__bill=bill)
    assert [(line.first.day, line.last.day, line.amount_fen) for line in lines] == [
        (6, 10, 500),
        (11, 31, 4200),
    ]


def test_what_has_no_reading_is_named_and_billed_later(park):
    planned = billing.plan(MARCH, by=park.officer)[0]
    assert {text.split("：")[-1] for text in planned.missing} == {"2026年3月没有读数"}
    first = park.bill(MARCH)
    assert set(amounts(first)) == {"property", "rent"}
    read(park.water, date(2026, 3, 31), 140, park.officer)
    second = park.bill(MARCH)
    assert amounts(second) == {"water": 40 * 315}  # since the first reading: nothing was billed before
    assert holds()


def test_what_has_no_price_is_named(reference):
    officer = UserFactory(roles=["office"])
    residency()
    (planned,) = billing.plan(JANUARY, by=officer)
    assert planned.missing == ["有 31 天没有物业管理费标准", "有 31 天没有租金标准"]
    assert not planned.is_due


def test_only_who_was_in_the_park_that_month(reference):
    officer = UserFactory(roles=["office"])
    fees.set_prices(officer)
    inside = residency(starts=date(2026, 1, 31))
    residency(starts=date(2026, 2, 1))
    assert [p.residency for p in billing.plan(JANUARY, by=officer)] == [inside]


def test_days_after_the_term_are_named_and_not_billed(reference):
    officer = UserFactory(roles=["office"])
    fees.set_prices(officer, prices={FeeKind.PROPERTY: Decimal(310)})
    residency(starts=date(2025, 1, 11), ends=date(2026, 1, 10), area="10.00")
    (planned,) = billing.plan(JANUARY, by=officer)
    assert planned.total_fen == 1000
    assert planned.notes == ["协议期2026-01-10届满，之后的天数没有计费"]


def test_a_factor_multiplies_what_the_meter_shows(reference):
    officer = UserFactory(roles=["logistics"])
    fees.set_prices(officer, prices={FeeKind.ELECTRICITY: Decimal("52.83")})
    row = residency()
    meter = metering.add_meter(
        room=fees.room_of(row), kind="electricity", number="E1", factor=Decimal(40),
        installed_on=JANUARY, value=Decimal("10.25"), by=officer,
    )  # fmt: skip
    read(meter, date(2026, 1, 31), "12.75", officer)
    (bill,) = draft(JANUARY, officer)
    assert bill.amount_fen == 5283


def test_a_replaced_meter_is_billed_with_the_one_in_its_place(park):
    park.bill()
    park.bill(FEBRUARY)
    metering.remove_meter(park.water, removed_on=date(2026, 3, 10), value=Decimal(130), by=park.officer)
    new = metering.add_meter(
        room=park.water.room, kind="water", number="NEW", factor=Decimal(1),
        installed_on=date(2026, 3, 10), value=Decimal(0), by=park.officer,
    )  # fmt: skip
    read(new, date(2026, 3, 31), 8, park.officer)
    assert amounts(park.bill(MARCH))["water"] == (5 + 8) * 315
    assert holds()


# ── once ────────────────────────────────────────────────────────────────────────────────────────
def test_each_kind_is_billed_once_a_month(park):
    park.bill()
    assert [p.is_due for p in billing.plan(JANUARY, by=park.officer)] == [False]
    charge = Charge.objects.first()
    other = Bill.objects.create(
        residency=park.residency, period=JANUARY, amount_fen=1, drafted_by=park.officer
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.create(
            bill=other, residency=park.residency, period=JANUARY, kind=charge.kind, amount_fen=1
        )


def test_what_was_shown_is_what_is_written(park):
    plans = billing.plan(JANUARY, by=park.officer)
    shown = {p.residency.pk: billing.fingerprint(p) for p in plans}
    read(park.water, date(2026, 1, 31), 111, park.officer)
    with pytest.raises(Conflict):
        billing.draft_bills(JANUARY, shown, by=park.officer)
    assert not Bill.objects.exists()


def test_nobody_bills_a_studio_of_their_own(park):
    insider = UserFactory(roles=["logistics", "applicant"])
    park.studio.people.add(insider)
    (planned,) = billing.plan(JANUARY, by=insider)
    assert planned.is_own
    assert not planned.is_due
    with pytest.raises(Conflict):
        billing.draft_bills(JANUARY, {park.residency.pk: billing.fingerprint(planned)}, by=insider)


@pytest.mark.parametrize("role", ["applicant", "attraction", "working_group", "expert", "auditor"])
def test_others_draw_up_no_bills(park, role):
    with pytest.raises(Refused, match="镇江技师学院"):
        billing.draft_bills(JANUARY, {park.residency.pk: ""}, by=UserFactory(roles=[role]))


def test_a_month_that_has_not_begun_is_not_billed(park):
    ahead = timezone.localdate() + timedelta(days=40)
    with pytest.raises(Refused, match="还没有开始"):
        billing.draft_bills(ahead, {park.residency.pk: ""}, by=park.officer)


# ── the procedure ───────────────────────────────────────────────────────────────────────────────
STEPS = {  # step -> the statuses from which it may be taken
    "issue_bill": {"draft"},
    "cancel_bill": {"draft", "issued"},
    "settle_bill": {"issued"},
    "reopen_bill": {"paid"},
}
MAY = {Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS}


@pytest.fixture
def in_each_status(park):
    from workshops.actions import paying

    found = {
        "draft": park.bill(JANUARY, issue=False),
        "issued": park.bill(FEBRUARY),
        "paid": park.bill(MARCH),
    }
    paying.pay_bills(
        [found["paid"]], amount_fen=found["paid"].amount_fen, method="cash", paid_on=timezone.localdate(),
        receipt_no="1", by=park.officer,
    )  # fmt: skip
    april = park.bill(date(2026, 4, 1))
    found["cancelled"] = park.step(april, "cancel_bill", reason="测试")
    return {status: Bill.objects.get(pk=bill.pk) for status, bill in found.items()}


def test_one_in_each_status(in_each_status):
    assert {name: bill.status for name, bill in in_each_status.items()} == {n: n for n in in_each_status}
    assert set(in_each_status) == set(BILL.stages)
    assert set(STEPS) == set(BILL.steps)


@pytest.mark.parametrize("role", [*Role, "own", "superuser"])
def test_only_the_right_person_in_the_right_status(in_each_status, park, role):
    """Role × status × step."""
    if role == "superuser":
        user = UserFactory(is_superuser=True)
    elif role == "own":
        user = UserFactory(roles=["office", "applicant"])
        park.studio.people.add(user)
    else:
        user = UserFactory(roles=[role])
    for status, bill in in_each_status.items():
        offered = {step.name for step in BILL.open_to(user, bill)}
        by_people = {"issue_bill", "cancel_bill"} if role in MAY else set()
        assert offered == {name for name in by_people if status in STEPS[name]}, status
        for name in STEPS:
            if name not in by_people:
                with pytest.raises(PermissionDenied), transaction.atomic():
                    BILL.perform(bill, name, by=user, data={"reason": "测试"})
            elif status not in STEPS[name]:
                with pytest.raises(Refused), transaction.atomic():
                    BILL.perform(bill, name, by=user, data={"reason": "测试"})


def test_an_issued_bill_has_number_notice_and_fifteen_days(park):
    """[T10]: due 15 days after issue; the rule may say otherwise."""
    bill = park.bill()
    today = timezone.localdate()
    assert bill.number == f"JF-{today.year}-0001"
    assert (bill.issued_on, bill.pay_by) == (today, today + timedelta(days=15))
    paper = Document.objects.about(bill).get()
    assert (paper.kind, paper.number) == ("payment_notice", bill.number)
    text = documents.render_html(paper)
    assert "2026年1月应缴费用共计人民币 1,427.16 元" in text
    assert "壹仟肆佰贰拾柒元壹角陆分" in text
    assert park.person.notifications.filter(text__contains="签发账单").count() == 1


def test_the_rule_says_when_it_is_due(park):
    set_rule("bill_due_days", 30, by=park.officer, reason="试行")
    bill = park.bill()
    assert bill.pay_by - bill.issued_on == timedelta(days=30)


def test_a_cancelled_bill_falls_with_its_paper_and_is_billed_anew(park):
    bill = park.bill()
    bill = park.step(bill, "cancel_bill", reason="读数抄错")
    assert (bill.cancelled_on, bill.cancelled_why) == (timezone.localdate(), "读数抄错")
    assert Document.objects.about(bill).get().state == "withdrawn"
    read(park.water, date(2026, 1, 31), 105, park.officer)  # free again
    again = park.bill()
    assert amounts(again)["water"] == 5 * 315
    assert again.number != bill.number
    assert holds()


def test_a_draft_whose_reading_was_corrected_is_not_issued(park):
    bill = park.bill(issue=False)
    read(park.water, date(2026, 1, 31), 111, park.officer)
    with pytest.raises(Refused, match="重新出账"):
        park.step(bill, "issue_bill")


def test_a_studio_sees_its_bills_from_their_issue_on(park):
    bill = park.bill(issue=False)
    assert not Bill.objects.visible_to(park.person).exists()
    park.step(bill, "issue_bill")
    assert list(Bill.objects.visible_to(park.person)) == [bill]
    assert not Bill.objects.visible_to(UserFactory(roles=["applicant"])).exists()
    assert not Bill.objects.visible_to(UserFactory(roles=["working_group"])).exists()


# ── what never changes ──────────────────────────────────────────────────────────────────────────
def refuses(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_the_database_keeps_bills_as_they_are(park):
    bill = park.bill()
    bills = Bill.objects.filter(pk=bill.pk)
    refuses(lambda: bills.update(amount_fen=1))
    refuses(lambda: bills.update(number="JF-2026-9999"))
    refuses(lambda: bills.update(pay_by=date(2030, 1, 1)))
    refuses(lambda: bills.update(paid_fen=bill.amount_fen + 1))
    refuses(lambda: bills.update(paid_fen=-1))
    refuses(lambda: BillLine.objects.update(amount_fen=1))
    refuses(lambda: BillLine.objects.all().delete())
    refuses(lambda: Charge.objects.update(amount_fen=1))
    refuses(lambda: Bill.objects.filter(pk=bill.pk)._raw_delete("default"))


def test_a_rate_that_was_billed_does_not_change(park):
    rate = park.rates[FeeKind.WATER]
    FeeRate.objects.filter(pk=rate.pk).update(unit_fen=1)
    FeeRate.objects.filter(pk=rate.pk).update(unit_fen=315)
    park.bill()
    refuses(lambda: FeeRate.objects.filter(pk=rate.pk).update(unit_fen=1))
    refuses(lambda: FeeRate.objects.filter(pk=rate.pk).update(valid_from=MARCH))
    refuses(lambda: rate.delete())


def test_a_reading_that_was_billed_does_not_change(park):
    park.bill()
    refuses(lambda: Reading.objects.filter(meter=park.water, value=110).update(value=109))
    with pytest.raises(metering.BadReadings) as bad:
        read(park.water, date(2026, 1, 31), 109, park.officer)
    assert "已用于账单" in bad.value.faults["value"]


def test_the_checks_find_what_is_wrong(park):
    """Each check in SQL sees the harm it is for, done behind the back of the triggers."""
    from django.db import connection

    from park.triggers import TRIGGERS

    bill = park.bill()
    free = date(2026, 1, 10)
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")
    Bill.objects.filter(pk=bill.pk).update(paid_fen=5)
    Charge.objects.filter(bill=bill, kind="water").update(amount_fen=1)
    Reading.objects.filter(meter=park.water, value=125).update(value=1)
    FeeRate.objects.create(
        kind="water", unit_fen=1, valid_from=free, valid_until=free, document_no="x", recorded_by=park.officer
    )
    type(park.residency).objects.filter(pk=park.residency.pk).update(rent_free_until=free)
    found = {i.name for i in INVARIANTS if i.offenders()}
    assert found == {
        "fee_rates_apart", "readings_do_not_fall", "bill_lines_add_up", "bill_paid_is_its_payments",
        "no_rent_inside_waiver",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fen", "text"), [("315", "3.15"), ("52.83", "0.5283"), ("200", "2.00"), ("0.0001", "0.000001")]
)
def test_prices_as_they_are_printed(fen, text):
    assert price_text(Decimal(fen)) == text
