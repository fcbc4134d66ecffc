"""Decisions of the recognising authority [5.4.1][T19]: recorded, never changed; the level follows the last one."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from park.formkeys import new_key
from park.invariants import REGISTRY
from park.models import Notification, RecognitionLevel, Role
from park.workflow import Refused
from tests.factories import UserFactory
from tests.park.upload_samples import pdf as sample_pdf
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions.recognition import record_recognition
from workshops.models import RecognitionEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def level(code):
    return RecognitionLevel.objects.get(code=code)


def record(studio, kind, day, *, code="city", number=None, by=None):
    return record_recognition(
        studio,
        kind=kind,
        level=level(code),
        document_no=number or f"镇人社发〔{day.year}〕{day.month}{day.day}号",
        authority="镇江市人力资源和社会保障局",
        decided_on=day,
        note="",
        scan=None,
        by=by or UserFactory(roles=["office"]),
    )


# What was decided, in the order of recording, and the level that stands afterwards.
# fmt: off
LEVELS = [
    ([("granted", date(2020, 1, 1), "city")],                                                    "city"),
    ([("granted", date(2020, 1, 1), "city"), ("granted", date(2022, 1, 1), "province")],         "province"),
    ([("granted", date(2022, 1, 1), "province"), ("granted", date(2020, 1, 1), "city")],         "province"),  # entered late
    ([("granted", date(2020, 1, 1), "city"), ("reviewed", date(2023, 1, 1), "city")],            "city"),
    ([("granted", date(2020, 1, 1), "city"), ("cancelled", date(2023, 1, 1), "city")],           None),
    ([("granted", date(2020, 1, 1), "city"), ("withdrawn", date(2023, 1, 1), "city")],           None),
    ([("withdrawn", date(2023, 1, 1), "city"), ("granted", date(2024, 1, 1), "city")],           "city"),
]
# fmt: on


@pytest.mark.parametrize(("events", "expected"), LEVELS)
def test_the_level_follows_the_last_event(events, expected):
    studio = StudioFactory()
    for kind, day, code in events:
        record(studio, kind, day, code=code)
    studio.refresh_from_db()
    assert (studio.level.code if studio.level else None) == expected
    assert [i.offenders() for i in REGISTRY if i.name == "studio_level_follows_recognition"] == [[]]


@pytest.mark.parametrize("kind", ["cancelled", "withdrawn"])
def test_an_ending_one_tells_the_office_and_ends_nothing(client_of, kind):
    office, own = UserFactory(roles=["office"]), UserFactory(roles=["office", "applicant"])
    residency = ResidencyFactory(active=True)
    residency.studio.people.add(own)
    record(residency.studio, kind, date(2025, 1, 1), by=UserFactory(roles=["lead_division"]))
    residency.refresh_from_db()
    assert residency.status == "active"
    told = set(
        Notification.objects.filter(text__contains="请研究是否取消入驻资格").values_list("user", flat=True)
    )
    assert office.pk in told
    assert own.pk not in told
    page = client_of(office).get(residency.studio.get_absolute_url()).content.decode()
    assert "请研究是否取消入驻资格" in page
    assert "c-5.4.1" in page


def test_a_studio_outside_the_park_concerns_nobody():
    record(StudioFactory(is_affiliated=True), "withdrawn", date(2025, 1, 1))
    assert not Notification.objects.exists()


def test_a_recorded_decision_is_never_changed():
    event = record(StudioFactory(), "granted", date(2020, 1, 1))
    for change in (
        lambda: RecognitionEvent.objects.update(note="x"),
        lambda: RecognitionEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_one_paper_is_recorded_once():
    studio = StudioFactory()
    record(studio, "granted", date(2020, 1, 1), number="A1")
    with pytest.raises(Refused, match="已登记过"):
        record(studio, "granted", date(2020, 1, 1), number="A1")


@pytest.mark.parametrize("role", Role)
def test_the_office_records_and_the_scan_is_served(client_of, role):
    studio = StudioFactory()
    data = {
        "form_key": new_key(), "kind": "granted", "level": level("city").pk, "document_no": "A1", "authority": "市人社局",
        "decided_on": "2020-01-01", "note": "",
        "scan": SimpleUploadedFile("a.pdf", sample_pdf(), content_type="application/pdf"),
    }  # fmt: skip
    browser = client_of(UserFactory(roles=[role]))
    answer = browser.post(reverse("workshops:add_recognition", args=[studio.key]), data)
    office = role in (Role.OFFICE, Role.LEAD_DIVISION)
    readers = office or role in (Role.ATTRACTION, Role.LOGISTICS, Role.WORKING_GROUP)
    assert answer.status_code == (302 if office else 403 if readers else 404)
    if office:
        event = studio.recognitions.get()
        served = browser.get(reverse("workshops:recognition_file", args=[studio.key, event.key]))
        assert b"".join(served)[:4] == b"%PDF"
        assert served["X-Content-Type-Options"] == "nosniff"
        assert event.stored.original_name == "a.pdf"
