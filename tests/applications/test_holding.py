"""What becomes of applications when their person downloads everything or leaves."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from applications.models import Application, Collaborator
from park import actions
from park.models import StoredFile, User
from park.workflow import Refused
from tests.applications import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_own_data_hold_what_was_typed_and_filed(client_of, user):
    person = user("applicant")
    filled.submitted(by=person)
    data = json.loads(client_of(person).post(reverse("profile_export")).content)
    (application,) = data["入驻申报"]
    assert application["填写内容"]["leader"]["leader_name"] == filled.TYPED["leader"]["leader_name"]
    assert [filed["版本"] for filed in application["历次提交"]] == [1]
    assert "证书.png" in application["附件"]


def test_a_filed_application_keeps_the_account(user):
    person = user("applicant")
    filled.submitted(by=person)
    with pytest.raises(Refused, match="您有已提交的申报，属于依法保存的办理记录，保存期内账号不能注销"):
        actions.close_account(person)
    assert User.objects.get(pk=person.pk).is_active


def test_a_draft_goes_with_the_account(user, django_capture_on_commit_callbacks):
    person, other = user("applicant"), user("applicant")
    application = filled.draft(by=person)
    with django_capture_on_commit_callbacks(execute=True):
        filled.recommend(application, by=person)
    theirs = filled.draft(by=other, typed=filled.typed_for(1))
    Collaborator.objects.create(application=theirs, user=person, added_by=other)
    paper = application.stamp_copies.get().document
    paper.refresh_from_db()
    stored = default_storage.path(paper.storage_name)
    assert Path(stored).exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_account(person)
    assert not Path(stored).exists()
    paper.refresh_from_db()
    assert (paper.state, paper.reason) == ("withdrawn", "申报人注销账号")
    assert list(Application.objects.all()) == [theirs]
    assert [c.user for c in theirs.collaborators.all()] == [other]
    assert StoredFile.objects.filter(purged_at=None).count() == theirs.files.count()
