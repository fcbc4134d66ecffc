"""The registers and the page of a studio: who sees which, and what stands there."""

import pytest
from django.urls import reverse

from park.models import Role
from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory, StudioFactory

pytestmark = pytest.mark.django_db

READING = {Role.OFFICE, Role.LEAD_DIVISION, Role.ATTRACTION, Role.LOGISTICS, Role.WORKING_GROUP}


@pytest.mark.parametrize("role", Role)
def test_the_page_of_a_studio_is_for_the_house_and_for_its_own_people(client_of, role):
    studio = StudioFactory()
    answer = client_of(UserFactory(roles=[role])).get(studio.get_absolute_url())
    assert answer.status_code == (200 if role in READING else 404)


def test_its_own_people_are_led_to_it(client_of):
    person = UserFactory(roles=["applicant"])
    studio = StudioFactory(people=[person])
    other = StudioFactory()
    browser = client_of(person)
    assert browser.get(reverse("workshops:studios")).url == reverse("workshops:mine")
    assert browser.get(reverse("workshops:mine")).url == studio.get_absolute_url()
    assert browser.get(studio.get_absolute_url()).status_code == 200
    assert browser.get(other.get_absolute_url()).status_code == 404


def test_each_register_shows_its_own(client_of):
    resident = ResidencyFactory(active=True).studio
    affiliated = StudioFactory(is_affiliated=True)
    former = StudioFactory()
    browser = client_of(UserFactory(roles=["office"]))
    shown = {
        register: {
            row.pk
            for row in browser.get(reverse("workshops:studios"), {"register": register}).context["page"].rows
        }
        for register in ("resident", "affiliated", "former")
    }
    assert shown == {"resident": {resident.pk}, "affiliated": {affiliated.pk}, "former": {former.pk}}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_register_asks_the_database_the_same_number_of_times(client_of, django_assert_num_queries, rows):
    for _ in range(rows):
        ResidencyFactory(active=True)
    browser = client_of(UserFactory(roles=["office"]))
    browser.get(reverse("workshops:studios"))
    with django_assert_num_queries(8):
        assert len(browser.get(reverse("workshops:studios")).context["page"].rows) == rows
