"""What would the next record earn? Found by scoring once more with it, so that advice and score never disagree."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assessments.scoring.facts import Record, YearFacts
from assessments.scoring.kinds import score, wanted


@dataclass(frozen=True)
class Next:
    """Something the studio could still do in the year, the ledger it belongs to, and the points it would bring."""

    words: str
    gain: Decimal
    kind: str = ""  # of the ledger; "" where it is not a record


def next_steps(item, facts: YearFacts, rules, today: date) -> list[Next]:
    """The easiest first, as `_possible` names them; what brings nothing, or no more than an easier one of the same
    ledger, is left out."""
    before = score(item, facts, rules).points
    steps, known = [], set()
    for words, kind, more in _possible(item, facts, today):
        gain = score(item, more, rules).points - before
        if gain > 0 and (kind, gain) not in known:
            known.add((kind, gain))
            steps.append(Next(words, gain, kind))
    return steps


def _possible(item, facts, today):
    """(words, kind, the facts with it) of everything that may help this item."""
    new = lambda kind, **values: Record(kind, today, today, number="新", title="新记录", **values)  # noqa: E731
    if item.kind in ("all_or_nothing", "choice"):
        yield from _needs(item, facts, new)
    elif item.kind == "deductions":
        training = new("training", rostered=1)
        pupil = new("apprenticeship", files=1, signed_on=today)
        done = replace(pupil, category="promotion", outcome_on=today)
        yield "开展一次培训并建立花名册", "training", facts.with_more(training)
        yield "结对签约带徒一人", "apprenticeship", facts.with_more(pupil)
        yield "带徒出成果（晋级、获奖、成为骨干、专利论文）", "apprenticeship", facts.with_more(done)
    elif item.kind == "per_occurrence":
        yield from _occurrences(item, facts, new)
    elif item.kind == "bands":
        edges = item.parameters["edges"]
        for people in sorted({1, *edges, *(edge + 1 for edge in edges)}):
            if people > facts.certified:
                words = f"再有{people - facts.certified}人取得证书"
                yield words, "training", replace(facts, certified=people)
    elif item.kind == "monthly":
        for month in facts.months:
            if month.short and month.month == today.replace(day=1):
                full = replace(month, present=month.quota)
                months = tuple(full if m is month else m for m in facts.months)
                yield f"本月再到园{month.short}天", "", replace(facts, months=months)


def _needs(item, facts, new):
    made = []
    for need in item.parameters["needs"]:
        kind, codes, words = wanted(need)
        if kind == "log":
            made.append((words, kind, None))
        else:
            made.append((words, kind, new(kind, category=codes[0] if codes else "", amount_fen=1)))
    for words, kind, record in made:
        more = replace(facts, logs=facts.logs + 1) if record is None else facts.with_more(record)
        yield f"登记{words}", kind, more
    if len(made) > 1:
        records = [record for _, _, record in made if record is not None]
        both = replace(facts.with_more(*records), logs=facts.logs + 1)
        yield "补齐" + "、".join(words for words, _, _ in made), made[0][1], both


def _occurrences(item, facts, new):
    names = {"city": "市级", "province": "省级", "national": "部（国家）级"}
    if item.parameters["of"] == "media":
        for level in item.parameters["levels"]:
            record = new("media", category="press", level=level, partner="新")
            yield f"{names[level]}电视台或报刊报道一次", "media", facts.with_more(record)
        return
    for level in item.parameters["levels"]:
        record = new("achievement", category="paper", level=level, certificate_no="新")
        yield f"{names[level]}论文或教材书籍一项", "achievement", facts.with_more(record)
    patent = new("achievement", category="patent", level="national", subtype="invention", certificate_no="新")
    yield "国家专利一项", "achievement", facts.with_more(patent)
