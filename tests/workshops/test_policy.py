"""政策库 [4][H3][T7]: the base documents are there, amounts are lines that retire, who keeps and who reads it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from park.formkeys import new_key
from park.workflow import Conflict, Refused
from tests.park.upload_samples import pdf as sample_pdf
from tests.workshops.benefits import a_policy, asked, reviewed
from workshops.actions.policy import change_policy, retire_policy_amount
from workshops.forms.policy import FACTS
from workshops.models import Policy, PolicyAmount

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office(park_people):
    return park_people["office"]


@pytest.fixture(autouse=True)
def _no_seeds(reference):
    """The base documents are there or not, depending on what ran before; each test says what it needs."""
    Policy.objects.all().delete()


def facts_of(policy, **more):
    return {name: getattr(policy, name) for name in FACTS} | more


def test_the_documents_the_regulation_rests_on_are_seeded():
    call_command("load_reference_data", verbosity=0)
    call_command("load_reference_data", verbosity=0)  # twice is once
    assert list(Policy.objects.order_by("document_no").values_list("document_no", "kind", "clause")) == [
        ("苏人社发〔2012〕88号", "basis", ""), ("镇政发〔2012〕12号", "basis", ""),
    ]  # fmt: skip
    assert not PolicyAmount.objects.exists()  # the regulation names no amount


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-1, 1, True), (-9, 0, True)],
)
def test_what_holds_today(office, begins, ends, holds):
    today = timezone.localdate()
    day = lambda n: None if n is None else today + timedelta(days=n)  # noqa: E731
    policy, line = a_policy(office, valid_from=day(begins), valid_until=day(ends))
    assert policy.holds_on(today) == holds
    assert list(Policy.objects.in_force(today)) == ([policy] if holds else [])
    assert list(PolicyAmount.objects.offered("4.2", today)) == ([line] if holds else [])
    assert not PolicyAmount.objects.offered("4.3", today)


def test_an_amount_retires_and_never_changes(office):
    _, line = a_policy(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyAmount.objects.update(amount_fen=1)
    retire_policy_amount(line, by=office)
    assert not PolicyAmount.objects.offered("4.2", timezone.localdate())
    with pytest.raises(Refused, match="已经停用"):
        retire_policy_amount(line, by=office)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyAmount.objects.all().delete()


@pytest.mark.parametrize("change", [{"amount_fen": 0}, {"amount_fen": 5, "cap_fen": 4}, {"unit": "week"}])
def test_amounts_that_cannot_be(office, change):
    policy, _ = a_policy(office)
    given = {"item": "x", "amount_fen": 5, "unit": "time", "added_by": office} | change
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyAmount.objects.create(policy=policy, **given)


def test_of_two_editors_the_second_hears_of_it(office):
    policy, _ = a_policy(office)
    change_policy(policy, version=1, by=office, **facts_of(policy, valid_until=date(2030, 1, 1)))
    with pytest.raises(Conflict):
        change_policy(policy, version=1, by=office, **facts_of(policy, title="别的"))


def test_the_clause_stays_once_a_benefit_rests_on_it(living, park_people, office):
    policy, line = a_policy(office)
    reviewed(asked(living.studio, park_people["owner"]), office, line)
    with pytest.raises(Refused, match="不能再改对应条款"):
        change_policy(policy, version=1, by=office, **facts_of(policy, clause="4.3"))
    assert change_policy(policy, version=1, by=office, **facts_of(policy, title="改正")).title == "改正"


def test_a_number_is_there_once(office):
    a_policy(office)
    with pytest.raises(Refused, match="已有文号"):
        a_policy(office)


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
TYPED = {
    "title": "关于支持技能人才创业的办法", "document_no": "测人社〔2024〕7号", "issuing_organ": "市人社局",
    "kind": "funding", "clause": "4.2", "issued_on": "2024-01-02", "valid_from": "2024-02-01", "valid_until": "",
    "summary": "摘要",
}  # fmt: skip


def test_a_policy_with_its_file_and_amount_in_pages(client_of, park_people):
    office = client_of(park_people["office"])
    file = SimpleUploadedFile("policy.pdf", sample_pdf(), content_type="application/pdf")
    assert office.post(reverse("workshops:add_policy"), TYPED | {"form_key": new_key(), "file": file}).status_code == 302  # fmt: skip
    policy = Policy.objects.get()
    again = office.post(reverse("workshops:add_policy"), TYPED | {"form_key": new_key()})
    assert again.status_code == 409
    assert "摘要" in again.content.decode()  # what was typed stays
    amounts = reverse("workshops:add_policy_amount", args=[policy.key])
    line = {
        "form_key": new_key(),
        "item": "一次性创业补贴",
        "amount_fen": "30,000",
        "unit": "time",
        "cap_fen": "100",
    }
    assert "封顶不能少于" in office.post(amounts, line).content.decode()
    assert office.post(amounts, line | {"cap_fen": ""}).status_code == 302
    row = policy.amounts.get()
    assert (row.amount_fen, row.cap_fen) == (3_000_000, None)
    reader = client_of(park_people["owner"])
    page = reader.get(policy.get_absolute_url()).content.decode()
    assert "30,000.00/次" in page
    assert "停用" not in page
    served = reader.get(reverse("workshops:policy_file", args=[policy.key]))
    assert b"".join(served)[:4] == b"%PDF"
    retire = reverse("workshops:retire_policy_amount", args=[policy.key, row.pk])
    assert reader.post(retire, {"form_key": new_key()}).status_code == 403
    assert office.post(retire, {"form_key": new_key()}).status_code == 302
    assert "已停用" in reader.get(policy.get_absolute_url()).content.decode()


def test_a_change_tells_of_a_faster_one(client_of, office):
    policy, _ = a_policy(office)
    url = reverse("workshops:change_policy", args=[policy.key])
    typed = TYPED | {"valid_until": "2024-01-01", "version": "1", "form_key": new_key()}
    browser = client_of(office)
    assert "有效期不能早于" in browser.post(url, typed).content.decode()
    assert browser.post(url, typed | {"valid_until": "2029-12-31"}).status_code == 302
    stale = typed | {"valid_until": "2028-12-31", "form_key": new_key()}
    assert browser.post(url, stale).status_code == 409


READERS = {"office", "lead_division", "logistics", "logistics2", "attraction", "working_group", "owner", "stranger",
           "officer_of_studio"}  # fmt: skip


def test_who_reads_and_who_keeps(client_of, park_people, office):
    policy, _ = a_policy(office)
    for name, person in park_people.items():
        browser = client_of(person)
        expected = 200 if name in READERS else 403
        for url in (reverse("workshops:policies"), policy.get_absolute_url()):
            assert browser.get(url).status_code == expected, name
        keeps = 200 if name in {"office", "lead_division", "officer_of_studio"} else 403
        for url in (reverse("workshops:add_policy"), reverse("workshops:change_policy", args=[policy.key])):
            assert browser.get(url).status_code == keeps, name


@pytest.mark.parametrize("rows", [1, 30])
def test_the_library_asks_the_same_number_of_times(client_of, office, django_assert_max_num_queries, rows):
    for n in range(rows):
        policy, _ = a_policy(office, document_no=f"测〔2024〕{n}号")
    browser = client_of(office)
    browser.get("/home/")
    with django_assert_max_num_queries(12):
        assert len(browser.get(reverse("workshops:policies")).context["page"].rows) >= rows
    with django_assert_max_num_queries(12):
        browser.get(policy.get_absolute_url())


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, 2), ({"q": "创业"}, 1), ({"clause": "4.3"}, 1), ({"state": "over"}, 1), ({"state": "holds"}, 1)],
)
def test_the_library_is_searched(client_of, office, query, expected):
    a_policy(office)
    a_policy(
        office, clause="4.3", title="竞赛奖励办法", valid_from=date(2015, 1, 1), valid_until=date(2018, 1, 1)
    )
    found = client_of(office).get(reverse("workshops:policies"), query).context["page"].rows
    assert len(found) == expected
