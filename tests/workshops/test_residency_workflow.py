"""The residency as a procedure: who may do what when, what each step needs and what follows [4.1][5.3][5.4]."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from park import rules
from park.models import Notification, Role
from park.workflow import Refused
from tests.factories import UserFactory
from tests.workshops import staying
from tests.workshops.factories import OccupancyFactory, ResidencyFactory, RoomFactory, StudioFactory
from tests.workshops.staying import quiet  # noqa: F401
from tests.workshops.test_agreement import invariant_offenders
from workshops.actions import agreeing, leaving, registering, rooming, warning
from workshops.models import Agreement, EndWarning, Handover, Occupancy, Residency, ResidencyStatus
from workshops.workflow.residency import RESIDENCY, STAGES, WITHOUT_BUTTON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

# The table typed again: from where, to where.
ROAD = {
    "activate_residency": ({"pending_agreement"}, "active"),
    "lapse_residency": ({"pending_agreement"}, "ended"),
    "end_residency": ({"pending_agreement", "active", "under_rectification"}, "ended"),
    "suspend": ({"active"}, "under_rectification"),
    "resume": ({"under_rectification"}, "active"),
    "revoke": ({"pending_agreement", "active", "under_rectification"}, "revoked"),
}
OFFICE = {Role.OFFICE, Role.LEAD_DIVISION}
WHO = dict.fromkeys(("activate_residency", "lapse_residency", "end_residency"), OFFICE) | dict.fromkeys(
    WITHOUT_BUTTON, OFFICE | {Role.WORKING_GROUP}
)


def in_status(status, **kwargs):
    if status == "pending_agreement":
        return ResidencyFactory(**kwargs)
    return ResidencyFactory(active=True, **(kwargs | {"status": status}))


def test_the_table_is_this_one():
    assert {name: (set(step.sources), step.target) for name, step in RESIDENCY.steps.items()} == ROAD
    assert set(STAGES) == set(ResidencyStatus)
    assert {s for s, stage in STAGES.items() if not stage.turn} == {"ended", "revoked"}


@pytest.mark.parametrize("role", [*Role, None])
def test_steps_offered(role):
    """role × status × step: the right person in the right status, and nobody else."""
    user = UserFactory(roles=[role] if role else [])
    for status in ResidencyStatus:
        row = in_status(status)
        offered = {step.name for step in RESIDENCY.open_to(user, row)}
        assert offered == {
            name for name, (sources, _) in ROAD.items() if status in sources and role in WHO[name]
        }


@pytest.mark.parametrize("step", ROAD)
def test_nobody_acts_in_office_on_their_own_studio(step):
    officer = UserFactory(roles=["office"])
    status = sorted(ROAD[step][0])[0]
    row = in_status(status, studio=StudioFactory(people=[officer]))
    assert RESIDENCY.open_to(officer, row) == []
    with pytest.raises(PermissionDenied):
        RESIDENCY.perform(row, step, by=officer, data={"reason": "试"})


@pytest.mark.parametrize("step", ROAD)
def test_a_step_out_of_turn_is_refused(step):
    officer = staying.officer()
    for status in set(ResidencyStatus) - ROAD[step][0]:
        with pytest.raises(Refused, match="现在已不能办理"):
            RESIDENCY.perform(in_status(status), step, by=officer, data={"reason": "试"})


# ── beginning ───────────────────────────────────────────────────────────────────────────────────
def test_what_is_missing_is_said_until_nothing_is():
    office = staying.officer()
    residency = staying.pending()
    step = RESIDENCY.steps["activate_residency"]
    assert step.missing(residency) == ["入驻协议还没有出具。", "还没有安排房间，协议中也没有写明不安排房间。"]
    occupancy = rooming.assign_room(residency, RoomFactory(), since=timezone.localdate(), by=office)
    assert step.missing(residency) == ["入驻协议还没有出具。", "房间交接清单还没有经双方确认。"]
    staying.settle(occupancy.handovers.get(), by=office)
    draft = agreeing.prepare_agreement(
        residency, by=office, term_starts_on=timezone.localdate(), term_months=24
    )
    issued = agreeing.issue_agreement(draft, by=office)
    assert step.missing(residency) == ["还没有收到双方签字的协议扫描件。"]
    received = agreeing.receive_agreement(issued, staying.scan(), same_copy=True, by=office)
    assert step.missing(residency) == ["协议扫描件还没有核对。"]
    agreeing.check_agreement(received, by=office)
    assert step.missing(residency) == []


def test_other_rooms_than_those_signed_for_stop_it():
    office = staying.officer()
    residency = staying.ready(by=office)
    staying.with_room(residency, by=office)
    assert "不一致" in RESIDENCY.steps["activate_residency"].missing(residency)[0]


def test_explicitly_no_room_is_enough():
    office = staying.officer()
    residency = staying.pending()
    staying.agreed(residency, by=office, no_room_reason="在原单位开展工作")
    assert RESIDENCY.perform(residency, "activate_residency", by=office).status == "active"


def test_the_clock_runs_from_the_admission():
    residency = registering.begin_residency(
        source="SB-2026-0009",
        name="王玥钳工工作室",
        leader_name="王玥",
        occupation="钳工",
        unit_name="",
        district=None,
        people=[],
        admitted_on=timezone.localdate(),
        by=staying.officer(),
    )
    assert residency.due_on > timezone.localdate()
    assert rules.get("agreement_days") == 10


def test_not_signed_in_time_the_office_may_end_it():
    office = staying.officer()
    residency = staying.pending()
    rooming.assign_room(residency, room := RoomFactory(), since=timezone.localdate(), by=office)
    draft = agreeing.prepare_agreement(
        residency, by=office, term_starts_on=timezone.localdate(), term_months=24
    )
    with pytest.raises(Refused, match="期限还没有过"):
        RESIDENCY.perform(residency, "lapse_residency", by=office, data={"reason": "联系未果"})
    Residency.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    ended = RESIDENCY.perform(residency, "lapse_residency", by=office, data={"reason": "联系未果"})
    draft.refresh_from_db()
    assert (ended.status, ended.ended_on) == ("ended", timezone.localdate())
    assert draft.voided_at is not None
    assert not Occupancy.objects.filter(room=room).exists()  # it was only assigned
    assert invariant_offenders() == {}


# ── the evaluation's own steps ──────────────────────────────────────────────────────────────────
def test_the_evaluation_suspends_resumes_and_revokes():
    office = staying.officer()
    residency = staying.active(by=office)
    working = UserFactory(roles=["working_group"])
    residency = RESIDENCY.perform(residency, "suspend", by=office)
    assert residency.status == "under_rectification"
    residency = RESIDENCY.perform(residency, "resume", by=None)
    residency = RESIDENCY.perform(residency, "revoke", by=working, data={"reason": "五（四）4"})
    assert (residency.status, residency.ended_on, residency.end_reason) == (
        "revoked",
        timezone.localdate(),
        "五（四）4",
    )
    out = Handover.objects.get(kind="out")
    staying.settle(out, by=UserFactory(roles=["logistics"]))
    assert residency.occupancies.filter(until=None).count() == 0


# ── leaving ─────────────────────────────────────────────────────────────────────────────────────
def test_a_studio_leaves():
    office, person = staying.officer(), UserFactory(roles=["applicant"])
    residency = staying.active(by=office, people=[person])
    today = timezone.localdate()
    with pytest.raises(Refused, match="还没有登记退出"):
        RESIDENCY.perform(residency, "end_residency", by=office, data={})
    leaving.ask_to_leave(residency, ground="other", reason="迁往外地", leaves_on=today, by=person)
    departure = residency.departures.get()
    assert (departure.ground, departure.is_by_studio) == ("voluntary", True)
    with pytest.raises(Refused, match="还没有办完交还"):
        RESIDENCY.perform(residency, "end_residency", by=office, data={"ended_on": today})
    back = Handover.objects.get(kind="out")
    staying.settle(back, by=office, studio=person)
    with pytest.raises(Refused, match="不能晚于今天"):
        RESIDENCY.perform(residency, "end_residency", by=office, data={"ended_on": today + timedelta(days=1)})
    ended = RESIDENCY.perform(residency, "end_residency", by=office, data={"ended_on": today})
    assert (ended.status, ended.ended_on, ended.occupancies.get().until) == ("ended", today, today)
    assert ended.end_reason == "工作室申请退出：迁往外地"
    departure.refresh_from_db()
    assert departure.concluded_by == office
    assert invariant_offenders() == {}


def test_a_departure_is_taken_back_by_whoever_began_it():
    office, person = staying.officer(), UserFactory(roles=["applicant"])
    residency = staying.active(by=office, people=[person])
    day = timezone.localdate() + timedelta(days=5)
    departure = leaving.ask_to_leave(residency, ground="voluntary", reason="搬迁", leaves_on=day, by=person)
    with pytest.raises(Refused, match="已有一项退出"):
        leaving.ask_to_leave(residency, ground="other", reason="x", leaves_on=day, by=office)
    with pytest.raises(PermissionDenied):
        leaving.withdraw_departure(departure, reason="不走了", by=office)
    leaving.withdraw_departure(departure, reason="不走了", by=person)
    assert not Handover.objects.filter(kind="out").exists()


def test_a_term_that_has_not_run_out_is_no_ground():
    office = staying.officer()
    residency = staying.active(by=office)
    with pytest.raises(Refused, match="协议期到"):
        leaving.ask_to_leave(
            residency, ground="term_over", reason="期满", leaves_on=timezone.localdate(), by=office
        )


def test_hints_of_later_concepts_are_shown_and_stop_nothing(monkeypatch):
    from workshops.conditions import residency as conditions

    monkeypatch.setattr(
        conditions, "LEAVING_HINTS", [lambda row: "", lambda row: "尚有2张缴费通知单没有结清。"]
    )
    assert conditions.hints_on_leaving(ResidencyFactory()) == ["尚有2张缴费通知单没有结清。"]


# ── the database ────────────────────────────────────────────────────────────────────────────────
def test_one_standing_residency_for_a_studio_and_one_occupant_for_a_room():
    first = ResidencyFactory(active=True)
    ResidencyFactory(studio=first.studio, status="ended")
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidencyFactory(studio=first.studio)
    taken = OccupancyFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        OccupancyFactory(room=taken.room)


def test_one_open_agreement_for_a_residency():
    office = staying.officer()
    residency = staying.pending()
    given = {
        "term_starts_on": timezone.localdate(),
        "term_ends_on": timezone.localdate(),
        "drafted_by": office,
    }
    Agreement.objects.create(residency=residency, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(residency=residency, **given)


# ── warnings [4.1][T16] ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("left", "threshold"),
    [(91, None), (90, 90), (89, 90), (31, 90), (30, 30), (1, 30), (0, 0), (-1, 0), (-31, None)],
)
def test_a_warning_at_each_threshold(left, threshold):
    today = timezone.localdate()
    residency = ResidencyFactory(active=True, term_ends_on=today + timedelta(days=900))
    Residency.objects.filter(pk=residency.pk).update(rent_free_until=today + timedelta(days=left))
    assert warning.warn_of_endings() == (threshold is not None)
    assert list(EndWarning.objects.values_list("kind", "days")) == (
        [] if threshold is None else [("waiver", threshold)]
    )


def test_each_warning_goes_out_once_to_studio_and_office():
    office, person = staying.officer(), UserFactory(roles=["applicant"])
    today = timezone.localdate()
    residency = ResidencyFactory(active=True, studio=StudioFactory(people=[person]))
    Residency.objects.update(
        rent_free_until=today + timedelta(days=90), term_ends_on=today + timedelta(days=400)
    )
    assert [warning.warn_of_endings(today) for _ in range(3)] == [1, 0, 0]
    assert {n.user for n in Notification.objects.all()} == {office, person}
    assert "入驻不因此终止" in Notification.objects.first().text
    assert warning.warn_of_endings(today + timedelta(days=60)) == 1  # 30 days left
    assert warning.warn_of_endings(today + timedelta(days=90)) == 1  # the last day
    assert warning.warn_of_endings(today + timedelta(days=91)) == 0
    residency.refresh_from_db()
    assert residency.status == "active"  # the waiver ends, the residency does not


def test_a_renewed_term_is_warned_of_anew():
    today = timezone.localdate()
    ResidencyFactory(active=True)
    Residency.objects.update(rent_free_until=None, rent_free_from=None, term_ends_on=today)
    assert warning.warn_of_endings() == 1
    Residency.objects.update(term_ends_on=today + timedelta(days=365))
    assert warning.warn_of_endings(today + timedelta(days=365)) == 1
    assert EndWarning.objects.filter(kind="term", days=0).count() == 2


def test_an_agreement_not_signed_in_time_is_warned_of_once():
    residency = staying.pending()
    Residency.objects.filter(pk=residency.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert [warning.warn_of_endings(), warning.warn_of_endings()] == [1, 0]
    assert EndWarning.objects.get().kind == "agreement"


def test_the_park_decides_when_it_warns():
    rules.ensure_rules()
    rules.set_rule("residency_warning_days", ["60"], by=staying.officer(), reason="试行")
    assert warning.thresholds() == [60]
