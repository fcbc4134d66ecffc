"""The draw: repeatable from its seed, fair to the rules, and the same whatever order the pool is listed in."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from applications import draw

KEYS = st.lists(st.uuids().map(str), min_size=0, max_size=30, unique=True)
SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)
EXCLUDED = st.sampled_from(["", "", "", "已出库", "会议当日不能参加"])
GROUPS = st.sampled_from(["", "技师学院", "船舶设备", "理工大学"])


def pools():
    rows = st.tuples(EXCLUDED, GROUPS)
    return KEYS.flatmap(
        lambda keys: st.tuples(*[rows] * len(keys)).map(
            lambda parts: [
                {"expert": key, "name": "甲", "unit": group, "group": group, "excluded": excluded}
                for key, (excluded, group) in zip(keys, parts, strict=True)
            ]
        )
    )


@given(SEEDS, pools(), st.integers(0, 9), st.integers(1, 3), st.randoms())
def test_the_same_seed_and_pool_give_the_same_names_in_any_listing(seed, pool, wanted, most, random):
    shuffled = list(pool)
    random.shuffle(shuffled)
    once = draw.choose(seed, pool, wanted, max_per_unit=most)
    assert once == draw.choose(seed, shuffled, wanted, max_per_unit=most)


@given(SEEDS, pools(), st.integers(0, 9), st.integers(1, 3), st.integers(0, 3))
def test_nobody_excluded_is_drawn_and_no_unit_has_more_than_the_park_allows(seed, pool, wanted, most, had):
    rows = {row["expert"]: row for row in pool}
    seated = {"技师学院": had}
    chosen = draw.choose(seed, pool, wanted, max_per_unit=most, seated=seated)
    assert len(chosen) == len(set(chosen)) <= wanted
    assert {rows[key]["excluded"] for key in chosen} <= {""}
    for unit in ("技师学院", "船舶设备", "理工大学"):
        drawn = sum(rows[key]["group"] == unit for key in chosen)
        assert not drawn or drawn + seated.get(unit, 0) <= most


@given(SEEDS, pools(), st.integers(0, 9), st.integers(1, 3))
def test_it_stops_short_only_where_nobody_more_may_be_drawn(seed, pool, wanted, most):
    lots = draw.run(seed, pool, wanted, max_per_unit=most)
    chosen = [lot for lot in lots if lot.outcome == draw.CHOSEN]
    if len(chosen) < wanted:
        assert draw.NOT_REACHED not in {lot.outcome for lot in lots}
    assert [lot.rank for lot in lots] == sorted(lot.rank for lot in lots)
    assert [lot.place for lot in lots] == list(range(1, len(pool) + 1))


@given(SEEDS, pools(), st.integers(1, 5), st.integers(1, 5))
def test_a_longer_draw_begins_with_the_shorter_one(seed, pool, short, more):
    longer = draw.choose(seed, pool, short + more, max_per_unit=2)
    assert longer[:short] == draw.choose(seed, pool, short, max_per_unit=2)


def test_anybody_can_compute_the_lot_by_hand():
    key = "7b0a7a52-4a6e-4f6e-9d53-0d4f6f8f0a11"
    assert draw.rank("a1", key) == hashlib.sha256(b"a1" + key.encode()).hexdigest()


def test_every_expert_has_the_same_chance():
    """Over many seeds each of ten is drawn about three times in ten (six standard deviations allowed)."""
    pool = [{"expert": f"key-{n}", "name": "", "unit": "", "group": "", "excluded": ""} for n in range(10)]
    counts = dict.fromkeys((row["expert"] for row in pool), 0)
    for n in range(2000):
        for key in draw.choose(f"seed-{n}", pool, 3, max_per_unit=9):
            counts[key] += 1
    assert all(600 - 6 * 20.5 < count < 600 + 6 * 20.5 for count in counts.values()), counts
