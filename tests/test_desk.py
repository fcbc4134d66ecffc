"""待办: which lists are read, how much of them is shown, and what that costs."""

import pytest
from django.urls import reverse

from config import desk
from tests.factories import UserFactory
from tests.workshops import facilities
from tests.workshops.factories import ResidencyFactory
from workshops.models import Hazard, RepairTicket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
BARE = 10  # session, person, roles, settings, which lists have something, calendars, messages


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def sections(user):
    return {section["title"]: section for section in desk.sections_for(user)}


def test_only_the_main_lists_are_shown_where_there_is_nothing(office):
    found = sections(office)
    assert {title: (section["rows"], bool(section["empty"])) for title, section in found.items()} == {
        "我经办的申报": ([], True),
        "尚未分派的申报": ([], True),
    }


def test_a_list_costs_a_query_only_if_it_has_something(office, client_of, django_assert_max_num_queries):
    browser = client_of(office)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(BARE):
        browser.get(reverse("home"))
    for _ in range(3):
        ResidencyFactory()
    assert len(sections(office)["待签协议的入驻"]["rows"]) == 3
    with django_assert_max_num_queries(BARE + 1):
        browser.get(reverse("home"))


def test_what_is_looked_after_in_passing_shows_its_first_few(office):
    keeper = UserFactory(roles=["logistics"])
    for n in range(desk.SHORT + 1):
        facilities.ticket(studio=None, by=office, place=f"{n}楼门厅")
    (section,) = [s for title, s in sections(keeper).items() if title == "等您维修的报修"]
    assert (len(section["rows"]), section["is_cut"]) == (desk.SHORT, True)
    assert section["more"] == reverse("workshops:repairs")
    RepairTicket.objects.filter(pk=RepairTicket.objects.first().pk).update(status="withdrawn")
    (section,) = [s for title, s in sections(keeper).items() if title == "等您维修的报修"]
    assert (len(section["rows"]), section["is_cut"]) == (desk.SHORT, False)
    assert not Hazard.objects.exists()
    assert "公共部位的隐患" not in sections(keeper)
