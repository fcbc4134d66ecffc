"""Repairs [5.3]: who may do what when, what was promised stands, and the pages of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from config import desk
from park import attachments, workdays
from park.formkeys import new_key
from park.invariants import REGISTRY
from park.workflow import Refused
from tests.pictures import CAMERA, jpeg
from tests.workshops import facilities as make
from tests.workshops.conftest import ROLES
from workshops.forms.repair import Yuan
from workshops.models import RepairTicket
from workshops.workflow import REPAIR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

EVERYBODY = [*ROLES, "superuser"]
MENDERS = {"logistics", "logistics2"}
STUDIO = {"owner", "officer_of_studio"}
OFFERED = {
    "reported": {"accept_repair": MENDERS, "refuse_repair": MENDERS, "withdraw_repair": STUDIO},
    "accepted": {"start_repair": MENDERS, "finish_repair": MENDERS},
    "working": {"finish_repair": MENDERS},
    "done": {"confirm_repair": STUDIO, "reopen_repair": STUDIO},
    "reopened": {"start_repair": MENDERS},
    "confirmed": {},
    "refused": {},
    "withdrawn": {},
}


@pytest.fixture
def bring(living, park_people):
    return lambda status: make.ticket_in(
        status, studio=living.studio, owner=park_people["owner"], mender=park_people["logistics"]
    )


@pytest.mark.parametrize("status", OFFERED)
def test_steps_offered_and_no_others_taken(bring, park_people, status):
    row = bring(status)
    for name in EVERYBODY:
        person = park_people[name]
        wanted = {step for step, who in OFFERED[status].items() if name in who}
        assert {step.name for step in REPAIR.open_to(person, row)} == wanted, name
        for step in REPAIR.steps.keys() - wanted:
            with pytest.raises((PermissionDenied, Refused)):
                REPAIR.perform(row, step, by=person, data={})
    row.refresh_from_db()
    assert row.status == status


def test_a_public_place_is_reported_by_the_house_and_accepted_by_the_office(park_people, living):
    row = make.ticket(by=park_people["logistics2"])
    for name in make.ROAD[:3]:
        row = REPAIR.perform(row, name, by=park_people["logistics"], data={"reason": "已换。"})
    may = {name for name in EVERYBODY if REPAIR.open_to(park_people[name], row)}
    assert may == {"office", "lead_division", "officer_of_studio"}
    for name in ("owner", "stranger", "expert"):
        with pytest.raises(Refused):
            make.ticket(by=park_people[name])
    with pytest.raises(Refused):
        make.ticket(by=park_people["stranger"], studio=living.studio)


def test_an_urgent_one_is_due_today_another_in_a_working_day(park_people, living):
    owner, today = park_people["owner"], timezone.localdate()
    assert make.ticket(studio=living.studio, by=owner, urgency="urgent").due_on == today
    assert make.ticket(studio=living.studio, by=owner).due_on == workdays.add_workdays(today, 1)


def test_what_was_promised_stands_through_rework(bring, park_people):
    row = bring("reopened")
    promised = row.finish_by
    row = REPAIR.perform(row, "start_repair", by=park_people["logistics"])
    assert row.due_on == row.finish_by == promised
    with pytest.raises(DatabaseError), transaction.atomic():
        RepairTicket.objects.filter(pk=row.pk).update(finish_by=promised + timedelta(days=9))
    assert [i.offenders() for i in REGISTRY if i.name == "repair_promised"] == [[]]


@pytest.mark.parametrize(("typed", "fen"), [("0", 0), ("12", 1200), ("0.07", 7), ("120.50", 12050)])
def test_yuan_are_kept_as_fen(typed, fen):
    assert Yuan().clean(typed) == fen


def test_who_sees_which(bring, living, park_people, client_of):
    row = bring("done")
    pages = [row.get_absolute_url(), reverse("workshops:studio_repairs", args=[living.studio.key])]
    for page in pages:
        seen = {n for n in EVERYBODY if client_of(park_people[n]).get(page).status_code == 200}
        assert seen == {"office", "lead_division"} | MENDERS | STUDIO


def test_reported_from_the_phone_with_a_picture_without_exif(living, park_people, client_of):
    client, page = client_of(park_people["owner"]), reverse("workshops:report_repair")
    assert client.get(page).context["studio"] == living.studio
    empty = client.post(page, {"form_key": new_key(), "urgency": "normal", "problem": "", "place": ""})
    assert empty.status_code == 422
    assert "请选择房间或填写具体位置" in empty.content.decode()
    typed = {"form_key": new_key(), "urgency": "urgent", "place": "水池", "problem": "漏水", "photo": jpeg()}
    done = client.post(page, typed)
    row = RepairTicket.objects.get()
    assert (done.status_code, done.url, row.studio) == (302, row.get_absolute_url(), living.studio)
    stored = row.photos.get().stored
    assert CAMERA.encode() not in attachments.content_of(stored)
    again = client.post(page, typed | {"photo": jpeg()})
    assert (again.status_code, RepairTicket.objects.count()) == (302, 1)
    photo = client_of(park_people["logistics"]).get(
        reverse("workshops:repair_photo", args=[row.key, stored.key])
    )
    assert b"".join(photo.streaming_content)[:2] == b"\xff\xd8"
    assert photo.status_code == 200


def test_the_desks_say_whose_turn_it_is(bring, park_people):
    def titles(name):
        return {row["title"] for row in desk.sections_for(park_people[name])}

    bring("reported")
    assert "等您维修的报修" in titles("logistics")
    bring("done")
    assert "请确认的维修" in titles("owner")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_database_the_same_number_of_times(
    living, park_people, client_of, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        make.ticket(studio=living.studio, by=park_people["owner"])
    client = client_of(park_people["office"])
    client.get(reverse("workshops:repairs"))
    with django_assert_max_num_queries(12):
        assert len(client.get(reverse("workshops:repairs")).context["page"].rows) == rows
