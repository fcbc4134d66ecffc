"""The last two problems of one inspection are closed at the same moment: it ends once, and it does end [5.2].

Real threads on PostgreSQL; the control without the lock shows the harm: each sees the other's problem still open.
"""

import pytest

from assessments.models import Inspection
from assessments.workflow import FINDING, INSPECTION
from park import audit
from park.audit import history_of
from park.workflow import Refused
from tests.assessments import factories as make
from tests.factories import UserFactory
from tests.races import MOMENT, at_once, meet, take_locks_away, won
from tests.reference import load_reference_rows
from tests.workshops.factories import ResidencyFactory, StudioFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db):
    load_reference_rows()
    roles = {"office": ["office"], "inspector": ["logistics"], "owner": ["applicant"]}
    return {name: UserFactory(roles=given) for name, given in roles.items()}


@pytest.fixture
def planned(people) -> Inspection:
    residency = ResidencyFactory(active=True, studio=StudioFactory(people=[people["owner"]]))
    going = [people["office"], people["inspector"]]
    return make.plan([residency], by=people["office"], inspectors=going).inspections.get()


@pytest.fixture
def inspection(planned, people):
    """Two problems, both answered."""
    closing = make.in_status(
        planned,
        "closing",
        inspector=people["inspector"],
        owner=people["owner"],
        verdicts=("not_met", "not_met", "met"),
    )
    for finding in closing.findings.all():
        make.answer(finding, owner=people["owner"])
    return closing


def closing_both(inspection, people):
    """One by the office, one by the inspector."""
    by = (people["office"], people["inspector"])
    return [
        lambda finding=finding, by=by: FINDING.perform(
            finding, "close_finding", by=by, data={"reason": "看过。"}
        )
        for finding, by in zip(inspection.findings.order_by("number"), by, strict=True)
    ]


def closed_by_itself(inspection):
    return history_of(inspection).filter(verb="close_inspection", by=None).count()


def test_two_last_problems_close_the_inspection_once(inspection, people, monkeypatch):
    meet(monkeypatch, "record", audit, wait=MOMENT)  # the lock keeps the second from coming here
    results = at_once(*closing_both(inspection, people))
    assert [type(r) for r in results if isinstance(r, Exception)] == []
    inspection.refresh_from_db()
    assert (inspection.status, closed_by_itself(inspection)) == ("closed", 1)
    assert audit.verify().fault == ""


def test_control_without_the_lock_it_stays_open_with_nothing_left_to_do(inspection, people, monkeypatch):
    take_locks_away(monkeypatch, Inspection)
    came = meet(monkeypatch, "record", audit)  # each has asked for the others and has not committed
    results = at_once(*closing_both(inspection, people))
    assert (len(came), len(won(results))) == (2, 2)
    inspection.refresh_from_db()
    assert (inspection.status, closed_by_itself(inspection)) == ("closing", 0)
    assert not inspection.findings.unsettled().exists()


def test_the_office_and_the_last_problem_close_it_once(inspection, people):
    first, last = closing_both(inspection, people)
    first()
    results = at_once(last, lambda: INSPECTION.perform(inspection, "close_inspection", by=people["office"]))
    inspection.refresh_from_db()
    assert inspection.status == "closed"
    assert history_of(inspection).filter(verb="close_inspection", result="ok").count() == 1
    assert not isinstance(results[0], Exception)
    assert isinstance(results[1], Refused)
