"""The arithmetic of fees: money as text, days of a month, rounding, meters, ages of debts [5.3][4.1]."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.money import DIGITS, MOST_FEN, rmb_capitals, to_fen, yuan
from workshops.charges import arrears
from workshops.charges.fee import (
    Price,
    Span,
    common,
    half_up,
    metered_amount,
    month_of,
    monthly_amount,
    next_month,
    outside,
    previous_month,
    priced,
    rent_days,
)
from workshops.charges.meter import Read, Used, falls, is_unusual, to_bill

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
FEN = st.integers(0, MOST_FEN)


# ── money as text ───────────────────────────────────────────────────────────────────────────────
CAPITALS = [  # the examples of 正确填写票据和结算凭证的基本规定, with 整 after 元 and 角
    (140950, "人民币壹仟肆佰零玖元伍角整"),
    (600714, "人民币陆仟零柒元壹角肆分"),
    (168032, "人民币壹仟陆佰捌拾元叁角贰分"),
    (10700053, "人民币壹拾万零柒仟元伍角叁分"),
    (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
    (32504, "人民币叁佰贰拾伍元零肆分"),
    (0, "人民币零元整"),
    (1, "人民币壹分"),
    (10, "人民币壹角整"),
    (100, "人民币壹元整"),
    (100000000, "人民币壹佰万元整"),
    (100010000, "人民币壹佰万零壹佰元整"),
    (1000000000000, "人民币壹佰亿元整"),
    (1000000000001, "人民币壹佰亿元零壹分"),
    (-12345, "人民币负壹佰贰拾叁元肆角伍分"),
]


@pytest.mark.parametrize(("fen", "text"), CAPITALS)
def test_amounts_in_capitals(fen, text):
    assert rmb_capitals(fen) == text


def read_aloud(text: str) -> int:
    """The amount that capitals say, counted sign by sign."""
    text = text.removeprefix("人民币").removesuffix("整")
    total = group = digit = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(sign) + 1), 0
        elif sign in "万亿":
            total, group, digit = total + (group + digit) * 10 ** (4 if sign == "万" else 8) * 100, 0, 0
        elif sign == "元":
            total, group, digit = total + (group + digit) * 100, 0, 0
        else:
            total, digit = total + digit * (10 if sign == "角" else 1), 0
    return total


@given(FEN)
def test_capitals_say_the_amount_and_never_two_zeros_in_a_row(fen):
    assert read_aloud(rmb_capitals(fen)) == fen
    assert "零零" not in rmb_capitals(fen)


def test_too_large_an_amount_has_no_capitals():
    with pytest.raises(ValueError, match="too large"):
        rmb_capitals(MOST_FEN + 1)


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_what_is_shown_is_read_back(fen):
    assert to_fen(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.56", 123456),
        ("￥１２．５０元", 1250),
        ("0.01", 1),
        ("-3", -300),
        (" 7 ", 700),
    ],
)
def test_yuan_as_people_type_it(text, fen):
    assert to_fen(text) == fen


@pytest.mark.parametrize(
    "text", ["", "abc", "1.234", "1,23", "1e3", "--1", "１２点五", "9" * 15, "1.2.3", "."]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"amount|large"):
        to_fen(text)


# ── days ────────────────────────────────────────────────────────────────────────────────────────
@st.composite
def spans(draw):
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Span(first, last)


@given(month=DAYS, stay=spans(), waiver=st.none() | spans())
def test_every_day_of_the_stay_is_billed_or_waived_and_never_both(month, stay, waiver):
    """[4.1][Y1]: counted day by day, whatever the boundaries."""
    held = common(month_of(month), stay)
    found = rent_days(held, waiver)
    day, billed, waived = month_of(month).first, 0, 0
    while day <= month_of(month).last:
        in_stay = stay.first <= day <= stay.last
        is_waived = in_stay and waiver is not None and waiver.first <= day <= waiver.last
        is_billed = any(day in span for span in found.billed)
        assert is_billed == (in_stay and not is_waived), day
        assert (found.waived is not None and day in found.waived) == is_waived, day
        billed, waived = billed + is_billed, waived + is_waived
        day += timedelta(days=1)
    assert (found.billed_days, found.waived_days) == (billed, waived)
    assert billed + waived == (held.days if held else 0)


FREE_UNTIL = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("month", "billed", "waived"),
    [(date(2026, 2, 1), 0, 28), (date(2026, 3, 1), 16, 15), (date(2026, 4, 1), 30, 0)],
)
def test_the_month_in_which_the_waiver_ends(month, billed, waived):
    found = rent_days(month_of(month), Span(date(2024, 3, 16), FREE_UNTIL))
    assert (found.billed_days, found.waived_days) == (billed, waived)


def test_a_waiver_inside_a_month_leaves_two_parts():
    march = month_of(date(2026, 3, 1))
    assert outside(march, Span(date(2026, 3, 10), date(2026, 3, 20))) == [
        Span(date(2026, 3, 1), date(2026, 3, 9)),
        Span(date(2026, 3, 21), date(2026, 3, 31)),
    ]


@given(DAYS)
def test_months_follow_one_another(day):
    month = month_of(day)
    assert month.days == calendar.monthrange(day.year, day.month)[1]
    assert previous_month(next_month(day)) == month.first
    assert next_month(day) - timedelta(days=1) == month.last


# ── amounts ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("amount", "fen"), [("0.5", 1), ("0.4999", 0), ("1.5", 2), ("2.5", 3), ("-0.5", -1)])
def test_halves_are_rounded_up(amount, fen):
    assert half_up(Fraction(amount)) == fen


@given(st.decimals(0, 99999, places=2), st.decimals(0, 9999, places=4))
def test_a_metered_amount_is_within_half_a_fen(quantity, price):
    exact = Fraction(quantity) * Fraction(price)
    assert abs(metered_amount(quantity, price) - exact) <= Fraction(1, 2)


@given(st.decimals(1, 999, places=2), st.decimals(0, 9999, places=4), DAYS, st.integers(1, 31))
def test_a_month_cut_in_two_costs_what_the_whole_costs_but_for_a_fen(area, price, day, cut):
    month = month_of(day)
    whole = monthly_amount(area, price, month)
    assert whole == half_up(Fraction(area) * Fraction(price))
    if cut < month.days:
        middle = month.first + timedelta(days=cut)
        parts = Span(month.first, middle - timedelta(days=1)), Span(middle, month.last)
        assert abs(sum(monthly_amount(area, price, part) for part in parts) - whole) <= 1


def test_a_price_that_changes_within_the_month_cuts_it():
    old = Price(1, Decimal(100), date(2026, 1, 1), date(2026, 3, 9))
    new = Price(2, Decimal(200), date(2026, 3, 10))
    march = month_of(date(2026, 3, 1))
    assert priced(march, [new, old]) == (
        [(Span(march.first, date(2026, 3, 9)), old), (Span(date(2026, 3, 10), march.last), new)],
        0,
    )
    assert priced(march, [new])[1] == 9


# ── meters ──────────────────────────────────────────────────────────────────────────────────────
MARCH = month_of(date(2026, 3, 1))
LONG_AGO = date(2026, 1, 1)


def reads(*pairs):
    return [Read(date.fromisoformat(day), Decimal(value), n) for n, (day, value) in enumerate(pairs)]


def asked(readings, *, since=LONG_AGO, until=None, left_before=None, billed=()):
    days = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in billed]
    return to_bill(readings, MARCH, since=since, until=until, left_before=left_before, billed=days)


def test_from_the_last_bill_to_the_last_reading_of_the_month():
    rows = reads(("2026-01-01", 5), ("2026-02-28", 20), ("2026-03-10", 24), ("2026-03-31", 31))
    found = asked(rows, billed=[("2026-01-01", "2026-02-28")])
    assert (found.start, found.end, found.quantity) == (rows[1], rows[3], 11)


def test_a_month_without_a_reading_is_named_and_then_made_up_for():
    rows = reads(("2026-01-01", 5), ("2026-02-28", 20))
    assert asked(rows, billed=[("2026-01-01", "2026-02-28")]) == "2026年3月没有读数"
    later = [*rows, Read(date(2026, 4, 30), Decimal(60), 9)]
    april = month_of(date(2026, 4, 1))
    days = [(date(2026, 1, 1), date(2026, 2, 28))]
    found = to_bill(later, april, since=LONG_AGO, until=None, left_before=None, billed=days)
    assert found == Used(rows[1], later[2])
    days.append((date(2026, 2, 28), date(2026, 4, 30)))
    assert to_bill(later, MARCH, since=LONG_AGO, until=None, left_before=None, billed=days) == ""


def test_nothing_is_billed_twice_whatever_the_order_of_months():
    rows = reads(("2026-01-01", 5), ("2026-02-28", 20), ("2026-03-31", 31))
    assert asked(rows, billed=[("2026-01-01", "2026-03-31")]) == ""


def test_a_new_holder_begins_at_the_reading_of_the_hand_over():
    rows = reads(("2026-02-28", 20), ("2026-03-12", 24), ("2026-03-31", 31))
    moved_in = date(2026, 3, 12)
    before = {"left_before": date(2026, 3, 12), "billed": [("2026-02-28", "2026-03-12")]}
    assert asked(rows, since=moved_in, **before).quantity == 7
    assert asked(rows[:2], since=moved_in, **before) == ""  # nothing was used before the hand-over
    lacking = [rows[0], rows[2]]
    assert asked(lacking, since=moved_in, left_before=date(2026, 3, 5)) == "没有交接时的读数"


def test_who_leaves_is_billed_up_to_the_reading_of_the_hand_back():
    rows = reads(("2026-02-28", 20), ("2026-03-12", 24), ("2026-03-31", 31))
    billed = [("2026-01-01", "2026-02-28")]
    assert asked(rows, until=date(2026, 3, 12), billed=billed).quantity == 4
    assert asked(rows, until=date(2026, 3, 20), billed=billed) == "没有交还时的读数"


def test_unusual_is_more_than_three_times_the_median_by_the_day():
    usual = reads(("2026-01-01", 0), ("2026-01-31", 30), ("2026-02-28", 58), ("2026-03-31", 89))
    assert not is_unusual(usual, 3)
    assert not is_unusual([*usual, Read(date(2026, 4, 30), Decimal(179))], 3)  # exactly three times
    assert is_unusual([*usual, Read(date(2026, 4, 30), Decimal(180))], 3)
    assert not is_unusual([*usual, Read(date(2026, 5, 30), Decimal(149))], 3)  # two months, not a leak


def test_a_meter_counts_up():
    rows = reads(("2026-01-01", 10), ("2026-03-01", 30))
    assert falls(rows, Read(date(2026, 2, 1), Decimal(10))) == ""
    assert "小于2026-01-01的10" in falls(rows, Read(date(2026, 2, 1), Decimal(9)))
    assert "大于2026-03-01的30" in falls(rows, Read(date(2026, 2, 1), Decimal(31)))


# ── debts ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-1, ""),
        (0, ""),
        (1, "30天以内"),
        (30, "30天以内"),
        (31, "31至90天"),
        (90, "31至90天"),
        (91, "90天以上"),
    ],
)
def test_how_old_a_debt_is(days, band):
    assert arrears.band_of(days) == band


@pytest.mark.parametrize(
    ("days", "threshold"), [(-4, None), (-3, -3), (0, -3), (1, 1), (30, 1), (31, 31), (400, 91)]
)
def test_the_threshold_a_debt_has_reached(days, threshold):
    assert arrears.threshold_of(days, [-3, 1, 31, 91]) == threshold


@given(st.lists(st.tuples(DAYS, st.integers(-500, 500), st.booleans()), max_size=12), DAYS)
def test_an_account_closes_where_the_next_one_opens(rows, day):
    moves = [arrears.Movement(d, "", "", fen, is_bill) for d, fen, is_bill in rows]
    month, after = month_of(day), month_of(next_month(day))
    this = arrears.account(moves, month.first, month.last)
    assert this.closing == arrears.account(moves, after.first, after.last).opening
    assert this.closing == sum(m.fen for m in moves if m.day <= month.last)
