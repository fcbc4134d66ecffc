"""The engine on a real case: one step at a time, whoever is faster."""

import pytest
from django.core.exceptions import PermissionDenied

from applications.actions import filling
from applications.models import Application
from applications.workflow import ADMISSION
from park import audit
from park.models import AuditEntry, Notification
from park.workflow import Refused, Workflow
from tests.applications import filled
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meet, take_locks_away


@pytest.fixture
def case(reference_data):
    return filled.submitted(by=UserFactory(roles=["applicant"]))


@pytest.fixture
def untouched(reference_data):
    """A case without papers, whose withdrawal touches nothing but itself."""
    return filling.start_application(by=UserFactory(roles=["applicant"]))


@pytest.mark.django_db
def test_a_refused_step_changes_nothing(case):
    officer, before = UserFactory(roles=["office"]), AuditEntry.objects.count()
    with pytest.raises(Refused):
        ADMISSION.perform(case, "pass_review", by=officer, data={"opinion": "同意"})  # no checklist yet
    with pytest.raises(PermissionDenied, match=r"您没有“初审通过.*”的权限。"):
        ADMISSION.perform(case, "pass_review", by=UserFactory(roles=["expert"]))
    case.refresh_from_db()
    assert case.status == "submitted"
    assert AuditEntry.objects.count() == before + 1  # the expert's role


@pytest.mark.django_db
def test_a_step_is_logged_told_and_labelled(case):
    ADMISSION.perform(case, "withdraw", by=case.applicant, note="改期")
    entry = audit.history_of(case).first()
    assert (entry.verb, entry.by, entry.before, entry.after, entry.note) == (
        "withdraw", case.applicant, "submitted", "withdrawn", "改期",
    )  # fmt: skip
    assert audit.label(entry.verb) == ADMISSION.steps["withdraw"].label
    assert entry.clause == ADMISSION.steps["withdraw"].clause
    assert not Notification.objects.filter(user=case.applicant, text__contains="撤回").exists()


def both_withdraw(case):
    """The same step twice at the same moment, on two connections."""
    stale = [Application.objects.get(pk=case.pk) for _ in range(2)]
    results = at_once(
        *[lambda row=row: ADMISSION.perform(row, "withdraw", by=case.applicant) for row in stale]
    )
    return sorted("done" if isinstance(r, Application) else type(r).__name__ for r in results)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_refused(untouched, monkeypatch):
    meet(monkeypatch, "_set_clock", Workflow, wait=MOMENT)
    assert both_withdraw(untouched) == ["Refused", "done"]
    assert audit.history_of(untouched).filter(verb="withdraw").count() == 1
    assert audit.verify().fault == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_get_through(untouched, monkeypatch):
    """The control: with the lock on the case taken away (the trail keeps its own) both see the old status."""
    meet(monkeypatch, "_set_clock", Workflow)
    take_locks_away(monkeypatch, Application)
    assert both_withdraw(untouched) == ["done", "done"]
