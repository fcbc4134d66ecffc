# ruff: noqa: F811
"""确定入驻 [3.2.3]: what must be true, what follows, the final list."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import noticing
from applications.models import Application, Letter, ListEntry
from applications.workflow import ADMISSION
from park import rules
from park.announcements import ANNOUNCEMENT
from park.models import Announcement, Notification
from park.workflow import Refused
from tests.applications.test_notice import (  # noqa: F401 - the same list and people
    concluded,
    decided,
    leader,
    office,
    published,
    readers,
    statuses,
)
from tests.factories import UserFactory
from workshops.models import Residency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def fill_boxes(row, by):
    ListEntry.objects.filter(list=row).update(
        office_opinion="经审核认定，同意入驻。", office_opinion_at=timezone.now(), office_opinion_by=by
    )


@pytest.fixture
def ready(decided, office, readers):
    """Two cases whose 公示 is concluded, box 12 filled."""
    row, cases = decided
    notice = concluded(published(row, office, readers), office)
    fill_boxes(row, office)
    return row, [Application.objects.get(pk=c.pk) for c in cases[:2]], notice


def admit(application, by):
    return ADMISSION.perform(application, "admit", by=by)


def test_it_begins_one_residency_and_prepares_the_letter(ready, office):
    _, (first, second), _ = ready
    admit(first, office)
    residency = Residency.objects.get(source=first.number)
    assert residency.status == "pending_agreement"
    assert residency.admitted_on == timezone.localdate()
    assert residency.studio.name == first.studio_name
    assert set(residency.studio.people.all()) == {c.user for c in first.collaborators.all()}
    letter = Letter.objects.get(application=first)
    assert (letter.kind, letter.sent_at) == ("admitted", None)
    assert not Notification.objects.filter(user=first.applicant, text__contains="确定入驻").exists()
    with pytest.raises(Refused):
        admit(first, office)
    assert Residency.objects.count() == 1
    assert statuses([first, second]) == ["admitted", "on_notice"]


@pytest.mark.parametrize(
    ("without", "said"),
    [("box", "管理办公室审批意见"), ("end", "公示还没有期满办结")],
)
def test_what_is_missing_is_said(decided, office, readers, without, said):
    row, cases = decided
    notice = published(row, office, readers)
    if without == "box":
        concluded(notice, office)
    else:
        fill_boxes(row, office)
    with pytest.raises(Refused, match=said):
        admit(cases[0], office)
    assert Residency.objects.count() == 0


def test_where_the_park_shows_nobody_the_approved_are_admitted_at_once(decided, office):
    row, cases = decided
    rules.set_rule("public_notice", False, by=office, reason="试行")
    fill_boxes(row, office)
    assert admit(cases[0], office).status == "admitted"
    assert "公示" not in Letter.objects.get(application=cases[0]).reason
    rules.set_rule("public_notice", True, by=office, reason="恢复")


def test_all_of_a_list_at_once_from_the_page_of_the_notice(ready, office, client_of):
    _row, _cases, notice = ready
    browser = client_of(office)
    page = browser.get(notice.get_absolute_url())
    (link,) = [url for label, url in page.context["links"] if "确定入驻" in label]
    preview = browser.get(link)
    assert preview.status_code == 200
    assert [r.will_happen for r in preview.context["rows"]] == [True, True]


def test_the_final_list_is_drafted_from_the_admitted_and_published_without_days(
    ready, office, readers, client, client_of
):
    row, (first, _second), _ = ready
    with pytest.raises(Refused, match="还没有确定入驻"):
        noticing.draft_final(row, title="入驻名单", text="现予公布。", by=office)
    admit(first, office)
    page = client_of(office).get(reverse("applications:draft_final", args=[row.key])).content.decode()
    assert first.studio_name in page
    final = noticing.draft_final(row, title="入驻名单", text=noticing.final_text(1), by=office)
    assert [r["key"] for r in final.rows] == [str(first.key)]
    final = ANNOUNCEMENT.perform(final, "submit_announcement", by=office)
    for reader in readers:
        final = ANNOUNCEMENT.perform(final, "read_announcement", by=reader)
    final = ANNOUNCEMENT.perform(final, "publish_announcement", by=office)
    assert final.ends_on is None
    page = client.get(reverse("announcement", args=[final.key])).content.decode()
    assert first.studio_name in page
    assert "提出异议" not in page
    assert statuses([first]) == ["admitted"]


def test_the_decline_of_a_waiting_one_has_its_letter(decided, office):
    _, (_, _, waiting) = decided
    data = {"reason": "候补有效期内没有空余名额，候补终止。"}
    ADMISSION.perform(waiting, "end_waitlist", by=office, data=data)
    letter = Letter.objects.get(application=waiting)
    assert (letter.kind, letter.reason, letter.stage) == ("not_admitted", data["reason"], "候补")


def test_an_officer_of_the_studio_admits_nobody(ready):
    _, (first, _), _ = ready
    own = UserFactory(roles=["office", "applicant"])
    first.collaborators.create(user=own, added_by=first.applicant)
    assert "admit" not in {s.name for s in ADMISSION.open_to(own, first)}


def test_the_notice_is_not_concluded_on_its_last_day(decided, office, readers):
    row, _ = decided
    notice = published(row, office, readers)
    Announcement.objects.filter(pk=notice.pk).update(ends_on=timezone.localdate())
    with pytest.raises(Refused, match="次日起才能办结"):
        ANNOUNCEMENT.perform(notice, "conclude_announcement", by=office)
