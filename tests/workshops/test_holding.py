"""What is held about people of studios, on rosters and among the leads: read, copied out, erased (PIPL 45, 47)."""

import json

import pytest
from django.urls import reverse

from park import actions, personal_data
from park.formkeys import new_key
from park.models import AuditEntry, Origin, Role
from park.workflow import Refused
from tests.factories import UserFactory
from tests.workshops import ledgers
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions import attendance
from workshops.actions.lead import add_lead
from workshops.actions.person import leave_studio
from workshops.models import AttractionLead, Person
from workshops.workflow import LEDGER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ROSTERS, PEOPLE, LEADS = "培训花名册、带徒和竞赛指导", "工作室人员", "招引线索"


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def li(office):
    """李玥: a member of a studio with an account, on its roster and its apprentice; and somebody of the same name
    elsewhere."""
    user = UserFactory(roles=["applicant"], real_name="李玥")
    studio = ResidencyFactory(active=True).studio
    PersonFactory(studio=studio, name="李玥", user=user, birth_year=1990, unit_name="镇江某厂")
    ledgers.trainee(ledgers.record(studio, "training", shade=1), name="李玥", unit_name="镇江某厂")
    ledgers.record(studio, "apprenticeship", shade=2)
    other = StudioFactory()
    ledgers.trainee(ledgers.record(other, "training", shade=3), name="李玥", unit_name="另一厂")
    lead(office, name="李玥", unit_name="外地某厂")
    return user


def lead(office, **facts):
    given = {"craft": "玉雕工", "craft_field": None, "origin": Origin.objects.get(code="outside"), "province": "安徽省",
             "city": "合肥市", "honours": "大国工匠", "source": "大赛", "intent": "low", "next_contact_on": None}  # fmt: skip
    return add_lead(by=office, mobile="13805112345", **(given | facts))


def test_an_account_reads_what_is_certainly_its_own(li):
    held = personal_data.export(li)
    assert [row["出生年份"] for row in held[PEOPLE]["本人"]] == [1990]
    assert [(row.get("单位"), row.get("身份")) for row in held[ROSTERS]] == [
        ("镇江某厂", None),
        (ledgers.VALUES["apprenticeship"]["unit"], "带徒协议中的徒弟"),
    ]
    assert held[LEADS] == []  # a name alone proves nobody


def test_the_days_in_the_park_are_among_them(li, office):
    person = Person.objects.get(user=li)
    day = person.studio.standing_residency().term_starts_on
    attendance.enter_day(person.studio, person, day, note="纸质签到表", by=office)
    assert personal_data.export(li)[PEOPLE]["到园日期"] == [day.isoformat()]


def test_a_lead_that_became_a_studio_is_read_by_its_leader(office):
    user = UserFactory(roles=["applicant"], real_name="赵琢")
    residency = ResidencyFactory(active=True, studio=StudioFactory(people=[user]))
    row = lead(office, name="赵琢", unit_name="某玉雕厂")
    AttractionLead.objects.filter(pk=row.pk).update(status="applied", application_number=residency.source)
    (found,) = personal_data.export(user)[LEADS]
    assert found["编号"] == row.number
    assert "13805112345" not in json.dumps(personal_data.export(user))


def test_an_account_that_is_needed_is_not_closed_and_one_that_left_is_unlinked(li, office):
    person = Person.objects.get(user=li)
    with pytest.raises(Refused, match="在册人员或办理人"):
        actions.close_account(li)
    leave_studio(person, left_on=person.joined_on, reason="调离", by=office)
    actions.close_account(li)
    person.refresh_from_db()
    assert (person.user, person.name) == (None, "李玥")


# ── somebody without an account ─────────────────────────────────────────────────────────────────
def look(browser, **typed):
    return browser.post(reverse("personal_lookup"), {"name": "李玥", "reason": "本人书面申请"} | typed)


def counts(response):
    return {holding.name: len(rows) for holding, rows in response.context["found"]}


@pytest.mark.parametrize("role", Role)
def test_the_office_looks_up_and_nobody_else(li, client_of, role):
    answer = look(client_of(UserFactory(roles=[role])))
    assert answer.status_code == (200 if role in (Role.OFFICE, Role.LEAD_DIVISION) else 403)


def test_all_of_one_name_and_fewer_by_what_else_is_known(li, office, client_of):
    browser = client_of(office)
    assert counts(look(browser)) == {PEOPLE: 1, ROSTERS: 3, LEADS: 1}
    assert counts(look(browser, unit_name="另一厂")) == {PEOPLE: 0, ROSTERS: 1, LEADS: 0}
    assert counts(look(browser, number="13805112345")) == {PEOPLE: 1, ROSTERS: 0, LEADS: 1}
    assert look(browser, reason="").status_code == 422
    entry = AuditEntry.objects.filter(verb="look_up_personal_data").first()
    assert (entry.subject, entry.note) == ("李**", "本人书面申请")
    copied = look(browser, download="1")
    assert copied["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert len(json.loads(copied.content)[ROSTERS]) == 3
    assert AuditEntry.objects.filter(verb="copy_personal_data").count() == 1


def test_a_lead_is_erased_on_request_unless_it_led_to_an_application(li, office, client_of):
    browser, row = client_of(office), AttractionLead.objects.get()
    form = {
        "name": "李玥", "reason": "本人不愿列入", "holding": LEADS, "key": f"{row.key}", "form_key": new_key(),
    }  # fmt: skip
    assert browser.post(reverse("personal_forget"), form | {"key": "x"}).status_code == 404
    assert browser.post(reverse("personal_forget"), form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.mobile, row.honours, row.unit_name) == ("已删除", "", "", row.number)
    assert counts(look(browser))[LEADS] == 0
    kept = lead(office, name="李玥", unit_name="本市某厂")
    AttractionLead.objects.filter(pk=kept.pk).update(status="applied", application_number="SB-2026-1")
    refused = browser.post(reverse("personal_forget"), form | {"key": f"{kept.key}", "form_key": new_key()})
    assert refused.status_code == 302
    kept.refresh_from_db()
    assert kept.mobile == "13805112345"


def test_what_proves_an_evaluation_stays_and_says_so(office, client_of):
    studio = ResidencyFactory(active=True).studio
    row = ledgers.proven(studio, "training")
    row = LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))
    LEDGER.perform(row, "verify_ledger", by=office)
    page = look(client_of(office), name="王镕").content.decode()
    assert "已核验的台账是绩效评估的依据" in page
    assert "删除可以识别本人的内容" not in page
