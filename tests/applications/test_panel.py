"""The session of the panel from its planning to the sitting: who may do what when, and what follows [3.2.2]."""

import itertools
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import draw
from applications.actions import convening, recusing, seating
from applications.conditions.panel import quorum_is_present
from applications.models import (
    AgendaItem,
    Application,
    Conflict,
    Expert,
    ExpertAbsence,
    PanelDraw,
    PanelSession,
    PanelStatus,
    Seat,
    Status,
)
from applications.workflow import PANEL
from park import audit, invariants, rules, triggers
from park.audit import history_of
from park.formkeys import new_key
from park.models import AuditEntry, CraftField, Document, Notification, Role
from park.workflow import Refused
from tests.answers import answer_to
from tests.applications import road
from tests.applications.conftest import verbs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

# ── the procedure, retyped by hand ──────────────────────────────────────────────────────────────
# 市人社局组织有关专家 [3.2.2]: the office prepares; the chair, or the office on the chair's word, opens and closes.
OFFICE, LEAD = {"office", "lead_division"}, {"office", "lead_division", "chair"}
# fmt: off
MAY = {
    "planning":  {"convene_panel": OFFICE, "drop_panel": OFFICE},
    "convened":  {"begin_panel": LEAD, "cancel_panel": OFFICE},
    "sitting":   {"close_panel": LEAD, "adjourn_panel": LEAD},
    "closed":    {},
    "cancelled": {},
}
LEADS_TO = {
    "convene_panel": "convened", "begin_panel": "sitting", "close_panel": "closed", "adjourn_panel": "closed",
    "cancel_panel": "cancelled", "drop_panel": "cancelled",
}
# fmt: on
WHO = [
    "chair",
    "member",
    "declined",
    "other_expert",
    "studio",
    "officer_of_studio",
    "superuser",
    "nobody",
    "system",
    *Role.values,
]  # fmt: skip


@pytest.fixture
def office(user):
    return user("office")


@pytest.fixture
def application():
    return road.place(road.filed(), Status.DELIBERATION)


@pytest.fixture
def session(office, application):
    """A sitting session of five with one case; move it with `at`."""
    row = road.session(by=office, experts=[road.expert(n) for n in range(1, 6)])
    road.agenda_item(row, application)
    return row


def at(session, status) -> PanelSession:
    PanelSession.objects.filter(pk=session.pk).update(status=status)
    return PanelSession.objects.get(pk=session.pk)


@pytest.fixture
def everybody(session, application, user):
    seats = list(session.seats.order_by("pk"))
    declined = road.expert(9)
    Seat.objects.create(
        session=session, expert=declined, response="declined", responded_at=timezone.now(),
        responded_by=session.created_by,
    )  # fmt: skip
    officer = user("office", "applicant")
    application.collaborators.create(user=officer, added_by=application.applicant)
    people = {role: user(role) for role in Role.values}
    return people | {
        "chair": seats[0].expert.user,
        "member": seats[1].expert.user,
        "declined": declined.user,
        "other_expert": road.expert(10).user,
        "studio": application.applicant,
        "officer_of_studio": officer,
        "superuser": user(is_superuser=True),
        "nobody": user(),
        "system": None,
    }


@pytest.mark.parametrize("status", MAY)
def test_steps_offered(session, everybody, status):
    session = at(session, status)
    offered = {who: {s.name for s in PANEL.open_to(everybody[who], session)} for who in WHO}
    assert offered == {who: {step for step, allowed in MAY[status].items() if who in allowed} for who in WHO}


@pytest.mark.parametrize("status", MAY)
def test_only_the_right_person_in_the_right_status(session, everybody, status):
    session = at(session, status)
    before = history_of(session).count()
    answers, expected = {}, {}
    for step, who in itertools.product(LEADS_TO, WHO):
        if who not in MAY[status].get(step, ()):
            ever = {name for allowed in MAY.values() for name in allowed.get(step, ())}
            expected[step, who] = Refused if who in ever else PermissionDenied
            answers[step, who] = answer_to(PANEL, session, step, by=everybody[who])
    assert answers == expected
    assert PanelSession.objects.get(pk=session.pk).status == status
    assert history_of(session).count() == before


