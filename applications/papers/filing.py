"""Where do the papers get their words? From frozen rows: filed versions, stamp copies, corrections, decisions."""

import functools

from django.utils import timezone

from applications import documents as sheets
from applications.checklist import lines_for
from applications.forms.sections import CLAIMS, SECTIONS
from applications.models import Correction, ReviewDecision, StampCopy, Submission
from park import documents, rules
from park.models import Document
from park.wording import contact
from park.workdays import workdays_between

SECTION_TITLES = {name: s.title for name, s in SECTIONS.items()} | {"recommendation": "推荐意见"}


def _label(value) -> str:
    return value.get("label", "") if isinstance(value, dict) else (value or "")


def member_total(data: dict) -> int:
    """工作室成员总人数 by the park's rule of the day [A4]; frozen with each version."""
    return len(data.get("members", {}).get("members", [])) + bool(rules.get("member_total_includes_leader"))


def annex1_data(data: dict) -> dict:
    """The cells of [A1] from the sections of one version: labels instead of codes, nothing that is not printed."""
    leader, profile = data.get("leader", {}), data.get("profile", {})
    members = data.get("members", {}).get("members", [])
    recommendation = data.get("recommendation")
    cells = {
        name: _label(leader.get(name))
        for name in (
            "studio_name", "leader_name", "leader_gender", "leader_birth_ym", "leader_ethnicity",
            "leader_political_status", "leader_post", "leader_id_number", "leader_mobile", "leader_occupation",
            "leader_skill_level", "leader_level_obtained_ym",
        )
    }  # fmt: skip
    return cells | {
        "filled_on": data.get("filled_on", ""),
        "member_total": data.get("member_total") or member_total(data),
        "founded_on": data.get("intro", {}).get("founded_on", ""),
        "studio_intro": data.get("intro", {}).get("studio_intro", ""),
        "studio_achievements": data.get("intro", {}).get("studio_achievements", ""),
        "plan_or_goals": data.get("plan", {}).get("plan_or_goals", ""),
        **{
            n: profile.get(n, "")
            for n in ("profile_resume", "profile_skills", "profile_results", "profile_awards")
        },
        "remarks": profile.get("remarks", ""),
        "members": [{key: _label(value) if value != 0 else 0 for key, value in m.items()} for m in members],
        "opinion_unit": recommendation
        and {
            "text": recommendation["opinion"],
            "mode": "" if recommendation["mode"]["code"] == "employer" else recommendation["mode"]["label"],
        },
        "opinion_experts": None,
        "opinion_office": None,
    }


def printed_hash(data: dict) -> str:
    """Fingerprint of what the unit stamps: the printed cells without date and opinions."""
    cells = annex1_data(data)
    for name in ("filled_on", "member_total", "opinion_unit", "opinion_experts", "opinion_office"):
        cells.pop(name)
    return documents.hash_of(cells)


def heads_of(application) -> dict:
    """What every paper of a case names it by."""
    return {
        "application_number": application.number,
        "studio_name": application.studio_name,
        "leader_name": application.leader_name,
        "occupation": application.occupation,
        "unit_name": application.unit_name,
    }


@functools.cache
def blank_form_pdf() -> bytes:
    """The empty Annex 1; printed once per process."""
    template, context = sheets.annex1({}, blank=True)
    return documents.preview_pdf(template, context, title="入驻申报表（空白）", draft=False)


def preview_form_pdf(data: dict) -> bytes:
    """The form as it would print now, marked as a draft; never stored."""
    template, context = sheets.annex1(annex1_data(data), print_label="草稿")
    return documents.preview_pdf(template, context, title="入驻申报表（草稿）")


def build_annex1(document: Document):
    submission = Submission.objects.get(pk=document.subject_id)
    return sheets.annex1(annex1_data(submission.data), print_label=f"第{submission.number}版")


def build_stamp_copy(document: Document):
    copy = StampCopy.objects.get(pk=document.subject_id)
    return sheets.annex1(annex1_data(copy.data), print_label=str(copy))


