"""Candidate lists and two people at the same moment: real threads on PostgreSQL, each race with its control.

The list is locked before its cases, the cases in the order of their keys; a studio that withdraws locks its case
alone and waits for no list.
"""

import threading
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.utils import timezone

from applications.actions import listing, resolving
from applications.conditions import listing as conditions
from applications.models import Application, CandidateList, ListEntry
from applications.workflow import ADMISSION, LIST
from park import audit
from park.models import AuditEntry, Document
from park.workflow import Refused, Workflow
from tests.applications import road
from tests.applications.test_listing import member
from tests.factories import UserFactory
from tests.races import LONG, MOMENT, at_once, meanwhile, meet, take_locks_away, won
from tests.reference import load_reference_rows

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MANY = 20


@pytest.fixture(autouse=True)
def _reference(transactional_db, settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


@pytest.fixture
def leader():
    return member("working_group", leader=True)


def candidates(office, n):
    panel = road.session(by=office, status="closed")
    return [road.candidate(office=office, panel=panel) for _ in range(n)]


def statuses(cases):
    return [Application.objects.get(pk=c.pk).status for c in cases]


def decisions(row, decision="approve"):
    reason = "" if decision == "approve" else "尚不成熟。"
    return {
        "minutes_no": "8号",
        "minutes_on": timezone.localdate(),
        "resolution": "照办。",
        "decisions": {
            pk: {"decision": decision, "reason": reason} for pk in row.entries.values_list("pk", flat=True)
        },
    }


def resolving_with(row, leader, decision="approve"):
    data = decisions(row, decision)
    return lambda: LIST.perform(row, "resolve_list", by=leader, data=data)


def withdrawing(case):
    return lambda: ADMISSION.perform(case, "withdraw", by=case.applicant)


def recalling(row, office):
    return lambda: LIST.perform(row, "recall_list", by=office, data={"reason": "名额有误"})


# ── two approvers ───────────────────────────────────────────────────────────────────────────────
def test_twenty_clicks_decide_once(office, leader, monkeypatch):
    cases = candidates(office, 3)
    row = road.candidate_list(cases, by=office)
    meet(monkeypatch, "record_decisions", resolving, wait=MOMENT)
    results = at_once(*[resolving_with(row, leader, ("approve", "decline")[n % 2]) for n in range(MANY)])
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert len(set(statuses(cases))) == 1  # all by one mind
    assert AuditEntry.objects.filter(verb="resolve_list").count() == 1
    assert Document.objects.filter(kind="resolution").count() == 1
    assert audit.verify().fault == ""


def test_control_without_the_lock_both_decide_until_the_database_refuses(office, leader, monkeypatch):
    """Only the frozen rows and the paper's unique number are left, as errors instead of a sentence."""
    row = road.candidate_list(candidates(office, 1), by=office)
    meet(monkeypatch, "record_decisions", resolving)
    take_locks_away(monkeypatch, CandidateList, Application)
    results = at_once(resolving_with(row, leader), resolving_with(row, leader, "decline"))
    assert {type(r) for r in results if isinstance(r, Exception)} - {Refused}


def test_deciding_against_taking_back(office, leader):
    """Whoever comes second gets a sentence; never half of one and half of the other."""
    cases = candidates(office, 2)
    row = road.candidate_list(cases, by=office)
    acts = [resolving_with(row, leader)] * (MANY // 2) + [recalling(row, office)] * (MANY // 2)
    results = at_once(*acts)
    assert len(won(results)) == 1
    row.refresh_from_db()
    found = (row.status, *statuses(cases), row.entries.filter(decision="approve").count())
    assert found in {("resolved", "approved", "approved", 2), ("void", "candidate", "candidate", 0)}


def test_control_without_the_lock_a_list_is_decided_and_taken_back(office, leader, monkeypatch):
    """Both pass the status of the list. Only the status of the case is left to stop the slower one."""
    row = road.candidate_list(candidates(office, 1), by=office)
    reached = meet(monkeypatch, "lock_applications", listing, resolving)
    take_locks_away(monkeypatch, CandidateList)
    at_once(resolving_with(row, leader), recalling(row, office))
    assert len(reached) == 2  # two people past the list at the same time


def test_with_the_lock_only_one_gets_past_the_list(office, leader, monkeypatch):
    """The same as the control, with the lock: the second waits at the list and is refused there."""
    row = road.candidate_list(candidates(office, 1), by=office)
    reached = meet(monkeypatch, "lock_applications", listing, resolving, wait=MOMENT)
    results = at_once(resolving_with(row, leader), recalling(row, office))
    assert len(reached) == len(won(results)) == 1


# ── list against withdrawal ─────────────────────────────────────────────────────────────────────
def test_sending_against_withdrawing(office):
    """The list is sent with all of its cases or, naming who left, with none."""
    cases = candidates(office, MANY // 2)
    row = listing.compile_list([c.key for c in cases], title="名单", places=3, by=office)
    sends = [lambda: LIST.perform(row, "send_list", by=office)] * (MANY // 2)
    results = at_once(*[withdrawing(case) for case in cases], *sends)
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)] == []
    assert statuses(cases) == ["withdrawn"] * len(cases)  # a studio never waits for a list and never loses
    row.refresh_from_db()
    assert row.status in ("drafting", "sent")
    assert not row.entries.filter(is_open=True).exists()
    texts = [str(r) for r in results if isinstance(r, Refused)]
    assert all("请先移出名单" in text or "现在已不能办理" in text for text in texts)


def left_while_sent(row, case, office, patch, **how):
    """A studio that withdraws after the list looked at its case and before the list moves it."""
    acts = {"first": lambda: LIST.perform(row, "send_list", by=office), "second": withdrawing(case)}
    return meanwhile(patch, "save", CandidateList, **acts, **how)


def second_look(patch):
    """Only the look under the locks, not the first one of the conditions."""
    step = LIST.steps["send_list"]
    patch.setitem(LIST.steps, "send_list", replace(step, requires=[]))


def test_the_locked_case_stays_until_the_list_is_sent(office, monkeypatch):
    (case,) = candidates(office, 1)
    row = listing.compile_list([case.key], title="名单", places=1, by=office)
    second_look(monkeypatch)
    sent, left = left_while_sent(row, case, office, monkeypatch, wait=MOMENT)
    assert (sent.status, left.status) == ("sent", "withdrawn")  # the studio waits for its own case, a moment
    assert AuditEntry.objects.get(verb="withdraw").before == "listed"


def test_control_without_the_lock_a_case_leaves_under_the_eyes_of_the_sender(office, monkeypatch):
    (case,) = candidates(office, 1)
    row = listing.compile_list([case.key], title="名单", places=1, by=office)
    second_look(monkeypatch)
    monkeypatch.setattr(
        listing, "lock_applications", lambda keys: list(Application.objects.filter(pk__in=set(keys)))
    )
    refusal, left = left_while_sent(row, case, office, monkeypatch)
    assert left.status == "withdrawn"  # gone, although the list had just looked
    assert isinstance(refusal, Refused)
    assert "请先移出名单" not in str(refusal)  # refused late, and not by the sentence that names what to do


def test_deciding_against_withdrawing(office, leader):
    """Each case is withdrawn before the decision (its row says so) or after it; nobody is stuck."""
    cases = candidates(office, MANY - 1)
    row = road.candidate_list(cases, by=office)
    results = at_once(resolving_with(row, leader), *[withdrawing(case) for case in cases])
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)] == []
    row.refresh_from_db()
    assert row.status == "resolved"
    assert statuses(cases) == ["withdrawn"] * len(cases)
    for entry in row.entries.all():
        assert (entry.decision, entry.reason) in {("", resolving.WITHDRAWN), ("approve", "")}
        assert not entry.is_open
    assert audit.verify().fault == ""


