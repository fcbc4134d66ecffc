"""Failed cards, rectifications and revocations brought to a status by their own acts, for the tests of [5.4]."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from assessments.actions.rectification import issue_order
from assessments.actions.revocation import propose_revocation
from assessments.models import (
    EvaluationCycle,
    Falsification,
    RectificationOrder,
    Revocation,
    Rubric,
    RubricItem,
    Scorecard,
    ScorecardLine,
)
from assessments.workflow import RECTIFICATION, REVOCATION
from park import attachments, rules
from park.models import Body, RecognitionLevel, WorkingGroupMember
from tests.factories import UserFactory
from tests.workshops.factories import OccupancyFactory
from tests.workshops.ledgers import checked
from workshops.actions import leader_change, recognition

ITEMS = [
    {"clause": "A2.9", "problem": "没有工作日志。", "demand": "建立工作日志，逐日记录。"},
    {"clause": "A2.4", "problem": "没有成果荣誉展示栏。", "demand": "设置展示栏。"},
]
LONG_AGO = 130  # days: more than any three months and an extension
GROUNDS = ("recognition", "leader_gone", "misconduct", "unrectified")
_shades = itertools.cycle((1, 2))  # few pictures: each is examined once per process


def scan():
    """A file past the checks."""
    return checked(next(_shades))


def seat(**fields):
    """A member of the working group; `is_leader=True` decides."""
    user = UserFactory(roles=["working_group"])
    WorkingGroupMember.objects.create(user=user, body=Body.objects.first(), **fields)
    return user


# ── cards ───────────────────────────────────────────────────────────────────────────────────────
def cycle(by, year=None) -> EvaluationCycle:
    """Last year's evaluation on a short rubric."""
    year = year or timezone.localdate().year - 1
    rubric, is_new = Rubric.objects.get_or_create(
        edition="测试版", defaults={"title": "考核评估细则", "legal_basis": "附件2"}
    )
    if is_new:
        for order, (code, content, points) in enumerate(
            (("A2.1", "有工作室标识", 5), ("A2.4", "有展示栏", 2), ("A2.9", "有计划表和日志", 6)), 1
        ):
            RubricItem.objects.create(
                rubric=rubric, code=code, order=order, category="基础建设", content=content, max_points=points,
                rule_text="无的不得分", kind="all_or_nothing",
            )  # fmt: skip
    found, _ = EvaluationCycle.objects.get_or_create(
        year=year, defaults={"rubric": rubric, "self_until": date(year + 1, 1, 20), "opened_by": by}
    )
    return found


def card(residency, *, by, year=None, status="final", grade="fail") -> Scorecard:
    """The card of last year, final and 不合格."""
    of_year, now = cycle(by, year), timezone.now()
    row = Scorecard.objects.create(
        cycle=of_year, studio=residency.studio, residency=residency, leader_name=residency.studio.leader_name,
        status="verified", since=date(of_year.year, 1, 1), until=date(of_year.year, 12, 31), self_by="missing", self_at=now,
        verified_at=now, verified_by=by, grade=grade,
    )  # fmt: skip
    for item in of_year.rubric.items.all():
        points = item.max_points if item.code == "A2.1" else 0
        ScorecardLine.objects.create(
            card=row, item=item, order=item.order, max_points=item.max_points, proposed_points=points, points=points,
            basis="confirmed", judged_at=now, judged_by=by, finding={"reasons": ["没有记录。"]},
        )  # fmt: skip
    row.status, row.base, row.bonus, row.total = (
        status,
        Decimal(5),
        Decimal(0),
        Decimal(5),
    )  # its lines are there first
    row.finalised_at = now if status == "final" else None
    row.save()
    return row


def falsified(card, *, by) -> Falsification:
    stored = attachments.store(scan(), by=by)
    return Falsification.objects.create(card=card, facts="伪造培训花名册。", proof=stored, found_by=by)


# ── 限期整改 ────────────────────────────────────────────────────────────────────────────────────
def ordered(residency, *, by, days_ago=0, items=ITEMS, **given) -> RectificationOrder:
    """An order on last year's card, sent so many days ago."""
    if "card" not in given and "falsification" not in given:
        given["card"] = card(residency, by=by)
    issued_on = timezone.localdate() - timedelta(days=days_ago)
    return issue_order(residency, items=items, by=by, issued_on=issued_on, **given)


def report_of(order, *, files=1, done="已建立。"):
    return {
        "answers": {item.number: (done, [scan() for _ in range(files)]) for item in order.items.all()},
        "statement": "已全部完成。",
    }


def verdicts(order, *unmet):
    return {n.number: ("unmet" if n.number in unmet else "met", "现场查看。") for n in order.items.all()}


