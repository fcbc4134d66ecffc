"""取消资格 [5.4][T11][T13][T15][T19]: four grounds with their facts, everybody heard, nobody decides what they proposed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from assessments.actions.revocation import close_windows, conclude_vacated, draft_note, propose_revocation
from assessments.effects.standing import end_what_is_over
from assessments.models import Revocation, ServiceOfProcess
from assessments.papers import revocation as papers
from assessments.workflow import REVOCATION
from park import documents, rules, workdays
from park.actions import grant_role
from park.announcements import KINDS
from park.audit import history_of
from park.invariants import REGISTRY
from park.models import Document, Notification
from park.workflow import Refused
from tests.assessments import holding as make
from tests.workshops import staying
from tests.workshops.benefits import asked
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.actions import recognition
from workshops.conditions.reapplication import revoked_lately
from workshops.conditions.residency import notices_on
from workshops.models import Handover, LeaderChange, Residency
from workshops.workflow import RESIDENCY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

OFFICE = {"office", "lead_division"}
STUDIO = {"owner", "officer_of_studio"}
LEADER = {"group_leader"}
EVERYBODY = [
    "office", "lead_division", "inspector", "attraction", "working_group", "group_leader", "expert", "auditor", "owner",
    "stranger", "officer_of_studio", "nobody", "superuser",
]  # fmt: skip
OFFERED = {  # status -> step -> who
    "proposed": {"notify_revocation": OFFICE, "drop_revocation": OFFICE},
    "notified": {"serve_revocation_notice": OFFICE, "drop_revocation": OFFICE},
    "defending": {
        "defend_revocation": STUDIO,
        "record_defence": OFFICE,
        "close_defence": OFFICE,
        "drop_revocation": OFFICE,
    },
    "heard": {
        "record_defence": OFFICE,
        "resolve_revocation": LEADER,
        "decline_revocation": LEADER,
        "drop_revocation": OFFICE,
    },
    "resolved": {"serve_revocation": OFFICE, "rescind_revocation": LEADER},
    "served": {"vacate_revocation": OFFICE},
    "vacated": {"archive_revocation": OFFICE},
    "archived": {},
    "dropped": {},
}


@pytest.fixture
def people(people):
    return people | {"group_leader": make.seat(is_leader=True)}


@pytest.fixture
def office(people):
    return people["office"]


def offenders():
    rows = [i for i in REGISTRY if i.name.startswith(("rectification_", "revocation_", "triggers"))]
    return [i.name for i in rows if i.offenders()]


def take(row, name, by, **data):
    return REVOCATION.perform(row, name, by=by, data=data)


# ── who, when ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", OFFERED)
def test_steps_offered(people, residency, status):
    row = make.case_in(status, residency, people)
    offered = {name: {s.name for s in REVOCATION.open_to(people[name], row)} for name in EVERYBODY}
    assert offered == {name: {s for s, who in OFFERED[status].items() if name in who} for name in EVERYBODY}
    for step in REVOCATION.steps:  # whoever is not offered a step cannot take it
        for name in EVERYBODY:
            if name not in OFFERED[status].get(step, ()):
                with pytest.raises((PermissionDenied, Refused)):
                    REVOCATION.perform(row, step, by=people[name], data={})
    assert offenders() == []


def test_only_the_office_proposes_and_not_on_a_studio_of_their_own(people, residency):
    for name in set(EVERYBODY) - OFFICE:
        with pytest.raises(PermissionDenied):
            propose_revocation(residency, ground="misconduct", facts="事实", by=people[name])


def test_the_studio_sees_it_from_the_notice_on(people, residency):
    row = make.case_in("proposed", residency, people)
    seen = lambda: {n for n in EVERYBODY if Revocation.objects.visible_to(people[n]).exists()}  # noqa: E731
    house = OFFICE | {"working_group", "group_leader"}
    assert seen() == house
    assert notices_on(residency, people["owner"]) == []
    assert not Notification.objects.filter(user=people["owner"], text__contains=row.number).exists()
    take(row, "notify_revocation", people["office"])
    assert seen() == house | STUDIO
    assert notices_on(residency, people["owner"])[0].clause == "5.4.3"


def test_nobody_decides_what_they_proposed(people, residency):
    """Also where the leader of the working group is of the office."""
    leader = people["group_leader"]
    grant_role(leader, "office", by=None)
    leader.__dict__.pop("_role_names", None)
    row = make.proposed(residency, by=leader)
    row = make.on_the_road(row, "heard", people)
    with pytest.raises(PermissionDenied):
        take(row, "resolve_revocation", leader, **make.resolution())
    with pytest.raises(IntegrityError), transaction.atomic():
        Revocation.objects.filter(pk=row.pk).update(
            resolved_by=leader, resolved_at=timezone.now(), minutes_no="1", minutes_on=timezone.localdate(),
            defence_answer="答复",
        )  # fmt: skip


# ── the four grounds ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("ground", make.GROUNDS)
def test_each_ground_with_its_facts_leads_to_the_end(people, residency, ground):
    row = make.case_in("archived", residency, people, ground=ground)
    residency.refresh_from_db()
    assert (row.ground, residency.status) == (ground, "revoked")
    assert residency.end_reason.startswith(f"取消入驻资格（{row.number}）")
    document = Document.objects.about(row).get(kind=papers.DECISION)
    html = documents.page_html(*papers.build_decision(document), document)
    clause = {"recognition": "1", "leader_gone": "2", "misconduct": "3", "unrectified": "4"}[ground]
    for words in (
        f"第五部分（四）{clause}",
        row.get_ground_display(),
        "工作小组纪要〔2026〕9号",
        "不予采纳",
        "30天内交还房间",
    ):
        assert words in html, words
    for label, words in papers.fact_lines(row):
        assert label in html
        assert words.splitlines()[0] in html
    assert offenders() == []


# fmt: off
MISSING = [  # ground, what is taken away, what the refusal says
    ("recognition", {"recognition": None}, "没有登记注销或撤销认定的文件"),
    ("leader_gone", {"leader_change": None}, "没有登记领衔人离任"),
    ("misconduct",  {"act_kind": ""}, "行为性质"),
    ("misconduct",  {"act": ""}, "行为或者重大过失的情况"),
    ("misconduct",  {"act_proof": None}, "行为的证明材料"),
    ("misconduct",  {"consequence": ""}, "重大损失和严重后果的情况"),
    ("misconduct",  {"consequence_proof": None}, "损失和后果的证明材料"),
    ("misconduct",  {"established_by": ""}, "认定机关"),
    ("misconduct",  {"established_no": ""}, "认定文号"),
    ("unrectified", {"order": None}, "须先限期整改"),
]
# fmt: on


@pytest.mark.parametrize(("ground", "without", "words"), MISSING)
def test_each_missing_fact_is_refused(residency, office, ground, without, words):
    found = make.facts_of(ground, residency, by=office)
    with pytest.raises(Refused, match=words):
        propose_revocation(residency, ground=ground, facts="事实", by=office, **(found | without))
    assert not Revocation.objects.exists()


def test_what_is_another_studios_is_no_fact_of_this_one(residency, office):
    other = ResidencyFactory(active=True)
    for ground in ("recognition", "leader_gone", "unrectified"):
        found = make.facts_of(ground, other, by=office)
        with pytest.raises(Refused):
            propose_revocation(residency, ground=ground, facts="事实", by=office, **found)


def test_a_renewed_recognition_and_a_follower_end_their_grounds(residency, office):
    event = make.facts_of("recognition", residency, by=office)["recognition"]
    recognition.record_recognition(
        residency.studio, kind="granted", level=event.level, document_no="镇人社发〔2026〕99号", authority="镇江市人社局",
        decided_on=event.decided_on + timedelta(days=1), note="", scan=None, by=office,
    )  # fmt: skip
    with pytest.raises(Refused, match="重新获得认定"):
        propose_revocation(residency, ground="recognition", facts="事实", by=office, recognition=event)
    change = make.facts_of("leader_gone", residency, by=office)["leader_change"]
    later = LeaderChange.objects.get(pk=change.pk)
    later.pk, later.key, later.reported_at = None, None, timezone.now()
    later._state.adding = True
    fields = {
        f.name: getattr(later, f.name)
        for f in LeaderChange._meta.concrete_fields
        if f.name not in ("id", "key")
    }
    LeaderChange.objects.create(**fields | {"status": "approved"})
    with pytest.raises(Refused, match="后来已有人接替"):
        propose_revocation(residency, ground="leader_gone", facts="事实", by=office, leader_change=change)


def test_an_order_that_did_not_fail_after_its_day_is_no_ground(people, residency, office):
    """[T11]: 限期整改 also before a revocation for 弄虚作假."""
    order = make.order_in("reported", residency, office=office, owner=people["owner"])
    with pytest.raises(Refused, match="复查不合格的，才能"):
        propose_revocation(residency, ground="unrectified", facts="事实", by=office, order=order)


def test_one_open_case_and_only_while_the_residency_stands(people, residency, office):
    make.case_in("proposed", residency, people)
    with pytest.raises(Refused, match="已有一件没有办结"):
        make.proposed(residency, by=office)
    gone = ResidencyFactory(active=True, status="ended")
    with pytest.raises(Refused, match="不能取消资格"):
        make.proposed(gone, by=office)


def test_a_fact_that_fell_away_stops_the_decision(people, residency, office):
    """Between the proposal and the decision somebody followed the leader."""
    row = make.case_in("heard", residency, people, ground="leader_gone")
    change = LeaderChange.objects.get(pk=row.leader_change_id)
    fields = {
        f.name: getattr(change, f.name)
        for f in LeaderChange._meta.concrete_fields
        if f.name not in ("id", "key")
    }
    LeaderChange.objects.create(**fields | {"status": "approved", "reported_at": timezone.now()})
    with pytest.raises(Refused, match="后来已有人接替"):
        take(row, "resolve_revocation", people["group_leader"], **make.resolution())


# ── notice and defence ──────────────────────────────────────────────────────────────────────────
def test_the_window_counts_working_days_from_the_service(people, residency, office, clock):
    row = make.case_in("defending", residency, people)
    last = workdays.add_workdays(row.notice_served_on, 5)
    assert (row.defence_until, row.due_on) == (last, last)
    with pytest.raises(Refused, match="还没有届满"):
        take(row, "close_defence", office)
    clock(f"{last}")
    assert close_windows() == 0
    clock(f"{last + timedelta(days=1)}")
    with pytest.raises(Refused, match="届满。"):
        take(row, "defend_revocation", people["owner"], **make.defence())
    assert close_windows() == 1
    row.refresh_from_db()
    assert (row.status, row.defence, row.heard_by) == ("heard", "none", None)


def test_a_paper_in_time_counts_also_after_the_window_was_closed(people, residency, office, clock):
    row = make.case_in("defending", residency, people)
    in_time = row.defence_until
    clock(f"{in_time + timedelta(days=2)}")
    close_windows()
    late = make.defence(received_on=in_time + timedelta(days=1))
    with pytest.raises(Refused, match="期限"):
        take(row, "record_defence", office, **late)
    row = take(row, "record_defence", office, **make.defence(received_on=in_time))
    assert (row.defence, row.defence_on, row.files.count()) == ("paper", in_time, 1)
    with pytest.raises(Refused, match="已经陈述申辩"):
        take(row, "record_defence", office, **make.defence(received_on=in_time))


def test_the_notice_says_the_facts_and_the_days(people, residency):
    row = make.case_in("notified", residency, people)
    document = documents.standing(row, papers.NOTICE)
    html = documents.page_html(*papers.build_notice(document), document)
    for words in (
        "第五部分（四）3",
        "违规动火",
        "烧毁两间厂房",
        "镇消〔2026〕8号",
        "送达的次日起5个工作日内",
        "事实清楚，证据充分",
    ):
        assert words in html, words
    assert Document.objects.about(document).get().kind == "service_receipt"


def test_the_days_of_the_notice_hold_though_the_park_changes_its_mind(people, residency, office):
    row = make.case_in("notified", residency, people)
    rules.set_rule("revocation_defence_days", 10, by=office, reason="放宽")
    row = take(row, "serve_revocation_notice", office, **make.service())
    assert row.defence_until == workdays.add_workdays(timezone.localdate(), 5)


# ── decision ────────────────────────────────────────────────────────────────────────────────────
def test_a_defence_is_answered_in_words(people, residency):
    row = make.case_in("heard", residency, people)
    with pytest.raises(Refused, match="答复"):
        take(row, "resolve_revocation", people["group_leader"], **make.resolution(defence_answer=" "))
    with pytest.raises(Refused, match="答复"):
        take(row, "decline_revocation", people["group_leader"], **make.resolution(defence_answer=""))


def test_declined_the_studio_stays_and_the_same_fact_is_not_proposed_again(people, residency, office):
    row = make.case_in("heard", residency, people, ground="unrectified")
    row = take(row, "decline_revocation", people["group_leader"], **make.resolution())
    residency.refresh_from_db()
    assert (row.status, row.ended_as, residency.status) == ("dropped", "declined", "active")
    assert documents.standing(row, papers.NOTICE) is None
    with pytest.raises(Refused, match="同一事实"):
        propose_revocation(residency, ground="unrectified", facts="事实", by=office, order=row.order)
    assert make.proposed(residency, by=office).status == "proposed"  # on another ground


def test_declined_on_another_ground_a_failed_rectification_stays_to_be_decided(people, residency, office):
    order = make.facts_of("unrectified", residency, by=office)["order"]
    row = make.case_in("heard", residency, people)  # for misconduct
    take(row, "decline_revocation", people["group_leader"], **make.resolution())
    assert Residency.objects.get(pk=residency.pk).status == "under_rectification"
    row = propose_revocation(residency, ground="unrectified", facts="事实", by=office, order=order)
    row = make.on_the_road(row, "resolved", people)
    take(row, "rescind_revocation", people["group_leader"], reason="新的证据")
    assert Residency.objects.get(pk=residency.pk).status == "active"


def test_dropped_by_the_office_it_may_be_proposed_anew(people, residency, office):
    row = make.case_in("dropped", residency, people)
    assert (row.ended_as, row.ended_why) == ("dropped", "证据不足")
    assert make.proposed(residency, by=office).pk != row.pk


def test_rescinded_before_it_was_served_nothing_has_happened(people, residency):
    row = make.case_in("resolved", residency, people)
    row = take(row, "rescind_revocation", people["group_leader"], reason="出现新的证据")
    residency.refresh_from_db()
    assert (row.ended_as, residency.status) == ("rescinded", "active")
    assert documents.standing(row, papers.DECISION) is None


# ── service and what follows ────────────────────────────────────────────────────────────────────
def test_served_the_residency_ends_with_its_benefits_and_the_rooms_come_back(
    people, residency, office, living_room
):
    benefit = asked(residency.studio, people["owner"])
    row = make.case_in("resolved", residency, people)
    assert Residency.objects.get(pk=residency.pk).status == "active"  # not before it is served
    row = take(
        row, "serve_revocation", office, **make.service(way="left", receiver="", remark="拒收，见证人李某")
    )
    residency.refresh_from_db()
    benefit.refresh_from_db()
    assert (residency.status, residency.ended_on, benefit.status) == (
        "revoked",
        timezone.localdate(),
        "ended",
    )
    assert row.vacate_by == row.due_on == timezone.localdate() + timedelta(days=30)
    with pytest.raises(Refused, match="还没有办完交还的房间"):
        take(row, "vacate_revocation", office)
    assert conclude_vacated() == 0
    staying.settle(Handover.objects.get(occupancy__residency=residency, kind="out"), by=office)
    assert conclude_vacated() == 1
    row.refresh_from_db()
    assert (row.status, row.vacated_on) == ("vacated", timezone.localdate())


@pytest.fixture
def living_room(residency):
    return make.housed(residency)


def test_served_only_after_the_decision_and_with_its_receipt(people, residency, office):
    row = make.case_in("resolved", residency, people)
    with pytest.raises(Refused, match="不能早于"):
        take(
            row,
            "serve_revocation",
            office,
            **make.service(served_on=timezone.localdate() - timedelta(days=1)),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        take(row, "serve_revocation", office, **make.service(scan=None))
    assert Residency.objects.get(pk=residency.pk).status == "active"
    assert ServiceOfProcess.objects.count() == 1  # that of the notice


@pytest.mark.parametrize("status", ["proposed", "notified", "defending", "heard", "resolved"])
def test_the_stay_that_ends_otherwise_ends_the_case(
    people, residency, status, django_capture_on_commit_callbacks
):
    row = make.case_in(status, residency, people)
    with django_capture_on_commit_callbacks(execute=True):
        RESIDENCY.perform(residency, "revoke", by=people["office"], data={"reason": "另行终止"})
    row.refresh_from_db()
    assert (row.status, row.ended_as, row.ended_by) == ("dropped", "over", None)


def test_what_was_missed_is_made_up_for_in_the_morning(people, residency):
    row = make.case_in("heard", residency, people)
    RESIDENCY.perform(
        residency, "revoke", by=people["office"], data={"reason": "另行终止"}
    )  # nothing is committed here
    assert end_what_is_over() == 1
    row.refresh_from_db()
    assert row.status == "dropped"


def test_the_public_note_says_three_things_and_stands_before_the_archive(people, residency, office):
    row = make.case_in("vacated", residency, people)
    with pytest.raises(Refused, match="公告还没有发布"):
        take(row, "archive_revocation", office, archive_no="")
    note = draft_note(row, title="公告", text="正文", by=office)
    assert note.rows == [
        {
            "key": str(row.key), "studio_name": residency.studio.name, "clause": "五（四）3",
            "served_on": f"{row.served_on.year}年{row.served_on.month}月{row.served_on.day}日",
        }
    ]  # fmt: skip
    kind = KINDS["revocation_note"]
    assert (kind.ready(note), kind.may(people["officer_of_studio"], note), kind.may(office, note)) == (
        [],
        False,
        True,
    )
    with pytest.raises(Refused, match="已经起草"):
        draft_note(row, title="公告", text="正文", by=office)
    rules.set_rule("revocation_public", False, by=office, reason="不公告")
    assert take(row, "archive_revocation", office, archive_no="永久-1").archive_no == "永久-1"


def test_whose_turn_it_is_is_told(people, residency):
    Notification.objects.all().delete()
    row = make.case_in("heard", residency, people)
    of_case = Notification.objects.filter(text__contains=row.number)
    told = {name for name in EVERYBODY if of_case.filter(user=people[name]).exists()}
    assert told == {"group_leader", "lead_division", "office", "owner", "officer_of_studio"}
    internal = of_case.filter(user=people["officer_of_studio"], text__contains="已提出取消")
    assert not internal.exists()


# ── coming back ─────────────────────────────────────────────────────────────────────────────────
def test_the_bar_counts_from_the_day_the_right_ended(people, residency, office, clock):
    studio = residency.studio
    named = {"studio_name": studio.name}
    assert revoked_lately(**named) == ""
    make.case_in("served", residency, people)
    ended = Residency.objects.get(pk=residency.pk).ended_on
    ways = [
        named, {"sources": [residency.source]}, {"leader_name": studio.leader_name, "user": people["owner"]},
    ]  # fmt: skip
    for way in ways:
        assert "1年内不能再次申报" in revoked_lately(**way)
    assert revoked_lately(leader_name=studio.leader_name, user=people["stranger"]) == ""
    assert revoked_lately(studio_name="别的工作室", sources=["SB-1999-0001"]) == ""
    clock(f"{ended.replace(year=ended.year + 1)}")  # the last day
    assert revoked_lately(**named)
    clock(f"{ended.replace(year=ended.year + 1) + timedelta(days=1)}")
    assert revoked_lately(**named) == ""
    rules.set_rule("reapply_bar_years", 6, by=office, reason="从严")
    assert "6年内" in revoked_lately(**named)
    rules.set_rule("reapply_bar_years", 0, by=office, reason="不限")
    assert revoked_lately(**named) == ""


def test_another_way_of_leaving_bars_nobody():
    residency = ResidencyFactory(active=True, status="ended", ended_on=timezone.localdate())
    assert revoked_lately(studio_name=residency.studio.name) == ""


# ── the database refuses ────────────────────────────────────────────────────────────────────────
def test_the_database_refuses(people, residency, office):
    row = make.case_in("heard", residency, people)
    case, today, now = Revocation.objects.filter(pk=row.pk), timezone.localdate(), timezone.now()
    order = make.facts_of("unrectified", ResidencyFactory(active=True), by=office)["order"]
    refused = [
        lambda: case.update(facts="别的事实"),
        lambda: case.update(act="别的行为"),
        lambda: case.update(act_proof=row.consequence_proof),
        lambda: case.update(ground="unrectified", order=order),
        lambda: case.update(consequence_proof=None),
        lambda: case.update(established_no=""),
        lambda: case.update(order=order),  # a second ground
        lambda: case.update(defence_text="改过的申辩"),
        lambda: case.update(defence=""),
        lambda: case.update(notice_served_on=None),
        lambda: case.update(notified_by=None),
        lambda: case.update(resolved_at=now),  # by nobody, without minutes
        lambda: case.update(
            resolved_at=now, resolved_by=people["group_leader"], minutes_no="1", minutes_on=today
        ),
        lambda: case.update(served_on=today),
        lambda: case.update(ended_as="dropped"),
        lambda: case.update(archived_at=now),
        case.delete,
        lambda: row.files.all().delete(),
        lambda: ServiceOfProcess.objects.update(served_on=today),
        lambda: ServiceOfProcess.objects.all().delete(),
        lambda: Revocation.objects.create(
            number="QX-X",
            residency=residency,
            ground="unrectified",
            order=order,
            facts="事实",
            proposed_by=office,
        ),
    ]
    for act in refused:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            act()
    for status in ("resolved", "served", "vacated", "archived", "dropped"):  # past the engine
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            case.update(status=status)


@pytest.mark.parametrize(
    ("way", "faults"),
    [
        ("direct", {"receiver": ""}), ("post", {"receiver": ""}), ("left", {"remark": ""}), ("public", {"remark": ""}),
        ("direct", {"scan": None}),
    ],
)  # fmt: skip
def test_no_service_without_its_proof(people, residency, office, way, faults):
    row = make.case_in("notified", residency, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        take(row, "serve_revocation_notice", office, **make.service(way=way, **faults))


def test_invariants_see_the_contrary(people, residency, office):
    row = make.case_in("served", residency, people)
    other = make.case_in("proposed", ResidencyFactory(active=True, studio=StudioFactory()), people)
    assert offenders() == []
    Residency.objects.filter(pk=row.residency_id).update(status="active")
    other.studio.people.add(office)
    assert offenders() == ["revocation_ends_the_residency", "revocation_not_ones_own"]


def test_every_step_is_on_the_trail_with_its_clause(people, residency):
    row = make.case_in("archived", residency, people)
    trail = list(history_of(row).order_by("sequence").values_list("verb", "clause"))
    assert trail == [("propose_revocation", "5.4.3"), *((name, "5.4") for name in make.ROAD)]
