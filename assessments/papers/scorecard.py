"""Where does the 考核评分表 get its words [A2]? From the card, and the settings of its year."""

from collections import Counter

from django.utils import timezone

from assessments.documents import evaluation as sheets
from assessments.models import EvaluationCycle, LineEvidence, Scorecard, ScorecardLine, ScorecardStatus
from assessments.projecting import sums
from assessments.scoring import agreed_grade
from park import rules
from park.models import Document
from park.points import shown
from park.wording import chinese_date

BLANK, SELF, FINAL = "blank", "self", "final"
Basis, Answer = ScorecardLine.Basis, ScorecardLine.Answer
OF = LineEvidence.Of
METHODS = dict(rules.REGISTRY["panel_method"].choices)


def card_of(document) -> Scorecard:
    rows = Scorecard.objects.select_related("cycle__rubric", "studio", "verified_by__unit", "reconsideration")
    return rows.get(pk=document.subject_id)


def cycle_of(document) -> EvaluationCycle:
    return EvaluationCycle.objects.select_related("rubric").get(pk=document.subject_id)


# ── the form, with or without a card ────────────────────────────────────────────────────────────
def printed_items(rubric) -> list[dict]:
    """The rows of the form; basic and bonus items are numbered apart, as printed."""
    items, numbers = [], Counter()
    for item in rubric.items.order_by("order"):
        numbers[item.is_bonus] += 1
        items.append(
            {
                "code": item.code,
                "number": numbers[item.is_bonus],
                "category": item.category,
                "content": item.content,
                "max": item.max_points,
                "rule": item.rule_text,
                "is_bonus": item.is_bonus,
            }
        )
    return items


def maxima(rubric) -> dict:
    """What could be had: base_max, bonus_max, total_max."""
    base, bonus = sums(rubric.items.values_list("is_bonus", "max_points"))
    return {"base_max": base, "bonus_max": bonus, "total_max": base + bonus}


def points_of(line, stage):
    """What stands in the column 得分. The studio's own points are those it claims, or those it agrees to."""
    if stage == FINAL:
        return line.points
    if line.answer == Answer.CONTESTED:
        return line.claimed_points
    return line.proposed_points if line.answer == Answer.AGREED else None


def blank_data(subject) -> dict:
    """The form with nothing in its 得分: of a card, or of no studio."""
    card = subject if isinstance(subject, Scorecard) else None
    cycle = subject.cycle if card else subject
    items = [item | {"points": None} for item in printed_items(cycle.rubric)]
    return {
        "stage": BLANK,
        "title": cycle.rubric.title,
        "legal_basis": cycle.rubric.legal_basis,
        "year": cycle.year,
        "studio_name": card.studio.name if card else "",
        "leader_name": card.leader_name if card else "",
        "items": items,
        "base": None,
        "bonus": None,
        "total": None,
        "terms": [
            ("考核年度", f"{cycle.year}年"),
            *([("考核期", period_of(card))] if card else []),
            ("等次", ""),
        ],
    }


def card_data(card, stage) -> dict:
    """What a filled card says, as plain data."""
    cycle = card.cycle
    lines = list(
        card.lines.select_related("item", "judged_by__unit")
        .prefetch_related("grades", "evidence__record")
        .order_by("order")
    )
    points = {line.item.code: points_of(line, stage) for line in lines}
    items = [item | {"points": points.get(item["code"])} for item in printed_items(cycle.rubric)]
    printed = {item["code"]: item for item in items}
    if stage == FINAL and card.total is not None:
        base, bonus, total = card.base, card.bonus, card.total
    elif None in points.values() or not points:
        base = bonus = total = None
    else:
        base, bonus = sums((line.is_bonus, points[line.item.code]) for line in lines)
        total = base + bonus
    leader = cycle.graders.filter(is_leader=True).values_list("user_id", flat=True).first()
    return blank_data(card) | {
        "stage": stage,
        "items": items,
        "base": base,
        "bonus": bonus,
        "total": total,
        "terms": _terms_of_result(card) if stage == FINAL else _terms_of_self_assessment(card, lines),
        "remarks": _remarks(card, stage),
        "lines": [_line(line, printed[line.item.code], stage, cycle, leader) for line in lines],
        "settings": settings_of(cycle),
        "verifiers": _verifiers(card, lines) if stage == FINAL else [],
    }


def settings_of(cycle) -> list[dict]:
    """What the park had decided when the year was opened."""
    return [
        {
            "label": rules.REGISTRY[key].label,
            "clause": rules.REGISTRY[key].clause,
            "value": _decided(rules.REGISTRY[key], value),
        }
        for key, value in cycle.rules.items()
        if key in rules.REGISTRY
    ]


def _decided(rule, value) -> str:
    return "不设金额" if rule.unit == "万元" and not value else rule.show(rule.from_json(value))


def _terms_of_self_assessment(card, lines) -> list[tuple[str, str]]:
    contested = sum(line.answer == Answer.CONTESTED for line in lines)
    return [
        ("考核年度", f"{card.year}年"),
        ("考核期", period_of(card)),
        ("自评方式", card.get_self_by_display()),
        ("提交日期", _day(card.self_at)),
        ("对记录的意见", f"{contested}项有不同意见" if contested else "各项认可"),
    ]


