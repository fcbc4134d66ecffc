"""Cards of the yearly evaluation as plain as they can be: `card_in("final", points={"A2.1": 0})`.

Rows only, straight from the models: how a card comes to a status is for the tests of its procedure. The edition is the
one that every installation starts with (fixture `reference_data`), else the same rows from its file.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from assessments.models import (
    CycleStatus,
    EvaluationCycle,
    Grader,
    LineGrade,
    Reconsideration,
    Rubric,
    RubricItem,
    Scorecard,
    ScorecardLine,
    ScorecardStatus,
)
from assessments.projecting import settings_now, sums
from assessments.scoring import CardResult, grade_cards
from tests.assessments.scoring import shipped_items
from tests.factories import UserFactory
from tests.papers import RARE, SENTENCE
from tests.workshops.factories import ResidencyFactory

Basis = ScorecardLine.Basis
YEAR = 2025
PANEL_ITEM = "A2.B4"
GRADES = {40: "excellent", 30: "good", 20: "fair", 0: "none"}  # of the panel's item
# What the records propose, unless a test says otherwise: base 87.3, bonus 45, total 132.3.
PROPOSED = {
    "A2.1": "5", "A2.2": "17.3", "A2.3": "10", "A2.4": "2", "A2.5": "5", "A2.6": "5", "A2.7": "5", "A2.8": "2",
    "A2.9": "6", "A2.10": "6", "A2.11": "10", "A2.12": "10", "A2.13": "4", "A2.14": "0",
    "A2.B1": "10", "A2.B2": "15", "A2.B3": "20", "A2.B4": "0",
}  # fmt: skip
_SELF_ASSESSED = set(ScorecardStatus.values) - {"open", "excluded"}
_VERIFIED = _SELF_ASSESSED - {"self_assessed"}
_ANNOUNCED = _VERIFIED - {"verified"}


def edition() -> Rubric:
    """The shipped edition."""
    rubric = Rubric.objects.filter(edition="2015").first()
    if rubric is None:
        rubric = Rubric.objects.create(
            edition="2015",
            title="入驻产业创新园大师工作室考核评估细则",
            legal_basis="镇人社发〔2015〕104号 附件2",
            in_force_from=date(2015, 10, 8),
        )
        RubricItem.objects.bulk_create(RubricItem(rubric=rubric, **vars(i)) for i in shipped_items())
    return rubric


def cycle_in(status=CycleStatus.OPEN, *, year=YEAR, graders=0, by=None, rules=None, **fields):
    """A year; `rules` change some of the settings it was opened with, `graders` are so many experts, the first leads."""
    by = by or UserFactory()
    announced = {"announced_at": _on(year, 3, 1), "announced_by": by} if status != CycleStatus.OPEN else {}
    closed = {"closed_at": _on(year, 4, 1), "closed_by": by} if status == CycleStatus.CLOSED else {}
    values = {"self_until": date(year + 1, 1, 23), "opened_at": _on(year, 1, 4)} | announced | closed | fields
    cycle = EvaluationCycle.objects.create(
        year=year,
        rubric=edition(),
        status=status,
        rules=settings_now() | (rules or {}),
        opened_by=by,
        **values,
    )
    for number in range(graders):
        Grader.objects.create(cycle=cycle, user=UserFactory(), is_leader=not number, added_by=by)
    return cycle


def card_in(
    status=ScorecardStatus.OPEN,
    *,
    cycle=None,
    residency=None,
    by=None,
    owner=None,
    proposed=None,
    claimed=None,
    points=None,
    **fields,
) -> Scorecard:
    """A card with a line for every item, brought to a status.

    By code of the item: `proposed` by the records, `claimed` by the studio against it, `points` that were judged
    against it. The panel's item is graded by the year's experts, all alike. `fields` are of the card.
    """
    cycle = cycle or cycle_in()
    residency = residency or ResidencyFactory(active=True)
    by, owner = by or UserFactory(), owner or UserFactory()
    proposed = PROPOSED | (proposed or {})
    card = Scorecard.objects.create(
        cycle=cycle,
        studio=residency.studio,
        residency=residency,
        leader_name=residency.studio.leader_name,
        since=fields.pop("since", date(cycle.year, 1, 1)),
        until=fields.pop("until", date(cycle.year, 12, 31)),
        is_partial=fields.pop("is_partial", False),
        computed_at=cycle.opened_at,
    )
    lines = []
    for item in cycle.rubric.items.order_by("order"):
        line = ScorecardLine(
            card=card,
            item=item,
            order=item.order,
            max_points=item.max_points,
            is_bonus=item.is_bonus,
            proposed_points=Decimal(proposed[item.code]),
            finding=finding(item),
        )
        if status in _SELF_ASSESSED:
            answer_line(line, (claimed or {}).get(item.code), by=owner)
        if status in _VERIFIED:
            judge_line(line, (points or {}).get(item.code), by=by, cycle=cycle)
        lines.append(line)
    ScorecardLine.objects.bulk_create(lines)
    for line in lines:
        if line.basis == Basis.PANEL:
            LineGrade.objects.bulk_create(
                LineGrade(line=line, grader=row.user, grade=GRADES[int(line.points)])
                for row in cycle.graders.all()
            )
    values = {"status": status}
    if status in _SELF_ASSESSED:
        values |= {"self_by": Scorecard.SelfBy.ONLINE, "self_at": _on(cycle.year, 1, 20), "self_user": owner}
    if status in _VERIFIED:
        base, bonus = sums((line.is_bonus, line.points) for line in lines)
        values |= {"verified_at": _on(cycle.year, 2, 10), "verified_by": by, "base": base, "bonus": bonus}
        values["total"] = base + bonus
    if status in _ANNOUNCED:
        result = CardResult(card.pk, base, bonus, card.is_partial)
        graded = grade_cards([result], cycle.rules)[card.pk]
        values |= {"grade": graded.grade, "grade_basis": graded.basis, "place": graded.place}
    if status == ScorecardStatus.FINAL:
        values["finalised_at"] = _on(cycle.year, 3, 20)
    if status == ScorecardStatus.EXCLUDED:
        values["excluded_why"] = "考核年度内已退出园区"
    for name, value in (values | fields).items():
        setattr(card, name, value)
    card.save()
    if status == ScorecardStatus.RECONSIDERING:
        Reconsideration.objects.create(card=card, request="第14项另有活动记录。", asked_by=owner)
    return card


def finding(item) -> dict:
    """What the records say of a line, as `scoring.Result.said` keeps it."""
    proof = {
        "key": f"00000000-0000-4000-8000-{item.order:012}",
        "number": f"TZ-{YEAR}-{item.order:04}",
        "title": f"{item.content}的记录",
    }
    return {
        "reasons": [f"{item.content}：1条已核验。"],
        "missing": [],
        "proofs": [proof | {"on": f"{YEAR}-05-03"}],
    }


def answer_line(line, claimed, *, by):
    """认可, or so many points and why."""
    line.answered_at, line.answered_by = _on(line.card.cycle.year, 1, 20), by
    line.answer = "agreed" if claimed is None else "contested"
    if claimed is not None:
        line.claimed_points, line.words = Decimal(claimed), "年内另有记录，请核对附上的材料。"


def judge_line(line, points, *, by, cycle):
    """按记录确认, or so many points: by the panel for its item, else with a reason."""
    line.judged_at, line.judged_by = _on(line.card.cycle.year, 2, 10), by
    graded = line.item.code == PANEL_ITEM and cycle.graders.exists()
    line.points = line.proposed_points if points is None else Decimal(points)
    if graded:
        line.basis = Basis.PANEL
    elif line.points == line.proposed_points:
        line.basis = Basis.CONFIRMED
    else:
        line.basis, line.reason = Basis.OVERRIDDEN, "现场核验与记录不一致。"


def _on(year, month, day) -> datetime:
    """A morning of the year after the one that is evaluated."""
    return datetime(year + 1, month, day, 2, 0, tzinfo=UTC)


# ── what the papers take, without a database ────────────────────────────────────────────────────
def form_data(stage="final", **changes) -> dict:
    """A card as plain data, every point as the records propose, with the rarest names and a long text."""
    items, lines, base, bonus = [], [], Decimal(0), Decimal(0)
    for item in shipped_items():
        points = Decimal(PROPOSED[item.code]) if stage != "blank" else None
        number = item.order - 14 if item.is_bonus else item.order
        items.append(
            {
                "code": item.code,
                "number": number,
                "category": item.category,
                "content": item.content,
                "max": Decimal(item.max_points),
                "rule": item.rule_text,
                "points": points,
                "is_bonus": item.is_bonus,
            }
        )
        lines.append(
            {
                "number": number,
                "is_bonus": item.is_bonus,
                "content": item.content,
                "max": Decimal(item.max_points),
                "proposed": points,
                "claimed": points,
                "points": points,
                "basis": "按记录确认",
                "words": [("按记录", "1条已核验。"), ("改定理由", SENTENCE * 3)],
            }
        )
        if points is not None:
            base, bonus = (base, bonus + points) if item.is_bonus else (base + points, bonus)
    filled = stage != "blank"
    return {
        "stage": stage,
        "title": "入驻产业创新园大师工作室考核评估细则",
        "legal_basis": "镇人社发〔2015〕104号 附件2",
        "year": YEAR,
        "studio_name": f"{RARE}技能大师工作室",
        "leader_name": RARE,
        "items": items,
        "base": base if filled else None,
        "bonus": bonus if filled else None,
        "total": base + bonus if filled else None,
        "terms": [("考核年度", f"{YEAR}年")],
        "remarks": [{"title": "自评说明", "text": SENTENCE}] if filled else [],
        "lines": lines if filled else [],
        "settings": [{"label": "合格分数线", "clause": "5.4.4", "value": "60分"}],
        "verifiers": [{"name": RARE, "unit": "某单位"}],
        **changes,
    }


def result_data(**changes) -> dict:
    """A result as plain data."""
    return {
        "is_final": True,
        "year": YEAR,
        "studio_name": f"{RARE}技能大师工作室",
        "leader_name": RARE,
        "since": date(YEAR, 1, 1),
        "until": date(YEAR, 12, 31),
        "base": Decimal("57.3"),
        "bonus": Decimal(45),
        "total": Decimal("102.3"),
        "base_max": Decimal(100),
        "bonus_max": Decimal(100),
        "total_max": Decimal(200),
        "grade": "不合格",
        "grade_basis": "基础分57.3分，低于合格线60分",
        "is_failing": True,
        "is_falsified": False,
        "ask_days": 5,
        "ask_until": date(YEAR + 1, 3, 9),
        "reconsidered": {"outcome": "维持", "reply": SENTENCE},
        "contact": "咨询电话：0511-84412345",
        **changes,
    }


def summary_of(number: int) -> dict:
    """A year of so many studios as plain data."""
    form = form_data()
    row = {
        "studio_name": form["studio_name"],
        "leader_name": RARE,
        "points": [item["points"] for item in form["items"]],
        **{key: form[key] for key in ("base", "bonus", "total")},
        "place": 1,
        "grade": "优秀",
        "note": "",
    }
    return {
        "year": YEAR,
        "title": form["title"],
        "items": form["items"],
        "is_closed": True,
        "rows": [row] * number,
    }
