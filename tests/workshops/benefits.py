"""Policies and benefits brought to a stage by the acts themselves, for the tests of [4]."""

from datetime import date

from django.utils import timezone

from park import attachments
from park.models import Body, WorkingGroupMember
from tests.factories import UserFactory
from tests.workshops import ledgers
from tests.workshops.staying import picture
from workshops.actions.benefit import propose_benefit
from workshops.actions.policy import add_policy, add_policy_amount
from workshops.models import Benefit, LedgerRecord
from workshops.workflow import BENEFIT, LEDGER

FORM = {
    "startup_subsidy": "venture",
    "performance_award": "training",
    "priority_appointment": "teacher",
    "priority_nomination": "studio_award",
}
KINDS = list(FORM)
LAST = {  # how each kind is carried out
    "startup_subsidy": ("pay_benefit", "paid"),
    "performance_award": ("pay_benefit", "paid"),
    "priority_appointment": ("appoint_benefit", "appointed"),
    "priority_nomination": ("nominate_benefit", "nominated"),
}


def seat(**fields):
    """A member of the working group; `is_leader=True` decides."""
    user = UserFactory(roles=["working_group"])
    WorkingGroupMember.objects.create(user=user, body=Body.objects.first(), **fields)
    return user


def a_policy(by, *, clause="4.2", fen=3_000_000, cap_fen=None, unit="time", **facts):
    """A policy in force with one line."""
    given = {
        "title": "关于支持技能人才创业的办法", "document_no": f"测人社〔2024〕{clause}号",
        "issuing_organ": "镇江市人力资源和社会保障局", "issued_on": date(2024, 1, 2), "valid_from": date(2024, 2, 1),
        "valid_until": None, "kind": "funding", "clause": clause, "summary": "",
    } | facts  # fmt: skip
    policy = add_policy(by=by, **given)
    line = add_policy_amount(
        policy, item="一次性创业补贴", amount_fen=fen, unit=unit, cap_fen=cap_fen, condition="", by=by
    )
    return policy, line


def upload():
    return attachments.check(picture())


def milestone_of(studio):
    """The verified 升级为技能创业 of the studio; registered where there is none yet."""
    row = LedgerRecord.objects.milestones().filter(studio=studio).first()
    if row is None:
        row = ledgers.proven(studio, "startup", title="镇江某技能科技有限公司")
        row = LEDGER.perform(row, "submit_ledger", by=ledgers.member_of(studio))
        row = LEDGER.perform(row, "verify_ledger", by=UserFactory(roles=["office"]))
    return row


def request_of(kind, studio=None, **more):
    """What is typed to ask for a benefit of this kind; a subsidy rests on the milestone of the `studio`."""
    data = {"form": FORM[kind], "year": timezone.localdate().year, "statement": "业绩突出。", "uploads": []}
    if kind == "startup_subsidy":
        data |= {"milestone": milestone_of(studio)}
    elif kind == "performance_award":
        data |= {"uploads": [("other", upload())]}
    else:
        data |= {"target": "镇江技师学院兼职教师"}
    return data | more


def drafted(studio, by, kind="startup_subsidy", **more) -> Benefit:
    facts = {k: v for k, v in request_of(kind, studio, **more).items() if k != "uploads"}
    return propose_benefit(studio, kind=kind, by=by, **facts)


def asked(studio, by, kind="startup_subsidy", **more):
    row = drafted(studio, by, kind, **more)
    return BENEFIT.perform(row, "ask_benefit", by=by, data=request_of(kind, studio, **more))


def opinion_on(benefit, line=None, **more):
    data = {"opinion": "材料齐全，建议同意。"}
    if benefit.kind_of.is_money:
        fen = line.amount_fen if line else 1_000_000
        data |= {
            "amount": line, "quantity": 1 if line else None, "amount_fen": fen,
            "override_reason": "" if line else "没有适用的标准",
        }  # fmt: skip
    if benefit.kind == "priority_nomination":
        data |= {"rank": 1, "rank_basis": "2025 年度绩效评估 168 分"}
    return data | more


def reviewed(benefit, by, line=None, **more):
    return BENEFIT.perform(benefit, "review_benefit", by=by, data=opinion_on(benefit, line, **more))


def granted(benefit, by):
    return BENEFIT.perform(benefit, "grant_benefit", by=by, data={"minutes_no": "纪要〔2026〕3号"})


def declined(benefit, by):
    data = {"clause": benefit.clause, "reason": "业绩不足", "minutes_no": "纪要〔2026〕3号"}
    return BENEFIT.perform(benefit, "decline_benefit", by=by, data=data)


def delivery(**more):
    given = {"on": timezone.localdate(), "reference": "PZ-0001", "organ": "镇江技师学院", "until": None}
    return given | more


def delivered(benefit, by, **more):
    return BENEFIT.perform(benefit, LAST[benefit.kind][0], by=by, data=delivery(**more))


RESULT = {"result": "won", "result_no": "苏人社〔2026〕9号"}


def brought_to(status, studio, people, kind="startup_subsidy", line=None):
    """A benefit that stands in this status. `people`: owner, office, office2, group_leader."""
    row = drafted(studio, people["owner"], kind)
    if status == "withdrawn":
        row = BENEFIT.perform(row, "withdraw_benefit", by=people["owner"])
    elif status == "ended":
        row = BENEFIT.perform(row, "end_benefit", by=people["office"], data={"reason": "重复登记"})
    elif status != "draft":
        row = BENEFIT.perform(row, "ask_benefit", by=people["owner"], data=request_of(kind, studio))
        if status != "asked":
            row = reviewed(row, people["office"], line)
        decider = people["office2" if kind == "priority_appointment" else "group_leader"]
        if status == "declined":
            row = declined(row, decider)
        elif status not in ("asked", "reviewed"):
            row = granted(row, decider)
        if status in ("paid", "appointed", "nominated", "concluded"):
            row = delivered(row, people["office"])
        if status == "concluded":
            data = RESULT | {"result_on": timezone.localdate()}
            row = BENEFIT.perform(row, "conclude_nomination", by=people["office"], data=data)
    assert row.status == status
    return row