def test_steps_lead_where_the_rules_say():
    assert {s.name: s.target for s in PANEL.steps.values()} == LEADS_TO
    assert set(MAY) == set(PanelStatus.values) == set(PANEL.stages)
    assert {source for step in PANEL.steps.values() for source in step.sources} == {
        status for status, stage in PANEL.stages.items() if stage.turn
    }


@pytest.mark.parametrize("step", PANEL.steps.values(), ids=lambda s: s.name)
def test_every_step_is_called_something_and_cites_its_clause(step):
    assert (step.clause, audit.LABELS[step.name]) == ("3.2.2", step.label)


# ── planning ────────────────────────────────────────────────────────────────────────────────────
ARRANGED = {"title": "第一次评议会", "meets_at": time(9, 30), "place": "三楼会议室", "seats_wanted": 5, "means": "online"}  # fmt: skip


def planned(office, **values):
    values = ARRANGED | {"meets_on": timezone.localdate() + timedelta(days=7)} | values
    return convening.create_panel(by=office, **values)


def waiting(n=1):
    return [road.place(road.filed(), Status.DELIBERATION) for _ in range(n)]


def filled(office, *, experts=5, cases=1, **values):
    """A planned session that may be convened."""
    session = planned(office, **values)
    convening.put_on_agenda(session, waiting(cases), by=office)
    for n in range(1, experts + 1):
        seating.seat_expert(session, road.expert(n), reason="指定", by=office)
    seating.name_chair(session.seats.order_by("pk").first(), by=office)
    return session


def test_a_session_takes_number_and_rules_of_the_day(office):
    session = planned(office)
    assert session.number == f"PH-{timezone.localdate().year}-0001"
    assert (session.voting, session.quorum, session.threshold, session.min_voters) == (
        "secret", "two_thirds", "two_thirds", 3,
    )  # fmt: skip
    assert verbs_of(session) == ["create_panel"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"meets_on": date(2020, 1, 6)}, "已经过去"), ({"means": "paper"}, "记名投票")],
)
def test_what_cannot_be_arranged(office, values, sentence):
    rules.set_rule("ballot_voting", "open", by=office, reason="试行")
    with pytest.raises(Refused, match=sentence):
        planned(office, **values)


@pytest.mark.parametrize("wanted", [0, 2, 4, 6, 37])
def test_the_database_refuses_an_even_panel(office, wanted):
    session = planned(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        PanelSession.objects.filter(pk=session.pk).update(seats_wanted=wanted)


def test_a_case_stands_on_one_open_agenda_only(office):
    first, second, (case,) = planned(office), planned(office), waiting()
    convening.put_on_agenda(first, [case], by=office)
    with pytest.raises(Refused, match="另一次会议"):
        convening.put_on_agenda(second, [case], by=office)
    convening.take_off_agenda(first.agenda.get(), reason="材料待核", by=office)
    convening.put_on_agenda(second, [case], by=office)
    assert [item.session for item in case.agenda_items.all()] == [second]


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.DRAFT, Status.DELIBERATION)])
def test_only_cases_that_wait_for_a_panel_are_put_on_an_agenda(office, status):
    case = road.filed()
    Application.objects.filter(pk=case.pk).update(status=status)
    with pytest.raises(Refused, match="不在集中评议阶段"):
        convening.put_on_agenda(planned(office), [case], by=office)


def test_nobody_puts_a_studio_of_their_own_on_the_agenda(office):
    (case,) = waiting()
    case.collaborators.create(user=office, added_by=case.applicant)
    with pytest.raises(Refused, match="参与了这份申报"):
        convening.put_on_agenda(planned(office), [case], by=office)


def test_the_agenda_is_put_in_order(office):
    session, cases = planned(office), waiting(3)
    items = convening.put_on_agenda(session, cases, by=office)
    convening.move_item(session, items[2], up=True, by=office)
    convening.move_item(session, items[0], up=True, by=office)  # it is the first already
    assert list(session.agenda.values_list("application", "order")) == [
        (cases[0].pk, 1), (cases[2].pk, 2), (cases[1].pk, 3),
    ]  # fmt: skip
    convening.take_off_agenda(items[2], reason="材料待核", by=office)
    assert list(session.agenda.values_list("application", "order")) == [(cases[0].pk, 1), (cases[1].pk, 2)]