def build_receipt(document: Document):
    submission = Submission.objects.select_related("application").get(pk=document.subject_id)
    order = list(SECTION_TITLES)
    files = sorted(
        submission.files.select_related("stored"), key=lambda f: (order.index(f.section), f.purpose)
    )
    return sheets.receipt(
        heads_of(submission.application)
        | {
            "submitted_at": timezone.localtime(submission.submitted_at),
            "digest": submission.content_hash,
            "materials": [
                {
                    "title": SECTION_TITLES[f.section],
                    "name": evidence_label(f.section, f.purpose),
                    "pages": f.stored.pages,
                }
                for f in files
            ],
            "next_steps": [
                f"管理办公室在 {rules.get('initial_review_days')} 个工作日内完成材料初审（本园设定）。",
                "材料不全的，一次性告知需要补正的内容；初审通过的，安排现场考察。",
                "可随时登录系统查看进展，或凭本回执查询。",
            ],
            "contact": contact(),
        },
        print_label=f"第{submission.number}版",
    )


def evidence_label(section: str, purpose: str) -> str:
    """What a file proves, in words."""
    if purpose == "stamped_form":
        return "推荐意见盖章扫描件"
    evidence = SECTIONS[section].evidence_for(purpose) if section in SECTIONS else None
    return evidence.label if evidence else "附件"


def build_correction_notice(document: Document):
    correction = Correction.objects.select_related("application", "submission").get(pk=document.subject_id)
    items = correction.items.all()
    return sheets.correction_notice(
        heads_of(correction.application)
        | {
            "items": [
                {"section": SECTION_TITLES[i.section], "missing": i.missing, "clause": i.clause}
                for i in items
            ],
            "working_days": workdays_between(timezone.localdate(correction.issued_at), correction.due_on),
            "due_on": correction.due_on,
            "legal_basis": ["第三部分（二）1、2：入驻申报、材料初审", "补正期限和次数为本园设定"],
            "remedy": "请登录系统，在开放的部分修改后重新提交；补正期间初审时限暂停计算。"
            + ("逾期未补正的，视为撤回申请，可以重新申报。" if rules.get("correction_lapse") else ""),
            "contact": contact(),
        },
        print_label=f"第{correction.submission.number}版",
    )


def build_review_opinion(document: Document):
    decision = ReviewDecision.objects.select_related("application", "submission").get(pk=document.subject_id)
    data = decision.submission.data
    found = {row.item: row for row in decision.submission.review_lines.all()}
    return sheets.initial_review_sheet(
        heads_of(decision.application)
        | {
            "claimed": "；".join(CLAIMS[c][:3] for c in data["conditions"]["claims"]),
            "lines": [
                {
                    "clause": line.clause,
                    "text": line.text,
                    "verdict": found[line.item].get_verdict_display() if line.item in found else "",
                    "note": found[line.item].note if line.item in found else "",
                }
                for line in lines_for(data)
            ],
            "conclusion": decision.get_outcome_display(),
            "opinion": decision.reason,
        },
        print_label=f"第{decision.submission.number}版",
    )


CLAUSE_TEXTS = {
    "3.1.1": "工作室领衔人在某一职业（领域）技艺精湛、贡献突出，具备规定条件之一",
    "3.1.2": "有创业意愿和技术设备保障",
    "3.1.3": "有工作规划和科研项目",
    "3.2.1": "凡具备入驻条件的技能大师工作室，均可申请入驻（申报材料见附件1）",
}


def build_rejection_letter(document: Document):
    decision = ReviewDecision.objects.select_related("application", "submission").get(pk=document.subject_id)
    return sheets.rejection_letter(
        heads_of(decision.application)
        | {
            "stage": "材料初审",
            "clause": decision.clause,
            "clause_text": CLAUSE_TEXTS.get(decision.clause, ""),
            "reason": decision.reason,
            "remedy": "具备条件后可以重新申报；对本告知有疑问的，可向管理办公室咨询。",
            "contact": contact(),
        },
        print_label=f"第{decision.submission.number}版",
    )


KINDS = {
    "annex1": (build_annex1, "入驻申报表", "SB"),
    "annex1_stamp": (build_stamp_copy, "入驻申报表（用印稿）", "YY"),
    "receipt": (build_receipt, "申报材料提交回执", "HZ"),
    "correction_notice": (build_correction_notice, "补正材料一次性告知书", "BZ"),
    "review_opinion": (build_review_opinion, "材料初审意见表", "CS"),
    "rejection_letter": (build_rejection_letter, "初审不予通过告知书", "BT"),
}
STUDIO_KINDS = ["annex1", "annex1_stamp", "receipt", "correction_notice", "rejection_letter"]
