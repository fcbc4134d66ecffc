"""What do the ledgers prove for the yearly scorecard [A2]? Three queries for any number of studios.

Only what the office verified counts. The facts are handed over as they are; points are the scorecard's own.
"""

from dataclasses import dataclass, field

from django.db.models import Count, Max, Q, Sum

from park import rules
from workshops.kinds import ELSEWHERE, ITEMS, KINDS
from workshops.models import LedgerRecord, LedgerStatus, Trainee


@dataclass
class Proof:
    """What one studio has for one item in one year."""

    records: int = 0
    outcomes: int = 0  # with a result dated in the year: 带徒出成果, 攻关成果
    amount_fen: int = 0
    rostered: int = 0  # people on rosters
    by_level: dict = field(default_factory=dict)  # (kind, category, level) → records


def proofs_of_year(year: int, studios=None) -> dict[int, dict[str, Proof]]:
    """studio id → item → Proof; a studio without verified records has no entry. `studios`: a queryset or keys."""
    rows = LedgerRecord.objects.verified().of_year(year)
    if studios is not None:
        rows = rows.filter(studio__in=studios)
    inside = Q(outcome_on__range=(f"{year:04}-01-01", f"{year:04}-12-31"))
    rows = rows.order_by().values("studio", "kind", "category", "level")
    rows = rows.annotate(
        n=Count("pk"),
        outcomes=Count("pk", filter=inside),
        amount=Sum("amount_fen"),
        rostered=Sum("row_count"),
    )
    found: dict[int, dict[str, Proof]] = {}
    for row in rows:
        kind = KINDS.get(row["kind"])
        for item in kind.items_of(row["category"]) if kind else ():
            proof = found.setdefault(row["studio"], {}).setdefault(item, Proof())
            proof.records += row["n"]
            proof.outcomes += row["outcomes"]
            proof.amount_fen += row["amount"] or 0
            proof.rostered += row["rostered"] or 0
            key = (kind.code, row["category"], row["level"])
            proof.by_level[key] = proof.by_level.get(key, 0) + row["n"]
    return found


def certified_people(year: int, studios=None, kinds=None) -> dict[int, int]:
    """studio id → distinct people with a certificate that counts, dated in the year [A2.B1][S11]."""
    rows = Trainee.objects.certified_in(year, rules.get("b1_certificates") if kinds is None else kinds)
    if studios is not None:
        rows = rows.filter(studio__in=studios)
    rows = rows.order_by().values("studio").annotate(n=Count("person_key", distinct=True))
    return {row["studio"]: row["n"] for row in rows}


@dataclass
class Year:
    """The ledgers of one studio in one year, for its page."""

    kinds: dict  # code → {n, verified, submitted, returned, draft, last}
    items: list  # {code, text, records, is_proven, is_waiting}
    missing: list  # titles of the ledgers that should be complete and have nothing yet
    certified: int


def year_of(studio, year: int) -> Year:
    """Counts, items and gaps in three queries, however many records there are."""
    settings = rules.get_many(["ledger_required", "b1_certificates"])
    rows = LedgerRecord.objects.filter(studio=studio).standing().of_year(year).order_by()
    rows = rows.values("kind", "category", "status").annotate(n=Count("pk"), last=Max("happened_on"))
    kinds, waiting, verified = {}, set(), {}
    for row in rows:
        kind = KINDS.get(row["kind"])
        if kind is None:
            continue
        known = kinds.setdefault(
            kind.code,
            dict.fromkeys(("n", "verified", "submitted", "returned", "draft"), 0) | {"last": row["last"]},
        )
        known["n"] += row["n"]
        known[row["status"]] += row["n"]
        known["last"] = max(known["last"], row["last"])
        for item in kind.items_of(row["category"]):
            if row["status"] == LedgerStatus.VERIFIED:
                verified[item] = verified.get(item, 0) + row["n"]
            else:
                waiting.add(item)
    certified = certified_people(year, [studio.pk], settings["b1_certificates"]).get(studio.pk, 0)
    items = [
        {
            "code": code,
            "text": text,
            "records": verified.get(code, 0),
            "is_proven": code in verified,
            "is_waiting": code in waiting,
            "elsewhere": ELSEWHERE.get(code, ""),
        }
        for code, text in ITEMS.items()
    ]
    missing = [KINDS[code] for code in settings["ledger_required"] if code in KINDS and code not in kinds]
    return Year(kinds, items, missing, certified)
