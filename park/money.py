"""How is an amount of money typed, shown and written out? Everywhere else it is an integer of fen."""

import re
import unicodedata

_YUAN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
MOST_FEN = 10**13 - 1  # 999 亿 yuan: more than any bill, and still written out in capitals
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def yuan(fen: int) -> str:
    """123456 → 1,234.56; a negative amount keeps its minus."""
    sign, fen = ("-" if fen < 0 else ""), abs(int(fen))
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def to_fen(text: str) -> int:
    """1,234.5 or ￥1234.50元 → 123450. Raises ValueError for what is no amount of at most two decimals."""
    plain = unicodedata.normalize("NFKC", str(text)).replace("¥", "").replace("元", "").replace(" ", "")
    found = _YUAN.fullmatch(plain)
    if found is None:
        raise ValueError("not an amount")
    sign, whole, part = found.groups()
    fen = int(whole.replace(",", "")) * 100 + int((part or "").ljust(2, "0"))
    if fen > MOST_FEN:
        raise ValueError("too large")
    return -fen if sign == "-" else fen


def rmb_capitals(fen: int) -> str:
    """The amount as 正确填写票据和结算凭证的基本规定 asks for it: 12345 → 人民币壹佰贰拾叁元肆角伍分.

    After 元 or 角 stands 整, after 分 nothing; zeros in between are read once. Raises ValueError beyond MOST_FEN.
    """
    if abs(fen) > MOST_FEN:
        raise ValueError("too large")
    sign, fen = ("负" if fen < 0 else ""), abs(fen)
    whole, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    text = _whole(whole) + "元" if whole else ""
    if jiao:
        text += DIGITS[jiao] + "角"  # a zero in the place of 元 need not be read before it
    elif cent and whole:
        text += "零"
    text += DIGITS[cent] + "分" if cent else "整"
    return f"人民币{sign}{text if fen else '零元整'}"


def _whole(number: int) -> str:
    """Digits of the yuan in groups of four, each read with its 万 or 亿."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = True
            continue
        # 零 stands for a group without value, for one that begins with a zero, and after one that ends in a zero.
        if text and (gap or group < 1000 or groups[place + 1] % 10 == 0):
            text += "零"
        text += _group(group) + GROUPS[place]
        gap = False
    return text


def _group(group: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text
