"""Candidate lists [3.2.2]: who stands on them, in which order and why, and how they are sent and taken back."""

import itertools
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.actions import listing
from applications.models import (
    AgendaItem,
    Application,
    BallotRound,
    Batch,
    CandidateList,
    ListEntry,
    PanelSession,
)
from applications.papers import papers_of
from applications.papers.listing import build_candidate_list
from applications.ranking import Standing, ranked, reasons_of, tie_reasons
from applications.workflow import ADMISSION, LIST
from applications.workflow.listing import expired_waitlist
from park import documents, invariants, rules
from park.formkeys import new_key
from park.models import AuditEntry, Body, Document, Notification, Role, WorkingGroupMember
from park.workflow import Refused
from tests.answers import answer_to
from tests.applications import filled, road
from tests.applications.conftest import verbs_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def office(db):
    return UserFactory(roles=["office"], real_name="周经办")


@pytest.fixture
def colleague(db):
    return UserFactory(roles=["office"], real_name="吴复核")


def member(code="vocational", *, leader=False, **fields):
    """A person of the working group who speaks for a body."""
    user = UserFactory(roles=["working_group"], **fields)
    body = Body.objects.filter(code=code).first() or Body.objects.order_by("pk").first()
    WorkingGroupMember.objects.create(user=user, body=body, is_leader=leader)
    return user


@pytest.fixture
def leader(db):
    return member("working_group", leader=True, real_name="郑组长")


def keys(*applications):
    return [a.key for a in applications]


def compiled(office, *applications, places=1, **fields):
    return listing.compile_list(
        keys(*applications), **{"title": "2026年第1批", "places": places, "by": office} | fields
    )


def order_of(candidate_list):
    return [e.application for e in candidate_list.entries.order_by("rank").select_related("application")]


# ── the order, as a table ───────────────────────────────────────────────────────────────────────
def standing(pk, approve, eligible, *, filed=1, key=False, met=1, order=1):
    """A case that was filed on a day of March 2026, before a panel of a day of April."""
    moment = datetime(2026, 3, filed, 9, 0, tzinfo=timezone.get_default_timezone())
    session = PanelSession(pk=met, number=f"PH-2026-{met:04}", meets_on=date(2026, 4, met))
    item = AgendaItem(pk=pk, session=session, order=order)
    round_ = BallotRound(approve=approve, eligible=eligible)
    return Standing(Application(pk=pk, number=f"SB-2026-{pk:04}", submitted_at=moment), item, round_, key)


# fmt: off
RANKINGS = [
    # rule                     cases: (pk, approve, eligible, what decides a tie)                                                     their order   why the second and later stand there
    ("votes_then_filed",     [(1, 4, 5, {}), (2, 5, 5, {}), (3, 3, 4, {})],                                                           [2, 1, 3],    {}),
    ("votes_then_filed",     [(1, 4, 6, {"filed": 2}), (2, 2, 3, {"filed": 1})],                                                      [2, 1],       {2: "首次提交在先", 1: "首次提交在后"}),  # 4/6 is exactly 2/3
    ("votes_then_filed",     [(1, 2, 3, {}), (2, 67, 100, {})],                                                                       [2, 1],       {}),  # 0.67 is more than ⅔
    ("votes_then_filed",     [(1, 5, 7, {}), (2, 3, 4, {})],                                                                          [2, 1],       {}),  # fewer votes, larger share
    ("votes_then_filed",     [(1, 4, 5, {"filed": 3}), (2, 4, 5, {"filed": 2}), (3, 4, 5, {"filed": 1})],                             [3, 2, 1],    {3: "首次提交在先", 2: "首次提交在后", 1: "首次提交在后"}),
    ("votes_then_filed",     [(2, 4, 5, {}), (1, 4, 5, {})],                                                                          [1, 2],       {1: "申报编号在先", 2: "申报编号在后"}),  # filed in the same moment
    ("votes_then_condition", [(1, 4, 5, {"filed": 1}), (2, 4, 5, {"filed": 9, "key": True})],                                         [2, 1],       {2: "参与重点技术攻关项目，优先", 1: "未参与重点技术攻关项目"}),
    ("votes_then_condition", [(1, 4, 5, {"filed": 8, "key": True}), (2, 4, 5, {"filed": 2, "key": True})],                            [2, 1],       {2: "首次提交在先", 1: "首次提交在后"}),
    ("votes_then_condition", [(1, 5, 5, {"filed": 8}), (2, 4, 5, {"filed": 2, "key": True})],                                         [1, 2],       {}),  # votes come first
    ("votes_then_order",     [(1, 4, 5, {"order": 2}), (2, 4, 5, {"order": 1, "filed": 9})],                                          [2, 1],       {2: "评议议程在先", 1: "评议议程在后"}),
    ("votes_then_order",     [(1, 4, 5, {"met": 2, "order": 1}), (2, 4, 5, {"met": 1, "order": 9})],                                  [2, 1],       {2: "评议议程在先", 1: "评议议程在后"}),
    ("votes_then_order",     [(1, 9, 10, {"order": 9}), (2, 4, 5, {"order": 1})],                                                     [1, 2],       {}),
]
# fmt: on


