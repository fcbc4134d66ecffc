"""What comes of scoring one item: points, the reasons in Chinese, and the records that prove them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assessments.scoring.facts import Record
from park.points import rounded, shown


@dataclass(frozen=True)
class Proof:
    """A record that counted; `points` where each one earns its own."""

    record: Record
    points: Decimal | None = None


@dataclass(frozen=True)
class Result:
    """Points within 0 and the maximum, one decimal place [P3][S20]. `missing` says what would still be needed."""

    points: Decimal
    reasons: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    missing: tuple[str, ...] = ()

    def said(self) -> dict:
        """As plain JSON, the way a card keeps it."""
        return {
            "reasons": list(self.reasons),
            "missing": list(self.missing),
            "proofs": [
                {
                    "key": proof.record.key,
                    "number": proof.record.number,
                    "title": proof.record.title,
                    "on": proof.record.starts.isoformat(),
                    **({} if proof.points is None else {"points": shown(proof.points)}),
                }
                for proof in self.proofs
            ],
        }


def within(points, maximum) -> Decimal:
    """Rounded half up to one place, never below 0 nor above the 分值 [P3][S19][S20]."""
    return min(max(rounded(points), Decimal(0)), Decimal(maximum))


def proved_by(records: Iterable[Record]) -> tuple[Proof, ...]:
    return tuple(Proof(record) for record in records)
