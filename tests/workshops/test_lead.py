"""Masters to win over [5.1][M1.4]: whose register it is, how far each has come, and whose number is shown to whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from park.audit import history_of
from park.formkeys import new_key
from park.models import AuditEntry, Origin, Role
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory
from workshops.actions import lead as acts
from workshops.models import AttractionLead, LeadContact
from workshops.workflow import LEAD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

MOBILE = "13805112345"


@pytest.fixture
def keeper():
    return UserFactory(roles=["attraction"])


def noted(by, n=0, **fields):
    values = {
        "name": f"钱{chr(0x4E00 + n)}", "craft": "玉雕工", "craft_field": None, "origin": Origin.objects.get(code="outside"),
        "province": "安徽省", "city": "合肥市", "unit_name": "某玉雕厂", "honours": "", "source": "技能大赛",
        "intent": "medium", "next_contact_on": None,
    }  # fmt: skip
    return acts.add_lead(by=by, mobile=MOBILE, **values | fields)


def talked(lead, by, **fields):
    values = {
        "on": timezone.localdate(), "means": "phone", "summary": "愿意来看看", "next_contact_on": None, "intent": "high",
    }  # fmt: skip
    return acts.log_contact(lead, by=by, **values | fields)


def typed(**fields):
    return {
        "form_key": new_key(), "name": "钱喆", "craft": "玉雕工", "craft_field": "", "origin": Origin.objects.get(code="outside").pk,
        "province": "安徽省", "city": "", "unit_name": "某玉雕厂", "mobile": MOBILE, "honours": "", "source": "技能大赛",
        "intent": "low", "next_contact_on": "",
    } | fields  # fmt: skip


READS = {Role.ATTRACTION, Role.OFFICE, Role.LEAD_DIVISION}


@pytest.mark.parametrize("role", Role)
def test_the_centre_writes_and_the_office_reads(client_of, keeper, role):
    lead, browser = noted(keeper), client_of(UserFactory(roles=[role]))
    assert browser.get(reverse("workshops:leads")).status_code == (200 if role in READS else 403)
    assert browser.get(lead.get_absolute_url()).status_code == (200 if role in READS else 404)
    added = browser.post(reverse("workshops:add_lead"), typed())
    assert added.status_code == (302 if role == Role.ATTRACTION else 403)


def test_the_number_is_encrypted_masked_and_shown_for_a_reason(client_of, keeper):
    lead, browser = noted(keeper), client_of(keeper)
    kept = AttractionLead.objects.values_list("mobile", flat=True).get()
    assert MOBILE not in str(kept)
    page = browser.get(lead.get_absolute_url()).content.decode()
    assert MOBILE not in page
    assert "138****2345" in page
    url = reverse("workshops:reveal_lead_mobile", args=[lead.key])
    assert browser.get(url).status_code == 405
    assert browser.post(url, {"reason": ""}).status_code == 422
    shown = browser.post(url, {"reason": "约定走访"})
    assert MOBILE in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert history_of(lead).get(verb="reveal").note == "约定走访"


def test_neither_name_nor_number_is_on_the_trail(keeper):
    lead = noted(keeper)
    talked(lead, keeper)
    for entry in AuditEntry.objects.filter(subject_model="workshops.attractionlead"):
        assert lead.name not in entry.subject + entry.note
        assert MOBILE not in entry.note + entry.after


def test_one_master_is_noted_once_and_two_editors_never_overwrite_each_other(keeper):
    lead = noted(keeper)
    with pytest.raises(Refused, match=lead.number):
        noted(keeper)
    facts = {name: getattr(lead, name) for name in ("name", "unit_name")}
    acts.change_lead(lead, version=1, by=keeper, city="芜湖市", **facts)
    with pytest.raises(Conflict):
        acts.change_lead(lead, version=1, by=keeper, city="黄山市", **facts)
    lead.refresh_from_db()
    assert (lead.city, lead.mobile, lead.version) == ("芜湖市", MOBILE, 2)


def test_an_empty_number_leaves_the_one_on_record(client_of, keeper):
    lead = noted(keeper)
    url = reverse("workshops:change_lead", args=[lead.key])
    client_of(keeper).post(url, typed(name=lead.name, mobile="", version=1))
    lead.refresh_from_db()
    assert (lead.mobile, lead.intent) == (MOBILE, "low")


# ── how far they have come ──────────────────────────────────────────────────────────────────────
# fmt: off
STEPS = {  # step: from which statuses
    "contact_lead":    {"found"},
    "mark_interested": {"found", "contacting"},
    "mark_applied":    {"found", "contacting", "interested"},
    "mark_resident":   {"applied"},
    "give_up_lead":    {"found", "contacting", "interested", "applied"},
    "resume_lead":     {"given_up"},
}
# fmt: on


def brought_to(status, by):
    lead = noted(by)
    talked(lead, by)
    if status == "contacting":
        lead = LEAD.perform(lead, "contact_lead", by=by)
    elif status == "interested":
        lead = LEAD.perform(lead, "mark_interested", by=by)
    elif status in ("applied", "resident"):
        ResidencyFactory(source="SB-2026-0007", active=True)
        lead = LEAD.perform(lead, "mark_applied", by=by, data={"application_number": "SB-2026-0007"})
        if status == "resident":
            lead = LEAD.perform(lead, "mark_resident", by=by)
    elif status == "given_up":
        lead = LEAD.perform(lead, "give_up_lead", by=by, data={"reason": "不愿离开家乡"})
    assert lead.status == status
    return lead


@pytest.mark.parametrize("status", ["found", "contacting", "interested", "applied", "resident", "given_up"])
def test_steps_offered(keeper, status):
    lead = brought_to(status, keeper)
    expected = {step for step, sources in STEPS.items() if status in sources}
    assert {step.name for step in LEAD.open_to(keeper, lead)} == expected
    for role in set(Role) - {Role.ATTRACTION}:
        person = UserFactory(roles=[role])
        assert LEAD.open_to(person, lead) == []
        with pytest.raises(PermissionDenied):
            LEAD.perform(lead, "give_up_lead", by=person, data={"reason": "x"})


def test_no_step_without_what_it_rests_on(keeper):
    lead = noted(keeper)
    with pytest.raises(Refused, match="还没有联系记录"):
        LEAD.perform(lead, "contact_lead", by=keeper)
    lead = LEAD.perform(lead, "mark_applied", by=keeper, data={"application_number": "SB-2026-0008"})
    with pytest.raises(Refused, match="还没有确定入驻"):
        LEAD.perform(lead, "mark_resident", by=keeper)
    other = noted(keeper, 1)
    with pytest.raises(Refused, match="已记在"):
        LEAD.perform(other, "mark_applied", by=keeper, data={"application_number": "SB-2026-0008"})


def test_given_up_and_taken_up_again(client_of, keeper):
    lead = brought_to("given_up", keeper)
    with pytest.raises(Refused, match="不再登记联系"):
        talked(lead, keeper)
    url = reverse("workshops:lead_step", args=[lead.key, "resume_lead"])
    day = timezone.localdate() + timedelta(days=3)
    client_of(keeper).post(url, {"form_key": new_key(), "next_contact_on": f"{day}"})
    lead.refresh_from_db()
    assert (lead.status, lead.next_contact_on) == ("contacting", day)


def test_talks_are_added_never_changed(keeper):
    talked(noted(keeper), keeper)
    for change in (
        lambda: LeadContact.objects.update(summary="x"),
        lambda: LeadContact.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# ── the list ────────────────────────────────────────────────────────────────────────────────────
def test_who_waits_for_a_call(client_of, keeper):
    today = timezone.localdate()
    late = noted(keeper, 1, next_contact_on=today - timedelta(days=1))
    soon = noted(keeper, 2, next_contact_on=today + timedelta(days=2))
    noted(keeper, 3)
    browser, url = client_of(keeper), reverse("workshops:leads")
    rows = lambda **q: [row.pk for row in browser.get(url, q).context["page"].rows]  # noqa: E731
    assert rows(contact="overdue") == [late.pk]
    assert rows(contact="week") == [soon.pk]
    assert rows(q=late.number) == [late.pk]
    assert len(rows(origin="outside")) == 3
    assert rows(q="没有这个人") == []
    desk = {s["title"]: s for s in browser.get("/home/").context["sections"]}
    assert [row.number for row in desk["该联系的大师"]["rows"]] == [late.number]


def test_the_export_names_no_number(client_of, keeper):
    noted(keeper)
    answer = client_of(keeper).get(reverse("workshops:export_leads"))
    content = b"".join(answer.streaming_content)
    assert content[:2] == b"PK"
    assert MOBILE.encode() not in content
    assert AuditEntry.objects.filter(verb="export").exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_same_number_of_times(client_of, keeper, django_assert_max_num_queries, rows):
    for n in range(rows):
        noted(keeper, n)
    browser, url = client_of(keeper), reverse("workshops:leads")
    browser.get(url)
    with django_assert_max_num_queries(12):
        assert len(browser.get(url).context["page"].rows) == rows