# ── the draw ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def pool():
    """Twelve experts of twelve units."""
    field = CraftField.objects.get(code="HJ")
    rows = [road.expert(n) for n in range(1, 13)]
    for row in rows:
        row.fields.add(field)
    return rows


def excluded(draw_) -> dict:
    return {row["name"]: row["excluded"] for row in draw_.pool if row["excluded"]}


def drawn_session(office, **values):
    session = planned(office, **values)
    convening.put_on_agenda(session, waiting(), by=office)
    return session


def test_a_draw_fills_the_seats_and_is_kept(office, pool):
    session = drawn_session(office)
    row = seating.draw_experts(session, by=office)
    assert len(row.chosen) == row.wanted == 5
    assert {str(seat.expert.key) for seat in session.seats.filter(by_lot=True)} == set(row.chosen)
    assert {entry["expert"] for entry in row.pool} == {str(e.key) for e in pool}
    assert seating.recomputed(row) == row.chosen
    assert verbs_of(session)[-1] == "draw_experts"


def test_the_draw_avoids_whom_it_must(office, pool):
    session = planned(office)
    (case,) = waiting()
    convening.put_on_agenda(session, [case], by=office)
    session.fields.add(CraftField.objects.get(code="HJ"))
    day = session.meets_on
    Expert.objects.filter(pk=pool[0].pk).update(is_active=False, left_reason="调离")
    ExpertAbsence.objects.create(expert=pool[1], starts_on=day, ends_on=day)
    pool[2].fields.set([CraftField.objects.get(code="SP")])
    Expert.objects.filter(pk=pool[3].pk).update(unit_name=case.unit_name)
    Expert.objects.filter(pk=pool[4].pk).update(name=case.leader_name)
    seating.seat_expert(session, pool[5], reason="主持", by=office)
    row = seating.draw_experts(session, by=office)
    assert row.wanted == 4
    reasons = excluded(row)
    assert {
        "已出库", "会议当日不能参加", "没有所需的专业领域", "已有席位",
        "可能需要回避，第1项：单位名称相同或只差地名、组织形式",
        "可能需要回避，第1项：专家与领衔人同名，请核对是否本人",
    } == set(reasons.values())  # fmt: skip
    assert not {str(e.key) for e in pool[:6]} & set(row.chosen)


def test_no_more_of_one_unit_than_the_park_allows(office, pool):
    Expert.objects.filter(pk__in=[e.pk for e in pool[:10]]).update(unit_name="江苏科技大学")
    session = drawn_session(office)
    row = seating.draw_experts(session, by=office)
    units = [seat.expert.unit_name for seat in session.seats.all()]
    assert (len(row.chosen), units.count("江苏科技大学")) == (4, 2)


@pytest.mark.parametrize("avoid", [True, False])
def test_the_last_panel_is_avoided_where_the_park_says_so(office, pool, avoid):
    if avoid:
        rules.set_rule("panel_avoid_last", True, by=office, reason="轮换")
    road.session(by=office, experts=pool[:5], status="closed")
    row = seating.draw_experts(drawn_session(office), by=office)
    assert set(excluded(row).values()) == ({"上一次评议会的专家（本园设定）"} if avoid else set())


def test_a_declined_seat_goes_to_the_next_of_the_same_order(office, pool):
    session = drawn_session(office)
    first = seating.draw_experts(session, by=office)
    seating.name_chair(session.seats.order_by("pk").first(), by=office)
    PANEL.perform(session, "convene_panel", by=office)
    gone = session.seats.order_by("-pk").first()
    seating.answer_invitation(gone, coming=False, note="出差", by=gone.expert.user)
    late = road.expert(50)  # comes into the pool when the order is known
    second = seating.draw_experts(session, by=office)
    order = [row["expert"] for row in draw.in_order(first.seed, first.pool)]
    assert (second.seed, second.chosen) == (first.seed, [order[5]])
    assert excluded(second)[late.name] == "抽取开始后入库"
    assert Notification.objects.filter(user=Expert.objects.get(key=order[5]).user).exists()
    assert seating.recomputed(second) == second.chosen


