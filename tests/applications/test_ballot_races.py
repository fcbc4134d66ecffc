"""The ballot under twenty requests at once: what its locks prevent, and that it is they that prevent it [3.2.2].

Real threads on PostgreSQL, with a control for each race in which the lock or the condition is taken away and the
harm is then seen.
"""

import itertools
import threading

import pytest
from django.db import DatabaseError, connection
from django.db.models import F, QuerySet

from applications.actions import balloting, recusing
from applications.invariants import ballot as invariants
from applications.models import (
    AgendaItem,
    Application,
    BallotRound,
    Conflict,
    PanelSession,
    RollMark,
    Slip,
    Status,
)
from applications.workflow import ADMISSION
from park import audit
from park.models import AuditEntry
from park.workflow import Refused
from tests.applications import road
from tests.factories import UserFactory
from tests.races import LONG, MOMENT, at_once, meanwhile, meet, take_locks_away, won
from tests.reference import load_reference_rows

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _reference(transactional_db, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def an_item(office, voters=5):
    session = road.session(
        by=office,
        experts=[road.expert(next(_numbers)) for _ in range(voters)],
        seats_wanted=voters + 1 - voters % 2,
    )
    item = road.agenda_item(session, road.place(road.filed(), Status.DELIBERATION), by=office)
    session.current_item = item
    session.save()
    return item


def chair_of(item):
    return item.session.seats.get(is_chair=True).expert.user


def a_round(office, voters=5):
    item = an_item(office, voters)
    return balloting.open_round_for(item, by=chair_of(item))


def seats_of(round_):
    return [mark.seat for mark in round_.roll.select_related("seat__expert__user").order_by("pk")]


def casting(round_, seat, choice="a"):
    return lambda: balloting.cast(round_, seat, choice, by=seat.expert.user)


def closing(round_):
    return lambda: balloting.close_round(round_, by=chair_of(round_.item))


def broken():
    found = {i.name: offenders for i in invariants.INVARIANTS if (offenders := i.offenders())}
    assert audit.verify().fault == ""
    return found


def refusals(results):
    return {str(r) for r in results if isinstance(r, Exception)}


# ── one seat votes twice ────────────────────────────────────────────────────────────────────────
def test_twenty_votes_of_one_seat_are_one(office, monkeypatch):
    round_ = a_round(office)
    meet(monkeypatch, "_mark", balloting, wait=MOMENT)
    seat = seats_of(round_)[0]
    results = at_once(*[casting(round_, seat, "aon"[n % 3]) for n in range(20)])
    assert len(won(results)) == 1
    assert refusals(results) == {"您已投票，每人只投一次。"}
    assert (Slip.objects.count(), RollMark.objects.filter(has_voted=True).count()) == (1, 1)
    assert AuditEntry.objects.filter(verb="cast_vote").count() == 1
    assert broken() == {}


def test_control_a_mark_that_is_read_and_then_written_lets_one_seat_vote_twice(office, monkeypatch):
    """Without lock and without the condition in the update; the trigger on the slips is taken away too."""
    round_ = a_round(office)
    seat = seats_of(round_)[0]
    _drop("slip_of_a_voter", "applications_slip")
    met = threading.Barrier(2)

    def mark(round_, seat):
        if RollMark.objects.get(round=round_, seat=seat).has_voted:
            raise Refused("您已投票，每人只投一次。")
        met.wait(timeout=LONG)
        RollMark.objects.filter(round=round_, seat=seat).update(has_voted=True)

    monkeypatch.setattr(balloting, "_mark", mark)
    take_locks_away(monkeypatch, AgendaItem, BallotRound)
    results = at_once(casting(round_, seat, "a"), casting(round_, seat, "o"))
    assert len(won(results)) == 2
    assert Slip.objects.count() == 2
    assert "slips_and_roll" in broken()


def _drop(name, table):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name} ON {table}")


