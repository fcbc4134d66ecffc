"""The pages on fees: who sees which, what they say, how often they ask the database [5.3]."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from park.formkeys import new_key
from park.models import Document, Role
from tests.factories import UserFactory
from tests.workshops import fees
from tests.workshops.fees import Park
from workshops.actions import paying
from workshops.models import Bill, FeeRate, Meter, Payment, Reading

pytestmark = pytest.mark.django_db

KEEPERS = {Role.OFFICE, Role.LEAD_DIVISION, Role.LOGISTICS}
OF_THE_PARK = (
    "billing_run", "arrears", "fee_accounts", "rates", "rate_new", "readings", "meters", "meter_new",
)  # fmt: skip


@pytest.fixture
def park(reference):
    return Park()


def at(name, *args, **query):
    address = reverse(f"workshops:{name}", args=args)
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def post(browser, address, **data):
    return browser.post(address, data | {"form_key": new_key()})


# ── who ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", Role)
def test_the_pages_of_the_park_are_for_logistics_and_the_office(reference, client_of, role):
    browser = client_of(UserFactory(roles=[role]))
    codes = {name: browser.get(at(name)).status_code for name in OF_THE_PARK}
    assert codes == dict.fromkeys(OF_THE_PARK, 200 if role in KEEPERS else 403)


@pytest.mark.parametrize("role", [*Role, "own", "nobody"])
def test_the_account_of_a_studio_is_for_its_people_and_those_who_keep_it(park, client_of, role):
    bill = park.bill()
    people = {"own": park.person, "nobody": UserFactory()}
    browser = client_of(people.get(role) or UserFactory(roles=[role]))
    reads = role in KEEPERS | {"own"}
    assert browser.get(at("bill", bill.key)).status_code == (200 if reads else 404)
    code = browser.get(at("studio_fees", park.studio.key)).status_code
    assert code == (200 if reads else 403 if role in {Role.WORKING_GROUP, Role.ATTRACTION} else 404)
    paper = Document.objects.about(bill).get()
    answer = browser.get(at("bill_paper", bill.key, paper.public_id) + "?inline")
    assert answer.status_code == (200 if reads else 404)


def test_the_working_group_reads_totals_and_no_names(park, client_of):
    park.bill()
    page = client_of(UserFactory(roles=["working_group"])).get(at("bills")).content.decode()
    assert "1,427.16" in page
    assert park.studio.name not in page


def test_a_studio_pays_nothing_in_by_itself(park, client_of):
    bill = park.bill()
    browser = client_of(park.person)
    (payment,) = paying.pay_bills(
        [bill], amount_fen=5, method="cash", paid_on=timezone.localdate(), receipt_no="1", by=park.officer
    )
    for address in (
        at("bill_pay", bill.key), at("studio_pay", park.studio.key), at("payment_reverse", payment.key),
    ):  # fmt: skip
        assert post(browser, address, amount_fen="1", reason="x").status_code == 403
    assert post(browser, at("bill_step", bill.key, "cancel_bill"), reason="x").status_code == 403
    assert post(browser, at("issue_bills"), period="2026-01").status_code == 403
    assert Payment.objects.count() == 1


# ── the way through ─────────────────────────────────────────────────────────────────────────────
def test_from_the_price_to_the_payment(reference, client_of):
    officer, person = UserFactory(roles=["logistics"]), UserFactory(roles=["applicant"])
    row = fees.residency(people=[person])
    browser = client_of(officer)
    for kind, yuan in (("water", "3.15"), ("property", "1.5")):
        answer = post(
            browser,
            at("rate_new"),
            kind=kind,
            unit_fen=yuan,
            valid_from="2026-01-01",
            document_no="园管〔2026〕1号",
        )
        assert answer.url == at("rates")
    assert FeeRate.objects.get(kind="water").unit_fen == Decimal("315")
    answer = post(
        browser, at("meter_new"), room=fees.room_of(row).pk, kind="water", number="W1", factor="1",
        installed_on="2026-01-01", value="10",
    )  # fmt: skip
    assert answer.url == at("meters")
    meter = Meter.objects.get()
    answer = post(
        browser, at("readings"), month="2026-01", read_on="2026-01-31", **{f"m{meter.pk}-value": "22.5"}
    )
    assert answer.url == at("readings", month="2026-01")
    page = browser.get(at("billing_run", period="2026-01"))
    (planned,) = page.context["ready"]
    data = {"period": "2026-01", "issue": "0", "residency": planned.residency.pk}
    answer = post(browser, at("billing_run"), **data, **{f"print-{planned.residency.pk}": planned.print})
    assert answer.url == at("bills", period="2026-01")
    assert browser.get(answer.url).context["drafts"] == 1
    post(browser, at("issue_bills"), period="2026-01")
    bill = Bill.objects.get()
    assert (bill.status, bill.amount_fen) == ("issued", 3938 + 9000)  # 12.5 × 3.15 = 39.375
    form = {
        "amount_fen": "129.38",
        "method": "transfer",
        "paid_on": f"{timezone.localdate()}",
        "receipt_no": "R1",
    }
    assert post(browser, at("bill_pay", bill.key), **form).url == bill.get_absolute_url()
    assert Bill.objects.get().status == "paid"
    assert post(browser, at("payment_reverse", Payment.objects.get().key), reason="错").status_code == 302
    assert Bill.objects.get().status == "issued"
    own = client_of(person).get(at("studio_fees", row.studio.key)).content.decode()
    assert "129.38" in own
    assert "登记缴费" not in own


def test_too_much_is_refused_and_what_was_typed_stays(park, client_of):
    bill = park.bill()
    form = {
        "amount_fen": "9,999.99",
        "method": "cash",
        "paid_on": f"{timezone.localdate()}",
        "receipt_no": "R1",
    }
    answer = post(client_of(park.officer), at("bill_pay", bill.key), **form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "还应缴 1,427.16 元" in page
    assert 'value="9,999.99"' in page


@pytest.mark.parametrize("amount", ["abc", "0", "-5", "1.234", ""])
def test_what_is_no_amount_is_said_so(park, client_of, amount):
    bill = park.bill()
    form = {"amount_fen": amount, "method": "cash", "paid_on": f"{timezone.localdate()}", "receipt_no": "R1"}
    answer = post(client_of(park.officer), at("bill_pay", bill.key), **form)
    assert answer.status_code == 422
    assert "金额（元）" in str(answer.context["form"].errors)


def test_one_bad_reading_and_none_is_saved(park, client_of):
    data = {f"m{park.water.pk}-value": "100", f"m{park.power.pk}-value": "1600"}
    answer = post(client_of(park.officer), at("readings"), month="2026-03", read_on="2026-03-31", **data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "读数小于2026-02-28的125" in page
    assert 'value="1600"' in page
    assert not Reading.objects.filter(read_on=date(2026, 3, 31)).exists()


def test_a_reading_of_another_month_is_refused(park, client_of):
    data = {f"m{park.water.pk}-value": "200"}
    answer = post(client_of(park.officer), at("readings"), month="2026-03", read_on="2026-04-01", **data)
    assert answer.status_code == 422
    assert "不在所选的月份里" in answer.content.decode()


def test_a_price_inside_another_is_refused(park, client_of):
    answer = post(
        client_of(park.officer),
        at("rate_new"),
        kind="water",
        unit_fen="9",
        valid_from="2025-06-01",
        document_no="x",
    )
    assert answer.status_code == 409
    assert FeeRate.objects.filter(kind="water").count() == 1


def test_a_new_price_ends_the_one_before(park, client_of):
    post(
        client_of(park.officer),
        at("rate_new"),
        kind="water",
        unit_fen="4",
        valid_from="2026-07-01",
        document_no="x",
    )
    assert FeeRate.objects.get(kind="water", unit_fen=315).valid_until == date(2026, 6, 30)


def test_a_statement_is_asked_for_by_the_studio_itself(park, client_of):
    park.bill()
    browser = client_of(park.person)
    month = f"{timezone.localdate():%Y-%m}"
    answer = post(browser, at("statement_issue", park.studio.key), month=month)
    page = browser.get(answer.url.partition("#")[0])
    (paper,) = page.context["papers"]
    pdf = browser.get(at("statement_paper", park.studio.key, paper.public_id))
    assert pdf["Content-Type"] == "application/pdf"
    b"".join(pdf.streaming_content)


def test_the_desk_says_what_is_due(park, client_of):
    park.bill(issue=False)
    assert "待签发的账单" in client_of(park.officer).get(reverse("home")).content.decode()
    park.step(Bill.objects.get(), "issue_bill")
    page = client_of(park.person).get(reverse("home")).content.decode()
    assert "等您缴纳的费用" in page
    assert "还应缴 1,427.16 元" in page


# ── how often ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_ask_the_database_twelve_times_at_most(
    reference, client_of, django_assert_max_num_queries, rows
):
    officer = UserFactory(roles=["logistics"])
    fees.set_prices(officer)
    for _ in range(rows):
        row = fees.residency()
        for meter in fees.hang_meters(row, officer):
            fees.read(meter, date(2026, 1, 31), 5000, officer)
    bill = fees.draft(date(2026, 1, 1), officer, issue=True)[0]
    browser = client_of(officer)
    browser.get(at("bills"))
    for address in (
        at("bills"), at("billing_run", period="2026-02"), at("billing_run", period="2026-01"), at("arrears"),
        at("fee_accounts"), at("rates"), at("readings", month="2026-01"), at("meters"),
        at("bill", bill.key), at("studio_fees", bill.residency.studio.key),
    ):  # fmt: skip
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200, address
