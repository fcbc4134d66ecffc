"""Two people at the same moment: what the locks and constraints prevent, and that they are what prevents it.

Real threads on PostgreSQL. Each race has a control in which the lock or the constraint is taken away, and in
which the harm is then seen; otherwise the race would prove nothing.
"""

import threading
from contextlib import contextmanager, suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.db.models import QuerySet

from applications.actions import filling
from applications.models import Application, SectionDraft, Submission
from applications.workflow import ADMISSION
from park import audit
from park.models import AuditEntry, NumberSequence
from park.workflow import Conflict, Refused
from tests.applications import filled
from tests.applications.conftest import load_reference_rows
from tests.factories import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _reference(transactional_db, settings):
    """No papers and mails here: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
    load_reference_rows()


@pytest.fixture
def owner():
    return UserFactory(roles=["applicant"])


@pytest.fixture
def officers():
    return [UserFactory(roles=["office"]) for _ in range(2)]


def at_once(*acts) -> list:
    """Run the acts in threads that start together; their results or exceptions, in order."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait(timeout=30)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def won(results) -> list:
    return [r for r in results if not isinstance(r, Exception)]


@contextmanager
def slow_decisions(monkeypatch, locked=True):
    """Everybody reads before anybody writes: each act waits after its reading, up to a moment.

    With the lock the second one reads only after the first has written.
    """
    from applications.conditions import filing as conditions

    met = threading.Event()
    seen = []
    before = conditions.rules.get

    def waiting(key):
        if not seen or seen[-1] != threading.get_ident():
            seen.append(threading.get_ident())
            if len(set(seen)) > 1:
                met.set()
            met.wait(timeout=1.5)
        return before(key)

    with monkeypatch.context() as patch:
        patch.setattr(conditions.rules, "get", waiting)
        if not locked:
            take_locks_away(patch, Application)
        yield


def take_locks_away(patch, *models):
    """`select_for_update` on these models locks nothing."""
    real = QuerySet.select_for_update

    def lock(self, *args, **kwargs):
        return self.all() if self.model in models else real(self, *args, **kwargs)

    patch.setattr(QuerySet, "select_for_update", lock)


def ready(owner, n=0):
    application = filled.draft(by=owner, typed=filled.typed_for(n))
    filled.recommend(application, by=owner)
    return application


def submitting(application, owner):
    return lambda: ADMISSION.perform(application, "submit", by=owner, data=filled.CONSENTS)


# ── filing ──────────────────────────────────────────────────────────────────────────────────────
def test_twenty_clicks_file_once(owner):
    application = ready(owner)
    results = at_once(*[submitting(application, owner)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert Submission.objects.count() == 1
    assert NumberSequence.objects.get(kind="SB").last == 1
    assert AuditEntry.objects.filter(verb="submit").count() == 1
    assert audit.verify().fault == ""


def test_control_without_the_lock_several_clicks_go_through_to_the_database(owner, monkeypatch):
    """Only the unique version number is left to stop them, as an error instead of a sentence."""
    from django.db import IntegrityError

    application = ready(owner)
    with slow_decisions(monkeypatch, locked=False):
        results = at_once(*[submitting(application, owner)] * 4)
    assert IntegrityError in {type(r) for r in results}


def test_two_applications_for_one_leader_at_once(owner):
    """The condition reads too early for both; the constraint lets one through and the other gets a sentence."""
    rivals = [ready(UserFactory(roles=["applicant"]), n=5) for _ in range(4)]
    results = at_once(*[submitting(a, a.applicant) for a in rivals])
    assert len(won(results)) == 1
    assert {str(r) for r in results if isinstance(r, Exception)} == {
        "这位领衔人已有一份正在办理的申报，不能重复提交。"
    }
    assert Application.objects.filter(status="submitted").count() == 1


def test_control_without_the_constraint_one_leader_files_twice(owner, monkeypatch):
    rivals = [ready(UserFactory(roles=["applicant"]), n=6) for _ in range(2)]
    rule = next(c for c in Application._meta.constraints if c.name == "application_one_per_leader")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Application, rule)
    try:
        with slow_decisions(monkeypatch):
            results = at_once(*[submitting(a, a.applicant) for a in rivals])
        assert len(won(results)) == 2
        Application.objects.filter(pk=rivals[1].pk).update(leader_id_index="")
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Application, rule)


def test_numbers_have_no_gaps_and_no_doubles(owner):
    cases = [ready(UserFactory(roles=["applicant"]), n=20 + n) for n in range(8)]
    results = at_once(*[submitting(a, a.applicant) for a in cases])
    numbers = sorted(int(a.number[-4:]) for a in won(results))
    assert numbers == list(range(1, 9))