# ── many seats at once ──────────────────────────────────────────────────────────────────────────
def test_twenty_seats_vote_at_once_and_no_slip_is_lost(office):
    round_ = a_round(office, voters=20)
    said = "a" * 13 + "o" * 4 + "n" * 3
    results = at_once(*[casting(round_, seat, c) for seat, c in zip(seats_of(round_), said, strict=True)])
    assert len(won(results)) == 20
    assert round_.recounted() == (13, 4, 3)
    with connection.cursor() as cursor:
        for table in ("applications_slip", "applications_rollmark"):
            cursor.execute(f"SELECT COUNT(DISTINCT xmin::text) FROM {table}")
            assert cursor.fetchone() == (1,)
    assert broken() == {}


def test_control_without_the_locks_a_slip_is_lost_or_a_vote_breaks_off(office, monkeypatch):
    round_ = a_round(office)
    first, second = seats_of(round_)[:2]

    def mark(round_, seat):  # the rows of the others untouched, as they would hold the second one up
        RollMark.objects.filter(round=round_, seat=seat, has_voted=False).update(has_voted=True)

    casting(round_, seats_of(round_)[2])()
    meet(monkeypatch, "delete", QuerySet)  # both have read the slips that they write anew
    monkeypatch.setattr(balloting, "_mark", mark)
    take_locks_away(monkeypatch, AgendaItem, BallotRound)
    results = at_once(casting(round_, first), casting(round_, second))
    failed = [r for r in results if isinstance(r, DatabaseError)]
    assert failed or Slip.objects.count() != 3


# ── votes against the close ─────────────────────────────────────────────────────────────────────
def test_votes_against_the_close(office):
    """Whoever came before the close is counted, whoever came after it reads so; nothing in between."""
    for _ in range(3):
        round_ = a_round(office, voters=20)
        seats = seats_of(round_)
        for seat in seats[:3]:
            casting(round_, seat)()
        acts = [casting(round_, seat, "ao"[n % 2]) for n, seat in enumerate(seats[3:])]
        results = at_once(*acts[:9], closing(round_), *acts[9:], closing(round_))
        round_.refresh_from_db()
        counted = round_.approve + round_.oppose + round_.abstain
        votes = [*results[:9], *results[10:-1]]
        assert counted == 3 + len(won(votes))
        assert refusals(votes) <= {"本轮投票已经结束。"}
        assert counted == RollMark.objects.filter(round=round_, has_voted=True).count()
        assert broken() == {}


def test_control_without_the_locks_a_vote_falls_after_the_count(office, monkeypatch):
    """The round is counted and closed while a vote is on its way; with the triggers away it lands in a closed one."""
    round_ = a_round(office)
    seats = seats_of(round_)
    for seat in seats[:4]:
        casting(round_, seat)()
    for trigger in invariants.TRIGGERS:
        _drop(trigger.name, trigger.table)
    take_locks_away(monkeypatch, AgendaItem, BallotRound)
    results = meanwhile(
        monkeypatch, "_mark", balloting, first=casting(round_, seats[4]), second=closing(round_)
    )
    assert len(won(results)) == 2
    round_.refresh_from_db()
    assert (round_.approve, Slip.objects.filter(round=round_).count()) == (4, 5)
    assert {"counts_and_roll", "ballot_recount"} <= set(broken())


# ── stepping aside against the vote ─────────────────────────────────────────────────────────────
def test_recusal_against_the_vote(office):
    """Either the vote was first and the recusal is refused, or the expert is off the roll and has no vote."""
    seen = set()
    for n in range(6):
        round_ = a_round(office)
        seat = seats_of(round_)[1]

        def step_aside(round_=round_, seat=seat):
            return recusing.report_conflict(round_.item, seat, detail="亲属", by=office)

        acts = [casting(round_, seat)] * 10 + [step_aside] * 10
        results = at_once(*(acts if n % 2 else acts[::-1]))
        assert len(won(results)) == 1
        recused = Conflict.objects.confirmed().filter(item=round_.item).exists()
        voted = Slip.objects.filter(round=round_).count()
        round_.refresh_from_db()
        assert (recused, voted, round_.eligible, round_.roll.count()) in ((True, 0, 4, 4), (False, 1, 5, 5))
        seen.add(recused)
        assert broken() == {}
    assert seen


