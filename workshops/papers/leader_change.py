"""Where do the papers of a change of leader get their words [5.4.2]? From the nomination, which is frozen when decided."""

from park.models import Document
from workshops.documents import leader_change as sheets
from workshops.models import LeaderNomination


def papers_of(change):
    """All papers of one change, newest first."""
    keys = [str(pk) for pk in change.nominations.values_list("pk", flat=True)]
    return Document.objects.filter(
        subject_model=LeaderNomination._meta.label_lower, subject_id__in=keys, kind__in=KINDS
    )


def data_of(nomination) -> dict:
    """The nomination as plain data."""
    change = nomination.change
    return {
        "studio_name": change.studio.name,
        "leaving": change.leaving.name,
        "reason_kind": change.get_reason_kind_display(),
        "reason": change.reason,
        "left_on": change.left_on,
        "window_ends_on": change.window_ends_on,
        "round": nomination.round,
        "name": nomination.name,
        "is_member": nomination.member_id is not None,
        "birth_year": nomination.birth_year or "",
        "occupation": nomination.occupation,
        "skill_level": str(nomination.skill_level or ""),
        "unit_name": nomination.unit_name,
        "honours": nomination.honours,
        "achievements": nomination.achievements,
        "grounds": [
            {
                "clause": ground.clause,
                "text": ground.get_clause_display(),
                "statement": ground.statement,
                "proof": ground.proof_id is not None,
                "verdict": ground.get_verdict_display() if ground.verdict else "",
                "verdict_reason": ground.verdict_reason,
            }
            for ground in nomination.grounds.all()
        ],
        "opinion": nomination.opinion,
        "outcome": nomination.get_outcome_display() if nomination.outcome else "",
        "outcome_reason": nomination.outcome_reason,
        "minutes_no": nomination.minutes_no,
        "minutes_on": nomination.minutes_on,
        "effective_on": nomination.effective_on,
    }


def _nomination(document) -> LeaderNomination:
    rows = LeaderNomination.objects.select_related("change__studio", "change__leaving", "skill_level")
    return rows.get(pk=document.subject_id)


def build_application(document: Document):
    nomination = _nomination(document)
    return sheets.leader_change_application(data_of(nomination), print_label=f"第{nomination.round}次提名")


def build_decision(document: Document):
    nomination = _nomination(document)
    return sheets.leader_change_decision(data_of(nomination), print_label=f"第{nomination.round}次提名")


KINDS = {
    "leader_change_application": (build_application, "领衔人变更申请表", "LB"),
    "leader_change_decision": (build_decision, "领衔人变更审核意见", "LS"),
}
