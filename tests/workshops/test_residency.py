"""Studios and their residencies: begun once per application, looked at in the admin, changed by no one there."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from park.audit import history_of
from park.workflow import Refused
from tests.factories import UserFactory
from tests.workshops.factories import StudioFactory
from workshops.actions import registering
from workshops.models import Residency

pytestmark = pytest.mark.django_db


def begin(source="SB-2026-0001", people=()):
    return registering.begin_residency(
        source=source,
        name="周镕喆钣金技能大师工作室",
        leader_name="周镕喆",
        occupation="钣金工",
        unit_name="镇江某汽车制造有限公司",
        district=None,
        people=people,
        admitted_on=timezone.localdate(),
        by=UserFactory(roles=["office"]),
    )


def test_it_waits_for_its_agreement_and_is_on_the_trail():
    person = UserFactory(roles=["applicant"])
    residency = begin(people=[person])
    assert residency.status == "pending_agreement"
    assert list(residency.studio.people.all()) == [person]
    entry = history_of(residency).get()
    assert (entry.verb, entry.note, entry.clause) == ("begin_residency", "SB-2026-0001", "3.2.3")


def test_one_application_gives_one_residency():
    first = begin()
    with pytest.raises(Refused, match="已有有效的入驻"):
        begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Residency.objects.create(
            studio=StudioFactory(), source=first.source, admitted_on=timezone.localdate()
        )
    assert Residency.objects.count() == 1


def test_a_studio_lives_here_once_at_a_time():
    first = begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Residency.objects.create(studio=first.studio, source="SB-2026-0002", admitted_on=timezone.localdate())


@pytest.mark.parametrize("model", ["studio", "residency"])
def test_the_admin_shows_and_changes_nothing(client_of, model):
    row = begin()
    row = row if model == "residency" else row.studio
    browser = client_of(UserFactory(roles=["office"]))
    browser.get("/")
    listed = browser.get(reverse(f"admin:workshops_{model}_changelist"))
    assert listed.status_code == 200
    assert "周镕喆钣金技能大师工作室" in listed.content.decode()
    shown = browser.get(reverse(f"admin:workshops_{model}_change", args=[row.pk]))
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert browser.get(reverse(f"admin:workshops_{model}_add")).status_code == 403
    assert browser.get(reverse(f"admin:workshops_{model}_delete", args=[row.pk])).status_code == 403


def test_a_studio_of_the_register_is_the_one_that_comes_in():
    studio = StudioFactory(name="周镕喆钣金技能大师工作室", leader_name="周镕喆", is_affiliated=True)
    assert begin().studio == studio
    assert [person.name for person in studio.persons.filter(left_on=None)] == ["周镕喆"]


def test_a_name_that_somebody_else_leads_is_not_taken_over():
    StudioFactory(name="周镕喆钣金技能大师工作室", leader_name="李玥")
    with pytest.raises(Refused, match="领衔人是李玥"):
        begin()