def test_who_was_drawn_and_replaced_is_not_drawn_again(office, pool):
    session = drawn_session(office)
    first = seating.draw_experts(session, by=office)
    seat = session.seats.order_by("pk").first()
    seating.unseat_expert(seat, reason="联系不上", by=office)
    second = seating.draw_experts(session, by=office)
    assert excluded(second)[seat.expert.name] == "抽中后已撤换"
    assert second.seed == first.seed


def test_a_new_seed_only_when_the_order_is_used_up(office, pool):
    Expert.objects.filter(pk__in=[e.pk for e in pool[5:]]).update(is_active=False, left_reason="x")
    session = drawn_session(office)
    first = seating.draw_experts(session, by=office)
    seating.unseat_expert(session.seats.first(), reason="联系不上", by=office)
    with pytest.raises(Refused, match="没有可以抽取的专家"):
        seating.draw_experts(session, by=office)
    road.expert(60)
    second = seating.draw_experts(session, by=office)
    assert second.seed != first.seed


@pytest.mark.parametrize("missing", ["seats", "agenda"])
def test_when_there_is_nothing_to_draw(office, missing):
    session = filled(office) if missing == "seats" else planned(office)
    with pytest.raises(Refused, match="席位已满" if missing == "seats" else "列入议程"):
        seating.draw_experts(session, by=office)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_a_draw_as_it_was(office, pool, change):
    triggers.install()
    row = seating.draw_experts(drawn_session(office), by=office)
    rows = PanelDraw.objects.filter(pk=row.pk)
    act = rows.delete if change == "delete" else lambda: rows.update(chosen=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_the_page_of_a_draw_recomputes_it(office, pool, client_of, monkeypatch):
    session = drawn_session(office)
    row = seating.draw_experts(session, by=office)
    url = reverse("applications:panel_draw", args=[session.key, row.pk])
    page = client_of(office).get(url)
    assert (page.status_code, page.context["agrees"]) == (200, True)
    assert "结果与记录一致" in page.content.decode()
    monkeypatch.setattr(seating, "recomputed", lambda row: row.chosen[::-1])
    assert "不一致" in client_of(office).get(url).content.decode()


# ── convening ───────────────────────────────────────────────────────────────────────────────────
def test_convening_invites_and_copies_the_rules(office):
    session = filled(office)
    rules.set_rule("ballot_quorum", "all", by=office, reason="从严")
    session = PANEL.perform(session, "convene_panel", by=office)
    assert (session.status, session.quorum) == ("convened", "all")
    rules.set_rule("ballot_quorum", "half", by=office, reason="放宽")
    session.refresh_from_db()
    assert session.quorum == "all"
    paper = Document.objects.about(session).get()
    assert (paper.kind, paper.number[:3], paper.version) == ("panel_invitation", "PT-", 1)
    told = Notification.objects.filter(user__expert__seats__session=session)
    assert told.count() == 5
    assert {n.url for n in told} == {session.get_absolute_url()}


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda s: s.agenda.all().delete(), "议程上还没有申报"),
        (lambda s: s.seats.last().delete(), "请补足"),
        (lambda s: s.seats.update(is_chair=False), "组长"),
        (lambda s: Expert.objects.filter(seats__session=s).update(is_active=False, left_reason="x"), "出库"),
        (lambda s: Seat.objects.create(session=s, expert=road.expert(6)), "请减少"),
        (lambda s: Application.objects.update(status=Status.WITHDRAWN), "移出议程"),
    ],
    ids=["agenda", "seat", "chair", "left", "wanted", "withdrawn"],
)
def test_what_keeps_a_session_from_being_convened(office, spoil, sentence):
    session = filled(office)
    spoil(session)
    with pytest.raises(Refused, match=sentence):
        PANEL.perform(session, "convene_panel", by=office)


