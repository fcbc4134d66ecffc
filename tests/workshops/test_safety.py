"""Safety [5.3]: hazards and their days, checks on the phone, incidents, letters of responsibility."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from park import workdays
from park.formkeys import new_key
from park.invariants import REGISTRY
from park.models import Document
from park.workflow import Refused
from tests.pictures import jpeg
from tests.workshops import facilities as make
from tests.workshops.conftest import ROLES
from tests.workshops.factories import ResidencyFactory
from workshops.actions import keeping_safe
from workshops.models import Hazard, Incident, SafetyCheck, SafetyItem, SafetyLetter
from workshops.workflow import HAZARD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

EVERYBODY = [*ROLES, "superuser"]
HOUSE = {"office", "lead_division", "logistics", "logistics2"}
STUDIO = {"owner", "officer_of_studio"}
OFFERED = {
    "open": {"answer_hazard": STUDIO},
    "fixed": {"close_hazard": HOUSE, "reopen_hazard": HOUSE},
    "reopened": {"answer_hazard": STUDIO},
    "closed": {},
}


@pytest.fixture
def bring(living, park_people):
    return lambda status: make.hazard_in(
        status, studio=living.studio, owner=park_people["owner"], keeper=park_people["logistics"]
    )


@pytest.mark.parametrize("status", OFFERED)
def test_steps_offered_and_no_others_taken(bring, park_people, status):
    row = bring(status)
    for name in EVERYBODY:
        wanted = {step for step, who in OFFERED[status].items() if name in who}
        assert {step.name for step in HAZARD.open_to(park_people[name], row)} == wanted, name
        for step in HAZARD.steps.keys() - wanted:
            with pytest.raises((PermissionDenied, Refused)):
                HAZARD.perform(row, step, by=park_people[name], data={})


def test_in_a_public_place_the_logistics_remove_it_and_another_looks_again(park_people):
    row = make.hazard(studio=None, by=park_people["office"])
    assert {n for n in EVERYBODY if HAZARD.open_to(park_people[n], row)} == {"logistics", "logistics2"}
    data = {"reason": "已清理。", "proof": make.checked()}
    row = HAZARD.perform(row, "answer_hazard", by=park_people["logistics"], data=data)
    assert {n for n in EVERYBODY if HAZARD.open_to(park_people[n], row)} == (HOUSE - {"logistics"}) | {"officer_of_studio"}  # fmt: skip


def test_a_hazard_is_due_by_its_severity_and_never_slides(living, park_people, clock):
    today = timezone.localdate()
    minor = make.hazard(studio=living.studio, by=park_people["office"])
    serious = make.hazard(studio=living.studio, by=park_people["office"], severity="serious")
    assert (minor.fix_by, serious.fix_by) == (
        workdays.add_workdays(today, 5),
        workdays.add_workdays(today, 1),
    )
    clock(f"{minor.fix_by + timedelta(days=2)}")
    data = {"reason": "已清理。", "proof": make.checked()}
    row = HAZARD.perform(minor, "answer_hazard", by=park_people["owner"], data=data)
    assert row in Hazard.objects.overdue()
    row = HAZARD.perform(row, "reopen_hazard", by=park_people["logistics"], data={"reason": "又堆了。"})
    assert row.due_on == row.fix_by == minor.fix_by
    with pytest.raises(DatabaseError), transaction.atomic():
        Hazard.objects.filter(pk=row.pk).update(fix_by=today)


def test_nobody_checks_a_studio_of_their_own_and_no_studio_checks(living, park_people):
    for name in ("officer_of_studio", "owner", "attraction", "expert"):
        with pytest.raises(Refused):
            make.hazard(studio=living.studio, by=park_people[name])
    assert not SafetyCheck.objects.exists()


def test_a_check_from_the_phone(living, park_people, client_of):
    SafetyItem.objects.all().update(on_form=False)
    items = [SafetyItem.objects.create(code=f"x{n}", label=f"项目{n}", edition="本园") for n in range(2)]
    client, page = client_of(park_people["logistics"]), reverse("workshops:safety_check_new")
    typed = {
        "form_key": new_key(), "studio": living.studio.pk, "checked_on": timezone.localdate(), "place": "",
        f"item-{items[0].pk}-state": "safe", f"item-{items[1].pk}-state": "hazard",
    }  # fmt: skip
    silent = client.post(page, typed)
    assert silent.status_code == 422
    assert "请写明“项目1”的隐患" in silent.content.decode()
    done = client.post(
        page, typed | {f"item-{items[1].pk}-note": "插座松动", f"item-{items[1].pk}-severity": "serious"}
    )
    assert done.status_code == 302
    assert Hazard.objects.get().severity == "serious"
    assert client.get(done.url).status_code == 200
    assert [i.offenders() for i in REGISTRY if i.name == "hazard_for_every_danger"] == [[]]
    for name in ("owner", "attraction", "nobody"):
        assert client_of(park_people[name]).get(page).status_code == 403


def test_an_incident_is_seen_by_house_and_studio_and_stands_as_reported(living, park_people, client_of):
    client, page = client_of(park_people["owner"]), reverse("workshops:report_incident")
    typed = {
        "form_key": new_key(), "studio": living.studio.pk, "happened_at": "2026-03-05T09:30", "place": "201 室",
        "kind": "power", "injured": "0", "loss": "350.5", "facts": "短路跳闸。", "measures": "已断电。", "report": jpeg(),
    }  # fmt: skip
    assert client.post(page, typed | {"studio": ""}).status_code == 422
    assert client.post(page, typed | {"report": jpeg()}).status_code == 302
    row = Incident.objects.get()
    assert (row.loss, row.number[:2]) == (35050, "SG")
    seen = {n for n in EVERYBODY if client_of(park_people[n]).get(row.get_absolute_url()).status_code == 200}
    assert seen == HOUSE | STUDIO
    with pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.filter(pk=row.pk).update(facts="别的")
    for name in ("owner", "officer_of_studio"):
        with pytest.raises(Refused):
            keeping_safe.settle_incident(row, outcome="已修复。", by=park_people[name])
    done = client_of(park_people["office"]).post(
        row.get_absolute_url(), {"form_key": new_key(), "outcome": "已修复。"}
    )
    assert done.status_code == 302
    with pytest.raises(Refused, match="已经办结"):
        keeping_safe.settle_incident(row, outcome="再次。", by=park_people["office"])


def test_a_letter_for_everybody_in_the_park_once_a_year(living, park_people, client_of):
    ResidencyFactory(active=True)
    ResidencyFactory()  # waits for its agreement
    client = client_of(park_people["office"])
    for _ in range(2):
        assert (
            client.post(reverse("workshops:issue_safety_letters"), {"form_key": new_key()}).status_code == 302
        )
    assert SafetyLetter.objects.count() == Document.objects.filter(kind="safety_letter").count() == 2
    letter = SafetyLetter.objects.get(residency=living)
    page = reverse("workshops:receive_safety_letter", args=[letter.key])
    for name in ("officer_of_studio", "owner", "logistics"):
        assert (
            client_of(park_people[name]).post(page, {"form_key": new_key(), "scan": jpeg()}).status_code
            == 403
        )
    assert client.post(page, {"form_key": new_key(), "scan": jpeg()}).status_code == 302
    letter.refresh_from_db()
    assert letter.received_by == park_people["office"]
    assert client_of(park_people["owner"]).get(reverse("workshops:safety_letters")).context["page"].rows == [
        letter
    ]


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("view", ["hazards", "checks", "incidents"])
def test_the_lists_ask_the_database_the_same_number_of_times(
    living, park_people, client_of, django_assert_max_num_queries, view, rows
):
    for _ in range(rows):
        make.hazard(studio=living.studio, by=park_people["office"])
    client, page = client_of(park_people["office"]), reverse("workshops:safety")
    client.get(page)
    with django_assert_max_num_queries(12):
        assert client.get(page, {"view": view}).status_code == 200
