"""What happens to those who try the doors of applying and reviewing: forged requests, peeping, stale rights."""

import pytest
from django.db import connection
from django.urls import reverse

from applications.actions import recommending, reviewing
from applications.workflow import ADMISSION
from park import attachments, audit
from park.actions import withdraw_consent
from park.formkeys import new_key
from park.models import AuditEntry
from park.workflow import Refused
from tests.applications import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def examined(monkeypatch):
    """How deep in transactions each look into an upload happened."""
    depths, examine = [], attachments.examine

    def spy(name, task, *arguments):
        depths.append((task, len(connection.savepoint_ids)))
        return examine(name, task, *arguments)

    monkeypatch.setattr(attachments, "examine", spy)
    return depths


def scan_form():
    return {
        "opinion": "同意推荐。",
        "scan": filled.picture(b"stamp"),
        "form_key": new_key(),
        "mode": "employer",
        "same_copy": "on",
        "authorised": "on",
        "signer_name": "赵珺",
        "signer_post": "人事科长",
    }


def test_a_scan_is_looked_into_before_the_transaction(fresh, people, client_of, examined):
    """On the embedded database a transaction that writes holds up everybody else's."""
    application, outside = fresh("draft"), len(connection.savepoint_ids)
    recommending.print_for_stamp(application, by=people["owner"])
    url = reverse("applications:recommendation", args=[application.key])
    assert client_of(people["owner"]).post(url, scan_form()).status_code == 302
    assert examined == [("check", outside), ("qr", outside)]


def test_the_scan_of_the_unit_is_looked_into_before_the_transaction(fresh, people, client, examined):
    application, outside = fresh("draft"), len(connection.savepoint_ids)
    recommending.print_for_stamp(application, by=people["owner"])
    _, token = recommending.make_link(application, by=people["owner"])
    response = client.post(reverse("applications:unit_confirm", args=[token]), scan_form())
    assert response.status_code == 200
    assert examined == [("check", outside), ("qr", outside)]


def test_the_page_behind_the_link_is_kept_by_no_browser(fresh, people, client):
    application = fresh("draft")
    recommending.print_for_stamp(application, by=people["owner"])
    _, token = recommending.make_link(application, by=people["owner"])
    response = client.get(reverse("applications:unit_confirm", args=[token]))
    assert "no-store" in response.headers["Cache-Control"]


def test_the_token_of_a_link_is_in_no_log(fresh, people, client, capfd):
    application = fresh("draft")
    recommending.print_for_stamp(application, by=people["owner"])
    _, token = recommending.make_link(application, by=people["owner"])
    assert (
        client.post(reverse("applications:unit_confirm", args=[token]), {"opinion": "同意"}).status_code
        == 422
    )
    out, err = capfd.readouterr()
    assert token not in out + err


def test_an_officer_who_opens_personal_numbers_for_a_correction_leaves_a_trace(fresh, people, client_of):
    """Typing on behalf shows the identity number unmasked: that is a look at it like any other (L5)."""
    application, officer = fresh("submitted"), people["office"]
    reviewing.add_correction_item(application, section="leader", missing="手机", clause="", by=officer)
    reviewing.add_correction_item(application, section="plan", missing="规划", clause="", by=officer)
    ADMISSION.perform(application, "request_correction", by=officer)
    looks = AuditEntry.objects.filter(verb="reveal", subject_id=str(application.pk))
    client = client_of(officer)
    client.get(reverse("applications:section", args=[application.key, "plan"]))
    assert looks.count() == 0
    page = client.get(reverse("applications:section", args=[application.key, "leader"]))
    assert application.latest_submission().data["leader"]["leader_id_number"] in page.content.decode()
    assert list(looks.values_list("by__username", "note")) == [(officer.username, "代为修改“工作室与领衔人”")]
    client_of(people["owner"]).get(reverse("applications:section", args=[application.key, "leader"]))
    assert looks.count() == 1


def test_a_correction_is_not_filed_on_a_consent_that_was_taken_back(fresh, people):
    application, owner = fresh("correction"), people["owner"]
    withdraw_consent(owner, "processing")
    with pytest.raises(Refused, match="重新同意"):
        ADMISSION.perform(application, "resubmit", by=owner, data={"truthful": True})


@pytest.mark.parametrize("page", ["people", "revoke_link", "originals", "assign", "make_link", "print_copy"])
def test_a_form_without_its_one_time_key_writes_nothing(fresh, people, client_of, page):
    application = fresh("submitted" if page in ("assign", "originals") else "draft")
    if page in ("make_link", "revoke_link"):
        recommending.print_for_stamp(application, by=people["owner"])
        recommending.make_link(application, by=people["owner"])
    before = audit.history_of(application).filter(result="ok").count()
    form = {
        "username": people["applicant"].username,
        "real_name": people["applicant"].real_name,
        "officer": people["office"].pk,
    }
    sender = people["office" if page in ("assign", "originals") else "owner"]
    response = client_of(sender).post(
        reverse(f"applications:{page}", args=[application.key]), form, follow=True
    )
    assert "表单缺少一次性凭证" in response.content.decode()
    assert audit.history_of(application).filter(result="ok").count() == before
