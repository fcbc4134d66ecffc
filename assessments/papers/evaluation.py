"""Where do the papers of the yearly evaluation get their words [5.2]? From its cards, and the settings of the year.

A new version supersedes the one that stands: `documents.issue(kind, subject, by=…, content_hash=content_hash(kind,
subject), supersedes=documents.standing(subject, kind))`.
"""

from django.utils import timezone

from assessments.documents import evaluation as sheets
from assessments.models import GradeOfYear, Scorecard, ScorecardStatus
from assessments.papers import scorecard as form
from assessments.papers.scorecard import card_of, cycle_of, period_of, printed_items, reconsideration_of
from park import documents, rules, workdays
from park.models import Document
from park.wording import contact

S = ScorecardStatus
# What a paper says beside its matter: no print is stale because the office moved or a time limit went by.
NOT_COMPARED = ("contact", "ask_until")


# ── 考核结果通知 ────────────────────────────────────────────────────────────────────────────────
def notice_data(card, *, is_final) -> dict:
    """The result as the studio reads it: points, grade with its basis, what follows, where to ask."""
    reconsidered = reconsideration_of(card)
    may_ask = not is_final and reconsidered is None
    return {
        "is_final": is_final,
        "year": card.year,
        "studio_name": card.studio.name,
        "leader_name": card.leader_name,
        "since": card.since,
        "until": card.until,
        "base": card.base,
        "bonus": card.bonus,
        "total": card.total,
        **form.maxima(card.cycle.rubric),
        "grade": card.get_grade_display(),
        "grade_basis": card.grade_basis,
        "is_failing": card.grade == GradeOfYear.FAIL,
        "is_falsified": card.falsifications.filter(lifted_at=None).exists(),
        "ask_days": rules.get("reconsideration_days") if may_ask else None,
        "ask_until": ask_until(card) if may_ask else None,
        "reconsidered": reconsidered
        and {"outcome": reconsidered.get_outcome_display(), "reply": reconsidered.reply},
        "contact": contact(),
    }


def ask_until(card):
    """The last day for a 复核: the clock of the provisional result while it runs."""
    if card.status == S.PROVISIONAL and card.due_on:
        return card.due_on
    told = timezone.localdate(card.cycle.announced_at or card.status_since)
    return workdays.add_workdays(told, rules.get("reconsideration_days"))


def build_provisional_notice(document: Document):
    data = notice_data(card_of(document), is_final=False)
    return sheets.result_notice(data, print_label=f"第{document.version}版")


def build_final_notice(document: Document):
    data = notice_data(card_of(document), is_final=True)
    return sheets.result_notice(data, print_label=f"第{document.version}版")


# ── 年度考核结果汇总表 ──────────────────────────────────────────────────────────────────────────
def ranked_cards(cycle) -> list[Scorecard]:
    """Every card of the year with its lines: by the total, what has none yet behind it, the excluded last."""
    rows = cycle.cards.select_related("studio", "reconsideration")
    cards = list(rows.prefetch_related("lines__item", "falsifications"))

    def order(card):
        return (card.status == S.EXCLUDED, card.total is None, -(card.total or 0), card.studio.name, card.pk)

    return sorted(cards, key=order)


def note_of(card) -> str:
    """备注 of the summary: what the numbers do not tell."""
    if card.status == S.EXCLUDED:
        return f"不参加本年度考核：{card.excluded_why}"
    reconsidered = reconsideration_of(card)
    notes = [
        f"考核期{period_of(card)}" if card.is_partial else "",
        "逾期未自评" if card.self_by == Scorecard.SelfBy.MISSING else "",
        "认定弄虚作假" if any(row.lifted_at is None for row in card.falsifications.all()) else "",
        f"复核{reconsidered.get_outcome_display()}" if reconsidered else "",
    ]
    return "；".join(filter(None, notes))


def summary_row(card, items) -> dict:
    points = {line.item.code: line.points for line in card.lines.all()}
    return {
        "studio_name": card.studio.name,
        "leader_name": card.leader_name,
        "points": [points.get(item["code"]) for item in items],
        "base": card.base,
        "bonus": card.bonus,
        "total": card.total,
        "place": card.place,
        "grade": card.get_grade_display() if card.grade else "",
        "note": note_of(card),
    }


def summary_data(cycle) -> dict:
    items = printed_items(cycle.rubric)
    return {
        "year": cycle.year,
        "title": cycle.rubric.title,
        "items": items,
        "is_closed": cycle.status == "closed",
        "rows": [summary_row(card, items) for card in ranked_cards(cycle)],
    }


def build_summary(document: Document):
    return sheets.summary(summary_data(cycle_of(document)), print_label=f"第{document.version}版")


# ── what a print said ───────────────────────────────────────────────────────────────────────────
DATA = {
    "scorecard_blank": form.blank_data,
    "scorecard_self": lambda card: form.card_data(card, form.SELF),
    "scorecard_final": lambda card: form.card_data(card, form.FINAL),
    "result_provisional": lambda card: notice_data(card, is_final=False),
    "result_final": lambda card: notice_data(card, is_final=True),
    "evaluation_summary": summary_data,
}


def content_hash(kind: str, subject) -> str:
    """Of all that a paper of this kind would say about the card, or the year, now."""
    said = DATA[kind](subject)
    return documents.hash_of({key: value for key, value in said.items() if key not in NOT_COMPARED})


def is_current(document: Document, subject) -> bool:
    """Would a print of today say the same?"""
    return document.content_hash == content_hash(document.kind, subject)


KINDS = {
    "scorecard_blank": (form.build_blank, "考核评分表（空白）", "KK"),
    "scorecard_self": (form.build_self, "考核评分表（自评）", "KZ"),
    "scorecard_final": (form.build_final, "考核评分表", "KP"),
    "result_provisional": (build_provisional_notice, "考核结果通知（初步结果）", "KC"),
    "result_final": (build_final_notice, "考核结果通知", "KG"),
    "evaluation_summary": (build_summary, "年度考核结果汇总表", "KH"),
}