def test_the_least_number_of_seats_is_the_parks(office):
    session = filled(office)
    rules.set_rule("panel_min_seats", 7, by=office, reason="从严")
    with pytest.raises(Refused, match="少于本园设定的 7 人"):
        PANEL.perform(session, "convene_panel", by=office)


def test_a_new_place_gives_a_new_invitation(office):
    session = PANEL.perform(filled(office), "convene_panel", by=office)
    Notification.objects.all().delete()
    values = {name: getattr(session, name) for name in convening.COLUMNS}
    convening.change_panel(session, by=office, **values | {"place": "一楼报告厅"})
    papers = Document.objects.about(session).order_by("version")
    assert [(p.version, p.state) for p in papers] == [(1, "superseded"), (2, papers[1].state)]
    assert Notification.objects.count() == 5
    with pytest.raises(Refused, match="不再变动"):
        convening.change_panel(session, by=office, **values | {"place": "一楼报告厅", "seats_wanted": 7})


def test_cancelling_gives_the_cases_back_and_withdraws_the_invitation(office):
    session = PANEL.perform(filled(office), "convene_panel", by=office)
    case = session.agenda.get().application
    PANEL.perform(session, "cancel_panel", by=office, note="人数不足")
    assert Document.objects.about(session).get().state == "withdrawn"
    assert convening.waiting_cases().filter(pk=case.pk).exists()
    assert Application.objects.get(pk=case.pk).status == "deliberation"


def test_who_was_never_invited_does_not_hear_of_a_dropped_session(office):
    session = filled(office)
    users = [seat.expert.user for seat in session.seats.all()]
    PANEL.perform(session, "drop_panel", by=office)
    assert not Notification.objects.filter(user__in=users).exists()
    assert not PanelSession.objects.visible_to(users[0]).exists()
    assert convening.waiting_cases().count() == 1


# ── answers and attendance ──────────────────────────────────────────────────────────────────────
@pytest.fixture
def convened(office):
    return PANEL.perform(filled(office, meets_on=timezone.localdate()), "convene_panel", by=office)


def test_an_answer_of_the_expert_and_one_by_telephone(convened, office):
    one, two = convened.seats.filter(is_chair=False)[:2]
    seating.answer_invitation(one, coming=True, by=one.expert.user)
    seating.answer_invitation(two, coming=True, by=office)
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.response, one.responded_by) == ("accepted", one.expert.user)
    assert (two.response, two.responded_by) == ("accepted", office)
    notes = AuditEntry.objects.filter(verb="answer_invitation").order_by("sequence")
    assert [e.note for e in notes] == ["", "电话答复，由管理办公室登记"]


def test_who_declines_gives_back_seat_and_chair_and_sees_nothing_more(convened):
    chair = convened.seats.get(is_chair=True)
    seating.answer_invitation(chair, coming=False, note="出差", by=chair.expert.user)
    chair.refresh_from_db()
    assert (chair.response, chair.is_chair) == ("declined", False)
    assert not PanelSession.objects.visible_to(chair.expert.user).exists()
    assert not Application.objects.visible_to(chair.expert.user).exists()
    with pytest.raises(Refused):
        seating.answer_invitation(chair, coming=True, by=chair.expert.user)


def test_the_meeting_begins_with_chair_and_quorum_on_the_day(convened, office):
    seats = list(convened.seats.order_by("-is_chair", "pk"))
    with pytest.raises(Refused, match="组长还没有签到"):
        PANEL.perform(convened, "begin_panel", by=office)
    for seat in seats[:3]:
        seating.sign_in(seat, by=seat.expert.user)
    with pytest.raises(Refused, match="没有达到到会人数要求"):  # 3 of 5 are less than two thirds
        PANEL.perform(convened, "begin_panel", by=office)
    seating.sign_in(seats[3], by=office)
    session = PANEL.perform(convened, "begin_panel", by=seats[0].expert.user)
    assert session.status == "sitting"
    assert session.began_at is not None