def test_control_without_the_locks_who_voted_is_struck_off(office, monkeypatch):
    round_ = a_round(office)
    seat = seats_of(round_)[1]
    for trigger in invariants.TRIGGERS:
        _drop(trigger.name, trigger.table)
    row = Conflict.objects.create(item=round_.item, seat=seat, basis="reported")
    looked, voted = threading.Event(), threading.Event()
    real = QuerySet.delete

    def delete(self):
        if self.model is RollMark:
            looked.set()
            voted.wait(timeout=LONG)
        return real(self)

    def vote():
        looked.wait(timeout=LONG)
        try:
            return casting(round_, seat)()
        finally:
            voted.set()

    monkeypatch.setattr(QuerySet, "delete", delete)
    take_locks_away(monkeypatch, AgendaItem, BallotRound, PanelSession)
    results = at_once(vote, lambda: recusing.confirm_conflict(row, by=office))
    assert len(won(results)) == 2  # both believe to have done it
    assert (Slip.objects.count(), RollMark.objects.filter(round=round_, seat=seat).count()) == (1, 0)
    assert "slips_and_roll" in broken()


# ── two closers, two openers, a withdrawal ──────────────────────────────────────────────────────
def test_twenty_closers_close_once(office, monkeypatch):
    round_ = a_round(office)
    meet(monkeypatch, "_count", balloting, wait=MOMENT)
    for seat in seats_of(round_)[:4]:
        casting(round_, seat)()
    results = at_once(*[closing(round_)] * 20)
    assert len(won(results)) == 1
    assert refusals(results) == {"本轮投票已经结束。"}
    assert AuditEntry.objects.filter(verb="close_round").count() == 1
    assert AuditEntry.objects.filter(verb="carry").count() == 1
    assert broken() == {}


def test_control_without_the_locks_a_round_is_counted_twice(office, monkeypatch):
    round_ = a_round(office)
    for seat in seats_of(round_)[:4]:
        casting(round_, seat)()
    for trigger in invariants.TRIGGERS:
        _drop(trigger.name, trigger.table)
    counting = meet(monkeypatch, "_count", balloting)
    take_locks_away(monkeypatch, AgendaItem, BallotRound, Application)
    at_once(closing(round_), closing(round_))
    assert len(counting) == 2


def test_twenty_openers_open_one_round(office):
    item = an_item(office)
    chair = chair_of(item)
    results = at_once(*[lambda: balloting.open_round_for(item, by=chair)] * 20)
    assert len(won(results)) == 1
    assert BallotRound.objects.count() == 1
    assert RollMark.objects.count() == 5
    assert broken() == {}


def test_a_withdrawal_against_the_opening_waits_for_nobody(office):
    """One of them goes through, the other gets a sentence; no deadlock, whoever comes first."""
    seen = set()
    for n in range(6):
        item = an_item(office)
        chair, owner = chair_of(item), item.application.applicant
        acts = [
            lambda item=item, chair=chair: balloting.open_round_for(item, by=chair),
            lambda item=item, owner=owner: ADMISSION.perform(item.application, "withdraw", by=owner),
        ]
        results = at_once(*(acts if n % 2 else acts[::-1]))
        failed = [r for r in results if isinstance(r, Exception)]
        assert [type(r) for r in failed] == [Refused], failed
        status = Application.objects.get(pk=item.application_id).status
        assert status in ("ballot", "withdrawn")
        seen.add(status)
        assert broken() == {}
    assert seen


def test_touching_counts_every_vote(office):
    """What makes the rows of the roll alike: each vote writes them all."""
    round_ = a_round(office)
    for n, seat in enumerate(seats_of(round_)[:3], 1):
        casting(round_, seat)()
        assert set(round_.roll.values_list("touched", flat=True)) == {n}
    assert round_.roll.filter(touched=F("touched")).count() == 5
