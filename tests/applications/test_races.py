"""Two people at the same moment: what the locks and constraints prevent, and that they are what prevents it.

Real threads on PostgreSQL. Each race has a control in which the lock or the constraint is taken away, and in
which the harm is then seen; otherwise the race would prove nothing (tests/races.py).
"""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.utils import timezone

from applications.actions import filling
from applications.effects import filing as effects
from applications.models import Application, SectionDraft, Submission
from applications.workflow import ADMISSION
from park import audit
from park.models import AuditEntry, NumberSequence
from park.models.document import next_number
from park.workflow import Conflict, Refused, Workflow
from tests.applications import filled
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meanwhile, meet, take_locks_away, won
from tests.reference import load_reference_rows

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


def ready(owner, n=0):
    application = filled.draft(by=owner, typed=filled.typed_for(n))
    filled.recommend(application, by=owner)
    return application


def submitting(application, owner):
    return lambda: ADMISSION.perform(application, "submit", by=owner, data=filled.CONSENTS)


# ── filing ──────────────────────────────────────────────────────────────────────────────────────
def test_twenty_clicks_file_once(owner, monkeypatch):
    application = ready(owner)
    meet(monkeypatch, "_changes", effects, wait=MOMENT)
    results = at_once(*[submitting(application, owner)] * 20)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert Submission.objects.count() == 1
    assert NumberSequence.objects.get(kind="SB").last == 1
    assert AuditEntry.objects.filter(verb="submit").count() == 1
    assert audit.verify().fault == ""


def test_control_without_the_lock_several_clicks_go_through_to_the_database(owner, monkeypatch):
    """Only the unique version number is left to stop them, as an error instead of a sentence."""
    application = ready(owner)
    meet(monkeypatch, "_changes", effects)
    take_locks_away(monkeypatch, Application)
    results = at_once(*[submitting(application, owner)] * 2)
    assert IntegrityError in {type(r) for r in results}


def test_two_applications_for_one_leader_at_once(owner, monkeypatch):
    """The condition reads too early for all; the constraint lets one through and the others get a sentence."""
    rivals = [ready(UserFactory(roles=["applicant"]), n=5) for _ in range(4)]
    meet(monkeypatch, "_set_clock", Workflow, parties=4)
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
        meet(monkeypatch, "_set_clock", Workflow)
        results = at_once(*[submitting(a, a.applicant) for a in rivals])
        assert len(won(results)) == 2
        Application.objects.filter(pk=rivals[1].pk).update(leader_id_index="")
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Application, rule)


def test_numbers_have_no_gaps_and_no_doubles(owner, monkeypatch):
    cases = [ready(UserFactory(roles=["applicant"]), n=20 + n) for n in range(8)]
    meet(monkeypatch, "save", NumberSequence, wait=MOMENT)
    results = at_once(*[submitting(a, a.applicant) for a in cases])
    numbers = sorted(int(a.number[-4:]) for a in won(results))
    assert numbers == list(range(1, 9))


def test_control_without_the_lock_of_the_sequence_numbers_collide(owner, monkeypatch):
    cases = [ready(UserFactory(roles=["applicant"]), n=30 + n) for n in range(4)]
    next_number("SB", timezone.localdate().year)
    meet(monkeypatch, "save", NumberSequence, parties=len(cases))
    take_locks_away(monkeypatch, NumberSequence)
    results = at_once(*[submitting(a, a.applicant) for a in cases])
    assert len(won(results)) < len(cases)


# ── deciding ────────────────────────────────────────────────────────────────────────────────────
def withdrawing(application, owner):
    return lambda: ADMISSION.perform(application, "withdraw", by=owner)


def trail():
    rows = AuditEntry.objects.filter(verb__in=["submit", "withdraw"]).order_by("sequence")
    return list(rows.values_list("verb", flat=True))


def test_filing_and_withdrawing_at_once(owner):
    application = ready(owner)
    results = at_once(submitting(application, owner), withdrawing(application, owner))
    application.refresh_from_db()
    # either order ends so: a filed one may be withdrawn, not the reverse
    assert application.status == "withdrawn"
    assert trail() in (["submit", "withdraw"], ["withdraw"])
    assert len(won(results)) == len(trail())
    assert Submission.objects.count() == len(trail()) - 1


def withdrawn_while_filed(application, owner, patch, **how):
    acts = {"first": submitting(application, owner), "second": withdrawing(application, owner)}
    results = meanwhile(patch, "_changes", effects, **acts, **how)
    application.refresh_from_db()
    return len(won(results)), trail(), application.status


def test_whoever_withdraws_while_the_case_is_filed_comes_after_it(owner, monkeypatch):
    found = withdrawn_while_filed(ready(owner), owner, monkeypatch, wait=MOMENT)
    assert found == (2, ["submit", "withdraw"], "withdrawn")


def test_control_without_the_lock_a_withdrawn_case_comes_back(owner, monkeypatch):
    take_locks_away(monkeypatch, Application)
    found = withdrawn_while_filed(ready(owner), owner, monkeypatch)
    assert found == (2, ["withdraw", "submit"], "submitted")


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


def test_two_officers_decide_at_once(failing, officers, monkeypatch):
    meet(monkeypatch, "_decide", effects, wait=MOMENT)
    results = at_once(*decisions(failing, officers))
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert AuditEntry.objects.filter(verb="pass_review").count() == 1


def test_passing_and_rejecting_at_once(failing, officers, monkeypatch):
    """The conditions exclude each other, so both steps are let through them here: the lock alone decides."""
    for name in ("pass_review", "reject"):
        monkeypatch.setitem(ADMISSION.steps, name, replace(ADMISSION.steps[name], requires=[]))
    meet(monkeypatch, "_decide", effects, wait=MOMENT)
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
    meet(monkeypatch, "_decide", effects)
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


def test_two_editors_at_once_lose_no_text(owner, monkeypatch):
    application = filled.draft(by=owner)
    meet(monkeypatch, "save", SectionDraft, wait=MOMENT)
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
    meet(monkeypatch, "save", SectionDraft)
    take_locks_away(monkeypatch, Application)
    results = at_once(saving(application, owner, "甲"), saving(application, owner, "乙"))
    assert len(won(results)) == 2  # both believe to have saved; one text is gone
    assert SectionDraft.objects.get(application=application, name="plan").version == 2
