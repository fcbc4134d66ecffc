"""The office extends while another finds it wanting, the working group decides while the office drops it, two serve one
decision: what the locks keep apart [5.4]. Each has a control without the lock.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from assessments.conditions import rectification as conditions
from assessments.effects import rectification as effects
from assessments.effects import revocation as revocation_effects
from assessments.models import RectificationItem, RectificationOrder, Revocation, ServiceOfProcess
from assessments.workflow import RECTIFICATION, REVOCATION
from park.workflow import Refused
from tests.applications.test_lock_order import NUMBERS, before_the_trail, locked_by
from tests.assessments import holding as make
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meanwhile, meet, take_locks_away, won
from tests.reference import load_reference_rows
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.models import Residency
from workshops.workflow import RESIDENCY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db, settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()
    return {
        "owner": UserFactory(roles=["applicant"]),
        "office": UserFactory(roles=["office"]),
        "office2": UserFactory(roles=["office"]),
        "group_leader": make.seat(is_leader=True),
    }


@pytest.fixture
def residency(people):
    return ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]]))


# ── extension against the end of the time ───────────────────────────────────────────────────────
@pytest.fixture
def order(residency, people, monkeypatch):
    """Its last day is just over, and midnight strikes between the two: whoever extends still reads the last day."""
    extending = RECTIFICATION.steps["extend_rectification"]
    kept = [check for check in extending.requires if check is not conditions.time_is_left]
    monkeypatch.setitem(RECTIFICATION.steps, "extend_rectification", replace(extending, requires=kept))
    return make.ordered(residency, by=people["office"], days_ago=95)


def extension(order, people):
    data = {"until": order.first_deadline + timedelta(days=20), "reason": "设备未到"}
    return lambda: RECTIFICATION.perform(order, "extend_rectification", by=people["office"], data=data)


def failing(order, people):
    data = {
        "verdicts": make.verdicts(order, 1),
        "opinion": "没有日志。",
        "rechecked_on": timezone.localdate(),
    }
    return lambda: RECTIFICATION.perform(order, "fail_rectification", by=people["office2"], data=data)


def test_extended_or_failed_never_both(order, people):
    results = at_once(extension(order, people), failing(order, people))
    order.refresh_from_db()
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert (order.status == "failed") == (order.extended_at is None)


def test_without_the_lock_it_is_extended_in_the_midst_of_failing(order, people, monkeypatch):
    """Who fails it has read the old day, and only the constraint knows the new one."""
    take_locks_away(monkeypatch, RectificationOrder, RectificationItem, Residency)
    results = meanwhile(
        monkeypatch, "hold_papers", effects, first=failing(order, people), second=extension(order, people)
    )
    assert [type(r) for r in results] == [IntegrityError, RectificationOrder]


# ── decision against drop ───────────────────────────────────────────────────────────────────────
def resolving(row, people):
    data = make.resolution()
    return lambda: REVOCATION.perform(row, "resolve_revocation", by=people["group_leader"], data=data)


def dropping(row, people):
    return lambda: REVOCATION.perform(
        row, "drop_revocation", by=people["office"], data={"reason": "证据不足"}
    )


def test_decided_or_dropped_never_both(residency, people):
    row = make.case_in("heard", residency, people)
    results = at_once(resolving(row, people), dropping(row, people))
    row.refresh_from_db()
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert (row.status, row.ended_as) in (("resolved", ""), ("dropped", "dropped"))
    assert (row.resolved_at is None) == (row.status == "dropped")


def test_without_the_lock_only_the_trigger_keeps_the_resolution(residency, people, monkeypatch):
    row = make.case_in("heard", residency, people)
    take_locks_away(monkeypatch, Revocation, Residency)
    results = meanwhile(
        monkeypatch, "_end", revocation_effects, first=dropping(row, people), second=resolving(row, people)
    )
    assert [type(r) for r in results] == [IntegrityError, Revocation]


# ── two serve one decision ──────────────────────────────────────────────────────────────────────
def serving(row, people, who):
    data = make.service()
    return lambda: REVOCATION.perform(row, "serve_revocation", by=people[who], data=data)


def test_a_decision_is_served_once(residency, people):
    row = make.case_in("resolved", residency, people)
    results = at_once(serving(row, people, "office"), serving(row, people, "office2"))
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert Residency.objects.get(pk=residency.pk).status == "revoked"


def test_without_the_lock_both_come_to_serve_and_only_the_constraint_is_left(residency, people, monkeypatch):
    row = make.case_in("resolved", residency, people)
    take_locks_away(monkeypatch, Revocation, Residency)
    came = meet(monkeypatch, "serve_paper", revocation_effects, parties=2)
    results = at_once(serving(row, people, "office"), serving(row, people, "office2"))
    assert len(came) == 2
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [IntegrityError]
    assert ServiceOfProcess.objects.count() == 2  # the notice and the decision


def test_two_orders_at_once_are_one(residency, people):
    card = make.card(residency, by=people["office"])
    results = at_once(
        *[lambda who=who: make.ordered(residency, by=people[who], card=card) for who in ("office", "office2")]
    )
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]


def test_the_end_of_the_stay_waits_for_nobody(residency, people, monkeypatch):
    """A re-check holds its order and wants the residency; the end of the stay holds the residency and does not want
    the order: it is ended after the commit."""
    order = make.reported(make.ordered(residency, by=people["office"]), owner=people["owner"])
    data = {"verdicts": make.verdicts(order), "opinion": "达标", "rechecked_on": timezone.localdate()}
    results = meanwhile(
        monkeypatch,
        "hold_papers",
        effects,
        first=lambda: RECTIFICATION.perform(order, "pass_rectification", by=people["office"], data=data),
        second=lambda: RESIDENCY.perform(residency, "revoke", by=people["office2"], data={"reason": "测试"}),
        wait=MOMENT,
    )
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)]
    assert Residency.objects.get(pk=residency.pk).status == "revoked"
    assert RectificationOrder.objects.get(pk=order.pk).status in ("passed", "withdrawn")


# ── the trail is locked last ────────────────────────────────────────────────────────────────────
def test_residency_and_numbers_are_locked_before_the_trail(residency, people):
    """Whoever wants a row after the end of the trail waits for somebody who wants the trail."""
    order = make.reported(make.ordered(residency, by=people["office"]), owner=people["owner"])
    data = {"verdicts": make.verdicts(order), "opinion": "达标", "rechecked_on": timezone.localdate()}
    passing = locked_by(
        lambda: RECTIFICATION.perform(order, "pass_rectification", by=people["office"], data=data)
    )
    row = make.case_in("heard", residency, people)
    resolving = locked_by(
        lambda: REVOCATION.perform(
            row, "resolve_revocation", by=people["group_leader"], data=make.resolution()
        )
    )
    serving = locked_by(
        lambda: REVOCATION.perform(row, "serve_revocation", by=people["office"], data=make.service())
    )
    assert before_the_trail(passing, "workshops_residency")
    assert before_the_trail(serving, "workshops_residency")
    for act in (passing, resolving):
        assert before_the_trail(act, NUMBERS)