def test_control_without_the_lock_of_the_sequence_numbers_collide(owner, monkeypatch):
    from park.models import document

    cases = [ready(UserFactory(roles=["applicant"]), n=30 + n) for n in range(4)]
    met = threading.Barrier(len(cases))
    real_save = NumberSequence.save

    def save(self, *args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            met.wait(timeout=3)
        return real_save(self, *args, **kwargs)

    document.next_number("SB", Application().created_at.year)
    with monkeypatch.context() as patch:
        take_locks_away(patch, NumberSequence)
        patch.setattr(NumberSequence, "save", save)
        results = at_once(*[submitting(a, a.applicant) for a in cases])
    assert len(won(results)) < len(cases)


# ── deciding ────────────────────────────────────────────────────────────────────────────────────
def test_filing_and_withdrawing_at_once(owner):
    application = ready(owner)
    results = at_once(
        submitting(application, owner), lambda: ADMISSION.perform(application, "withdraw", by=owner)
    )
    application.refresh_from_db()
    assert (
        application.status == "withdrawn"
    )  # either order ends so: a filed one may be withdrawn, not the reverse
    trail = list(
        AuditEntry.objects.filter(verb__in=["submit", "withdraw"])
        .order_by("sequence")
        .values_list("verb", flat=True)
    )
    assert trail in (["submit", "withdraw"], ["withdraw"])
    assert len(won(results)) == len(trail)
    assert Submission.objects.count() == len(trail) - 1


def test_control_without_the_lock_a_withdrawn_case_comes_back(owner, monkeypatch):
    application = ready(owner)
    with slow_decisions(monkeypatch, locked=False):
        started = threading.Event()

        def withdraw():
            started.wait(timeout=0.7)  # while the filing has read, and not yet written
            return ADMISSION.perform(application, "withdraw", by=owner)

        results = at_once(submitting(application, owner), withdraw)
    application.refresh_from_db()
    trail = list(
        AuditEntry.objects.filter(verb__in=["submit", "withdraw"])
        .order_by("sequence")
        .values_list("verb", flat=True)
    )
    assert (len(won(results)), trail, application.status) == (2, ["withdraw", "submit"], "submitted")


@pytest.fixture
def failing(owner, officers):
    """A case that one officer may pass and another may reject: two claims, one of which fails."""
    application = filled.submitted(by=owner)
    return filled.reviewed(application, by=officers[0])


def decisions(application, officers):
    return (
        lambda: ADMISSION.perform(application, "pass_review", by=officers[0], data={"opinion": "同意。"}),
        lambda: ADMISSION.perform(application, "pass_review", by=officers[1], data={"opinion": "同意。"}),
    )


def test_two_officers_decide_at_once(failing, officers):
    results = at_once(*decisions(failing, officers))
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert AuditEntry.objects.filter(verb="pass_review").count() == 1


def test_passing_and_rejecting_at_once(failing, officers, monkeypatch):
    """The conditions exclude each other, so both steps are let through them here: the lock alone decides."""
    from dataclasses import replace

    for name in ("pass_review", "reject"):
        monkeypatch.setitem(ADMISSION.steps, name, replace(ADMISSION.steps[name], requires=[]))
    results = at_once(
        lambda: ADMISSION.perform(failing, "pass_review", by=officers[0], data={"opinion": "同意。"}),
        lambda: ADMISSION.perform(
            failing, "reject", by=officers[1], data={"clause": "3.1.2", "reason": "无"}
        ),
    )
    assert len(won(results)) == 1
    failing.refresh_from_db()
    assert failing.status == {"passed": "site_visit", "rejected": "rejected"}[failing.review_decision.outcome]


def test_control_without_the_lock_the_second_decision_is_a_database_error(failing, officers, monkeypatch):
    from django.db import IntegrityError

    from applications.effects import filing as effects

    both = threading.Barrier(2)
    real = effects._decide

    def decide(*args):
        both.wait(timeout=5)
        return real(*args)

    monkeypatch.setattr(effects, "_decide", decide)
    take_locks_away(monkeypatch, Application)
    results = at_once(*decisions(failing, officers))
    assert IntegrityError in {type(r) for r in results}


def test_nobody_slips_in_by_race(failing, owner):
    results = at_once(*[lambda: ADMISSION.perform(failing, "pass_review", by=owner)] * 4)
    assert {type(r) for r in results} == {PermissionDenied}


# ── writing ─────────────────────────────────────────────────────────────────────────────────────
def saving(application, owner, text, version=1):
    return lambda: filling.save_section(
        application, "plan", {"plan_or_goals": text}, version=version, by=owner
    )


def test_two_editors_at_once_lose_no_text(owner):
    application = filled.draft(by=owner)
    texts = [f"第{n}人写的" for n in range(6)]
    results = at_once(*[saving(application, owner, text) for text in texts])
    assert [type(r) for r in results if isinstance(r, Exception)] == [Conflict] * 5
    (saved,) = won(results)
    draft = SectionDraft.objects.get(application=application, name="plan")
    assert (draft.version, draft.data["plan_or_goals"]) == (2, texts[results.index(saved)])


def test_two_editors_open_a_new_section_at_once(owner):
    application = filling.start_application(by=owner)
    results = at_once(*[saving(application, owner, f"第{n}人", version=0) for n in range(4)])
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Conflict", "Conflict", "SectionDraft"]


def test_control_without_the_lock_a_text_is_overwritten(owner, monkeypatch):
    application = filled.draft(by=owner)
    both, real = threading.Barrier(2), SectionDraft.save

    def save(self, *args, **kwargs):
        both.wait(timeout=5)
        return real(self, *args, **kwargs)

    monkeypatch.setattr(SectionDraft, "save", save)
    take_locks_away(monkeypatch, Application)
    results = at_once(saving(application, owner, "甲"), saving(application, owner, "乙"))
    assert len(won(results)) == 2  # both believe to have saved; one text is gone
    assert SectionDraft.objects.get(application=application, name="plan").version == 2