@pytest.mark.parametrize(("rule", "cases", "order", "why"), RANKINGS)
def test_ranking(rule, cases, order, why):
    for given in itertools.permutations([standing(pk, a, n, **more) for pk, a, n, more in cases]):
        found = ranked(given, rule)
        assert [s.application.pk for s in found] == order
    reasons = tie_reasons(found, rule)
    assert set(reasons) == set(why)
    for pk, words in why.items():
        assert words in reasons[pk]


def test_a_tie_names_the_neighbour_and_the_moment():
    found = ranked([standing(1, 4, 5, filed=2), standing(2, 4, 5, filed=1)], "votes_then_filed")
    assert tie_reasons(found, "votes_then_filed") == {
        2: "同意票比例与第2名相同，首次提交在先（2026年3月1日 09:00）",
        1: "同意票比例与第1名相同，首次提交在后（2026年3月2日 09:00）",
    }


def test_shares_are_exact():
    assert standing(1, 4, 6).share == Fraction(2, 3) == standing(2, 2, 3).share
    assert standing(1, 333, 500).share < Fraction(2, 3)


@pytest.mark.parametrize("rule", dict(rules.REGISTRY["list_ranking"].choices))
def test_every_setting_is_a_rule(rule):
    assert [s.application.pk for s in ranked([standing(1, 1, 2), standing(2, 2, 2)], rule)] == [2, 1]


# ── compiling ───────────────────────────────────────────────────────────────────────────────────
def test_a_list_is_ranked_and_divided_by_its_places(office):
    weak, strong, middle = (road.candidate(office=office, approve=n, oppose=int(n < 5)) for n in (3, 5, 4))
    row = compiled(office, weak, strong, middle, places=2)
    assert order_of(row) == [strong, middle, weak]
    assert list(row.entries.order_by("rank").values_list("rank", "place", "approve", "eligible")) == [
        (1, "candidate", 5, 5), (2, "candidate", 4, 5), (3, "waitlist", 3, 4),
    ]  # fmt: skip
    assert (row.status, row.ranking, row.compiled_by) == ("drafting", "votes_then_filed", office)
    assert verbs_of(row) == ["compile_list"]


def test_the_rule_of_the_day_counts_and_a_change_is_seen_when_ranked_anew(office):
    first = road.candidate(office=office)
    typed = filled.TYPED["conditions"] | {"key_project": "on", "key_project_note": "江苏省重点研发计划项目。"}
    key = keyed_candidate(office, typed)
    row = compiled(office, first, key)
    assert order_of(row) == [first, key]
    rules.set_rule("list_ranking", "votes_then_condition", by=office, reason="测试")
    row, gone = listing.recompute(row, by=office)
    assert (order_of(row), row.ranking, gone) == ([key, first], "votes_then_condition", [])
    assert reasons_of(
        row, list(row.entries.order_by("rank").select_related("application", "item__session", "round"))
    ) == {
        key.pk: "同意票比例与第2名相同，参与重点技术攻关项目，优先",
        first.pk: "同意票比例与第1名相同，未参与重点技术攻关项目",
    }


