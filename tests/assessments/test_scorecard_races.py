"""Two people at one card at the same moment [A2]: each race with its control, which fails without the lock."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.actions import evaluation as years
from assessments.actions import scorecard as acts
from assessments.effects import scorecard as effects
from assessments.models import EvaluationCycle, LineEvidence, Scorecard
from assessments.workflow import CYCLE, SCORECARD
from park.models import AuditEntry
from park.workflow import Conflict, Refused
from tests.assessments.evaluation import card_in, cycle_in, edition
from tests.assessments.test_scorecard import record_of
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meanwhile, meet, take_locks_away, won
from tests.reference import load_reference_rows
from tests.workshops.factories import ResidencyFactory, StudioFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LAST = timezone.localdate().year - 1


@pytest.fixture
def people(transactional_db):
    load_reference_rows()
    return {
        "office": UserFactory(roles=["office"]),
        "second": UserFactory(roles=["lead_division"]),
        "verifier": UserFactory(roles=["logistics"]),
        "owner": UserFactory(roles=["applicant"]),
    }


@pytest.fixture
def residency(people):
    return ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]]))


def two_verdicts(card, people):
    """Two verifiers with the same page before them give one line different points."""
    line = card.lines.select_related("item", "card").get(item__code="A2.1")

    def judge(by, points, reason):
        return lambda: acts.judge_line(
            line, points=Decimal(points), reason=reason, version=line.version, by=by
        )

    return judge(people["office"], 5, ""), judge(people["verifier"], 0, "门口没有标识")


def test_two_verifiers_do_not_write_over_each_other(residency, people):
    card = card_in("self_assessed", residency=residency)
    results = at_once(*two_verdicts(card, people))
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Conflict}
    assert AuditEntry.objects.filter(verb="judge_line").count() == 1


def test_without_the_lock_the_second_verdict_wins_silently(residency, people, monkeypatch):
    card = card_in("self_assessed", residency=residency)
    take_locks_away(monkeypatch, Scorecard)
    meet(monkeypatch, "printed_values", acts)  # both have read the version
    assert len(won(at_once(*two_verdicts(card, people)))) == 2


def verify_against_close(card, people, patch, wait):
    """One overrides a line while another closes the verification and has read the points already."""
    line = card.lines.select_related("item", "card").get(item__code="A2.1")

    def close():
        return SCORECARD.perform(card, "close_verification", by=people["office"], data={})

    def override():
        reason = "门口没有标识"
        return acts.judge_line(
            line, points=Decimal(0), reason=reason, version=line.version, by=people["verifier"]
        )

    return meanwhile(patch, "sums", years, first=close, second=override, wait=wait)


@pytest.fixture
def judged(residency, people):
    """Every line confirmed, the verification still open."""
    card = card_in("self_assessed", residency=residency)
    for line in card.lines.select_related("item", "card"):
        acts.judge_line(line, points=line.proposed_points, reason="", version=0, by=people["office"])
    return card


def sum_of_lines(card):
    return sum(card.lines.values_list("points", flat=True))


def test_a_closed_verification_is_the_sum_of_what_was_judged(judged, people, monkeypatch):
    results = verify_against_close(judged, people, monkeypatch, MOMENT)
    judged.refresh_from_db()
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]
    assert (judged.status, judged.total) == ("verified", sum_of_lines(judged))


def test_without_the_lock_the_sum_is_of_points_that_are_gone(judged, people, monkeypatch):
    take_locks_away(monkeypatch, Scorecard)
    verify_against_close(judged, people, monkeypatch, MOMENT)
    judged.refresh_from_db()
    assert (judged.status, judged.total) == ("verified", sum_of_lines(judged) + 5)


def handed_in_or_taken(card, people):
    return (
        lambda: SCORECARD.perform(card, "hand_in_self_assessment", by=people["owner"], data={}),
        lambda: SCORECARD.perform(card, "take_silence", by=people["office"]),
    )


@pytest.fixture
def late(residency, people):
    """Answered in full and a day late: the studio hands it in, the office takes it as silent."""
    yesterday = timezone.localdate() - timedelta(days=1)
    card = card_in("open", cycle=cycle_in(self_until=yesterday), residency=residency, due_on=yesterday)
    answers = {line.pk: ("agreed", None, "") for line in card.lines.all()}
    acts.answer_lines(card, answers, by=people["owner"])
    return card


def test_handed_in_or_taken_as_silent_never_both(late, people):
    results = at_once(*handed_in_or_taken(late, people))
    assert len(won(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Refused]


def test_without_the_lock_both_happen(late, people, monkeypatch):
    take_locks_away(monkeypatch, Scorecard)
    meet(monkeypatch, "_self_assessed", effects)
    assert len(won(at_once(*handed_in_or_taken(late, people)))) == 2


def test_a_year_is_opened_once(people):
    ResidencyFactory(active=True, term_starts_on=date(LAST, 1, 1))
    rubric = edition()
    results = at_once(*[lambda: years.open_cycle(LAST, rubric=rubric, by=people["office"])] * 4)
    assert len(won(results)) == 1
    assert {type(r) for r in results if isinstance(r, Exception)} == {Refused}
    assert EvaluationCycle.objects.get().cards.count() == 1


def test_one_record_in_two_bonus_items_at_once(late, people):
    """Nothing but the constraint of the database keeps them apart, and it does."""
    record = record_of(late.studio, people)
    lines = late.lines.select_related("item", "card").filter(item__code__in=["A2.B2", "A2.B3"])
    results = at_once(
        *[lambda line=line: acts.add_evidence(line, record=record, by=people["owner"]) for line in lines]
    )
    assert len(won(results)) == 1
    assert LineEvidence.objects.count() == 1


def test_announced_or_opened_again_never_half(residency, people, monkeypatch):
    """The office announces the year while another opens one verification again."""
    cycle = cycle_in()
    card = card_in("verified", cycle=cycle, residency=residency)

    def announce():
        return CYCLE.perform(cycle, "announce_results", by=people["office"])

    def reopen():
        return SCORECARD.perform(
            card, "reopen_verification", by=people["second"], data={"reason": "漏看一项"}
        )

    results = meanwhile(monkeypatch, "regrade", effects, first=announce, second=reopen)
    cycle.refresh_from_db()
    card.refresh_from_db()
    assert [type(r) for r in results] == [Refused, Scorecard]
    assert (cycle.status, card.status, card.grade) == ("open", "self_assessed", "")
