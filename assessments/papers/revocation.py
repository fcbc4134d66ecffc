"""Where do the papers of a revocation get their words [5.4]? From the case, whose facts are frozen by then."""

from assessments.documents import revocation as sheets
from assessments.models import Revocation
from assessments.papers.rectification import ground_words
from park import rules
from park.models import Document
from park.templatetags.ui import date_zh
from park.wording import contact

NOTICE, DECISION = "revocation_notice", "revocation_decision"
LOADED = (
    "residency__studio", "recognition__level", "leader_change__leaving", "order__card__cycle",
    "order__falsification__card__cycle", "announcement",
)  # fmt: skip


def papers_of(revocation):
    """All papers of one case, newest first."""
    return Document.objects.about(revocation).filter(kind__in=KINDS)


def fact_lines(revocation) -> list[tuple[str, str]]:
    """The facts that the ground asks for, as pages and papers tell them: (what, its words)."""
    G = Revocation.Ground
    if revocation.ground == G.RECOGNITION:
        event = revocation.recognition
        return [
            ("认定机关", event.authority),
            ("事项", f"{event.level}技能大师工作室认定{event.get_kind_display()}"),
            ("文号", event.document_no),
            ("日期", date_zh(event.decided_on)),
        ]
    if revocation.ground == G.LEADER_GONE:
        change = revocation.leader_change
        return [
            ("离任领衔人", change.leaving.name),
            ("离任", f"{date_zh(change.left_on)}，{change.get_reason_kind_display()}"),
            ("接替期限", f"{date_zh(change.window_ends_on)}届满，没有符合要求的人员接替"),
        ]
    if revocation.ground == G.MISCONDUCT:
        return [
            ("行为", f"{revocation.get_act_kind_display()}：{revocation.act}"),
            ("损失和后果", revocation.consequence),
            ("认定机关", revocation.established_by),
            ("认定文号", revocation.established_no),
        ]
    order = revocation.order
    return [
        ("限期整改", f"{order.number}：{ground_words(order)}"),
        ("整改期限", f"{date_zh(order.issued_on)}通知，{date_zh(order.deadline)}届满"),
        ("复查", f"{date_zh(order.rechecked_on)}复查，仍不达标准：{order.recheck_note}"),
    ]


def data_of(revocation) -> dict:
    """The case as plain data."""
    return {
        "number": revocation.number,
        "studio_name": revocation.studio.name,
        "leader_name": revocation.studio.leader_name,
        "clause": revocation.clause,
        "ground": revocation.get_ground_display(),
        "fact_lines": fact_lines(revocation),
        "facts": revocation.facts,
        "defence": revocation.defence,
        "defence_on": revocation.defence_on,
        "defence_text": revocation.defence_text,
        "defence_answer": revocation.defence_answer,
        "notice_served_on": revocation.notice_served_on,
        "decision_reason": revocation.decision_reason,
        "minutes_no": revocation.minutes_no,
        "minutes_on": revocation.minutes_on,
        "contact": contact(),
    }


def _revocation(document) -> Revocation:
    return Revocation.objects.select_related(*LOADED).get(pk=document.subject_id)


def build_notice(document: Document):
    data = data_of(_revocation(document)) | {"days": rules.get("revocation_defence_days")}
    return sheets.revocation_notice(data, print_label=f"第{document.version}版")


def build_decision(document: Document):
    values = rules.get_many(["revocation_vacate_days", "revocation_remedy", "reapply_bar_years"])
    data = data_of(_revocation(document)) | {
        "vacate_days": values["revocation_vacate_days"],
        "remedy": values["revocation_remedy"],
        "bar_years": values["reapply_bar_years"],
    }
    return sheets.revocation_decision(data, print_label=f"第{document.version}版")


KINDS = {
    NOTICE: (build_notice, "取消资格告知书", "QG"),
    DECISION: (build_decision, "取消资格决定书", "QJ"),
}