def keyed_candidate(office, conditions):
    """A candidate whose form says that it takes part in a key project."""
    application = filled.submitted(typed=filled.typed_for(9_001) | {"conditions": conditions})
    panel = road.session(by=office, status="closed")
    item = road.agenda_item(panel, application, by=office)
    road.closed_round(item, by=office)
    AgendaItem.objects.filter(pk=item.pk).update(is_open=False)
    return road.place(application, "candidate")


def test_taking_a_case_off_moves_the_others_up(office):
    cases = [road.candidate(office=office, approve=n, oppose=int(n < 5)) for n in (5, 4, 3)]
    row = compiled(office, *cases, places=1)
    row, _ = listing.remove_case(row, cases[0].key, by=office)
    assert list(row.entries.order_by("rank").values_list("application", "rank", "place")) == [
        (cases[1].pk, 1, "candidate"), (cases[2].pk, 2, "waitlist"),
    ]  # fmt: skip
    assert not cases[0].list_entries.exists()


def test_another_number_of_places_divides_anew(office):
    cases = [road.candidate(office=office) for _ in range(3)]
    row = compiled(office, *cases, places=1)
    row, _ = listing.change_list(row, keys(*cases), title="改名", places=3, by=office)
    assert set(row.entries.values_list("place", flat=True)) == {"candidate"}
    assert (row.title, row.places) == ("改名", 3)


def test_a_case_stands_on_one_list(office, colleague):
    case = road.candidate(office=office)
    row = compiled(office, case)
    with pytest.raises(Refused, match=f"{case}已在名单{row}上"):
        compiled(colleague, case)
    LIST.perform(row, "void_list", by=office, data={"reason": "作废"})
    assert compiled(colleague, case).entries.get().application == case


@pytest.mark.parametrize("status", ["site_visit", "deliberation", "listed", "withdrawn"])
def test_only_candidates_are_listed(office, status):
    case = road.place(road.candidate(office=office), status)
    with pytest.raises(Refused, match="不在“表决通过，待列名单”"):
        compiled(office, case)
    assert not CandidateList.objects.exists()


def test_a_verdict_that_failed_is_not_listed(office):
    case = road.candidate(office=office, approve=1, oppose=4)
    with pytest.raises(Refused, match="没有通过的表决"):
        compiled(office, case)


def test_the_last_verdict_counts_after_a_reconsideration(office):
    case = road.candidate(office=office, approve=3, oppose=1)
    again = road.agenda_item(road.session(by=office, status="closed"), case, by=office)
    road.closed_round(again, by=office, approve=5, oppose=0)
    AgendaItem.objects.update(is_open=False)
    entry = compiled(office, case).entries.get()
    assert (entry.approve, entry.eligible, entry.item) == (5, 5, again)


def test_nobody_lists_a_studio_of_their_own(office):
    both = UserFactory(roles=["office", "applicant"])
    case = road.candidate(office=office, owner=both)
    with pytest.raises(Refused, match="参与了"):
        compiled(both, case)
    row = compiled(office, case)
    with pytest.raises(PermissionDenied):
        LIST.perform(row, "send_list", by=both)


def test_an_empty_choice_is_refused(office):
    with pytest.raises(Refused, match="至少选择一件"):
        compiled(office)


