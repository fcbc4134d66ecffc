"""What follows from the steps of a benefit [4]."""

from django.utils import timezone

from park import attachments, documents
from park.models import Document
from park.workflow import Refused
from workshops.actions.benefit import FACTS, end_benefits, name_company
from workshops.models import BenefitDelivery, BenefitFile, LedgerRecord

Proof = BenefitFile.Proof


def ask(benefit, *, by, data):
    """What is asked for, with its proof; printed for signature and seal. Raises Refused without the proof.

    A startup subsidy rests on a verified milestone of the studio: its firm and its files are those of the case."""
    for name in FACTS:
        if name in data:
            setattr(benefit, name, data[name])
    if benefit.kind == "startup_subsidy":
        known = LedgerRecord.objects.milestones().filter(studio=benefit.studio_id, pk=benefit.milestone_id)
        if not known.exists():
            raise Refused("请选择本工作室已核验的“升级为技能创业”台账记录。")
        name_company(benefit)
    benefit.leader_name = benefit.studio.leader_name
    benefit.asked_at, benefit.asked_by = timezone.now(), by
    benefit.save()
    for proof, upload in data.get("uploads", ()):
        BenefitFile.objects.create(benefit=benefit, proof=proof, stored=attachments.store(upload, by=by))
    if benefit.milestone is not None and not benefit.files.filter(proof=Proof.REGISTRATION).exists():
        for file in benefit.milestone.files.filter(removed_at=None).select_related("stored"):
            BenefitFile.objects.create(benefit=benefit, proof=Proof.REGISTRATION, stored=file.stored)
    proofs = set(benefit.files.values_list("proof", flat=True))
    if benefit.kind == "startup_subsidy" and Proof.REGISTRATION not in proofs:
        raise Refused("创业补贴须提供升级为技能创业的登记注册证明（营业执照等）。")
    if benefit.kind == "performance_award" and not proofs:
        raise Refused("业绩奖励须提供业绩的证明材料。")
    documents.issue("benefit_application", benefit, by=by)


def give_back(benefit, *, by, data):
    """Back to whoever asks; what was printed falls."""
    benefit.asked_at = benefit.asked_by = None
    benefit.save(update_fields=["asked_at", "asked_by"])
    _drop_application(benefit, by, "申请已退回补充")


def withdraw(benefit, *, by, data):
    _drop_application(benefit, by, "申请已撤回")


def review(benefit, *, by, data):
    """The opinion; the amount by the line of a policy, or another with its reason; the place in the order."""
    for name in ("opinion", "amount", "quantity", "amount_fen", "override_reason", "rank", "rank_basis"):
        if name in data:
            setattr(benefit, name, data[name])
    benefit.reviewed_at, benefit.reviewed_by = timezone.now(), by
    benefit.save()


def grant(benefit, *, by, data):
    _decide(benefit, by, data, benefit.clause)


def decline(benefit, *, by, data):
    _decide(benefit, by, data, data["clause"])


def _decide(benefit, by, data, clause):
    benefit.decision_clause, benefit.decision_reason = clause, data.get("reason", "")
    benefit.minutes_no = data.get("minutes_no", "")
    benefit.decided_at, benefit.decided_by = timezone.now(), by
    benefit.save()
    documents.issue("benefit_decision", benefit, by=by)


def pay(benefit, *, by, data):
    _deliver(benefit, by, data, BenefitDelivery.Way.PAID, amount_fen=benefit.amount_fen)


def appoint(benefit, *, by, data):
    _deliver(benefit, by, data, BenefitDelivery.Way.APPOINTED)


def nominate(benefit, *, by, data):
    _deliver(benefit, by, data, BenefitDelivery.Way.NOMINATED)


def _deliver(benefit, by, data, way, amount_fen=None):
    """What was granted reached the studio; once."""
    if data["on"] < timezone.localdate(benefit.decided_at):
        raise Refused("日期不能早于作出决定的日期。")
    proof = data.get("proof")
    BenefitDelivery.objects.create(
        benefit=benefit,
        way=way,
        on=data["on"],
        amount_fen=amount_fen,
        reference=data["reference"],
        organ=data.get("organ", ""),
        until=data.get("until"),
        proof=attachments.store(proof, by=by) if proof else None,
        recorded_by=by,
    )


def conclude(benefit, *, by, data):
    """How the selection ended for the one who was recommended."""
    if data["result_on"] < benefit.delivery.on:
        raise Refused("结果日期不能早于推荐日期。")
    benefit.result, benefit.result_no, benefit.result_on = (
        data["result"], data["result_no"], data["result_on"],
    )  # fmt: skip
    # The database asks for status and result at once.
    benefit.save(update_fields=["status", "result", "result_no", "result_on"])


def end(benefit, *, by, data):
    benefit.ended_why = data["reason"][:300]
    benefit.save(update_fields=["ended_why"])
    _drop_application(benefit, by, "办理已终止")


def end_with_residency(residency, *, by, data):
    """An effect of the end of a residency [5.4]: what is not settled ends with it."""
    reason = residency.end_reason or data.get("reason") or "入驻已结束"
    end_benefits(residency, reason, by)


def _drop_application(benefit, by, reason):
    papers = Document.objects.about(benefit).standing().filter(kind="benefit_application")
    for paper in papers:
        documents.withdraw(paper, by=by, reason=reason)