@pytest.mark.parametrize(
    ("quorum", "present", "enough"),
    [("half", 2, False), ("half", 3, True), ("two_thirds", 3, False), ("two_thirds", 4, True), ("all", 4, False),
     ("all", 5, True)],
)  # fmt: skip
def test_quorum_of_five(session, quorum, present, enough):
    PanelSession.objects.filter(pk=session.pk).update(quorum=quorum)
    session.refresh_from_db()
    for seat in list(session.seats.order_by("pk"))[present:]:
        Seat.objects.filter(pk=seat.pk).update(signed_in_at=None, signed_in_by=None)
    assert (quorum_is_present(session) == "") == enough


def test_nobody_signs_in_before_the_day(office):
    session = PANEL.perform(filled(office), "convene_panel", by=office)
    with pytest.raises(Refused, match="当日才能签到"):
        seating.sign_in(session.seats.first(), by=office)
    for seat in session.seats.all():
        Seat.objects.filter(pk=seat.pk).update(signed_in_at=timezone.now(), signed_in_by=office)
    with pytest.raises(Refused, match="当日才能宣布开会"):
        PANEL.perform(session, "begin_panel", by=office)


def test_in_out_and_back_again(convened, office):
    seat = convened.seats.first()
    seating.sign_in(seat, by=office)
    with pytest.raises(Refused, match="已经签到"):
        seating.sign_in(seat, by=office)
    seating.sign_out(seat, by=office)
    assert not convened.seats.present().exists()
    with pytest.raises(Refused, match="不在场"):
        seating.sign_out(seat, by=office)
    seating.sign_in(seat, by=office)
    assert convened.seats.present().count() == 1
    assert verbs_of(convened)[-3:] == ["sign_in", "sign_out", "sign_in"]


def test_the_sheet_for_ink_is_renewed(convened, office):
    first = seating.print_sign_in(convened, by=office)
    second = seating.print_sign_in(convened, by=office)
    first.refresh_from_db()
    assert (first.state, second.version, second.number) == ("superseded", 2, first.number)


def test_an_acting_chair_where_the_chair_steps_aside(session, office):
    item, seats = session.agenda.get(), list(session.seats.order_by("pk"))
    with pytest.raises(Refused, match="不必推举"):
        seating.name_acting_chair(item, seats[1], by=office)
    for seat in seats[:2]:
        recusing.declare_conflict(item, seat, detail="师徒", by=seat.expert.user)
    with pytest.raises(Refused, match="需要回避"):
        seating.name_acting_chair(item, seats[1], by=office)
    seating.sign_out(seats[2], by=office)
    with pytest.raises(Refused, match="在场"):
        seating.name_acting_chair(item, seats[2], by=office)
    seating.name_acting_chair(item, seats[3], by=office)
    item.refresh_from_db()
    assert item.acting_chair == seats[3]


def test_adjourning_leaves_the_open_cases_to_another_session(session, office, application, monkeypatch):
    monkeypatch.setattr(
        "park.documents.issue", lambda *args, **kwargs: None
    )  # the minutes have their own tests
    closed = PANEL.perform(session, "adjourn_panel", by=office, note="时间不够")
    assert (closed.status, closed.ended_at is None) == ("closed", False)
    assert convening.waiting_cases().filter(pk=application.pk).exists()
    with pytest.raises(Refused):
        convening.put_on_agenda(closed, [application], by=office)
    convening.put_on_agenda(planned(office), [application], by=office)


def test_closing_needs_every_case_settled(session, office):
    with pytest.raises(Refused, match="还有 1 项没有办结"):
        PANEL.perform(session, "close_panel", by=office)


# ── the pages ───────────────────────────────────────────────────────────────────────────────────
def post(client, name, session, *args, **data):
    return client.post(
        reverse(f"applications:{name}", args=[session.key, *args]), {"form_key": new_key(), **data}
    )