# ── the procedure, retyped: role × status × step ────────────────────────────────────────────────
# fmt: off
OFFICE, LEADER = {"office", "lead_division"}, {"leader"}
MAY = {
    "drafting": {"send_list": OFFICE, "void_list": OFFICE},
    "sent":     {"recall_list": OFFICE, "resolve_list": LEADER},
    "resolved": {},
    "void":     {},
}
LEADS_TO = {"send_list": "sent", "void_list": "void", "recall_list": "void", "resolve_list": "resolved"}
# fmt: on
WHO = [
    "leader",
    "member",
    "former_leader",
    "officer_of_studio",
    "superuser",
    "nobody",
    "system",
    *Role.values,
]


@pytest.fixture
def crowd(office):
    people = {role: UserFactory(roles=[role]) for role in Role.values}
    owner = UserFactory(roles=["office", "applicant"])
    gone = UserFactory(roles=["working_group"])
    body = Body.objects.order_by("pk").first()
    WorkingGroupMember.objects.create(user=gone, body=body, is_leader=True, left_on=timezone.localdate())
    return people | {
        "leader": member(leader=True), "member": member(), "former_leader": gone, "officer_of_studio": owner,
        "superuser": UserFactory(is_superuser=True), "nobody": UserFactory(),
    }  # fmt: skip


def list_in(status, office, owner):
    case = road.candidate(office=office, owner=owner)
    row = road.candidate_list([case], by=office, status="drafting" if status == "drafting" else "sent")
    if status not in ("drafting", "sent"):
        extra = {"resolved_by": UserFactory(), "resolved_at": timezone.now(), "minutes_no": "1号"}
        extra |= {"minutes_on": timezone.localdate()}
        CandidateList.objects.filter(pk=row.pk).update(
            status=status, **(extra if status == "resolved" else {})
        )
        row.refresh_from_db()
    return row


@pytest.mark.parametrize("status", MAY)
def test_steps_offered(office, crowd, status):
    row = list_in(status, office, crowd["officer_of_studio"])
    for who in WHO:
        offered = {s.name for s in LIST.open_to(crowd.get(who), row)}
        assert offered == {step for step, allowed in MAY[status].items() if who in allowed}, who


@pytest.mark.parametrize("status", MAY)
def test_only_the_right_person_at_the_right_time(office, crowd, status):
    row = list_in(status, office, crowd["officer_of_studio"])
    answers, expected = {}, {}
    for step, who in itertools.product(LEADS_TO, WHO):
        if who not in MAY[status].get(step, ()):
            ever = {name for allowed in MAY.values() for name in allowed.get(step, ())}
            expected[step, who] = Refused if who in ever else PermissionDenied
            answers[step, who] = answer_to(LIST, row, step, by=crowd.get(who))
    assert answers == expected
    row.refresh_from_db()
    assert row.status == status


def test_steps_lead_where_the_law_says():
    assert {s.name: s.target for s in LIST.steps.values()} == LEADS_TO
    assert {s.clause for s in LIST.steps.values()} == {"3.2.2", "3.2.3"}


@pytest.mark.parametrize("who", ["compiler", "sender"])
def test_whoever_compiled_or_sent_never_decides(office, who):
    both = member(leader=True)
    row = road.candidate_list([road.candidate(office=office)], by=office)
    column = {"compiler": "compiled_by", "sender": "sent_by"}[who]
    CandidateList.objects.filter(pk=row.pk).update(**{column: both})
    row.refresh_from_db()
    assert LIST.open_to(both, row) == []
    with pytest.raises(PermissionDenied):
        LIST.perform(row, "resolve_list", by=both)


# ── sending and taking back ─────────────────────────────────────────────────────────────────────
def test_sending_lists_every_case_and_tells_the_working_group_once(office, leader):
    cases = [road.candidate(office=office) for _ in range(3)]
    row = LIST.perform(compiled(office, *cases, places=2), "send_list", by=office)
    assert (row.status, row.sent_by) == ("sent", office)
    assert row.due_on is not None
    assert set(Application.objects.filter(pk__in=[c.pk for c in cases]).values_list("status", flat=True)) == {
        "listed"
    }
    told = Notification.objects.filter(user=leader)
    assert [n.url for n in told] == [row.get_absolute_url()]
    paper = Document.objects.get(kind="candidate_list")
    assert (paper.number, paper.subject_id) == (row.number, str(row.pk))


