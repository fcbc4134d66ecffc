"""Which pairs of expert and case are proposed for recusal, and how each is decided [3.2.2]."""

import pytest

from applications import conflicts
from applications.actions import balloting, recusing, seating
from applications.conflicts import Case, Person
from applications.models import BallotRound, Conflict, RollMark, Status
from park import rules
from park.models import AuditEntry, Document, Notification, Unit
from park.workflow import Refused
from tests.applications import road
from tests.applications.conftest import verbs_of

# ── the comparison, retyped ─────────────────────────────────────────────────────────────────────
SAME = [
    ("镇江船舶设备有限公司", "镇江市船舶设备有限公司"),
    ("镇江船舶设备有限公司", "江苏镇江船舶设备股份有限公司"),
    ("镇江船舶设备有限公司", "镇江船舶设备（集团）有限公司"),
    ("镇江技师学院", "江苏省镇江技师学院"),
    ("镇江技师学院", " 镇江 技师学院 "),
    ("ABB动力（镇江）有限公司", "ＡＢＢ动力（镇江）有限公司"),
]
DIFFERENT = [
    ("镇江船舶设备有限公司", "镇江船厂有限公司"),
    ("丹阳市第一中学", "句容市第一中学"),
    ("镇江公司", "江苏公司"),
    ("", ""),
    ("镇江技师学院", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_of_one_unit(one, other):
    assert conflicts.same_unit(one, other)
    assert conflicts.same_unit(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_units(one, other):
    assert not conflicts.same_unit(one, other)


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("镇江船舶设备有限公司", "镇江船舶设备有限公司第二分厂", True),
        ("江苏科技大学", "江苏科技大学机械学院", True),
        ("镇江船舶设备有限公司", "镇江技师学院", False),
        ("镇江一中", "镇江一中分校", False),  # three characters are left of the name: too few to tell
    ],
)
def test_similar_units(one, other, similar):
    assert conflicts.similar_units(one, other) == similar


@pytest.mark.parametrize(
    ("name", "family"),
    [("陈青松", "陈"), ("欧阳明", "欧阳"), ("欧阳", "欧"), ("诸葛玥", "诸葛"), ("司马昇堃", "司马"),
     ("上官珺", "上官"), ("䶮镕", "䶮"), ("", "")],
)  # fmt: skip
def test_family_names(name, family):
    assert conflicts.family_name(name) == family


CASE = Case("陈青松", "镇江船舶设备有限公司", "91110000600037341L", ("王镕",), frozenset({7}))
# fmt: off
TABLE = [
    # expert                                                            with the setting               without
    (Person("李明", "镇江技师学院"),                                     [],                            []),
    (Person("李明", "镇江技师学院", account=7),                          ["same_person"],               ["same_person"]),
    (Person("陈青松", "镇江技师学院"),                                   ["same_person"],               ["same_person"]),
    (Person("王镕", "镇江技师学院"),                                     [],                            []),
    (Person("王镕", "镇江市船舶设备有限公司"),                           ["same_person", "same_unit"],  ["same_person", "same_unit"]),
    (Person("李明", "镇江船舶设备股份有限公司"),                         ["same_unit"],                 ["same_unit"]),
    (Person("李明", "船舶研究所", "91110000600037341L"),                 ["same_unit"],                 ["same_unit"]),
    (Person("陈刚", "镇江船舶设备有限公司"),                             ["same_unit", "family_name"],  ["same_unit"]),
    (Person("陈刚", "镇江船舶设备有限公司第二分厂"),                     ["family_name"],               []),
    (Person("陈刚", "镇江技师学院"),                                     [],                            []),
    (Person("李明"),                                                     [],                            []),
]
# fmt: on


@pytest.mark.parametrize(("person", "strict", "mild"), TABLE)
def test_what_is_proposed(person, strict, mild):
    assert [basis for basis, _ in conflicts.proposals(person, CASE, by_family_name=True)] == strict
    assert [basis for basis, _ in conflicts.proposals(person, CASE, by_family_name=False)] == mild


def test_a_case_without_unit_matches_nobody():
    assert conflicts.proposals(Person("李明", ""), Case("陈青松", ""), by_family_name=True) == []


# ── proposals on record, and their decisions ────────────────────────────────────────────────────
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office(user):
    return user("office")


@pytest.fixture
def sitting(office):
    """(session, item, seats): five experts, the second of them of the studio's own unit."""
    application = road.place(road.filed(), Status.DELIBERATION)
    experts = [road.expert(1), road.expert(2, unit_name=application.unit_name), *map(road.expert, (3, 4, 5))]
    session = road.session(by=office, experts=experts)
    item = road.agenda_item(session, application)
    return session, item, list(session.seats.order_by("pk"))


def states(item):
    return {(row.seat_id, row.basis): row.state for row in item.conflicts.all()}


def test_proposals_are_written_once_and_a_decision_stays(sitting, office):
    session, item, seats = sitting
    assert (recusing.propose(session), recusing.propose(session)) == (1, 0)
    assert states(item) == {(seats[1].pk, "same_unit"): "proposed"}
    recusing.dismiss_conflict(item.conflicts.get(), reason="已于去年调离", by=office)
    assert recusing.propose(session) == 0
    assert states(item) == {(seats[1].pk, "same_unit"): "dismissed"}


def test_nobody_judges_a_studio_whose_form_they_fill_in(sitting, office):
    session, item, seats = sitting
    item.application.collaborators.create(user=seats[2].expert.user, added_by=item.application.applicant)
    recusing.propose(session)
    row = item.conflicts.get(seat=seats[2], basis="same_person")
    with pytest.raises(Refused, match="必须回避"):
        recusing.dismiss_conflict(row, reason="只帮忙打字", by=office)
    row.refresh_from_db()
    assert row.state == "proposed"


def test_the_credit_code_of_the_account_counts(sitting):
    session, item, seats = sitting
    data = item.application.latest_submission().data
    unit = Unit.objects.create(name="另一名称", credit_code=data["unit"]["unit_credit_code"])
    type(seats[2].expert.user).objects.filter(pk=seats[2].expert.user_id).update(unit=unit)
    recusing.propose(session)
    assert states(item).keys() == {(seats[1].pk, "same_unit"), (seats[2].pk, "same_unit")}


def test_the_setting_turns_family_names_off(sitting, office):
    session, item, seats = sitting
    expert = seats[1].expert
    expert.name = item.application.leader_name[0] + "刚"
    expert.save()
    rules.set_rule("conflict_family_name", False, by=office, reason="试行")
    recusing.propose(session)
    assert states(item) == {(seats[1].pk, "same_unit"): "proposed"}
    rules.set_rule("conflict_family_name", True, by=office, reason="恢复")
    recusing.propose(session)
    assert set(states(item)) == {(seats[1].pk, "same_unit"), (seats[1].pk, "family_name")}


def test_a_declaration_is_effective_at_once_and_printed(sitting, office):
    session, item, seats = sitting
    expert = seats[2].expert.user
    row = recusing.declare_conflict(item, seats[2], detail="领衔人是本人的徒弟", by=expert)
    assert (row.state, row.decided_by, row.basis) == ("confirmed", expert, "declared")
    paper = Document.objects.about(row).get()
    assert (paper.kind, paper.number[:3]) == ("panel_recusal", "HB-")
    assert "declare_conflict" in verbs_of(session)
    assert Notification.objects.filter(user=office, text__contains="声明回避").count() == 1


def test_a_report_stands_until_the_office_decides(sitting, office):
    session, item, seats = sitting
    row = recusing.report_conflict(item, seats[3], detail="曾同在一个班组", by=seats[0].expert.user)
    assert row.state == "proposed"
    recusing.confirm_conflict(row, by=office)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("confirmed", office)
    assert verbs_of(session)[-2:] == ["report_conflict", "confirm_conflict"]


def test_a_dismissal_needs_a_reason(sitting, office):
    _, item, seats = sitting
    row = recusing.report_conflict(item, seats[3], detail="传闻", by=office)
    with pytest.raises(Refused, match="理由"):
        recusing.dismiss_conflict(row, reason=" ", by=office)
    recusing.dismiss_conflict(row, reason="查无此事", by=office)
    again = recusing.report_conflict(item, seats[3], detail="有了证据", by=office)
    assert (again.pk, again.state, again.detail, again.reason) == (row.pk, "proposed", "有了证据", "")


def test_the_same_thing_is_not_said_twice(sitting, office):
    _, item, seats = sitting
    row = recusing.report_conflict(item, seats[3], detail="同班组", by=office)
    with pytest.raises(Refused, match="记录在案"):
        recusing.report_conflict(item, seats[3], detail="同班组", by=office)
    recusing.confirm_conflict(row, by=office)
    with pytest.raises(Refused, match="已是"):
        recusing.confirm_conflict(row, by=office)


@pytest.mark.parametrize("end", ["closed", "settled", "declined"])
def test_nothing_changes_once_it_is_over(sitting, office, end):
    session, item, seats = sitting
    row = recusing.report_conflict(item, seats[3], detail="同班组", by=office)
    if end == "closed":
        type(session).objects.filter(pk=session.pk).update(status="closed")
    elif end == "settled":
        type(item).objects.filter(pk=item.pk).update(is_open=False)
    else:
        type(seats[3]).objects.filter(pk=seats[3].pk).update(response="declined")
    for act in (
        lambda: recusing.confirm_conflict(row, by=office),
        lambda: recusing.dismiss_conflict(row, reason="无关", by=office),
        lambda: recusing.declare_conflict(item, seats[3], detail="x", by=office),
    ):
        with pytest.raises(Refused):
            act()


def test_the_acting_chair_who_steps_aside_no_longer_presides(sitting, office):
    _, item, seats = sitting
    type(item).objects.filter(pk=item.pk).update(acting_chair=seats[3])
    recusing.declare_conflict(item, seats[3], detail="师徒", by=seats[3].expert.user)
    item.refresh_from_db()
    assert item.acting_chair is None


def test_the_trail_names_neither_experts_nor_their_choices(sitting, office):
    _, item, seats = sitting
    row = recusing.report_conflict(item, seats[3], detail="同班组", by=office)
    recusing.confirm_conflict(row, by=office)
    texts = " ".join(
        f"{e.before}{e.after}{e.note}" for e in AuditEntry.objects.filter(verb__endswith="_conflict")
    )
    assert seats[3].expert.name not in texts
    assert Conflict.Basis.REPORTED.label in texts


# ── while the case is being voted on ────────────────────────────────────────────────────────────
@pytest.fixture
def voting(sitting, office):
    """An open round; the second seat has voted."""
    _, item, seats = sitting
    row = BallotRound.objects.create(
        item=item, number=1, voting="secret", means="online", quorum="two_thirds", threshold="two_thirds",
        min_voters=3, seats=5, present=5, recused=0, eligible=5, opened_by=office,
    )  # fmt: skip
    RollMark.objects.bulk_create(RollMark(round=row, seat=seat) for seat in seats)
    road.place(item.application, Status.BALLOT)
    balloting.cast(row, seats[1], "a", by=seats[1].expert.user)
    return row


def test_who_steps_aside_is_struck_from_the_roll(sitting, voting):
    _, item, seats = sitting
    recusing.declare_conflict(item, seats[2], detail="师徒", by=seats[2].expert.user)
    voting.refresh_from_db()
    assert (voting.present, voting.recused, voting.eligible) == (5, 1, 4)
    assert set(voting.roll.values_list("seat", flat=True)) == {s.pk for s in seats} - {seats[2].pk}


def test_who_has_voted_can_no_longer_step_aside_in_this_round(sitting, voting, office):
    _, item, seats = sitting
    with pytest.raises(Refused, match="已经投票"):
        recusing.declare_conflict(item, seats[1], detail="师徒", by=seats[1].expert.user)
    with pytest.raises(Refused, match="已经投票"):
        recusing.report_conflict(item, seats[1], detail="同班组", by=office)
    voting.refresh_from_db()
    assert (voting.eligible, voting.roll.count(), item.conflicts.count()) == (5, 5, 0)


def test_a_report_during_the_ballot_is_the_offices_and_confirmed_at_once(sitting, voting, office):
    _, item, seats = sitting
    with pytest.raises(Refused, match="管理办公室当场确认"):
        recusing.report_conflict(item, seats[3], detail="同班组", by=seats[0].expert.user)
    row = recusing.report_conflict(item, seats[3], detail="同班组", by=office)
    assert row.state == "confirmed"
    with pytest.raises(Refused, match="投票结束前"):
        recusing.dismiss_conflict(row, reason="查无此事", by=office)
    voting.refresh_from_db()
    assert (voting.recused, voting.eligible) == (1, 4)


def test_the_chair_does_not_change_during_the_ballot(sitting, voting, office):
    _, _, seats = sitting
    with pytest.raises(Refused, match="投票结束前"):
        seating.name_chair(seats[3], by=office)