def test_control_without_the_order_of_locks_the_database_has_to_break_a_knot(office, leader, monkeypatch):
    """Rows first, cases afterwards: whoever withdraws holds the case and wants the row, and the other way round."""
    (case,) = candidates(office, 1)
    row = road.candidate_list([case], by=office)
    met = threading.Barrier(2)
    take_locks_away(monkeypatch, CandidateList)

    def rows_first():
        with transaction.atomic():
            ListEntry.objects.filter(list=row).update(reason="决定中")
            met.wait(timeout=LONG)
            return listing.lock_applications([case.pk])

    def case_first():
        with transaction.atomic():
            listing.lock_applications([case.pk])
            met.wait(timeout=LONG)
            return ListEntry.objects.filter(list=row).update(is_open=False)

    results = at_once(rows_first, case_first)
    assert OperationalError in {type(r) for r in results}


# ── one case, two lists; promotion of the last 候补 ─────────────────────────────────────────────
def test_twenty_officers_list_the_same_case_once(office):
    (case,) = candidates(office, 1)
    people = [UserFactory(roles=["office"]) for _ in range(MANY)]
    results = at_once(
        *[lambda by=by: listing.compile_list([case.key], title="名单", places=1, by=by) for by in people]
    )
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert ListEntry.objects.count() == 1