def reported(order, *, owner, **given):
    return RECTIFICATION.perform(order, "report_rectification", by=owner, data=report_of(order, **given))


def passed(order, *, by):
    data = {"verdicts": verdicts(order), "opinion": "达标。", "rechecked_on": timezone.localdate()}
    return RECTIFICATION.perform(order, "pass_rectification", by=by, data=data)


def failed(order, *, by):
    data = {"verdicts": verdicts(order, 1), "opinion": "没有日志。", "rechecked_on": timezone.localdate()}
    return RECTIFICATION.perform(order, "fail_rectification", by=by, data=data)


def order_in(status, residency, *, office, owner, late=False) -> RectificationOrder:
    """An order that stands in this status; `late` after its deadline."""
    order = ordered(residency, by=office, days_ago=LONG_AGO if late or status == "failed" else 0)
    if status == "withdrawn":
        return RECTIFICATION.perform(order, "withdraw_rectification", by=office, data={"reason": "通知有误"})
    if status in ("reported", "passed"):
        order = reported(order, owner=owner)
    if status == "passed":
        return passed(order, by=office)
    return failed(order, by=office) if status == "failed" else order


# ── 取消资格 ────────────────────────────────────────────────────────────────────────────────────
def facts_of(ground, residency, *, by) -> dict:
    """What the ground asks for, brought about."""
    studio, today = residency.studio, timezone.localdate()
    if ground == "recognition":
        event = recognition.record_recognition(
            studio, kind="withdrawn", level=RecognitionLevel.objects.get(code="city"),
            document_no=f"镇人社发〔2026〕{studio.pk}号", authority="镇江市人力资源和社会保障局", decided_on=today, note="",
            scan=None, by=by,
        )  # fmt: skip
        return {"recognition": event}
    if ground == "leader_gone":
        change = leader_change.report_leader_change(
            studio, reason_kind="transferred", reason="调往外市", left_on=today - timedelta(days=90), by=by
        )
        leader_change.lapse_expired(today)
        return {"leader_change": change}
    if ground == "unrectified":
        return {"order": failed(ordered(residency, by=by, days_ago=LONG_AGO), by=by)}
    return {
        "act_kind": "negligence", "act": "违规动火，引发火灾。", "act_proof": scan(), "consequence": "烧毁两间厂房。",
        "consequence_proof": scan(), "established_by": "镇江市消防救援支队", "established_no": "镇消〔2026〕8号",
    }  # fmt: skip


def proposed(residency, *, by, ground="misconduct", **given) -> Revocation:
    found = facts_of(ground, residency, by=by) | given
    return propose_revocation(residency, ground=ground, facts="事实清楚，证据充分。", by=by, **found)


def service(**given):
    return {
        "way": "direct", "served_on": timezone.localdate(), "receiver": "周镕", "remark": "", "scan": scan()
    } | given  # fmt: skip


def defence(**given):
    return {"text": "火灾与我室无关。", "files": [scan()]} | given


def resolution(**given):
    return {
        "minutes_no": "工作小组纪要〔2026〕9号", "minutes_on": timezone.localdate(), "reason": "事实清楚。",
        "defence_answer": "消防认定书写明原因，不予采纳。",
    } | given  # fmt: skip


ROAD = {  # step of the road -> (status it leads to, who, its data)
    "notify_revocation": ("notified", "office", dict),
    "serve_revocation_notice": ("defending", "office", service),
    "defend_revocation": ("heard", "owner", defence),
    "resolve_revocation": ("resolved", "group_leader", resolution),
    "serve_revocation": ("served", "office", service),
    "vacate_revocation": ("vacated", "office", dict),
    "archive_revocation": ("archived", "office", lambda: {"archive_no": ""}),
}


def on_the_road(row, status, people) -> Revocation:
    """The same case brought to a status of the road."""
    row.refresh_from_db()
    for name, (reached, who, data) in ROAD.items():
        if row.status == status:
            break
        if row.status not in REVOCATION.steps[name].sources:
            continue
        if name == "archive_revocation" and rules.get("revocation_public"):
            rules.set_rule("revocation_public", False, by=people["office"], reason="测试")
        row = REVOCATION.perform(row, name, by=people[who], data=data())
        assert row.status == reached
    return row


def case_in(status, residency, people, *, ground="misconduct") -> Revocation:
    """A case that stands in this status."""
    row = proposed(residency, by=people["office"], ground=ground)
    if status == "dropped":
        return REVOCATION.perform(row, "drop_revocation", by=people["office"], data={"reason": "证据不足"})
    row = on_the_road(row, status, people)
    assert row.status == status
    return row


def housed(residency):
    """In a room, handed over long ago."""
    return OccupancyFactory(residency=residency)