def test_the_whole_preparation_by_the_pages(office, client_of, pool):
    browser, (case,) = client_of(office), waiting()
    day = timezone.localdate() + timedelta(days=3)
    made = browser.post(
        reverse("applications:panel_new"),
        {"form_key": new_key(), "title": "第二次评议会", "meets_on": day, "meets_at": "09:30", "place": "三楼",
         "seats_wanted": "5", "means": "online", "fields_": [CraftField.objects.get(code="HJ").pk]},
    )  # fmt: skip
    session = PanelSession.objects.get()
    assert (made.status_code, made.url) == (302, session.get_absolute_url())
    assert post(browser, "panel_agenda", session, "add", cases=[case.key]).status_code == 302
    assert post(browser, "panel_seats", session, "draw").status_code == 302
    seat = session.seats.first()
    assert post(browser, "panel_seats", session, "chair", seat=seat.pk).status_code == 302
    assert post(browser, "panel_step", session, "convene_panel").status_code == 302
    session.refresh_from_db()
    assert session.status == "convened"
    page = browser.get(session.get_absolute_url()).content.decode()
    assert case.studio_name in page
    assert "本园设定" in page


@pytest.mark.parametrize(
    ("name", "args", "data", "words"),
    [
        ("panel_edit", (), {"title": "改名"}, "meets_on"),
        ("panel_agenda", ("add",), {}, "请选择“等待评议的申报”。"),
        ("panel_agenda", ("add",), {"cases": ["x"]}, "有 1 处需要改正"),
        ("panel_seats", ("invite",), {"seat-reason": "理由写在这里"}, "理由写在这里"),
        ("panel_conflicts", ("report",), {"report-detail": "说明写在这里"}, "说明写在这里"),
    ],
)
def test_a_form_that_is_not_right_is_422_and_keeps_what_was_typed(office, client_of, name, args, data, words):
    session = filled(office, experts=4)
    response = post(client_of(office), name, session, *args, **data)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_refusal_is_409_and_says_why(convened, office, client_of):
    response = post(client_of(office), "panel_seats", convened, "draw")
    assert response.status_code == 409
    assert "席位已满" in response.content.decode()
    assert AuditEntry.objects.filter(verb="draw_experts", result="refused").count() == 1


