"""The register is kept by the office [1]: entered, corrected by two at once, struck off; accounts of a studio."""

from datetime import date

import pytest
from django.urls import reverse

from park.audit import history_of
from park.formkeys import new_key
from park.models import Role
from park.workflow import Conflict, Refused
from tests.factories import UserFactory
from tests.workshops.factories import PersonFactory, ResidencyFactory, StudioFactory
from workshops.actions import studio as acts
from workshops.models import Studio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

MOST = 12  # queries of a page


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def typed(**fields):
    return {
        "form_key": new_key(), "name": "李玥竹编技能大师工作室", "leader_name": "李玥", "leader_since": "2019-05-01",
        "occupation": "竹编工", "craft_field": "", "unit_name": "", "district": "", "origin": "", "founded_on": "",
        "address": "", "phone": "", "intro": "",
    } | fields  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_only_the_office_enters_a_studio(client_of, role):
    browser = client_of(UserFactory(roles=[role]))
    answer = browser.post(reverse("workshops:add_studio"), typed())
    allowed = role in (Role.OFFICE, Role.LEAD_DIVISION)
    assert answer.status_code == (302 if allowed else 403)
    assert Studio.objects.affiliated().count() == int(allowed)


def test_it_comes_with_its_leader_and_is_on_the_trail(client_of, office):
    client_of(office).post(reverse("workshops:add_studio"), typed())
    studio = Studio.objects.get()
    leader = studio.leader()
    assert (leader.name, leader.joined_on, leader.occupation) == ("李玥", date(2019, 5, 1), "竹编工")
    assert history_of(studio).get().verb == "add_studio"


def test_what_is_wrong_stays_typed(client_of, office):
    StudioFactory(name="李玥竹编技能大师工作室")
    browser = client_of(office)
    taken = browser.post(reverse("workshops:add_studio"), typed(intro="竹编世家"))
    assert (taken.status_code, "竹编世家" in taken.content.decode()) == (409, True)
    bad = browser.post(reverse("workshops:add_studio"), typed(leader_name="Li Yue"))
    assert (bad.status_code, "Li Yue" in bad.content.decode()) == (422, True)


def test_one_key_enters_one_studio(client_of, office):
    data, browser = typed(), client_of(office)
    first = browser.post(reverse("workshops:add_studio"), data)
    again = browser.post(reverse("workshops:add_studio"), data)
    assert first.url == again.url
    assert Studio.objects.count() == 1


# ── two editors ─────────────────────────────────────────────────────────────────────────────────
def test_two_editors_never_overwrite_each_other(client_of, office):
    studio = StudioFactory(is_affiliated=True)
    version = acts.version_of(studio)
    acts.change_studio(studio, version=version, by=office, address="丹徒区一号")
    url = reverse("workshops:change_studio", args=[studio.key])
    browser = client_of(UserFactory(roles=["office"]))
    data = typed(name=studio.name, address="润州区二号", version=version)
    late = browser.post(url, data)
    page = late.content.decode()
    assert late.status_code == 409
    assert "丹徒区一号" in page  # what the other one saved
    assert "润州区二号" in page  # what was typed
    studio.refresh_from_db()
    assert studio.address == "丹徒区一号"
    on_top = browser.post(url, data | {"form_key": new_key(), "version": acts.version_of(studio)})
    assert on_top.status_code == 302
    studio.refresh_from_db()
    assert studio.address == "润州区二号"


def test_an_outdated_version_is_a_conflict(office):
    studio = StudioFactory()
    acts.change_studio(studio, version=acts.version_of(studio), by=office, phone="0511-1")
    with pytest.raises(Conflict):
        acts.change_studio(studio, version=0, by=office, phone="0511-2")


def test_the_studio_corrects_public_facts_and_nothing_else(client_of):
    person = UserFactory(roles=["applicant"])
    studio = StudioFactory(people=[person], unit_name="原单位")
    data = typed(name="改名", unit_name="改单位", address="新地址", version=acts.version_of(studio))
    answer = client_of(person).post(reverse("workshops:change_studio", args=[studio.key]), data)
    studio.refresh_from_db()
    assert answer.status_code == 302
    assert (studio.address, studio.unit_name) == ("新地址", "原单位")
    assert studio.name != "改名"


def test_an_officer_of_the_studio_has_no_office_there(client_of):
    both = UserFactory(roles=["office", "applicant"])
    studio = StudioFactory(people=[both], is_affiliated=True, unit_name="原单位")
    browser = client_of(both)
    data = typed(name="改名", unit_name="改单位", version=acts.version_of(studio))
    browser.post(reverse("workshops:change_studio", args=[studio.key]), data)
    studio.refresh_from_db()
    assert studio.unit_name == "原单位"
    for act in ("strike-off", "put-back"):
        assert browser.get(reverse("workshops:register_act", args=[studio.key, act])).status_code == 403
    assert browser.get(reverse("workshops:add_recognition", args=[studio.key])).status_code == 403


