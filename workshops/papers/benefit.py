"""Where do the papers of a benefit get their words [4]? From the case, whose request and decision are frozen in turn."""

from park.models import Document
from park.money import yuan
from workshops.documents import benefit as sheets
from workshops.models import Benefit


def papers_of(benefit):
    """All papers of one case, newest first."""
    return Document.objects.about(benefit).filter(kind__in=KINDS)


def data_of(benefit) -> dict:
    """The case as plain data."""
    row = benefit.amount
    return {
        "number": benefit.number,
        "studio_name": benefit.studio.name,
        "leader_name": benefit.leader_name,
        "occupation": benefit.studio.occupation,
        "unit_name": benefit.studio.unit_name,
        "kind": benefit.get_kind_display(),
        "form": benefit.get_form_display(),
        "clause": benefit.clause,
        "year": benefit.year,
        "target": benefit.target,
        "company": benefit.company,
        "credit_code": benefit.credit_code,
        "registered_on": benefit.registered_on,
        "statement": benefit.statement,
        "proofs": _milestone(benefit) + [file.get_proof_display() for file in benefit.files.all()],
        "is_money": benefit.kind_of.is_money,
        "opinion": benefit.opinion,
        "policy": str(row.policy) if row else "",
        "line": f"{row.item}，{yuan(row.amount_fen)} 元/{row.get_unit_display()}" if row else "",
        "cap": yuan(row.cap_fen) if row and row.cap_fen else "",
        "quantity": benefit.quantity,
        "amount_fen": benefit.amount_fen,
        "override_reason": benefit.override_reason,
        "rank": benefit.rank,
        "rank_basis": benefit.rank_basis,
        "granted": benefit.status != "declined",
        "by_group": bool(benefit.minutes_no),
        "decision_clause": benefit.decision_clause,
        "decision_reason": benefit.decision_reason,
        "minutes_no": benefit.minutes_no,
    }


def _milestone(benefit) -> list[str]:
    row = benefit.milestone
    return [f"工作室台账 {row.number}“升级为技能创业”（管理办公室已核验）"] if row else []


def _benefit(document) -> Benefit:
    rows = Benefit.objects.select_related("studio", "amount__policy", "milestone").prefetch_related("files")
    return rows.get(pk=document.subject_id)


def build_application(document: Document):
    return sheets.benefit_application(data_of(_benefit(document)))


def build_decision(document: Document):
    return sheets.benefit_decision(data_of(_benefit(document)))


KINDS = {
    "benefit_application": (build_application, "政策兑现申请表", "YS"),
    "benefit_decision": (build_decision, "政策兑现审核决定", "YD"),
}
