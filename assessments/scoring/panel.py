"""How do several experts' grades become one [S14][S17]?"""

from collections import Counter
from collections.abc import Mapping, Sequence


def agreed_grade(
    order: Sequence[str], given: Mapping[int, str], leader: int | None, method: str
) -> tuple[str, str]:
    """(grade, arithmetic in words). `order` runs from the best to the worst; `given` is expert → grade.

    majority: the most frequent; of equally frequent ones the leader's, and where the leader gave none of them the
    worst, for what has no majority cannot claim the better one. median: the middle one, of an even number the lower.
    ValueError without grades.
    """
    if not given:
        raise ValueError("no grades")
    counts = Counter(given.values())
    if method == "median":
        ranked = sorted(order.index(code) for code in given.values())
        return order[ranked[len(ranked) // 2]], "从高到低取中位"
    most = max(counts.values())
    leading = [code for code in order if counts.get(code) == most]
    if len(leading) == 1:
        return leading[0], f"{most}人评此等，为多数"
    if given.get(leader) in leading:
        return given[leader], f"票数相同（各{most}人），以组长所评为准"
    return leading[-1], f"票数相同（各{most}人），取较低的一等"