# ── on and off the register ─────────────────────────────────────────────────────────────────────
def test_struck_off_with_a_reason_and_put_back(client_of, office):
    studio, browser = StudioFactory(is_affiliated=True), client_of(office)
    url = reverse("workshops:register_act", args=[studio.key, "strike-off"])
    assert browser.post(url, {"form_key": new_key(), "reason": ""}).status_code == 422
    assert browser.post(url, {"form_key": new_key(), "reason": "长期停止活动"}).status_code == 302
    assert list(Studio.objects.former()) == [studio]
    entry = history_of(studio).get(verb="strike_off_studio")
    assert (entry.note, entry.clause) == ("长期停止活动", "1")
    acts.put_back(studio, reason="恢复活动", by=office)
    assert list(Studio.objects.affiliated()) == [studio]


def test_a_resident_studio_leaves_by_its_residency(office):
    studio = ResidencyFactory(active=True, studio__is_affiliated=True).studio
    with pytest.raises(Refused, match="请先办理退出"):
        acts.strike_off(studio, reason="x", by=office)


# ── accounts ────────────────────────────────────────────────────────────────────────────────────
def test_the_office_adds_and_removes_accounts_and_the_studio_sees_them(client_of, office):
    person = UserFactory(roles=["applicant"], username="li.yue")
    studio = StudioFactory(is_affiliated=True)
    url = reverse("workshops:accounts", args=[studio.key])
    browser = client_of(office)
    assert browser.post(url, {"form_key": new_key(), "username": "LI.YUE"}).status_code == 302
    assert list(studio.people.all()) == [person]
    own = client_of(person)
    assert "li.yue" in own.get(url).content.decode()
    assert own.post(url, {"form_key": new_key(), "username": "x"}).status_code == 403
    remove = reverse("workshops:remove_account", args=[studio.key])
    assert own.post(remove, {"form_key": new_key(), "account": person.pk}).status_code == 403
    browser.post(remove, {"form_key": new_key(), "account": person.pk})
    assert not studio.people.exists()
    acted = history_of(studio).filter(result="ok").order_by("sequence")
    assert [e.verb for e in acted] == ["add_studio_account", "remove_studio_account"]


@pytest.mark.parametrize(
    ("username", "sentence"), [("nobody.here", "没有登录名"), ("an-officer", "不是申报人账号")]
)
def test_accounts_that_cannot_act(office, username, sentence):
    UserFactory(roles=["office"], username="an-officer")
    with pytest.raises(Refused, match=sentence):
        acts.add_account(StudioFactory(), username, by=office)


@pytest.mark.parametrize("people", [1, 30])
@pytest.mark.parametrize(("page", "most"), [("studio", MOST + 1), ("persons", MOST)])
def test_the_page_of_a_studio_asks_the_same_number_of_times(
    client_of, office, django_assert_max_num_queries, people, page, most
):
    studio = ResidencyFactory(active=True).studio
    PersonFactory.create_batch(people, studio=studio)
    browser, url = client_of(office), reverse(f"workshops:{page}", args=[studio.key])
    browser.get(url)
    with django_assert_max_num_queries(most):
        assert browser.get(url).status_code == 200


# ── whom an account stands for ──────────────────────────────────────────────────────────────────
def test_an_account_of_the_same_name_stands_for_its_person():
    studio, officer = StudioFactory(), UserFactory(roles=["office"])
    leader, other = studio.leader(), UserFactory(roles=["applicant"], real_name="别人")
    account = UserFactory(roles=["applicant"], real_name=leader.name)
    for user in (other, account):
        acts.add_account(studio, user.username, by=officer)
    assert studio.leader().user == account
    acts.remove_account(studio, account.pk, by=officer)
    assert studio.leader().user is None
    acts.say_whose_account(studio, other.pk, str(leader.key), by=officer)
    assert studio.leader().user == other
    acts.add_account(studio, account.username, by=officer)
    assert studio.leader().user == other  # what the office said stays
    with pytest.raises(Refused, match="已有另一个账号"):
        acts.say_whose_account(studio, account.pk, str(leader.key), by=officer)
    acts.say_whose_account(studio, other.pk, "", by=officer)
    assert studio.leader().user is None


def test_only_the_office_says_whose_account_it_is(client_of):
    person = UserFactory(roles=["applicant"])
    studio = StudioFactory(people=[person])
    url = reverse("workshops:say_whose_account", args=[studio.key])
    page = reverse("workshops:accounts", args=[studio.key])
    browser = client_of(person)
    given = {"account": person.pk, "person": str(studio.leader().key)}
    assert browser.post(url, given).status_code == 403
    office = client_of(UserFactory(roles=["office"]))
    key = office.get(page).content.decode().split('name="form_key" value="')[1].split('"')[0]
    assert office.post(url, given | {"form_key": key}).status_code == 302
    assert studio.leader().user == person