POSTS = [
    ("panel_edit", ()), ("panel_agenda", ("add",)), ("panel_agenda", ("up",)), ("panel_agenda", ("off",)),
    ("panel_seats", ("draw",)), ("panel_seats", ("invite",)), ("panel_seats", ("remove",)),
    ("panel_seats", ("chair",)), ("panel_conflicts", ("confirm",)), ("panel_conflicts", ("dismiss",)),
    ("panel_attendance", ("sheet",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), POSTS, ids=str)
def test_what_the_office_does_nobody_else_may(convened, everybody_at, client_of, name, args):
    for who, status in everybody_at.items():
        assert post(client_of(who), name, convened, *args).status_code == status, (who, name)


@pytest.fixture
def everybody_at(convened, user):
    """Who may see the session is told 403, everybody else 404."""
    seat = convened.seats.get(is_chair=True)
    own = user("office", "applicant")
    case = convened.agenda.get().application
    case.collaborators.create(user=own, added_by=case.applicant)
    others = [user(role) for role in Role.values if role not in ("office", "lead_division")]
    return {seat.expert.user: 403, own: 403, case.applicant: 404} | dict.fromkeys(others, 404)


def test_officers_of_a_studio_do_not_learn_who_judges_it(convened, everybody_at, client_of):
    own = next(who for who in everybody_at if who.has_role("office"))
    assert client_of(own).get(convened.get_absolute_url()).status_code == 403


def test_an_expert_answers_signs_in_and_out_for_themself_only(convened, client_of):
    seat, other = convened.seats.filter(is_chair=False)[:2]
    browser = client_of(seat.expert.user)
    assert "答复" in browser.get(convened.get_absolute_url()).content.decode()
    data = {"answer-answer": "accepted", "seat": other.pk}
    assert post(browser, "answer_invitation", convened, **data).status_code == 302
    assert post(browser, "panel_attendance", convened, "in", seat=other.pk).status_code == 302
    seat.refresh_from_db(), other.refresh_from_db()
    assert (seat.response, seat.signed_in_by, other.response) == ("accepted", seat.expert.user, "pending")
    assert post(browser, "panel_attendance", convened, "out").status_code == 302
    response = post(browser, "answer_invitation", convened, **{"answer-answer": "declined"})
    assert response.url == reverse("applications:panels")
    assert browser.get(convened.get_absolute_url()).status_code == 404


def test_a_double_click_is_carried_out_once(convened, office, client_of):
    seat, key = convened.seats.first(), new_key()
    url = reverse("applications:panel_attendance", args=[convened.key, "in"])
    browser = client_of(office)
    codes = [browser.post(url, {"form_key": key, "seat": seat.pk}).status_code for _ in range(2)]
    assert codes == [302, 302]
    assert verbs_of(convened).count("sign_in") == 1


@pytest.mark.parametrize("name", ["panel_seats", "panel_agenda", "panel_conflicts", "panel_attendance"])
def test_unknown_acts_and_rows_are_404(convened, office, client_of, name):
    browser = client_of(office)
    assert post(browser, name, convened, "nonsense").status_code == 404
    assert post(browser, "panel_seats", convened, "chair", seat="9" * 30).status_code == 404
    assert post(browser, "panel_agenda", convened, "up", item="x").status_code == 404
    assert post(browser, "panel_conflicts", convened, "confirm", conflict="x").status_code == 404


def test_the_list_of_sessions_costs_the_same_for_one_and_thirty(office, client_of):
    experts = [road.expert(n) for n in range(1, 4)]

    def more(n):
        for _ in range(n):
            road.agenda_item(
                road.session(by=office, experts=experts, status="convened"),
                road.place(road.filed(), Status.DELIBERATION),
            )

    url = reverse("applications:panels")
    counts = {}
    for n in (1, 29):
        more(n)
        for who in (office, experts[0].user):
            browser = client_of(who)
            browser.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert len(browser.get(url).context["rows"]) == (1 if n == 1 else 30)
            counts.setdefault(who.pk, []).append(len(queries))
    assert all(one == thirty and one <= 16 for one, thirty in counts.values()), counts


def test_an_empty_list_says_what_to_do(office, client_of):
    page = client_of(office).get(reverse("applications:panels")).content.decode()
    assert "还没有评议会" in page
    assert reverse("applications:panel_new") in page


# ── what holds in the data ──────────────────────────────────────────────────────────────────────
def offenders():
    mine = [row for row in invariants.REGISTRY if row.name.startswith("panel_")]
    return {row.name: found for row in mine if (found := row.offenders())}


def test_the_invariants_hold_and_notice_what_is_wrong(session, office):
    assert offenders() == {}
    seats = list(session.seats.order_by("pk"))
    Seat.objects.filter(pk=seats[0].pk).update(is_chair=False)
    assert set(offenders()) == {"panel_chair"}
    Seat.objects.filter(pk=seats[0].pk).update(is_chair=True, response="declined")
    assert set(offenders()) == {"panel_chair", "panel_declined_seats"}
    Seat.objects.filter(pk=seats[0].pk).update(response="accepted")
    Seat.objects.filter(pk=seats[1].pk).update(by_lot=True)
    assert set(offenders()) == {"panel_lots"}
    Seat.objects.filter(pk=seats[1].pk).update(by_lot=False)
    item = session.agenda.get()
    road.place(item.application, Status.CANDIDATE)
    assert set(offenders()) == {"panel_agenda_open"}
    road.place(item.application, Status.DELIBERATION)
    AgendaItem.objects.filter(pk=item.pk).update(acting_chair=seats[2])
    Conflict.objects.create(
        item=item,
        seat=seats[2],
        basis="declared",
        state="confirmed",
        decided_at=timezone.now(),
        decided_by=office,
    )
    assert set(offenders()) == {"panel_acting_chair"}


def test_a_forged_draw_is_noticed(office, pool):
    row = seating.draw_experts(drawn_session(office), by=office)
    PanelDraw.objects.create(
        session=row.session,
        seed=row.seed,
        wanted=5,
        pool=row.pool,
        terms=row.terms,
        chosen=row.chosen[::-1],
        by=office,
    )
    assert set(offenders()) == {"panel_draws"}
