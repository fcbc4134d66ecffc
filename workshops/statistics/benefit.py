"""What did the benefits of [4] come to, by kind and year? Two queries, whatever their number."""

from django.db.models import Count, Q, Sum

from workshops.models import OPEN_BENEFIT, Benefit, BenefitDelivery, BenefitKind
from workshops.statistics.period import Period
from workshops.statistics.table import Measure, Table

ASKED = ~Q(status__in=["draft", "withdrawn"])
GRANTED = Q(status__in=["granted", "paid", "appointed", "nominated", "concluded"])


def benefits(period: Period) -> Table:
    """By kind: asked for, granted, declined and carried out in the period, paid in it; and what is open now. Two queries."""
    first, last = period.days
    rows = Benefit.objects.order_by().values("kind")
    rows = rows.annotate(
        asked=Count("pk", filter=Q(asked_at__date__range=(first, last))),
        granted=Count("pk", filter=GRANTED & Q(decided_at__date__range=(first, last))),
        declined=Count("pk", filter=Q(status="declined", decided_at__date__range=(first, last))),
        open=Count("pk", filter=Q(status__in=OPEN_BENEFIT)),
    )
    found = {row["kind"]: row for row in rows}
    done = BenefitDelivery.objects.filter(on__range=(first, last)).order_by().values("benefit__kind")
    done = {row["benefit__kind"]: row for row in done.annotate(n=Count("pk"), fen=Sum("amount_fen"))}
    lines = []
    for kind in BenefitKind:
        row, more = found.get(kind, {}), done.get(kind, {})
        counts = [row.get(name, 0) for name in ("asked", "granted", "declined")]
        lines.append((kind.label, *counts, more.get("n", 0), more.get("fen") or 0, row.get("open", 0)))
    return Table(
        "benefits", "优惠政策兑现", "种类",
        (
            Measure("提出", unit="件"), Measure("同意", unit="件"), Measure("不同意", unit="件"),
            Measure("已落实", unit="件"), Measure("拨付", "fen"), Measure("今天在办", unit="件"),
        ), lines, drawn=(1, 4), empty="这段时间没有政策兑现。",
        note="提出、同意和落实分别按提出、决定和拨付（受聘、推荐）的日期计入；免租期按协议执行，不在此列。",
    )  # fmt: skip


def totals(benefits) -> list[dict]:
    """By year, newest first, and kind: asked, granted, declined, carried out, fen granted and paid."""
    rows = benefits.order_by().values("year", "kind")
    rows = rows.annotate(
        asked=Count("pk", filter=ASKED),
        granted=Count("pk", filter=GRANTED),
        declined=Count("pk", filter=Q(status="declined")),
        granted_fen=Sum("amount_fen", filter=GRANTED),
    )
    done = (
        BenefitDelivery.objects.filter(benefit__in=benefits.order_by().values("pk"))
        .order_by()
        .values("benefit__year", "benefit__kind")
        .annotate(done=Count("pk"), paid_fen=Sum("amount_fen"))
    )
    delivered = {(row["benefit__year"], row["benefit__kind"]): row for row in done}
    order = list(BenefitKind.values)
    found = []
    for row in sorted(rows, key=lambda r: (-r["year"], order.index(r["kind"]))):
        more = delivered.get((row["year"], row["kind"]), {})
        found.append(
            row
            | {
                "label": BenefitKind(row["kind"]).label,
                "clause": BenefitKind(row["kind"]).clause,
                "is_money": BenefitKind(row["kind"]).is_money,
                "granted_fen": row["granted_fen"] or 0,
                "done": more.get("done", 0),
                "paid_fen": more.get("paid_fen") or 0,
            }
        )
    return found


def by_kind(rows) -> list[tuple[str, int]]:
    """How many were granted, per kind, over all these rows."""
    return [(kind.label, sum(r["granted"] for r in rows if r["kind"] == kind)) for kind in BenefitKind]


def paid_by_year(rows) -> list[tuple[str, float]]:
    """Yuan paid, per year, newest first."""
    years = sorted({row["year"] for row in rows}, reverse=True)
    return [(f"{year} 年", sum(r["paid_fen"] for r in rows if r["year"] == year) / 100) for year in years]
