"""Who belongs to a studio, from when to when [D2]: who may write it, what is counted, what stays with the procedure."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park.formkeys import new_key
from park.models import Role
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops.factories import PersonFactory, StudioFactory
from workshops.actions import person as acts
from workshops.actions.studio import version_of
from workshops.models import Person
from workshops.views.person import row_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def typed(**fields):
    return {
        "form_key": new_key(), "name": "赵喆", "gender": "", "birth_year": "1980", "education": "", "occupation": "钣金工",
        "skill_level": "", "unit_name": "", "skills": "", "achievements": "", "honours": "", "joined_on": "2021-03-01",
    } | fields  # fmt: skip


@pytest.mark.parametrize("role", [*Role, "own"])
def test_the_studio_and_the_office_write_the_people(client_of, role):
    person = UserFactory(roles=["applicant" if role == "own" else role])
    studio = StudioFactory(people=[person] if role == "own" else [])
    answer = client_of(person).post(reverse("workshops:add_person", args=[studio.key]), typed())
    expected = {"own": 302, Role.OFFICE: 302, Role.LEAD_DIVISION: 302}
    readers = {Role.ATTRACTION: 403, Role.LOGISTICS: 403, Role.WORKING_GROUP: 403}
    assert answer.status_code == (expected | readers).get(role, 404)
    assert studio.persons.filter(name="赵喆").exists() == (answer.status_code == 302)


def test_one_name_is_one_member_at_a_time():
    studio, by = StudioFactory(), UserFactory(roles=["office"])
    member = PersonFactory(studio=studio, name="赵喆")
    with pytest.raises(Refused, match="已在本工作室"):
        acts.add_person(studio, by=by, name="赵喆", joined_on=date(2024, 1, 1))
    acts.leave_studio(member, left_on=date(2024, 6, 1), reason="调往外地", by=by)
    acts.add_person(studio, by=by, name="赵喆", joined_on=date(2024, 9, 1))
    assert studio.persons.filter(name="赵喆").count() == 2


def test_a_leader_is_changed_by_the_procedure_only():
    studio, by = StudioFactory(), UserFactory(roles=["office"])
    leader = studio.leader()
    with pytest.raises(Refused, match="领衔人变更"):
        acts.leave_studio(leader, left_on=timezone.localdate(), reason="退休", by=by)
    with pytest.raises(Refused, match="领衔人变更"):
        acts.change_person(leader, version=version_of(leader), by=by, name="别人")
    changed = acts.change_person(
        leader, version=version_of(leader), by=by, name=leader.name, skills="手工钣金"
    )
    assert changed.skills == "手工钣金"


def test_two_editors_never_overwrite_each_other(client_of):
    member, by = PersonFactory(name="赵喆"), UserFactory(roles=["office"])
    version = version_of(member)
    acts.change_person(member, version=version, by=by, skills="焊接")
    with pytest.raises(Conflict):
        acts.change_person(member, version=version, by=by, skills="喷漆")
    url = reverse("workshops:change_person", args=[member.studio.key, member.key])
    late = client_of(by).post(url, typed(skills="喷漆", version=version))
    page = late.content.decode()
    assert (late.status_code, "焊接" in page, "喷漆" in page) == (409, True, True)


@pytest.mark.parametrize(
    ("left_on", "reason", "sentence"),
    [("", "调离", "请填写“离开日期”"), ("2020-01-01", "调离", "不能早于"), ("2099-01-01", "调离", "不能晚于今天"), ("2025-01-01", "", "请填写“离开原因”")],
)  # fmt: skip
def test_leaving_needs_a_possible_day_and_a_reason(client_of, left_on, reason, sentence):
    member = PersonFactory(joined_on=date(2024, 1, 1))
    url = reverse("workshops:leave_studio", args=[member.studio.key, member.key])
    data = {"form_key": new_key(), "left_on": left_on, "reason": reason}
    answer = client_of(UserFactory(roles=["office"])).post(url, data)
    assert answer.status_code in (409, 422)
    assert sentence in answer.content.decode()
    member.refresh_from_db()
    assert member.left_on is None


def test_former_people_stay_on_the_page(client_of):
    member = PersonFactory(name="赵喆", joined_on=date(2021, 3, 1))
    url = reverse("workshops:leave_studio", args=[member.studio.key, member.key])
    browser = client_of(UserFactory(roles=["office"]))
    browser.post(url, {"form_key": new_key(), "left_on": "2024-02-29", "reason": "调往外地"})
    context = browser.get(reverse("workshops:persons", args=[member.studio.key])).context
    assert [(row["person"].name, row["years"]) for row in context["left"]] == [("赵喆", 2)]
    again = browser.post(
        url, {"form_key": new_key(), "left_on": "2024-02-29", "reason": "调往外地"}, follow=True
    )
    assert (again.status_code, "赵喆已登记离开。" in again.content.decode()) == (200, True)


def test_the_database_refuses_a_second_leader_and_an_impossible_day():
    studio = StudioFactory()
    for wrong in (
        {"is_leader": True, "joined_on": date(2024, 1, 1)},
        {"joined_on": date(2024, 1, 2), "left_on": date(2024, 1, 1), "left_reason": "x"},
        {"joined_on": date(2024, 1, 1), "left_on": date(2024, 1, 2)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.create(studio=studio, name="第二人", **wrong)


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 15000))
def test_years_are_whole_and_never_negative(joined, days):
    """So many whole years have passed that the anniversary is not after the last day, and the next one is."""
    end = joined + timedelta(days=days)
    years = row_of(Person(joined_on=joined, left_on=end), end)["years"]

    def anniversary(n):
        """A leap day's anniversary falls on 1 March in other years."""
        try:
            return joined.replace(year=joined.year + n)
        except ValueError:
            return date(joined.year + n, 3, 1)

    assert anniversary(years) <= end < anniversary(years + 1)
