"""What did the studios bring about: people trained, projects, exchanges, benefit [2][A2.11–A2.B4]?

Only what the office verified counts. A record with a term (an apprenticeship, a project, an engagement, a cooperation)
counts in every period that it touches, any other on its day, as its kind says.
"""

from collections import Counter

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractQuarter

from park import rules
from workshops.kinds import KINDS, lists
from workshops.models import LedgerRecord, LedgerStatus, Trainee
from workshops.statistics.period import QUARTERS, Period, quarter_span
from workshops.statistics.table import Measure, Table

COUNTED = (
    "training", "apprenticeship", "project", "exchange", "service", "contest", "method", "media", "achievement",
    "engagement", "cooperation", "coaching", "startup",
)  # fmt: skip
EARNING = ("benefit", "paid_service")
HIGH = ("L3", "L2", "L1")  # 高技能人才: 高级工 and above
NUMBER = (Measure("件数", unit="件"),)


def outcomes(period: Period) -> tuple[dict, list[Table]]:
    """Amounts in fen by kind, and the tables of records, media, achievements, contests and benefit. One query."""
    rows = LedgerRecord.objects.verified().filter(
        kind__in=[*COUNTED, *EARNING], counts_from__lte=period.last, counts_until__gte=period.first
    )
    rows = rows.order_by().values("kind", "category", "level").annotate(
        n=Count("pk"), amount=Sum("amount_fen"), results=Count("pk", filter=Q(outcome_on__range=period.days)),
    )  # fmt: skip
    rows = list(rows)
    records, results, amounts = Counter(), Counter(), Counter()
    for row in rows:
        records[row["kind"]] += row["n"]
        results[row["kind"]] += row["results"]
        amounts[row["kind"]] += row["amount"] or 0
    kept = [(KINDS[kind].title, records[kind], results[kind] or None) for kind in COUNTED]
    tables = [
        Table(
            "records", "工作成果", "台账", (Measure("件数", unit="件"), Measure("期内取得成果", unit="件")), kept,
            note="师徒协议、项目、聘任和合作在有效期内都计，其余按发生日期计；只计已核验的。",
        ),
        _by("media", "媒体报道（按级别）", "级别", rows, "level", lists.MEDIA_LEVEL),
        _by("achievement", "专利、奖项、论文、出版", "种类", rows, "category", lists.ACHIEVEMENT),
        _by("contest", "技能竞赛指导（按级别）", "级别", rows, "level", lists.CONTEST_LEVEL),
        _sources(rows),
    ]  # fmt: skip
    return amounts, tables


def _by(kind, title, head, rows, column, codes) -> Table:
    found = Counter()
    for row in rows:
        if row["kind"] == kind:
            found[row[column]] += row["n"]
    return Table(kind, title, head, NUMBER, [(label, found[code]) for code, label in codes])


def _sources(rows) -> Table:
    found = Counter()
    for row in rows:
        if row["kind"] in EARNING:
            found[row["kind"], row["category"]] += row["amount"] or 0
    lines = [(f"经济效益：{label}", found["benefit", code]) for code, label in lists.BENEFIT]
    lines += [(f"有偿服务：{label}", found["paid_service", code]) for code, label in lists.SERVICE]
    return Table(
        "sources", "经济效益和有偿服务（按来源）", "来源", (Measure("金额", "fen"),), lines,
        note="同一笔收入只应登记一处；两项分别统计，不相加。",
    )  # fmt: skip


def earnings(period: Period) -> Table:
    """Benefit and paid services over the quarters of the year. One query."""
    rows = LedgerRecord.objects.verified().filter(kind__in=EARNING, counts_from__range=period.whole_year)
    rows = (
        rows.order_by().values("kind", quarter=ExtractQuarter("counts_from")).annotate(fen=Sum("amount_fen"))
    )
    found = {(row["kind"], row["quarter"]): row["fen"] or 0 for row in rows}
    lines = [
        (f"第{quarter}季度", *(found.get((kind, quarter), 0) for kind in EARNING)) for quarter in QUARTERS
    ]
    return Table(
        "earnings", f"{period.year}年各季度经济效益", "季度", (Measure("经济效益", "fen"), Measure("有偿服务", "fen")),
        lines, chart="columns", drawn=(0, 1), note="经济效益按截止日期、有偿服务按签订日期计入季度。",
    )  # fmt: skip


def training(period: Period) -> tuple[dict, list[Table]]:
    """People trained, and certificates by level; each person once per row [A2.B1]. One query and the setting."""
    certified = Q(certificate_kind__in=rules.get("b1_certificates"), certified_on__range=period.days)
    quarters = {q: Q(record__counts_from__range=quarter_span(period.year, q)) for q in QUARTERS}
    grades = [code for code, _ in lists.GRADE]
    asked = {
        "trained": _people(Q(record__counts_from__range=period.days)),
        "certified": _people(certified),
        "high": _people(certified & Q(level__in=HIGH)),
        "ungraded": _people(certified & ~Q(level__in=grades)),
        **{f"level_{code}": _people(certified & Q(level=code)) for code in grades},
        **{f"people_{q}": _people(ended) for q, ended in quarters.items()},
        **{f"turns_{q}": Count("pk", filter=ended) for q, ended in quarters.items()},
    }
    touched = certified | Q(record__counts_from__range=period.whole_year)
    sums = Trainee.objects.filter(touched, record__status=LedgerStatus.VERIFIED).aggregate(**asked)
    lines = [(label, sums[f"level_{code}"]) for code, label in lists.GRADE]
    if sums["ungraded"]:
        lines.append(("未填等级", sums["ungraded"]))
    tables = [
        Table(
            "trained", f"{period.year}年各季度培训", "季度", (Measure("培训人数", unit="人"), Measure("人次", unit="人次")),
            [(f"第{q}季度", sums[f"people_{q}"], sums[f"turns_{q}"]) for q in QUARTERS],
            chart="columns", note="花名册上的人员，按培训结束日期计入季度；同一人在一个季度内只计一次。",
        ),
        Table(
            "certificates", "取得证书（按等级）", "等级", (Measure("取得证书", unit="人"),), lines,
            note="按发证日期计；计入哪些证书由本园设定。同一人取得两个等级的，各等级分别计一次。三级/高级工及以上为高技能人才。",
        ),
    ]  # fmt: skip
    return sums, tables


def _people(condition):
    """How many of whom this is true, each once."""
    return Count("person_key", distinct=True, filter=condition)
