"""In what order do the experts of the pool come out of a draw, and who is taken? Plain data in, names out.

Whoever has the seed and the recorded pool of the day gets the same names again. A row of the pool is
{expert: key, name, unit, group: the unit as it is compared, excluded: reason or ""}.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

CHOSEN, FULL_UNIT, NOT_REACHED = "抽中", "同一单位已达人数上限", "未轮到"


def rank(seed: str, key: str) -> str:
    """The lot of one expert: SHA-256 over seed and key, in hexadecimal. The smallest comes first."""
    return hashlib.sha256(f"{seed}{key}".encode()).hexdigest()


def in_order(seed: str, pool) -> list[dict]:
    """The rows in the order of the lot, however they were listed."""
    return sorted(pool, key=lambda row: (rank(seed, row["expert"]), row["expert"]))


@dataclass(frozen=True)
class Lot:
    """One row of the pool with its place in the draw and what came of it."""

    place: int
    row: dict
    rank: str
    outcome: str


def run(seed: str, pool, wanted: int, *, max_per_unit: int, seated=None) -> list[Lot]:
    """The whole draw, step by step. `seated` counts the experts of each unit who have a seat already."""
    units, left, lots = Counter(seated or {}), wanted, []
    for place, row in enumerate(in_order(seed, pool), 1):
        if row["excluded"]:
            outcome = row["excluded"]
        elif not left:
            outcome = NOT_REACHED
        elif row["group"] and units[row["group"]] >= max_per_unit:
            outcome = FULL_UNIT
        else:
            outcome = CHOSEN
            units[row["group"]] += 1
            left -= 1
        lots.append(Lot(place, row, rank(seed, row["expert"]), outcome))
    return lots


def choose(seed: str, pool, wanted: int, *, max_per_unit: int, seated=None) -> list[str]:
    """Keys of the experts taken, in the order of the lot; fewer than wanted where the pool is exhausted."""
    lots = run(seed, pool, wanted, max_per_unit=max_per_unit, seated=seated)
    return [lot.row["expert"] for lot in lots if lot.outcome == CHOSEN]
