"""限期整改 [5.4.4][T11][T12]: who may do what when, on which ground, until which day, and what the residency makes of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from assessments.actions.rectification import cards_to_rectify, falsifications_to_rectify, warn_of_deadlines
from assessments.documents import rectification as sheets
from assessments.effects.standing import end_with_residency
from assessments.models import (
    RectificationAnswer,
    RectificationItem,
    RectificationOrder,
    RectificationReport,
    ServiceOfProcess,
)
from assessments.papers import rectification as papers
from assessments.workflow import RECTIFICATION
from park import documents, rules
from park.invariants import REGISTRY
from park.models import Document, Notification
from park.workflow import Refused
from tests.assessments import holding as make
from tests.workshops.factories import ResidencyFactory, StudioFactory
from workshops.charges.term import corresponding_day
from workshops.conditions.residency import notices_on
from workshops.models import Residency
from workshops.workflow import RESIDENCY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

OFFICE = {"office", "lead_division"}
STUDIO = {"owner", "officer_of_studio"}
EVERYBODY = [
    "office", "inspector", "lead_division", "attraction", "working_group", "expert", "auditor", "owner", "stranger",
    "officer_of_studio", "nobody", "superuser",
]  # fmt: skip
OFFERED = {  # status -> step -> who
    "issued": {
        "acknowledge_rectification": STUDIO,
        "serve_rectification": OFFICE,
        "report_rectification": STUDIO,
        "extend_rectification": OFFICE,
        "fail_rectification": OFFICE,
        "withdraw_rectification": OFFICE,
    },
    "reported": {
        "amend_rectification": STUDIO,
        "return_rectification": OFFICE,
        "pass_rectification": OFFICE,
        "fail_rectification": OFFICE,
        "withdraw_rectification": OFFICE,
    },
    "passed": {},
    "failed": {},
    "withdrawn": {},
}


def offenders():
    rows = [i for i in REGISTRY if i.name.startswith(("rectification_", "revocation_", "triggers"))]
    return [i.name for i in rows if i.offenders()]


@pytest.fixture
def office(people):
    return people["office"]


@pytest.fixture
def owner(people):
    return people["owner"]


# ── who, when ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", OFFERED)
def test_steps_offered(people, residency, status):
    order = make.order_in(status, residency, office=people["office"], owner=people["owner"])
    offered = {name: {s.name for s in RECTIFICATION.open_to(people[name], order)} for name in EVERYBODY}
    assert offered == {name: {s for s, who in OFFERED[status].items() if name in who} for name in EVERYBODY}
    for step in RECTIFICATION.steps:  # whoever is not offered a step cannot take it
        for name in EVERYBODY:
            if name not in OFFERED[status].get(step, ()):
                with pytest.raises((PermissionDenied, Refused)):
                    RECTIFICATION.perform(order, step, by=people[name], data={})
    assert offenders() == []


def test_only_the_office_orders_and_not_on_a_studio_of_their_own(people, residency):
    card = make.card(residency, by=people["office"])
    for name in set(EVERYBODY) - OFFICE:
        with pytest.raises(PermissionDenied):
            make.ordered(residency, by=people[name], card=card)
    assert make.ordered(residency, by=people["lead_division"], card=card).status == "issued"


def test_who_sees_an_order(people, residency, office):
    make.ordered(residency, by=office)
    seen = {n for n in EVERYBODY if RectificationOrder.objects.visible_to(people[n]).exists()}
    assert seen == OFFICE | STUDIO | {"inspector", "attraction", "working_group"}


# ── ground ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("card", "words"),
    [
        ({"status": "provisional"}, "没有最终结果为“不合格”"),
        ({"grade": "pass"}, "没有最终结果为“不合格”"),
    ],
)
def test_only_a_final_card_that_failed_is_a_ground(residency, office, card, words):
    row = make.card(residency, by=office, **card)
    with pytest.raises(Refused, match=words):
        make.ordered(residency, by=office, card=row)


def test_a_finding_of_falsification_is_a_ground_while_it_stands(residency, office):
    found = make.falsified(make.card(residency, by=office, grade="pass"), by=office)
    assert list(falsifications_to_rectify()) == [found]
    lifted = type(found).objects.get(pk=found.pk)
    lifted.lifted_at, lifted.lifted_by, lifted.lifted_why = timezone.now(), office, "查无实据"
    with pytest.raises(Refused, match="没有仍然有效的弄虚作假认定"):
        make.ordered(residency, by=office, falsification=lifted)
    order = make.ordered(residency, by=office, falsification=found)
    assert (order.ground, "弄虚作假" in papers.ground_words(order)) == ("falsification", True)
    assert not falsifications_to_rectify().exists()


def test_one_order_at_a_time_and_one_for_each_card(residency, office, owner):
    card = make.card(residency, by=office)
    assert list(cards_to_rectify()) == [card]
    order = make.ordered(residency, by=office, card=card)
    assert not cards_to_rectify().exists()
    with pytest.raises(Refused, match="已有一件没有办结"):
        make.ordered(residency, by=office, card=make.card(residency, by=office, year=2020))
    order = make.passed(make.reported(order, owner=owner), by=office)
    with pytest.raises(Refused, match="已经发过限期整改通知"):
        make.ordered(residency, by=office, card=card)


def test_whose_right_is_being_decided_is_not_asked_to_be_ordered(residency, office):
    make.card(residency, by=office)
    make.proposed(residency, by=office)
    assert not cards_to_rectify().exists()


def test_another_studios_card_is_no_ground(residency, office):
    other = make.card(ResidencyFactory(active=True), by=office)
    with pytest.raises(Refused, match="不属于这一次入驻"):
        make.ordered(residency, by=office, card=other)


@pytest.mark.parametrize("status", ["pending_agreement", "ended", "revoked"])
def test_only_studios_in_the_park_are_ordered(office, status):
    residency = ResidencyFactory(active=True, status=status)
    with pytest.raises(Refused, match="不能发出限期整改通知"):
        make.ordered(residency, by=office)


def test_an_order_says_at_least_one_thing(residency, office):
    with pytest.raises(Refused, match="至少列出一项"):
        make.ordered(residency, by=office, items=[])
    assert not RectificationOrder.objects.exists()


# ── the day ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "months", "last"),
    [  # 民法典第二百零一、二百零二条
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 2, 28), 3, date(2026, 5, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_the_last_day_is_the_corresponding_day(day, months, last):
    assert corresponding_day(day, months) == last


def test_three_months_by_default_and_what_was_set_when_it_was_issued(residency, office):
    order = make.ordered(residency, by=office)
    assert (order.months, order.deadline) == (3, corresponding_day(timezone.localdate(), 3))
    rules.set_rule("rectification_months", 6, by=office, reason="放宽")
    order.refresh_from_db()
    assert order.deadline == corresponding_day(timezone.localdate(), 3)


def extend(order, by, until=None, **given):
    until = until or corresponding_day(order.first_deadline, 1)
    return RECTIFICATION.perform(
        order, "extend_rectification", by=by, data={"until": until, "reason": "疫情"} | given
    )


def test_it_is_extended_once_at_most_a_month_and_only_before_its_day(residency, office, clock):
    order = make.ordered(residency, by=office)
    with pytest.raises(Refused, match="最晚"):
        extend(order, office, order.first_deadline + timedelta(days=40))
    with pytest.raises(Refused, match="最晚"):
        extend(order, office, order.first_deadline)
    clock(f"{order.deadline}")  # the last day still counts
    order = extend(order, office)
    assert order.deadline == order.due_on == corresponding_day(order.first_deadline, 1)
    assert list(papers.papers_of(order).order_by("version").values_list("state", flat=True)) == [
        "superseded",
        "pending",
    ]
    assert papers.standing_notice(order).version == 2
    with pytest.raises(Refused, match="已经延长过一次"):
        extend(order, office)
    assert offenders() == []


def test_after_its_day_nothing_is_extended_or_returned(residency, office, owner):
    order = make.reported(make.ordered(residency, by=office, days_ago=make.LONG_AGO), owner=owner)
    assert order.report().is_late
    with pytest.raises(Refused, match="届满"):
        RECTIFICATION.perform(order, "return_rectification", by=office, data={"reason": "不够"})
    other = make.ordered(ResidencyFactory(active=True), by=office, days_ago=make.LONG_AGO)
    with pytest.raises(Refused, match="届满"):
        extend(other, office)


def test_the_park_may_allow_no_extension(residency, office):
    order = make.ordered(residency, by=office)
    rules.set_rule("rectification_extension_months", 0, by=office, reason="不延长")
    with pytest.raises(Refused, match="不能延长"):
        extend(order, office)


# ── report and re-check ─────────────────────────────────────────────────────────────────────────
def test_a_report_says_and_proves_every_item_and_may_be_amended(residency, office, owner):
    order = make.ordered(residency, by=office)
    with pytest.raises(Refused, match="每一项"):
        RECTIFICATION.perform(
            order, "report_rectification", by=owner, data=make.report_of(order) | {"answers": {}}
        )
    with pytest.raises(Refused, match="第1、2项还没有整改证明"):
        make.reported(order, owner=owner, files=0)
    assert not RectificationReport.objects.exists()
    order = make.reported(order, owner=owner)
    data = make.report_of(order, files=0, done="补充说明。")
    order = RECTIFICATION.perform(order, "amend_rectification", by=owner, data=data)
    rounds = {r.round: [a.done for a in r.answers.all()] for r in order.reports.all()}
    assert rounds == {1: ["已建立。"] * 2, 2: ["补充说明。"] * 2}
    assert order.status == "reported"


def test_found_wanting_in_time_it_is_returned_and_due_on_its_old_day(residency, office, owner):
    order = make.reported(make.ordered(residency, by=office), owner=owner)
    with pytest.raises(Refused, match="还没有届满"):  # [T11]
        make.failed(order, by=office)
    order = RECTIFICATION.perform(order, "return_rectification", by=office, data={"reason": "日志不全"})
    assert (order.status, order.due_on) == ("issued", order.deadline)
    assert order.report().returned_why == "日志不全"
    assert make.reported(order, owner=owner).report().round == 2


def test_passed_the_residency_goes_on(residency, office, owner):
    order = make.ordered(residency, by=office)
    residency.refresh_from_db()
    assert residency.status == "under_rectification"
    order = make.passed(make.reported(order, owner=owner), by=office)
    residency.refresh_from_db()
    assert (order.status, residency.status) == ("passed", "active")
    assert Document.objects.about(order).filter(kind=papers.OPINION).exists()


def test_not_passed_with_an_item_unmet_nor_failed_without_one(residency, office, owner):
    order = make.reported(make.ordered(residency, by=office, days_ago=make.LONG_AGO), owner=owner)
    data = {"opinion": "意见", "rechecked_on": timezone.localdate()}
    with pytest.raises(Refused, match="还有不达标"):
        RECTIFICATION.perform(
            order, "pass_rectification", by=office, data=data | {"verdicts": make.verdicts(order, 2)}
        )
    with pytest.raises(Refused, match="各项都达标"):
        RECTIFICATION.perform(
            order, "fail_rectification", by=office, data=data | {"verdicts": make.verdicts(order)}
        )
    early = data | {"verdicts": make.verdicts(order, 1), "rechecked_on": order.deadline}
    with pytest.raises(Refused, match="届满以后"):
        RECTIFICATION.perform(order, "fail_rectification", by=office, data=early)


def test_expired_without_a_report_it_fails_and_the_paper_says_so(residency, office):
    order = make.failed(make.ordered(residency, by=office, days_ago=make.LONG_AGO), by=office)
    residency.refresh_from_db()
    assert (order.status, order.report(), residency.status) == ("failed", None, "under_rectification")
    _, context = papers.build_opinion(Document.objects.about(order).get(kind=papers.OPINION))
    html = documents.page_html(
        *sheets.rectification_opinion(papers.data_of(order) | {"people": [], "photos": []}),
        Document(title="复查意见"),
    )
    assert context["reported_at"] == ""
    assert "没有报告" in html
    assert "仍不达标准" in html
    assert offenders() == []


def test_withdrawn_the_notice_falls_and_the_residency_goes_on(residency, office):
    order = make.order_in("withdrawn", residency, office=office, owner=None)
    residency.refresh_from_db()
    assert residency.status == "active"
    assert papers.standing_notice(order) is None
    assert list(cards_to_rectify()) == [order.card]  # it may be ordered anew


def test_the_end_of_the_residency_ends_it(residency, office, django_capture_on_commit_callbacks):
    order = make.ordered(residency, by=office)
    with pytest.raises(Refused, match="还没有结束"):
        RECTIFICATION.perform(order, "end_rectification", by=None, data={"reason": "x"})
    with django_capture_on_commit_callbacks(execute=True):
        RESIDENCY.perform(residency, "revoke", by=office, data={"reason": "测试"})
    order.refresh_from_db()
    assert (order.status, order.withdrawn_by, order.withdrawn_why) == ("withdrawn", None, "入驻已结束")
    assert end_with_residency(residency.pk) == 0


# ── service ─────────────────────────────────────────────────────────────────────────────────────
def test_the_notice_is_served_once_online_or_on_paper(residency, office, owner):
    order = make.ordered(residency, by=office)
    receipt = Document.objects.about(papers.standing_notice(order)).get()
    assert receipt.kind == "service_receipt"
    with pytest.raises(Refused, match="不能早于文书出具"):
        RECTIFICATION.perform(
            order,
            "serve_rectification",
            by=office,
            data=make.service(served_on=timezone.localdate() - timedelta(1)),
        )
    RECTIFICATION.perform(order, "acknowledge_rectification", by=owner)
    served = ServiceOfProcess.objects.get()
    assert (served.way, served.receiver, served.scan) == ("online", str(owner), None)
    with pytest.raises(Refused, match="送达。"):
        RECTIFICATION.perform(order, "serve_rectification", by=office, data=make.service())


# ── every morning ───────────────────────────────────────────────────────────────────────────────
def test_warnings_go_out_once_at_thirty_seven_none_and_the_day_after(residency, office, owner):
    order = make.ordered(residency, by=office)
    sent = {}
    for before in (31, 30, 29, 7, 6, 0, -1, -2):
        Notification.objects.all().delete()
        sent[before] = warn_of_deadlines(order.deadline - timedelta(days=before))
        assert warn_of_deadlines(order.deadline - timedelta(days=before)) == 0
        told = set(Notification.objects.values_list("user", flat=True))
        assert ({office.pk, owner.pk} <= told) == bool(sent[before])
    assert sent == {31: 0, 30: 1, 29: 0, 7: 1, 6: 0, 0: 1, -1: 1, -2: 0}


def test_the_pages_of_the_residency_say_so(people, residency, office):
    order = make.ordered(residency, by=office, days_ago=make.LONG_AGO)
    residency.refresh_from_db()
    notice = notices_on(residency, people["owner"])[0]
    assert (notice.is_grave, notice.url) == (True, order.get_absolute_url())
    assert notices_on(residency, people["expert"]) == []


# ── papers ──────────────────────────────────────────────────────────────────────────────────────
def test_what_the_notice_says(residency, office):
    order = make.ordered(residency, by=office, note="请全体成员参加。")
    document = papers.standing_notice(order)
    assert document.number == order.number
    html = documents.page_html(*papers.build_notice(document), document)
    year = timezone.localdate().year - 1
    for words in (
        f"{year}年度绩效评估，基础分5分", "等次为不合格", "第五部分（四）4", "没有工作日志。", "设置展示栏。",
        f"{order.deadline.year}年{order.deadline.month}月{order.deadline.day}日届满", "请全体成员参加。", "暂停提出和落实优惠政策",
    ):  # fmt: skip
        assert words in html, words


def test_the_receipt_names_the_paper_and_leaves_the_rest_to_ink(residency, office):
    order = make.ordered(residency, by=office)
    receipt = Document.objects.get(kind="service_receipt")
    html = documents.render_html(receipt)
    for words in ("限期整改通知书", order.number, residency.studio.name, "□ 留置送达", "（签字或者盖章）"):
        assert words in html, words


# ── the database refuses ────────────────────────────────────────────────────────────────────────
def test_the_database_refuses(residency, office, owner):
    order = make.reported(make.ordered(residency, by=office), owner=owner)
    row, today = RectificationOrder.objects.filter(pk=order.pk), timezone.localdate()
    later = order.deadline + timedelta(days=10)
    refused = [
        lambda: row.update(deadline=later),  # it slides
        lambda: row.update(first_deadline=later, deadline=later),
        lambda: row.update(deadline=order.deadline - timedelta(days=1)),
        lambda: row.update(extended_at=timezone.now(), extended_by=office),  # no reason, no other day
        lambda: row.update(card=None),
        lambda: row.update(ground="falsification"),
        lambda: row.update(rechecked_at=timezone.now(), rechecked_by=office, rechecked_on=today),
        lambda: row.update(withdrawn_at=timezone.now()),
        row.delete,
        lambda: RectificationItem.objects.filter(order=order).update(demand="别的"),
        lambda: RectificationItem.objects.filter(order=order).update(verdict="met"),  # no note
        RectificationItem.objects.filter(order=order).delete,
        lambda: RectificationAnswer.objects.update(done="别的"),
        lambda: RectificationReport.objects.update(is_late=True),
        lambda: RectificationReport.objects.update(returned_at=timezone.now(), returned_by=office),
        lambda: RectificationOrder.objects.create(
            number="ZG-X", residency=residency, ground="failed_card", card=make.card(residency, by=office, year=2021),
            issued_on=today, months=3, first_deadline=today, deadline=today, issued_by=office,
        ),
    ]  # fmt: skip
    for act in refused:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():  # [T11]: failed on the last day
        _fail_by_hand(row, order, office)


def _fail_by_hand(row, order, office):
    """Past the engine: the outcome on the very last day."""
    given = {
        "status": "failed",
        "rechecked_at": timezone.now(),
        "rechecked_by": office,
        "rechecked_on": order.deadline,
    }
    row.update(**given)


def test_invariants_see_the_contrary(residency, office):
    make.ordered(residency, by=office)
    assert offenders() == []
    Residency.objects.filter(pk=residency.pk).update(status="active")
    today, other = timezone.localdate(), ResidencyFactory(active=True)
    RectificationOrder.objects.create(  # past the action: on a card that did not fail, asking for nothing
        number="ZG-X", residency=other, ground="failed_card", card=make.card(other, by=office, grade="pass"),
        issued_on=today, months=3, first_deadline=today, deadline=today, issued_by=office,
    )  # fmt: skip
    ResidencyFactory(active=True, studio=StudioFactory(), status="under_rectification")
    assert offenders() == [
        "rectification_suspends", "rectification_suspension_has_its_order", "rectification_card_failed",
        "rectification_has_items",
    ]  # fmt: skip
