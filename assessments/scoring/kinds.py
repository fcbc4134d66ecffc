"""The ways in which the printed items give points [A2]. Each takes (item, facts, rules) and returns a Result.

`item` has `code`, `max_points` and `parameters`; `rules` are the park's settings of the year by their keys.
"""

from collections.abc import Callable
from decimal import Decimal

from assessments.scoring.facts import YearFacts
from assessments.scoring.occurrences import per_occurrence
from assessments.scoring.result import Result, proved_by, within
from park.points import rounded, shown
from workshops.kinds import KINDS

WAN = 1_000_000  # fen in 万元


# ── what is there, or is not [A2.1][A2.4–A2.9][A2.12–A2.14] ─────────────────────────────────────
def wanted(need: str) -> tuple[str, tuple[str, ...], str]:
    """A need such as `plan:year|month`: (kind, categories, the words for it)."""
    kind, _, categories = need.partition(":")
    codes = tuple(categories.split("|")) if categories else ()
    field = KINDS[kind].column_field("category")
    words = "、".join(field.label_of(code) for code in codes) if codes and field else KINDS[kind].title
    return kind, codes, words


def found(need: str, facts: YearFacts, rules) -> tuple[list, int]:
    """(records, how many) that meet a need. Work logs are many and only counted."""
    kind, codes, _ = wanted(need)
    if kind == "log":
        return [], facts.logs
    records = facts.of(kind, codes)
    if kind == "equipment":
        records = [r for r in records if r.state != "scrapped"]
    if kind == "project" and rules["a2_12_benefit"]:
        records = [r for r in records if r.amount_fen > 0]
    return records, len(records)


def all_or_nothing(item, facts, rules) -> Result:
    """Full points when everything named is there, nothing otherwise [P2]. What an inspection of the year found on the
    spot, and was not put right, counts more than a record [A2.1][A2.4][A2.5][A2.8]."""
    seen = facts.inspected.get(item.code) if item.parameters.get("inspected") else None
    if seen and not seen.met:
        return Result(
            Decimal(0), (f"{seen.text}发现不符合，还没有整改到位。",), missing=("完成检查问题的整改",)
        )
    least = int(rules["a2_13_minimum"]) if item.parameters.get("several") else 1
    reasons, proofs, missing = [], [], []
    for need in item.parameters["needs"]:
        kind, _, words = wanted(need)
        records, n = found(need, facts, rules)
        proofs += records
        if n >= least:
            reasons.append(f"{words}：{n}条已核验。")
        elif kind == "project" and rules["a2_12_benefit"] and facts.of(*wanted(need)[:2]):
            missing.append(f"{words}的经济效益证明（本园设定）")
        elif n:
            missing.append(f"{words}（需{least}次，已有{n}次）")
        else:
            missing.append(words)
    if seen and len(missing) == len(item.parameters["needs"]):
        return Result(Decimal(item.max_points), (f"{seen.text}确认符合。",))
    if not missing:
        return Result(Decimal(item.max_points), tuple(reasons), proved_by(proofs))
    points = Decimal(0)
    partly = item.parameters.get("partly")  # the setting that gives points for one of two [S6]
    if partly and reasons and Decimal(rules[partly]):
        points = within(rules[partly], item.max_points)
        reasons.append(f"只有其一，按本园设定得{shown(points)}分。")
    reasons += [f"缺少：{'、'.join(missing)}。"]
    return Result(points, tuple(reasons), proved_by(proofs), tuple(missing))


def choice(item, facts, rules) -> Result:
    """One of the printed values [S3]. A record proves that the thing is there; whether it has substance is for those
    who verify."""
    need = item.parameters["needs"][0]
    records, n = found(need, facts, rules)
    values = [Decimal(str(value)) for value, _ in item.parameters["values"]]
    words = {Decimal(str(value)): word for value, word in item.parameters["values"]}
    if n:
        return Result(
            max(values), (f"{words[max(values)]}；是否有实质内容由核验人员判断。",), proved_by(records)
        )
    return Result(min(values), (f"{words[min(values)]}。",), missing=(wanted(need)[2],))


def completeness(item, facts, rules) -> Result:
    """Every ledger that the park asks for is kept, or nothing [S10]."""
    missing, kept = [], []
    for code in rules["ledger_required"]:
        if code == "attendance":
            ok, words = facts.checked_in, "到园签到"
        elif code == "fees":
            ok, words = facts.unpaid_bills == 0, "费用"
        else:
            ok, words = found(code, facts, rules | {"a2_12_benefit": False})[1] > 0, KINDS[code].title
        (kept if ok else missing).append(words)
    if not missing:
        return Result(Decimal(item.max_points), (f"要求的{len(kept)}种台账齐全：{'、'.join(kept)}。",))
    words = [f"{w}（{facts.unpaid_bills}张账单到期未缴）" if w == "费用" else w for w in missing]
    return Result(Decimal(0), (f"台账不齐全，缺少：{'、'.join(words)}。",), missing=tuple(words))