def test_a_case_withdrawn_meanwhile_is_named_and_keeps_the_list_back(office):
    stays, leaves = road.candidate(office=office), road.candidate(office=office)
    row = compiled(office, stays, leaves)
    ADMISSION.perform(leaves, "withdraw", by=leaves.applicant)
    with pytest.raises(Refused, match=f"请先移出名单：{leaves}（已撤回）"):
        LIST.perform(row, "send_list", by=office)
    stays.refresh_from_db()
    assert stays.status == "candidate"
    row, gone = listing.recompute(row, by=office)
    assert (gone, order_of(row)) == ([str(leaves)], [stays])
    assert LIST.perform(row, "send_list", by=office).status == "sent"


def test_a_list_taken_back_frees_its_cases_and_its_paper_falls(office, leader, client_of):
    case = road.candidate(office=office)
    row = LIST.perform(compiled(office, case), "send_list", by=office)
    row = LIST.perform(row, "recall_list", by=office, data={"reason": "名额有误"})
    case.refresh_from_db()
    assert (row.status, case.status, case.list_entries.get().is_open) == ("void", "candidate", False)
    assert Document.objects.get(kind="candidate_list").state == "withdrawn"
    page = client_of(leader).get(row.get_absolute_url()).content.decode()
    assert "已撤回这份名单" in page
    assert case.studio_name not in page
    assert compiled(office, case).status == "drafting"


def test_the_clock_of_the_working_group_is_the_parks_setting(office, clock):
    clock("2026-03-02")
    case = road.candidate(office=office)
    row = LIST.perform(compiled(office, case), "send_list", by=office)
    assert row.due_on.isoformat() == "2026-03-23"  # 15 working days


# ── promotion ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def waiting(office, leader):
    """A resolved list: one place taken, two 候补."""
    cases = [road.candidate(office=office, approve=n, oppose=int(n < 5)) for n in (5, 4, 3)]
    row = road.resolved(cases, compiled_by=office, leader=leader, decisions=["approve"] * 3, places=1)
    return row, [Application.objects.get(pk=c.pk) for c in cases]


def test_no_promotion_without_a_free_place(waiting, office):
    row, _ = waiting
    with pytest.raises(Refused, match="还没有空余的名额"):
        listing.promote(row.entries.get(rank=2), by=office)


def test_the_first_in_line_is_promoted_when_a_place_falls_free(waiting, office):
    row, cases = waiting
    ADMISSION.perform(cases[0], "withdraw", by=cases[0].applicant)
    with pytest.raises(Refused, match="应按名次递补，前面还有第2名"):
        listing.promote(row.entries.get(rank=3), by=office)
    listing.promote(row.entries.get(rank=2), by=office)
    assert [Application.objects.get(pk=c.pk).status for c in cases] == ["withdrawn", "approved", "waitlisted"]
    with pytest.raises(Refused, match="还没有空余的名额"):
        listing.promote(row.entries.get(rank=3), by=office)


def test_promotion_through_the_page(waiting, office, client_of):
    row, cases = waiting
    browser = client_of(office)
    assert "空余名额 0 个" in browser.get(row.get_absolute_url()).content.decode()
    ADMISSION.perform(cases[0], "withdraw", by=cases[0].applicant)
    assert "递补</button>" in browser.get(row.get_absolute_url()).content.decode()
    url = reverse("applications:list_promote", args=[row.key])
    assert browser.post(url, {"form_key": new_key(), "case": cases[1].key}).status_code == 302
    cases[1].refresh_from_db()
    assert cases[1].status == "approved"