def _terms_of_result(card) -> list[tuple[str, str]]:
    terms = [
        ("考核年度", f"{card.year}年"),
        ("考核期", period_of(card)),
        ("自评方式", card.get_self_by_display()),
        ("核验日期", _day(card.verified_at)),
        ("得分", f"基础分{shown(card.base)}，附加分{shown(card.bonus)}，总分{shown(card.total)}"),
    ]
    if card.grade:
        terms += [("等次", card.get_grade_display()), ("等次依据", f"{card.grade_basis}（本园设定）")]
    if card.place:
        terms.append(("总分名次", f"第{card.place}名"))
    return terms


def _remarks(card, stage) -> list[dict]:
    """Longer texts of the card as a whole, each under its heading."""
    said = [("自评说明", card.self_statement)]
    if stage == FINAL:
        said.append(("核验情况", card.verification_note))
        said += [
            ("弄虚作假认定", f"{row.facts}（{_day(row.found_at)}认定）")
            for row in card.falsifications.filter(lifted_at=None)
        ]
        if reconsidered := reconsideration_of(card):
            said += [
                ("复核申请", reconsidered.request),
                (f"复核结果：{reconsidered.get_outcome_display()}", reconsidered.reply),
            ]
    return [{"title": title, "text": text} for title, text in said if text.strip()]


def reconsideration_of(card):
    """The answered one."""
    row = getattr(card, "reconsideration", None)
    return row if row and row.outcome else None


def _verifiers(card, lines) -> list[dict]:
    """Who signs as 核验人; those who grade for the panel are named in no paper."""
    graders = set(card.cycle.graders.values_list("user_id", flat=True))
    people = [card.verified_by] if card.verified_by else []
    people += [line.judged_by for line in lines if line.basis in (Basis.CONFIRMED, Basis.OVERRIDDEN)]
    people = [person for person in dict.fromkeys(people) if person.pk not in graders]
    return [{"name": str(p), "unit": p.unit.name if p.unit else "".join(p.role_labels[:1])} for p in people]


def _line(line, item, stage, cycle, leader) -> dict:
    """One item on the 附页: its numbers, and whatever stands behind them."""
    answer = line.get_answer_display()
    return {
        "number": item["number"],
        "is_bonus": item["is_bonus"],
        "content": item["content"],
        "max": line.max_points,
        "proposed": line.proposed_points,
        "claimed": points_of(line, SELF),
        "points": points_of(line, stage),
        "basis": line.get_basis_display() if stage == FINAL else answer,
        "words": [(label, words) for label, words in _words(line, stage, cycle, leader) if words],
    }


def _words(line, stage, cycle, leader):
    finding = line.finding
    yield "按记录", "".join(finding.get("reasons", []))
    yield "证明记录", "；".join(map(_proof, finding.get("proofs", [])))
    yield "还缺", "；".join(finding.get("missing", []))
    yield "工作室意见", line.words
    evidence = [row for row in line.evidence.all() if row.removed_at is None]
    yield "工作室提供", "；".join(_evidence(row) for row in evidence if row.given_by == OF.STUDIO)
    if stage == FINAL:
        yield "现场核验", "；".join(_evidence(row) for row in evidence if row.given_by == OF.VERIFIER)
        yield "专家评等", panel_words(line, cycle, leader)
        yield "复核改定" if line.basis == Basis.RECONSIDERED else "改定理由", line.reason


def _proof(proof) -> str:
    counted = f"，计{proof['points']}分" if proof.get("points") else ""
    return f"{proof['number']} {proof['title']}（{chinese_date(proof['on'])}{counted}）"


def _evidence(row) -> str:
    name = str(row.record) if row.record else row.caption or "附件"
    return f"{name}（{row.caption}）" if row.record and row.caption else name


def panel_words(line, cycle, leader) -> str:
    """How many experts gave which grade, and how one came of it [S14][S17]; nobody is named."""
    given = {grade.grader_id: grade.grade for grade in line.grades.all()}
    if not given:
        return ""
    grades = {code: (label, points) for code, label, points in line.item.parameters["grades"]}
    counts = Counter(given.values())
    told = "、".join(f"“{label}”{counts[code]}人" for code, (label, _) in grades.items() if counts[code])
    method = cycle.rules["panel_method"]
    agreed, how = agreed_grade(list(grades), given, leader, method)
    label, points = grades[agreed]
    return f"{len(given)}人评等，{told}；{METHODS[method]}：{how}，评为“{label}”，{shown(points)}分。"


def period_of(card) -> str:
    return f"{chinese_date(card.since)}至{chinese_date(card.until)}"


def _day(moment) -> str:
    return chinese_date(timezone.localdate(moment)) if moment else ""


# ── the papers ──────────────────────────────────────────────────────────────────────────────────
def scorecard_sheet(card, stage, *, print_label: str):
    """(template, context) of a card as it stands; also for a look at it before anything is issued."""
    return sheets.scorecard(card_data(card, stage), print_label=print_label)


def build_blank(document: Document):
    of_card = document.subject_model == Scorecard._meta.label_lower
    subject = card_of(document) if of_card else cycle_of(document)
    return sheets.scorecard(blank_data(subject), print_label="空白表")


def build_self(document: Document):
    return scorecard_sheet(card_of(document), SELF, print_label=f"自评 第{document.version}版")


def build_final(document: Document):
    card = card_of(document)
    stage = "" if card.status == ScorecardStatus.FINAL else "初步结果 "
    return scorecard_sheet(card, FINAL, print_label=f"{stage}第{document.version}版")
