"""House rules [5.3]: versions, who has read them, reminders; breaches and the studio's words."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from config import desk
from park.formkeys import new_key
from park.models import Notification
from park.workflow import Refused
from tests.workshops import facilities as make
from tests.workshops.conftest import ROLES
from tests.workshops.factories import StudioFactory
from workshops.actions import house_ruling as acts
from workshops.models import Breach, HouseRuleVersion, ReadReceipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

EVERYBODY = [*ROLES, "superuser"]
STUDIO = {"owner", "officer_of_studio"}


def names(rows, people):
    keys = {row.user_id for row in rows}
    return {name for name, person in people.items() if person.pk in keys}


def test_everybody_of_a_studio_in_the_park_is_asked_and_nobody_else(living, park_people):
    StudioFactory(people=[park_people["stranger"]], is_affiliated=True)
    version = make.rule(by=park_people["office"])
    assert names(acts.unread_rows(version), park_people) == STUDIO
    assert set(Notification.objects.values_list("user", flat=True)) == {park_people[n].pk for n in STUDIO}


def test_read_once_and_a_new_version_is_read_again(living, park_people):
    owner = park_people["owner"]
    first = make.rule(by=park_people["office"])
    for _ in range(2):
        acts.confirm_reading(first, by=owner)
    assert ReadReceipt.objects.count() == 1
    assert names(acts.unread_rows(first), park_people) == {"officer_of_studio"}
    second = make.rule(by=park_people["office"], rule=first.rule, text="第一条 改过。", change="修改第一条")
    assert (second.number, names(acts.unread_rows(second), park_people)) == (2, STUDIO)
    assert list(HouseRuleVersion.objects.in_force()) == [second]
    with pytest.raises(Refused, match="已被取代"):
        acts.confirm_reading(first, by=park_people["officer_of_studio"])
    with pytest.raises(Refused, match="只有在园工作室"):
        acts.confirm_reading(second, by=park_people["stranger"])


def test_a_published_text_and_a_receipt_never_change(living, park_people):
    version = make.rule(by=park_people["office"])
    acts.confirm_reading(version, by=park_people["owner"])
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseRuleVersion.objects.update(text="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReadReceipt.objects.update(read_at=timezone.now() - timedelta(days=9))


def test_reminded_once_a_day_and_only_who_has_not_read(living, park_people):
    version = make.rule(by=park_people["office"])
    acts.confirm_reading(version, by=park_people["owner"])
    Notification.objects.all().delete()
    assert acts.remind_readers(version, by=park_people["office"]) == 1
    assert Notification.objects.get().user == park_people["officer_of_studio"]
    with pytest.raises(Refused, match="今天已经提醒过"):
        acts.remind_readers(version, by=park_people["office"])


def test_only_the_office_publishes(park_people):
    for name in ("logistics", "owner", "attraction", "superuser"):
        with pytest.raises(Refused):
            make.rule(by=park_people[name])


def test_the_pages(living, park_people, client_of):
    owner, office = client_of(park_people["owner"]), client_of(park_people["office"])
    done = office.post(
        reverse("workshops:publish_rule"), {"form_key": new_key(), "title": "消防管理", "text": "第一条"}
    )
    version = HouseRuleVersion.objects.get()
    assert (done.status_code, done.url) == (302, version.get_absolute_url())
    assert "请阅读的规章制度" in {s["title"] for s in desk.sections_for(park_people["owner"])}
    assert "我已阅读" in owner.get(done.url).content.decode()
    owner.post(reverse("workshops:confirm_reading", args=[version.rule.key]), {"form_key": new_key()})
    assert version.receipts.get().user == park_people["owner"]
    assert "我已阅读</button>" not in owner.get(done.url).content.decode()
    assert park_people["officer_of_studio"] in [
        row.user for row in office.get(done.url).context["unread_rows"]
    ]
    assert "unread_rows" not in owner.get(done.url).context
    assert office.post(
        reverse("workshops:publish_version", args=[version.rule.key]), {"form_key": new_key(), "text": "第二条"}
    ).status_code == 422  # a new version says what changed  # fmt: skip
    seen = {n for n in EVERYBODY if client_of(park_people[n]).get(done.url).status_code == 200}
    assert seen == STUDIO | {
        "office",
        "lead_division",
        "logistics",
        "logistics2",
        "attraction",
        "working_group",
    }


def test_a_breach_is_answered_once_and_struck_out_not_deleted(living, park_people, client_of):
    row = make.breach(studio=living.studio, by=park_people["office"])
    seen = {n for n in EVERYBODY if client_of(park_people[n]).get(row.get_absolute_url()).status_code == 200}
    assert seen == STUDIO | {"office", "lead_division"}
    for name in ("officer_of_studio", "logistics", "owner"):
        with pytest.raises(Refused):
            make.breach(studio=living.studio, by=park_people[name])
        with pytest.raises(Refused):
            acts.strike_breach(row, reason="登记有误。", by=park_people[name])
    client = client_of(park_people["owner"])
    assert (
        client.post(row.get_absolute_url(), {"form_key": new_key(), "statement": "已改正。"}).status_code
        == 302
    )
    assert (
        client.post(row.get_absolute_url(), {"form_key": new_key(), "statement": "再说。"}).status_code == 409
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Breach.objects.update(facts="别的")
    office = client_of(park_people["office"])
    assert (
        office.post(row.get_absolute_url(), {"form_key": new_key(), "reason": "登记有误。"}).status_code
        == 302
    )
    assert not Breach.objects.standing().exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    page = reverse("workshops:studio_conduct", args=[living.studio.key])
    assert {n for n in EVERYBODY if client_of(park_people[n]).get(page).status_code == 200} == seen


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("page", ["house_rules", "breaches", "safety_letters"])
def test_the_lists_ask_the_database_the_same_number_of_times(
    living, park_people, client_of, django_assert_max_num_queries, page, rows
):
    for n in range(rows):
        make.rule(by=park_people["office"], title=f"制度{n}")
        make.breach(studio=living.studio, by=park_people["office"])
    client = client_of(park_people["office"])
    client.get(reverse(f"workshops:{page}"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"workshops:{page}")).status_code == 200
