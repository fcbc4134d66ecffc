"""What did the benefits of [4] come to, by kind and year? Two queries, whatever their number."""

from django.db.models import Count, Q, Sum

from workshops.models import BenefitDelivery, BenefitKind

ASKED = ~Q(status__in=["draft", "withdrawn"])
GRANTED = Q(status__in=["granted", "paid", "appointed", "nominated", "concluded"])


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