def waiting_list(office, leader, n=3):
    """One place, which has fallen free, and n 候补 behind it."""
    cases = candidates(office, n + 1)
    row = road.resolved(cases, compiled_by=office, leader=leader, decisions=["approve"] * (n + 1), places=1)
    ADMISSION.perform(Application.objects.get(pk=cases[0].pk), "withdraw", by=cases[0].applicant)
    return row, [Application.objects.get(pk=c.pk) for c in cases[1:]]


def promoting(row, case, by):
    entry = row.entries.select_related("application").get(application=case)
    return lambda: listing.promote(entry, by=by)


def test_the_last_place_goes_to_the_first_in_line_once(office, leader):
    row, waiting = waiting_list(office, leader)
    acts = [promoting(row, waiting[n % len(waiting)], office) for n in range(MANY)]
    results = at_once(*acts)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert statuses(waiting) == ["approved", "waitlisted", "waitlisted"]
    assert AuditEntry.objects.filter(verb="promote", result="ok").count() == 1


def test_control_without_the_lock_of_the_list_one_place_is_given_twice(office, leader, monkeypatch):
    """Each request locks another case, so the cases' locks do not help; both count the place as free."""
    row, waiting = waiting_list(office, leader, n=2)
    meet(monkeypatch, "_set_clock", Workflow)
    take_locks_away(monkeypatch, CandidateList)
    # the order of the line would stop the second one by chance of time; the place alone is tried here
    step = ADMISSION.steps["promote"]
    monkeypatch.setitem(ADMISSION.steps, "promote", replace(step, requires=[conditions.place_is_free]))
    results = at_once(*[promoting(row, case, office) for case in waiting])
    assert len(won(results)) == 2
    assert statuses(waiting) == ["approved", "approved"]  # for one place


def test_with_the_lock_the_place_alone_is_enough(office, leader, monkeypatch):
    """The same as the control, with the lock."""
    row, waiting = waiting_list(office, leader, n=2)
    meet(monkeypatch, "_set_clock", Workflow, wait=MOMENT)
    step = ADMISSION.steps["promote"]
    monkeypatch.setitem(ADMISSION.steps, "promote", replace(step, requires=[conditions.place_is_free]))
    results = at_once(*[promoting(row, case, office) for case in waiting])
    assert len(won(results)) == 1
    assert sorted(statuses(waiting)) == ["approved", "waitlisted"]


def test_nobody_promotes_by_race(office, leader):
    row, waiting = waiting_list(office, leader, n=1)
    stranger = UserFactory(roles=["working_group"])
    results = at_once(*[promoting(row, waiting[0], stranger)] * 4)
    assert {type(r) for r in results} == {PermissionDenied}
