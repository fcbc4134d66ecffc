"""A visit and somebody else in the same moment: what the locks prevent, and that they are what prevents it.

Real threads on PostgreSQL; each race has a control without the lock, in which the harm is seen.
"""

import dataclasses
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.utils import timezone

from applications.actions import visiting
from applications.models import Application, SiteVisit, VisitPhoto
from applications.workflow import ADMISSION, VISIT
from park import attachments, audit
from park.invariants import REGISTRY
from park.workflow import Conflict, Refused
from tests.applications import road
from tests.applications.test_races import _reference  # noqa: F401
from tests.applications.test_visit import finish, jpeg, plan
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meanwhile, meet, take_locks_away, won

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner():
    return UserFactory(roles=["applicant"])


@pytest.fixture
def going():
    return [UserFactory(roles=["office"]), UserFactory(roles=["expert"])]


@pytest.fixture
def case(owner):
    return road.place(road.filed(by=owner), "site_visit")


@pytest.fixture
def visit(case, going):
    return plan(case, by=going[0], visitors=going)[0]


def offenders():
    return {i.name: found for i in REGISTRY if i.name.startswith("visit_") and (found := i.offenders())}


# ── planning against withdrawing ────────────────────────────────────────────────────────────────
def withdrawn_while_planned(case, owner, going, patch, **how):
    """The plan has read the case and not yet written; the withdrawal comes right then."""
    return meanwhile(
        patch,
        "_visitors_wrong",
        visiting,
        first=lambda: plan(case, by=going[0], visitors=going),
        second=lambda: ADMISSION.perform(case, "withdraw", by=owner),
        **how,
    )


def test_a_plan_and_a_withdrawal_come_one_after_the_other(case, owner, going, monkeypatch):
    results = withdrawn_while_planned(case, owner, going, monkeypatch, wait=MOMENT)
    assert len(won(results)) == 2  # planned, and then called off by the withdrawal
    assert (Application.objects.get().status, SiteVisit.objects.get().status) == ("withdrawn", "cancelled")
    assert offenders() == {}


def test_control_without_the_lock_a_withdrawn_case_has_a_visit(case, owner, going, monkeypatch):
    take_locks_away(monkeypatch, Application)
    withdrawn_while_planned(case, owner, going, monkeypatch)
    assert offenders() == {"visit_while_visited": [str(SiteVisit.objects.get().pk)]}


def test_twenty_plans_make_one_visit(case, going):
    results = at_once(*[lambda: plan(case, by=going[0], visitors=going)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert SiteVisit.objects.count() == 1
    assert audit.verify().fault == ""


# ── the studio's answer against its withdrawal ──────────────────────────────────────────────────
def test_confirming_and_withdrawing_leave_nothing_half_done(visit, case, owner, going):
    finish(visit, by=going[0])
    data = {"answer": "online", "remark": ""}
    confirming = [lambda: VISIT.perform(visit, "confirm_visit", by=owner, data=data)] * 10
    results = at_once(*confirming, *[lambda: ADMISSION.perform(case, "withdraw", by=owner)] * 10)
    assert {type(r) for r in results if isinstance(r, Exception)} <= {Refused}
    assert Application.objects.get().status == "withdrawn"
    assert SiteVisit.objects.get().status in ("settled", "cancelled")
    assert offenders() == {}


# ── two phones ──────────────────────────────────────────────────────────────────────────────────
def saving(visit, by, text):
    return lambda: visiting.save_record(
        visit, findings=text, lines={}, version=0, saved_from=uuid.uuid4(), by=by
    )


def test_twenty_phones_from_the_same_version_one_is_kept(visit, going, monkeypatch):
    meet(monkeypatch, "is_visitor", visiting, wait=MOMENT)
    results = at_once(*[saving(visit, going[n % 2], f"第{n}部手机") for n in range(20)])
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Conflict}
    visit.refresh_from_db()
    assert (visit.version, visit.findings) == (1, won(results)[0].findings)


def test_control_without_the_lock_one_phone_overwrites_the_other(visit, going, monkeypatch):
    meet(monkeypatch, "is_visitor", visiting, parties=4)
    take_locks_away(monkeypatch, SiteVisit)
    results = at_once(*[saving(visit, going[n % 2], f"第{n}部手机") for n in range(4)])
    assert len(won(results)) == 4


# ── the same picture twenty times ───────────────────────────────────────────────────────────────
def sending(visit, by):
    checked, key = attachments.check(jpeg(), kinds=attachments.IMAGE), uuid.uuid4()
    content = checked.content.read()

    def send():
        again = dataclasses.replace(checked, content=ContentFile(content))
        return visiting.add_photo(visit, again, client_key=key, by=by)

    return send


def test_a_picture_sent_twenty_times_at_once_is_one(visit, going, monkeypatch):
    meet(monkeypatch, "store", attachments, wait=MOMENT)
    results = at_once(*[sending(visit, going[0])] * 20)
    assert len(won(results)) == 20
    assert len({row.pk for row in results}) == 1
    assert VisitPhoto.objects.count() == 1


def test_control_without_the_lock_only_the_database_stops_the_second(visit, going, monkeypatch):
    meet(monkeypatch, "store", attachments, parties=4)
    take_locks_away(monkeypatch, SiteVisit)
    results = at_once(*[sending(visit, going[0])] * 4)
    assert IntegrityError in {type(r) for r in results}


# ── two officers ────────────────────────────────────────────────────────────────────────────────
def test_putting_off_and_calling_off_at_once_leave_one_truth(visit, going):
    data = {"visit_on": timezone.localdate() + timedelta(days=60), "meet_at": None, "reason": "改期"}
    office = going[0]
    put_off = [lambda: VISIT.perform(visit, "postpone_visit", by=office, data=data)] * 10
    call_off = [lambda: VISIT.perform(visit, "cancel_visit", by=office, data={"reason": "取消"})] * 10
    results = at_once(*put_off, *call_off)
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert SiteVisit.objects.get().status == "cancelled"
    assert offenders() == {}