# ── pages ───────────────────────────────────────────────────────────────────────────────────────
def test_compiling_through_the_pages(office, client_of):
    cases = [road.candidate(office=office, approve=n, oppose=int(n < 5)) for n in (4, 5)]
    browser = client_of(office)
    page = browser.get(reverse("applications:list_new")).content.decode()
    assert page.index(cases[1].studio_name) > 0
    assert page.count('name="case"') == page.count(" checked") == 2
    data = {"form_key": new_key(), "title": "第一批", "places": "1", "case": keys(*cases)}
    response = browser.post(reverse("applications:list_new"), data)
    row = CandidateList.objects.get()
    assert response.url == row.get_absolute_url()
    assert order_of(row) == [cases[1], cases[0]]
    page = browser.get(row.get_absolute_url()).content.decode()
    assert all(text in page for text in ("报工作小组审核认定", "重新排序", "不能审核认定这份名单"))
    change = reverse("applications:list_change", args=[row.key])
    data = {"form_key": new_key(), "title": "第一批", "places": "1", "case": keys(cases[0])}
    assert browser.post(change, data).status_code == 302
    assert order_of(row) == [cases[0]]
    add = {"form_key": new_key(), "title": "第一批", "places": "0", "case": keys(*cases)}
    response = browser.post(change, add)
    assert response.status_code == 422
    assert "可入驻名额至少 1 个" in response.content.decode()
    send = reverse("applications:list_step", args=[row.key, "send_list"])
    assert browser.post(send, {"form_key": new_key()}).status_code == 302
    row.refresh_from_db()
    assert row.status == "sent"


