"""Candidate lists and two people at the same moment: real threads on PostgreSQL, each race with its control.

The list is locked before its cases, the cases in the order of their keys; a studio that withdraws locks its case
alone and waits for no list.
"""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from applications.actions import listing, resolving
from applications.models import Application, CandidateList, ListEntry
from applications.workflow import ADMISSION, LIST
from park import audit
from park.models import AuditEntry, Document
from park.workflow import Refused
from tests.applications import road
from tests.applications.conftest import load_reference_rows
from tests.applications.test_listing import member
from tests.applications.test_races import at_once, take_locks_away, won
from tests.factories import UserFactory

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


def meet_in(patch, owner, name, parties=2):
    """Everybody arrives at this function before anybody goes on, if they can: at most a moment is waited."""
    both, real = threading.Barrier(parties), getattr(owner, name)

    def waiting(*args, **kwargs):
        try:
            both.wait(timeout=1.5)
        except threading.BrokenBarrierError:
            pass
        return real(*args, **kwargs)

    patch.setattr(owner, name, waiting)


# ── two approvers ───────────────────────────────────────────────────────────────────────────────
def test_twenty_clicks_decide_once(office, leader):
    cases = candidates(office, 3)
    row = road.candidate_list(cases, by=office)
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
    meet_in(monkeypatch, resolving, "record_decisions")
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
    cases = candidates(office, 1)
    row = road.candidate_list(cases, by=office)
    meet_in(monkeypatch, listing, "lock_applications")
    monkeypatch.setattr(resolving, "lock_applications", listing.lock_applications)
    take_locks_away(monkeypatch, CandidateList)
    results = at_once(resolving_with(row, leader), recalling(row, office))
    row.refresh_from_db()
    # one of the two has gone as far as the case, or the trigger, that stopped it: not refused at the list
    refusals = [str(r) for r in results if isinstance(r, Refused)]
    assert not any("作出审核认定”现在已不能办理" in text or "撤回名单”现在" in text for text in refusals)


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


def test_control_without_the_lock_a_case_is_listed_that_has_left(office, monkeypatch):
    """Between the check and the writing the studio withdraws: it is told so, and is listed all the same."""
    (case,) = candidates(office, 1)
    row = listing.compile_list([case.key], title="名单", places=1, by=office)
    real, left = listing.gone_from, threading.Event()

    def gone_from(candidate_list):
        found = real(candidate_list)
        if threading.current_thread().name == "sender" and not left.is_set():
            left.set()
            withdrawal = threading.Thread(target=in_own_connection, args=(withdrawing(case),))
            withdrawal.start()
            withdrawal.join(timeout=1.5)
        return found

    def in_own_connection(act):
        try:
            act()
        except Exception as error:
            seen.append(error)
        finally:
            connection.close()

    def send():
        threading.current_thread().name = "sender"
        return LIST.perform(row, "send_list", by=office)

    seen = []
    monkeypatch.setattr(listing, "gone_from", gone_from)
    take_locks_away(monkeypatch, Application, CandidateList)
    (result,) = at_once(send)
    row.refresh_from_db()
    case.refresh_from_db()
    # With the locks the withdrawal would wait, then win; without them the one overwrites the other.
    harmed = (case.status, row.entries.get().is_open) not in {("withdrawn", False), ("listed", True)}
    assert harmed or isinstance(result, Exception) or seen


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
    from django.db import OperationalError

    (case,) = candidates(office, 1)
    row = road.candidate_list([case], by=office)
    met = threading.Barrier(2)
    take_locks_away(monkeypatch, CandidateList)

    def rows_first():
        from django.db import transaction

        with transaction.atomic():
            ListEntry.objects.filter(list=row).update(reason="决定中")
            met.wait(timeout=5)
            return listing.lock_applications([case.pk])

    def case_first():
        from django.db import transaction

        with transaction.atomic():
            listing.lock_applications([case.pk])
            met.wait(timeout=5)
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
    from dataclasses import replace

    from applications.conditions import listing as conditions

    row, waiting = waiting_list(office, leader, n=2)
    meet_in(monkeypatch, conditions, "free_places")
    take_locks_away(monkeypatch, CandidateList)
    # the order of the line would stop the second one by chance of time; the place alone is tried here
    step = ADMISSION.steps["promote"]
    monkeypatch.setitem(ADMISSION.steps, "promote", replace(step, requires=[conditions.place_is_free]))
    results = at_once(*[promoting(row, case, office) for case in waiting])
    assert len(won(results)) == 2
    assert statuses(waiting) == ["approved", "approved"]  # for one place


def test_with_the_lock_the_place_alone_is_enough(office, leader, monkeypatch):
    """The same as the control, with the lock."""
    from dataclasses import replace

    from applications.conditions import listing as conditions

    row, waiting = waiting_list(office, leader, n=2)
    meet_in(monkeypatch, conditions, "free_places")
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
