"""How much does a line of a policy come to [4.2][4.3][T7]?"""


def amount_of(unit_fen: int, quantity: int, cap_fen: int | None) -> int:
    """So many times the amount of the line, at most its cap; fen."""
    whole = unit_fen * quantity
    return whole if cap_fen is None else min(whole, cap_fen)