def test_what_was_typed_stays_when_a_case_is_gone(office, client_of):
    case = road.candidate(office=office)
    road.place(case, "withdrawn")
    data = {"form_key": new_key(), "title": "自拟的名称", "places": "7", "case": keys(case)}
    road.candidate(office=office)  # another one, so that there is a form
    response = client_of(office).post(reverse("applications:list_new"), data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "自拟的名称" in page
    assert 'value="7"' in page
    assert "不在“表决通过，待列名单”" in page


def test_batches_narrow_the_choice(office, client_of):
    spring = Batch.objects.create(name="2026年春季", opens_on="2026-03-01", closes_on="2026-03-31")
    inside, outside = road.candidate(office=office), road.candidate(office=office)
    Application.objects.filter(pk=inside.pk).update(batch=spring)
    page = client_of(office).get(reverse("applications:list_new"), {"batch": spring.pk}).content.decode()
    assert str(inside.key) in page
    assert str(outside.key) not in page


@pytest.mark.parametrize(
    ("who", "expected"),
    [("office", 200), ("lead_division", 200), ("working_group", 200), ("expert", 403), ("applicant", 403),
     ("auditor", 403), ("sysadmin", 403)],
)  # fmt: skip
def test_who_reads_the_lists(user, client_of, who, expected):
    assert client_of(user(who)).get(reverse("applications:lists")).status_code == expected


def test_the_working_group_sees_a_list_once_it_is_sent(office, leader, client_of):
    row = compiled(office, road.candidate(office=office))
    assert client_of(leader).get(row.get_absolute_url()).status_code == 404
    LIST.perform(row, "send_list", by=office)
    assert client_of(leader).get(row.get_absolute_url()).status_code == 200
    for role in ("expert", "applicant", "auditor", "sysadmin"):
        assert client_of(UserFactory(roles=[role])).get(row.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("page", ["list_change", "list_recompute", "list_remove", "list_promote"])
def test_only_the_office_changes_a_list(office, leader, client_of, page):
    row = road.candidate_list([road.candidate(office=office)], by=office)
    response = client_of(leader).post(
        reverse(f"applications:{page}", args=[row.key]),
        {"form_key": new_key(), "case": row.entries.get().application.key},
    )
    assert response.status_code in (403, 404)


def asked(browser, url):
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url).status_code == 200
    return len(found)


def test_pages_ask_the_same_at_1_and_30_rows(office, leader, client_of):
    """List, one list to the office and to the group, and the page of the choice."""
    rows = {
        n: road.candidate_list([road.candidate(office=office) for _ in range(n)], by=office) for n in (1, 30)
    }
    colleague = member()
    for row in rows.values():
        for entry in row.entries.all():
            entry.opinions.create(
                member=colleague, body=colleague.working_group_seat.body, stance="approve", text="同意"
            )
    for who in (office, leader):
        browser = client_of(who)
        browser.get(reverse("home"))
        counts = {n: asked(browser, row.get_absolute_url()) for n, row in rows.items()}
        assert counts[1] == counts[30], (who, counts)
    browser = client_of(leader)
    urls = {n: reverse("applications:resolve_list", args=[row.key]) for n, row in rows.items()}
    browser.get(urls[1])
    assert asked(browser, urls[1]) == asked(browser, urls[30])
    browser = client_of(office)
    browser.get(reverse("home"))
    road.candidate(office=office)
    one = asked(browser, reverse("applications:lists")), asked(browser, reverse("applications:list_new"))
    for _ in range(4):
        road.candidate_list([road.candidate(office=office)], by=office)
        road.candidate(office=office)
    assert (
        asked(browser, reverse("applications:lists")),
        asked(browser, reverse("applications:list_new")),
    ) == one


# ── the paper and the rules of the database ─────────────────────────────────────────────────────
def test_the_paper_has_rank_votes_and_places(office):
    cases = [road.candidate(office=office, approve=n, oppose=int(n < 5)) for n in (5, 4)]
    row = LIST.perform(compiled(office, *cases, places=1, note="名额依据市局批复。"), "send_list", by=office)
    document = Document.objects.get(kind="candidate_list")
    html = documents.render_html(document)
    for text in (
        "入驻候选名单",
        "名额依据市局批复。",
        "同意5票，有表决权5人",
        row.entries.get(rank=2).round.arithmetic,
        "候补",
        row.number,
    ):
        assert text in html
    assert html.index(cases[0].number) < html.index(cases[1].number)
    _, context = build_candidate_list(document)
    assert [(r["rank"], r["place"]) for r in context["rows"]] == [(1, "候选"), (2, "候补")]


def test_the_studio_does_not_see_the_list(office):
    case = road.candidate(office=office)
    LIST.perform(compiled(office, case), "send_list", by=office)
    assert "candidate_list" in set(papers_of(case, for_studio=False).values_list("kind", flat=True))
    assert "candidate_list" not in set(papers_of(case, for_studio=True).values_list("kind", flat=True))


def broken(name):
    return next(i for i in invariants.REGISTRY if i.name == name).offenders()


OWN = (
    "list_rests_on_verdicts", "list_ranks_and_places", "listed_is_on_a_list", "list_row_in_use",
    "decision_matches_status", "resolution_complete", "approver_is_not_compiler", "places_not_exceeded",
    "office_box_cites_resolution",
)  # fmt: skip


def test_the_invariants_hold_and_see_what_is_wrong(office, leader, waiting):
    row, cases = waiting
    assert {name: broken(name) for name in OWN} == {name: [] for name in OWN}
    road.place(cases[1], "approved")
    assert broken("places_not_exceeded") == [row.number]
    ListEntry.objects.filter(pk=row.entries.get(rank=2).pk).update(is_open=False)
    assert broken("listed_is_on_a_list") == [cases[1].number]
    road.place(cases[2], "withdrawn")
    assert broken("list_row_in_use") == [row.number]
    other = road.candidate_list([road.candidate(office=office)], by=office, places=1)
    ListEntry.objects.filter(list=other).update(approve=1)
    assert broken("list_rests_on_verdicts") == [other.number]
    ListEntry.objects.filter(list=other).update(place="waitlist")
    assert broken("list_ranks_and_places") == [other.number]


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "decline", "reason": "改了"},
        {"reason": "改了"},
        {"rank": 9},
        {"approve": 1},
        {"own_unit": True},
    ],
)
def test_a_decided_row_does_not_change(waiting, change):
    row, _ = waiting
    with pytest.raises(DatabaseError, match="decided rows do not change"), transaction.atomic():
        row.entries.filter(rank=1).update(**change)
    row.entries.filter(rank=1).update(is_open=False)  # it may leave the list


