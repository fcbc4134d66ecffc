"""What is locked before the end of the audit trail? A row wanted after it is a deadlock with whoever has it.

Session, agenda item, round, application (or list, application), numbers, and the end of the trail last: read off
the statements that PostgreSQL gets.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.actions import admitting, balloting, convening, noticing, seating
from applications.models import Status
from tests.applications import road
from tests.factories import UserFactory

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference"),
]
LOCKS = re.compile(r'^(?:UPDATE "(\w+)"|SELECT .*? FROM "(\w+)".* FOR NO KEY UPDATE)', re.DOTALL)
TRAIL = "park_audithead"
ITEM, CASE, ENTRY = "applications_agendaitem", "applications_application", "applications_listentry"
NUMBERS = "park_numbersequence"


@pytest.fixture
def office():
    return UserFactory(roles=["office"])


def panel():
    return [road.expert(n) for n in range(5)]


def locked_by(act) -> list[str]:
    """The tables whose rows an act locks or writes, in this order."""
    with CaptureQueriesContext(connection) as found:
        act()
    hits = (LOCKS.match(query["sql"]) for query in found.captured_queries)
    return [hit[1] or hit[2] for hit in hits if hit]


def before_the_trail(tables, name) -> bool:
    """The rows of this table are first locked before the trail."""
    return name in tables[: tables.index(TRAIL)]


def never_after_the_trail(tables, name) -> bool:
    return name in tables and name not in tables[tables.index(TRAIL) :]


@pytest.fixture
def voting(office):
    item = road.agenda_item(
        road.session(by=office, experts=panel()), road.place(road.filed(), Status.DELIBERATION), by=office
    )
    item.session.current_item = item
    item.session.save()
    chair = item.session.seats.get(is_chair=True)
    round_ = balloting.open_round_for(item, by=chair.expert.user)
    balloting.cast(round_, chair, "a", by=chair.expert.user)
    return round_, chair.expert.user


def test_closing_a_round(voting):
    round_, chair = voting
    assert before_the_trail(locked_by(lambda: balloting.close_round(round_, by=chair)), CASE)


def test_voiding_a_round(voting):
    round_, chair = voting
    assert before_the_trail(
        locked_by(lambda: balloting.void_round(round_, reason="有人离席。", by=chair)), CASE
    )


def test_taking_a_case_off_the_agenda(office):
    session = road.session(by=office, experts=panel(), status="convened")
    items = [
        road.agenda_item(session, road.place(road.filed(), Status.DELIBERATION), by=office) for _ in range(2)
    ]
    type(items[0]).objects.filter(pk=items[1].pk).update(order=2)
    tables = locked_by(lambda: convening.take_off_agenda(items[0], reason="材料待补。", by=office))
    assert never_after_the_trail(tables, ITEM)
    items[1].refresh_from_db()
    assert items[1].order == 1


def test_replacing_an_expert(office):
    session = road.session(by=office, experts=panel(), status="convened")
    seat = session.seats.filter(is_chair=False).first()
    tables = locked_by(lambda: seating.unseat_expert(seat, reason="另有公务。", by=office))
    assert never_after_the_trail(tables, ITEM)


def test_drafting_a_notice(office):
    leader = UserFactory(roles=["working_group"])
    road.working_group_leader(leader)
    cases = [road.candidate(office=office)]
    row = road.resolved(cases, compiled_by=office, leader=leader, decisions=["approve"])
    tables = locked_by(
        lambda: noticing.draft_notice(row, title="拟入驻名单公示", text="现予公示。", by=office)
    )
    assert before_the_trail(tables, CASE)
    assert ENTRY in tables


def test_letters_of_several_kinds(office):
    letters = []
    for status, kind in ((Status.ADMITTED, "admitted"), (Status.DECLINED, "not_admitted")):
        case = road.place(road.filed(), status)
        letters.append(admitting.prepare(case, kind, stage="审核认定", clause="3.2.3", reason="理由。"))
    tables = locked_by(lambda: admitting.send_many([row.pk for row in letters], by=office))
    # both kinds before the trail; the first letter alone would touch its own number twice
    assert tables[: tables.index(TRAIL)].count(NUMBERS) == 4