# ── counted and deducted [A2.2][A2.11] ──────────────────────────────────────────────────────────
def monthly(item, facts, rules) -> Result:
    """少一天扣2分, by month, by year or on average [S2]; a month that asks for no day says nothing."""
    per_day = Decimal(item.parameters["per_day"])
    full = Decimal(item.max_points)
    months = [m for m in facts.months if m.quota > 0]
    if not months:
        return Result(full, ("还没有满一个应到园的月份，暂按满分计。",))
    short = [m for m in months if m.short]
    told = "、".join(f"{m.month.month}月缺{m.short}天" for m in short)
    total = sum(m.short for m in months)
    if rules["a2_2_method"] == "total":
        points = full - per_day * total
        how = f"全年累计缺{total}天，每天扣{shown(per_day)}分"
    elif rules["a2_2_method"] == "average":
        less = Decimal(sum(m.quota for m in months) - sum(m.present for m in months)) / len(months)
        points = full - per_day * max(less, Decimal(0))
        mean = rounded(Decimal(sum(m.present for m in months)) / len(months))
        how = f"平均每月到园{shown(mean)}天"
    else:
        points = sum(max(full - per_day * m.short, Decimal(0)) for m in months) / len(months)
        how = f"{len(months)}个月各自计分后取平均"
    reasons = (f"{how}。", f"不足的月份：{told}。" if told else f"{len(months)}个月都达到应到天数。")
    return Result(within(points, full), reasons, missing=(told,) if told else ())


def deductions(item, facts, rules) -> Result:
    """花名册 4, 带徒 2, 出成果 5; the four points that are left are those of training itself, unless the park reads the
    text literally [S7]. Whoever has no apprentice has no result of one either."""
    cost = {name: Decimal(value) for name, value in item.parameters["deductions"].items()}
    trainings = facts.of("training")
    rosters = [r for r in trainings if r.rostered]
    agreements = facts.of("apprenticeship")
    if rules["a2_11_agreement"] == "signed":
        agreements = [r for r in agreements if facts.in_year(r.signed_on or r.starts)]
    outcomes = [r for r in agreements if r.category and facts.in_year(r.outcome_on)]
    lacking = []
    if not trainings and rules["a2_11_residual"] == "training":
        rest = Decimal(item.max_points) - sum(cost.values())
        lacking.append(("开展培训", rest))
    if not rosters:
        lacking.append(("培训花名册", cost["roster"]))
    if not agreements:
        lacking.append(("结对签约带徒", cost["apprentice"]))
    if not outcomes:
        lacking.append(("带徒成果", cost["outcome"]))
    points = Decimal(item.max_points) - sum(value for _, value in lacking)
    kept = []
    if trainings:
        kept.append(f"培训{len(trainings)}次，有花名册的{len(rosters)}次")
    if agreements:
        kept.append(f"带徒协议{len(agreements)}份，年内出成果的{len(outcomes)}份")
    reasons = [f"{'；'.join(kept)}。"] if kept else []
    reasons += [f"没有{words}，扣{shown(value)}分。" for words, value in lacking]
    return Result(
        within(points, item.max_points),
        tuple(reasons),
        proved_by([*trainings, *agreements]),
        tuple(words for words, _ in lacking),
    )


# ── the bonus items [A2.B1][A2.B4] ──────────────────────────────────────────────────────────────
def bands(item, facts, rules) -> Result:
    """So many people with a certificate, in bands that overlap as printed [S11]."""
    edges, values = item.parameters["edges"], [Decimal(v) for v in item.parameters["points"]]
    n = facts.certified
    if n <= 0:
        return Result(Decimal(0), ("年内没有取得证书的学员。",), missing=("培训学员取得证书",))
    top = len(edges) - 1
    lower = rules["b1_bands"] == "lower"
    # “以内” and “以上” include the number; only the edges between two bands are the park's to decide.
    reached = sum((n >= edge) if lower or i == top else (n > edge) for i, edge in enumerate(edges))
    points = within(values[reached], item.max_points)
    missing = ()
    if reached < len(edges):
        need = edges[reached] + (0 if lower or reached == top else 1)
        missing = (f"再有{need - n}人取得证书，进入下一档",)
    return Result(points, (f"年内取得证书{n}人，得{shown(points)}分。",), missing=missing)


def grade(item, facts, rules) -> Result:
    """优、良、中 by the panel; the ledgers only show what it rests on, and the park may name amounts [S14]."""
    records = [*facts.of("benefit"), *facts.of("paid_service")]
    amount = sum(r.amount_fen for r in records)
    if not records:
        return Result(Decimal(0), ("没有登记经济效益。",), missing=("经济效益或有偿服务的台账",))
    told = f"登记的经济效益合计{amount // WAN:,}.{amount % WAN // 10_000:02}万元，由专家评等。"
    named = {code: (words, Decimal(points)) for code, words, points in item.parameters["grades"]}
    for code in ("excellent", "good", "fair"):
        threshold = int(rules[f"b4_{code}_wan"])
        if threshold and amount >= threshold * WAN:
            words, points = named[code]
            told += f"按本园设定的金额建议评“{words}”。"
            return Result(within(points, item.max_points), (told,), proved_by(records))
    return Result(Decimal(0), (told,), proved_by(records))


# Which way of scoring is which function; the codes are those of `models.rubric.ItemKind`.
SCORERS: dict[str, Callable] = {
    "all_or_nothing": all_or_nothing,
    "choice": choice,
    "monthly": monthly,
    "deductions": deductions,
    "completeness": completeness,
    "bands": bands,
    "per_occurrence": per_occurrence,
    "grade": grade,
}


def score(item, facts: YearFacts, rules) -> Result:
    """The points of one item. `rules`: the settings in `park.rules.evaluation.FROZEN`, by key."""
    return SCORERS[item.kind](item, facts, rules)