@pytest.mark.parametrize(
    "change",
    [{"places": 9}, {"minutes_no": "2号"}, {"resolution": "改了"}, {"status": "sent"}, {"title": "改了"}],
)
def test_a_resolved_list_does_not_change(waiting, change):
    row, _ = waiting
    with pytest.raises(DatabaseError, match="a resolved list does not change"), transaction.atomic():
        CandidateList.objects.filter(pk=row.pk).update(**change)


def test_the_database_refuses_a_decision_by_the_compiler(office):
    row = road.candidate_list([road.candidate(office=office)], by=office)
    with pytest.raises(DatabaseError, match="nobody decides on a list they compiled"), transaction.atomic():
        row.entries.update(decision="approve", decided_at=timezone.now(), decided_by=office)


def test_rows_of_a_list_that_was_sent_stay(office):
    row = road.candidate_list([road.candidate(office=office)], by=office)
    with pytest.raises(DatabaseError, match="rows of a list that was sent stay"), transaction.atomic():
        row.entries.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        CandidateList.objects.filter(pk=row.pk).delete()


def test_the_trail_names_no_person_of_a_studio(office, leader):
    case = road.candidate(office=office)
    LIST.perform(compiled(office, case), "send_list", by=office)
    for entry in AuditEntry.objects.filter(verb__in=["compile_list", "send_list", "list"]):
        assert case.leader_name not in f"{entry.note}{entry.before}{entry.after}{entry.subject}"


def test_a_sent_list_is_older_than_its_deadline(office, leader, client_of):
    row = road.candidate_list([road.candidate(office=office)], by=office)
    CandidateList.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=20))
    assert "已超期" in client_of(leader).get(reverse("applications:lists")).content.decode()


def test_whoever_waits_longer_than_the_setting_is_put_before_the_office(office, leader, clock, client_of):
    """Twelve months from the resolution of 31 August 2025; the last day is still the studio's."""
    first, second = road.candidate(office=office), road.candidate(office=office)
    clock("2025-08-31")
    road.resolved(
        [first, second], compiled_by=office, leader=leader, decisions=["approve", "approve"], places=1
    )
    clock("2026-08-31")
    assert list(expired_waitlist()) == []
    clock("2026-09-01")
    assert list(expired_waitlist()) == [second]
    home = client_of(office).get(reverse("home"))
    assert "候补已过有效期" in [section["title"] for section in home.context["sections"]]


# ── a studio does not read how it is decided ────────────────────────────────────────────────────
@pytest.mark.parametrize("roles", [["office", "applicant"], ["working_group", "applicant"]])
@pytest.mark.parametrize("status", ["sent", "resolved"])
def test_who_has_a_studio_on_the_list_reads_nothing_of_it(office, client_of, roles, status):
    owner = UserFactory(roles=roles)
    row = list_in(status, office, owner)
    documents.issue("candidate_list", row, by=office, number=row.number)
    paper = Document.objects.get(kind="candidate_list")
    browser = client_of(owner)
    for url in (
        row.get_absolute_url(),
        reverse("applications:list_paper", args=[row.key, paper.public_id]),
        reverse("applications:list_step", args=[row.key, "recall_list"]),
    ):
        response = browser.get(url)
        assert response.status_code == 403, url
        assert row.entries.get().application.studio_name not in response.content.decode()
    assert client_of(office).get(row.get_absolute_url()).status_code == 200


def test_a_case_of_ones_own_is_not_shown_as_waiting_for_a_list(office, client_of):
    owner = UserFactory(roles=["office", "applicant"])
    case = road.candidate(office=office, owner=owner)
    page = client_of(owner).get(reverse("applications:list_new")).content.decode()
    assert str(case) not in page
    road.place(case, "declined")
    with pytest.raises(Refused) as refusal:
        compiled(owner, case)
    assert "不予入驻" not in str(refusal.value)
