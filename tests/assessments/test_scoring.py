"""Annex 2 retyped as cases: every printed value and every boundary of each item, and what each setting changes [A2]."""

import random
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import ItemKind
from assessments.scoring import SCORERS, CardResult, Inspected, agreed_grade, grade_cards, next_steps, score
from park.points import rounded, shown
from tests.assessments.scoring import DEFAULTS, ITEMS, YEAR, day, holding, months, points, rec, year

# The printed form, row by row: 考核项目, 考核内容, 分值, 评分标准 (punctuation of the web edition folded).
PRINTED = """
基础建设|有工作室标识|5|无标识不得分
基础建设|每月到园时间不少于10天|20|少一天扣2分
基础建设|有入驻后的发展规划|10|无规划不得分;规划无实质内容扣5分
基础建设|有工作室成果荣誉展示栏|2|无展示栏不得分
基础建设|有工作室正常运作必备的设备|5|设备不足影响运作不得分
制度建设|建立工作室综合管理制度|5|没有建立的不得分
制度建设|建立领衔人岗位职责|5|没有建立的不得分
制度建设|规章制度张贴上墙|2|没有在明显处张贴的不得分
日常管理|建立工作计划表和工作日志|6|没有建立的不得分
日常管理|工作过程台帐齐全|6|没有建立或不齐全的不得分
成果产出|开展培训工作,建立培训花名册,每年结对签约带徒传艺不少于1人且带徒出成果|15|未建立花名册的扣4分,未带徒的扣2分,未出成果扣5分
成果产出|开展技术攻关或技术革新项目并产生一定的经济效益|10|未开展的不得分
成果产出|每年开展一次以上业内技术交流会、课题研讨会或展示活动|4|未开展的不得分
成果产出|积极履行社会责任,参加技能服务社会的有关活动|5|未参加的不得分
加分项目|高技能人才培养有成效|20|培训技能人才50人以内得5分,50-100人得10分,100-200人得15分,200以上得20分(以取得国家职业资格证书为准)
加分项目|市级及以上电视台、报刊报道过工作室建设情况|20|以新闻视频或报刊报道为依据,市、省、部每次5、10、20分
加分项目|工作室成果获得国家专利或省级及以上奖项;特色生产操作方法等发表过论文,或公开出版教材书籍|20|以有关证书文件为依据,市、省、部每次5、10、20分
加分项目|工作室的技能创新、创业,绝技展示、技术服务取得显著经济效益|40|以经济效益为依据,评优、良、中,分获40、30、20分
""".strip().splitlines()


def test_the_shipped_edition_is_the_printed_form():
    fold = lambda text: unicodedata.normalize("NFKC", text)  # noqa: E731
    rows = [
        "|".join([item.category, fold(item.content), str(item.max_points), fold(item.rule_text)])
        for item in ITEMS.values()
    ]
    assert rows == PRINTED
    assert list(ITEMS) == [f"A2.{n}" for n in range(1, 15)] + [f"A2.B{n}" for n in range(1, 5)]


def test_the_printed_sums_agree():
    sums = {}
    for item in ITEMS.values():
        sums[item.category] = sums.get(item.category, 0) + item.max_points
    assert sums == {"基础建设": 42, "制度建设": 12, "日常管理": 12, "成果产出": 34, "加分项目": 100}
    assert sum(i.max_points for i in ITEMS.values() if not i.is_bonus) == 100
    assert sum(i.max_points for i in ITEMS.values()) == 200


def test_every_way_of_scoring_has_its_function():
    assert set(SCORERS) == set(ItemKind.values)
    assert {item.kind for item in ITEMS.values()} == set(SCORERS)


# ── cases ───────────────────────────────────────────────────────────────────────────────────────
MET = {code: Inspected(True, day("6-1"), "第二季度检查") for code in ITEMS}
UNMET = {code: Inspected(False, day("6-1"), "第二季度检查") for code in ITEMS}
PUPIL = {"until": "2027-12-31", "files": 1}
DONE = PUPIL | {"category": "promotion", "outcome_on": day("9-1")}
LEDGERS = (
    rec("training", rostered=3),
    rec("apprenticeship", until="2027-1-1"),
    rec("project", category="tackle"),
    rec("exchange"),
    holding("equipment"),
)
WHOLE = {"logs": 1, "checked_in": True}
NEWS = {"category": "press", "partner": "镇江日报"}
YEAR_PLAN = rec("plan", "1-1", "12-31", category="year")


def media(n, level="city", **values):
    return [
        rec("media", title=f"报道{i}", level=level, number=f"TZ-{i}", **(NEWS | values)) for i in range(n)
    ]


def works(*rows):
    """(category, level) each with a certificate of its own."""
    return [
        rec("achievement", category=category, level=level, certificate_no=f"证{i}", number=f"TZ-{i}")
        for i, (category, level) in enumerate(rows)
    ]


# item, what it shows, facts, points, settings
CASES = [
    # A2.1 有工作室标识 5
    ("A2.1", "a sign", year(holding("sign")), 5, {}),
    ("A2.1", "no sign", year(), 0, {}),
    ("A2.1", "a sign put up on the last day of the year", year(holding("sign", since="2026-12-31")), 5, {}),
    ("A2.1", "a sign of next year", year(holding("sign", since="2027-1-1")), 0, {}),
    ("A2.1", "a sign taken down before the year", year(rec("sign", "2025-1-1", "2025-12-31")), 0, {}),
    ("A2.1", "a sign taken down on the first day of the year", year(rec("sign", "2025-1-1", "1-1")), 5, {}),
    ("A2.1", "seen by an inspection, no record", year(inspected=MET), 5, {}),
    ("A2.1", "an inspection found none in spite of a record", year(holding("sign"), inspected=UNMET), 0, {}),
    # A2.2 每月到园时间不少于10天 20, 少一天扣2分
    ("A2.2", "ten days every month", year(months=months(*[10] * 12)), 20, {}),
    ("A2.2", "more than ten earn no more", year(months=months(*[22] * 12)), 20, {}),
    ("A2.2", "one day short in every month", year(months=months(*[9] * 12)), 18, {}),
    ("A2.2", "five short in every month", year(months=months(*[5] * 12)), 10, {}),
    ("A2.2", "one day a month", year(months=months(*[1] * 12)), 2, {}),
    ("A2.2", "never there", year(months=months(*[0] * 12)), 0, {}),
    ("A2.2", "one month absent: 11 of 12 full", year(months=months(0, *[10] * 11)), "18.3", {}),
    ("A2.2", "one day short once: 19.83 up", year(months=months(9, *[10] * 11)), "19.8", {}),
    ("A2.2", "half up: 19.25", year(months=months(9, 10, 10, 10, 9, 10, 10, 9)), "19.3", {}),
    ("A2.2", "what one month has over does not help another", year(months=months(20, 0)), 10, {}),
    ("A2.2", "a reduced quota that is met", year(months=months((5, 5), 10)), 20, {}),
    ("A2.2", "a reduced quota, one short", year(months=months((5, 4), 10)), 19, {}),
    ("A2.2", "a month that asks for nothing says nothing", year(months=months((0, 0), 5)), 10, {}),
    ("A2.2", "no month yet", year(), 20, {}),
    ("A2.2", "by the year: ten short in all", year(months=months(0, *[10] * 11)), 0, {"a2_2_method": "total"}),
    ("A2.2", "by the year: three short", year(months=months(9, 8, 10)), 14, {"a2_2_method": "total"}),
    ("A2.2", "on average: 20 and 0 are ten", year(months=months(20, 0)), 20, {"a2_2_method": "average"}),
    ("A2.2", "on average: nine and a half", year(months=months(10, 9)), 19, {"a2_2_method": "average"}),
    # A2.3 有入驻后的发展规划 10
    ("A2.3", "a development plan", year(rec("plan", "1-1", "12-31", category="development")), 10, {}),
    ("A2.3", "none", year(), 0, {}),
    ("A2.3", "a plan of the year is not a development plan", year(YEAR_PLAN), 0, {}),
    ("A2.3", "one that ended before", year(rec("plan", "2024-1-1", "2025-12-31", category="development")), 0, {}),
    # A2.4 展示栏 2
    ("A2.4", "a showcase", year(holding("showcase")), 2, {}),
    ("A2.4", "none", year(), 0, {}),
    ("A2.4", "found missing", year(holding("showcase"), inspected=UNMET), 0, {}),
    # A2.5 设备 5
    ("A2.5", "equipment", year(holding("equipment")), 5, {}),
    ("A2.5", "none", year(), 0, {}),
    ("A2.5", "scrapped", year(holding("equipment", state="scrapped")), 0, {}),
    ("A2.5", "found insufficient", year(holding("equipment"), inspected=UNMET), 0, {}),
    # A2.6, A2.7 制度 5 + 5
    ("A2.6", "general rules", year(holding("rules", "general")), 5, {}),
    ("A2.6", "the duties of the leader are another item", year(holding("rules", "leader")), 0, {}),
    ("A2.6", "none", year(), 0, {}),
    ("A2.6", "an inspection does not stand for a document", year(inspected=MET), 0, {}),
    ("A2.7", "the duties of the leader", year(holding("rules", "leader")), 5, {}),
    ("A2.7", "other rules", year(holding("rules", "other")), 0, {}),
    ("A2.7", "none", year(), 0, {}),
    # A2.8 上墙 2
    ("A2.8", "on the wall", year(holding("wall")), 2, {}),
    ("A2.8", "nothing", year(), 0, {}),
    ("A2.8", "found not to be in sight", year(holding("wall"), inspected=UNMET), 0, {}),
    # A2.9 计划表和日志 6
    ("A2.9", "both", year(YEAR_PLAN, logs=1), 6, {}),
    ("A2.9", "a quarterly plan will do", year(rec("plan", "4-1", "6-30", category="quarter"), logs=40), 6, {}),
    ("A2.9", "only the plan", year(YEAR_PLAN), 0, {}),
    ("A2.9", "only the log", year(logs=200), 0, {}),
    ("A2.9", "neither", year(), 0, {}),
    ("A2.9", "a development plan is item 3", year(rec("plan", "1-1", "12-31", category="development"), logs=1), 0, {}),
    ("A2.9", "only the plan, half by setting", year(YEAR_PLAN), 3, {"a2_9_partial": "3"}),
    ("A2.9", "only the log, half by setting", year(logs=1), 3, {"a2_9_partial": "3"}),
    ("A2.9", "neither, half by setting", year(), 0, {"a2_9_partial": "3"}),
    # A2.10 台帐齐全 6
    ("A2.10", "all eight", year(*LEDGERS, **WHOLE), 6, {}),
    ("A2.10", "nothing", year(), 0, {}),
    ("A2.10", "without the register of attendance", year(*LEDGERS, logs=1), 0, {}),
    ("A2.10", "without a log", year(*LEDGERS, checked_in=True), 0, {}),
    ("A2.10", "without training", year(*LEDGERS[1:], **WHOLE), 0, {}),
    ("A2.10", "without an apprentice", year(LEDGERS[0], *LEDGERS[2:], **WHOLE), 0, {}),
    ("A2.10", "without a project", year(*LEDGERS[:2], *LEDGERS[3:], **WHOLE), 0, {}),
    ("A2.10", "without an exchange", year(*LEDGERS[:3], LEDGERS[4], **WHOLE), 0, {}),
    ("A2.10", "without equipment", year(*LEDGERS[:4], **WHOLE), 0, {}),
    ("A2.10", "bills unpaid", year(*LEDGERS, **WHOLE, unpaid_bills=1), 0, {}),
    ("A2.10", "the park asks for one only", year(logs=1), 6, {"ledger_required": ["log"]}),
    # A2.11 培训、花名册、带徒、成果 15
    ("A2.11", "all four parts", year(rec("training", rostered=5), rec("apprenticeship", **DONE)), 15, {}),
    ("A2.11", "nothing at all", year(), 0, {}),
    ("A2.11", "nothing at all, literally", year(), 4, {"a2_11_residual": "literal"}),
    ("A2.11", "no roster: −4", year(rec("training"), rec("apprenticeship", **DONE)), 11, {}),
    ("A2.11", "no result: −5", year(rec("training", rostered=1), rec("apprenticeship", **PUPIL)), 10, {}),
    ("A2.11", "no apprentice, so no result: −7", year(rec("training", rostered=1)), 8, {}),
    ("A2.11", "no roster, no apprentice: −11", year(rec("training")), 4, {}),
    ("A2.11", "no training, so no roster: −8", year(rec("apprenticeship", **DONE)), 7, {}),
    ("A2.11", "no training, literally: −4", year(rec("apprenticeship", **DONE)), 11, {"a2_11_residual": "literal"}),
    ("A2.11", "an apprentice alone", year(rec("apprenticeship", **PUPIL)), 2, {}),
    (
        "A2.11",
        "a result of another year",
        year(rec("training", rostered=1), rec("apprenticeship", **(DONE | {"outcome_on": day("2025-9-1")}))),
        10,
        {},
    ),
    (
        "A2.11",
        "an agreement made earlier and still in force",
        year(rec("training", rostered=1), rec("apprenticeship", "2025-2-1", **DONE)),
        15,
        {},
    ),
    (
        "A2.11",
        "made earlier, the park asks for this year",
        year(rec("training", rostered=1), rec("apprenticeship", "2025-2-1", **DONE)),
        8,
        {"a2_11_agreement": "signed"},
    ),
    (
        "A2.11",
        "an agreement that ended before the year",
        year(rec("training", rostered=1), rec("apprenticeship", "2024-1-1", until="2025-12-31")),
        8,
        {},
    ),
    # A2.12 攻关或革新 10
    ("A2.12", "solving a problem", year(rec("project", category="tackle")), 10, {}),
    ("A2.12", "an innovation", year(rec("project", category="innovation")), 10, {}),
    ("A2.12", "study alone is neither", year(rec("project", category="study")), 0, {}),
    ("A2.12", "none", year(), 0, {}),
    ("A2.12", "begun before and going on", year(rec("project", "2025-11-1", "2-1", category="tackle")), 10, {}),
    ("A2.12", "over before", year(rec("project", "2025-1-1", "2025-12-31", category="tackle")), 0, {}),
    ("A2.12", "no benefit shown, asked for", year(rec("project", category="tackle")), 0, {"a2_12_benefit": True}),
    (
        "A2.12",
        "benefit shown, asked for",
        year(rec("project", category="tackle", amount_fen=1)),
        10,
        {"a2_12_benefit": True},
    ),
    # A2.13 一次以上 4
    ("A2.13", "none", year(), 0, {}),
    ("A2.13", "one is 一次以上", year(rec("exchange")), 4, {}),
    ("A2.13", "several earn no more", year(rec("exchange"), rec("exchange", "8-1")), 4, {}),
    ("A2.13", "one where the park asks for two", year(rec("exchange")), 0, {"a2_13_minimum": 2}),
    ("A2.13", "two of two", year(rec("exchange"), rec("exchange", "8-1")), 4, {"a2_13_minimum": 2}),
    ("A2.13", "on the last day of the year before", year(rec("exchange", "2025-12-31")), 0, {}),
    # A2.14 服务社会 5
    ("A2.14", "one", year(rec("service")), 5, {}),
    ("A2.14", "none", year(), 0, {}),
    ("A2.14", "of next year", year(rec("service", "2027-1-1")), 0, {}),
    # A2.B1 培训人数 20
    *[
        ("A2.B1", f"{n} people", year(certified=n), got, {})
        for n, got in (
            (0, 0), (1, 5), (2, 5), (49, 5), (50, 5), (51, 10), (75, 10), (99, 10), (100, 10),
            (101, 15), (150, 15), (199, 15), (200, 20), (201, 20), (5000, 20),
        )
    ],
    *[
        ("A2.B1", f"{n} people, lower edges", year(certified=n), got, {"b1_bands": "lower"})
        for n, got in ((0, 0), (1, 5), (49, 5), (50, 10), (51, 10), (99, 10), (100, 15), (101, 15), (199, 15), (200, 20), (201, 20))
    ],
    # A2.B2 报道 20
    ("A2.B2", "none", year(), 0, {}),
    ("A2.B2", "one of the city", year(*media(1)), 5, {}),
    ("A2.B2", "one of the province", year(*media(1, "province")), 10, {}),
    ("A2.B2", "one national", year(*media(1, "national")), 20, {}),
    ("A2.B2", "three of the city", year(*media(3)), 15, {}),
    ("A2.B2", "four of the city reach the cap", year(*media(4)), 20, {}),
    ("A2.B2", "five do not pass it", year(*media(5)), 20, {}),
    ("A2.B2", "city and province", year(*media(1), *media(1, "province", partner="新华日报")), 15, {}),
    ("A2.B2", "province twice", year(*media(2, "province")), 20, {}),
    ("A2.B2", "city and national are capped", year(*media(1), *media(1, "national", partner="人民日报")), 20, {}),
    ("A2.B2", "of a county: none", year(*media(3, "county")), 0, {}),
    ("A2.B2", "new media: none", year(*media(2, category="new_media")), 0, {}),
    ("A2.B2", "new media where the park allows them", year(*media(2, category="new_media")), 10, {"b2_new_media": True}),
    ("A2.B2", "television", year(*media(1, category="tv")), 5, {}),
    ("A2.B2", "the same outlet again with one story", year(*media(1), *media(1)), 5, {}),
    ("A2.B2", "one story in two outlets: each", year(*media(1), *media(1, partner="京江晚报")), 10, {}),
    (
        "A2.B2",
        "one story in two outlets: the higher level once",
        year(*media(1), *media(1, "province", partner="新华日报")),
        10,
        {"b2_same_story": "once"},
    ),
    ("A2.B2", "of another year", year(replace(media(1)[0], starts=day("2025-5-1"), ends=day("2025-5-1"))), 0, {}),
    # A2.B3 专利、奖项、论文、书籍 20
    ("A2.B3", "none", year(), 0, {}),
    ("A2.B3", "a patent is national", year(*works(("patent", "city"))), 20, {}),
    *[
        (
            "A2.B3",
            f"a patent by its type: {subtype}",
            year(replace(works(("patent", "national"))[0], subtype=subtype)),
            got,
            {"b3_patent": "by_type"},
        )
        for subtype, got in (("invention", 20), ("utility", 10), ("design", 5))
    ],
    ("A2.B3", "a national prize", year(*works(("award", "national"))), 20, {}),
    ("A2.B3", "a prize of the province", year(*works(("award", "province"))), 10, {}),
    ("A2.B3", "a prize of the city is not 省级及以上", year(*works(("award", "city"))), 0, {}),
    ("A2.B3", "a prize of the city where the park allows it", year(*works(("award", "city"))), 5, {"b3_city_award": True}),
    ("A2.B3", "a paper in a city journal", year(*works(("paper", "city"))), 5, {}),
    ("A2.B3", "a paper in a provincial journal", year(*works(("paper", "province"))), 10, {}),
    ("A2.B3", "a book of a national press", year(*works(("book", "national"))), 20, {}),
    ("A2.B3", "paper and prize", year(*works(("paper", "city"), ("award", "province"))), 15, {}),
    ("A2.B3", "capped", year(*works(("paper", "province"), ("award", "province"), ("book", "city"))), 20, {}),
    ("A2.B3", "the same certificate twice", year(*works(("paper", "city")), *works(("paper", "city"))), 5, {}),
    # A2.B4 经济效益 40
    ("A2.B4", "nothing registered", year(), 0, {}),
    ("A2.B4", "the panel grades, the ledgers only show", year(rec("benefit", amount_fen=10**10)), 0, {}),
    *[
        (
            "A2.B4",
            f"{wan}万元 with amounts set",
            year(rec("benefit", amount_fen=fen)),
            got,
            {"b4_excellent_wan": 100, "b4_good_wan": 50, "b4_fair_wan": 20},
        )
        for wan, fen, got in (
            (100, 100_000_000, 40), ("99.99", 99_999_999, 30), (50, 50_000_000, 30),
            (49, 49_999_999, 20), (20, 20_000_000, 20), (19, 19_999_999, 0),
        )
    ],
    (
        "A2.B4",
        "paid services count in",
        year(rec("benefit", amount_fen=10_000_000), rec("paid_service", amount_fen=10_000_000)),
        20,
        {"b4_fair_wan": 20},
    ),
]  # fmt: skip


def test_there_are_enough_cases_and_every_item_has_its_own():
    assert len(CASES) >= 120
    assert {code for code, *_ in CASES} == set(ITEMS)
    assert len({case[:2] for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("code", "facts", "expected", "ruled"),
    [pytest.param(code, *rest, id=f"{code} {name}") for code, name, *rest in CASES],
)
def test_case(code, facts, expected, ruled):
    result = score(ITEMS[code], facts, DEFAULTS | ruled)
    assert result.points == Decimal(str(expected))
    assert result.reasons  # nobody is given points, or none, without a word


# ── what holds for every card ───────────────────────────────────────────────────────────────────
DAYS = st.dates(date(YEAR - 1, 12, 1), date(YEAR + 1, 1, 31))
KIND_VALUES = {
    "sign": [""], "showcase": [""], "equipment": [""], "wall": [""], "rules": ["general", "leader", "other"],
    "plan": ["development", "year", "quarter", "month"], "training": ["short"], "apprenticeship": ["", "promotion"],
    "project": ["tackle", "innovation", "study"], "exchange": ["meeting"], "service": ["village"],
    "media": ["tv", "press", "new_media"], "achievement": ["patent", "award", "paper", "book"],
    "benefit": ["innovation"], "paid_service": ["guidance"],
}  # fmt: skip


@st.composite
def record_of_any_kind(draw):
    kind = draw(st.sampled_from(sorted(KIND_VALUES)))
    start = draw(DAYS)
    return rec(kind, start.isoformat(), draw(st.dates(start, date(YEAR + 1, 6, 1))).isoformat(),
        category=draw(st.sampled_from(KIND_VALUES[kind])),
        level=draw(st.sampled_from(["city", "province", "national", "county"])),
        title=draw(st.sampled_from(["甲", "乙", "丙"])), partner=draw(st.sampled_from(["日报", "电视台"])),
        certificate_no=draw(st.sampled_from(["", "一", "二"])), number=f"TZ-{draw(st.integers(1, 99))}",
        amount_fen=draw(st.integers(0, 10**9)), rostered=draw(st.integers(0, 3)),
        outcome_on=draw(st.none() | DAYS), subtype=draw(st.sampled_from(["invention", "utility", "design"])))  # fmt: skip


SETTINGS = st.fixed_dictionaries(
    {
        "a2_2_method": st.sampled_from(["monthly", "total", "average"]),
        "a2_9_partial": st.sampled_from(["0", "3"]),
        "a2_11_residual": st.sampled_from(["training", "literal"]),
        "a2_11_agreement": st.sampled_from(["active", "signed"]),
        "a2_12_benefit": st.booleans(),
        "a2_13_minimum": st.sampled_from([1, 2]),
        "b1_bands": st.sampled_from(["upper", "lower"]),
        "b2_new_media": st.booleans(),
        "b2_same_story": st.sampled_from(["each", "once"]),
        "b3_city_award": st.booleans(),
        "b3_patent": st.sampled_from(["national", "by_type"]),
        "b4_fair_wan": st.sampled_from([0, 20]),
    }
)
YEARS = st.builds(
    lambda records, present, certified, logs: year(
        *records, months=months(*present), certified=certified, logs=logs, checked_in=True
    ),
    st.lists(record_of_any_kind(), max_size=8),
    st.lists(st.integers(0, 31), max_size=12),
    st.integers(0, 260),
    st.integers(0, 2),
)


@given(YEARS, SETTINGS)
def test_points_stay_within_zero_and_the_printed_maximum(facts, settings):
    for item in ITEMS.values():
        result = score(item, facts, DEFAULTS | settings)
        assert 0 <= result.points <= item.max_points
        assert result.points == rounded(result.points)


@given(YEARS, SETTINGS, record_of_any_kind())
def test_more_evidence_never_lowers_a_score(facts, settings, more):
    for item in ITEMS.values():
        known = DEFAULTS | settings
        assert score(item, facts.with_more(more), known).points >= score(item, facts, known).points, item.code


@given(YEARS, st.integers(0, 11))
def test_one_more_day_in_the_park_never_lowers_a_score(facts, which):
    if which < len(facts.months):
        month = facts.months[which]
        better = replace(month, present=month.present + 1)
        more = replace(facts, months=tuple(better if m is month else m for m in facts.months))
        for method in ("monthly", "total", "average"):
            assert points("A2.2", more, a2_2_method=method) >= points("A2.2", facts, a2_2_method=method)


@given(YEARS, SETTINGS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(facts, settings, shuffler: random.Random):
    records = list(facts.records)
    shuffler.shuffle(records)
    other = replace(facts, records=tuple(records))
    for item in ITEMS.values():
        assert (
            score(item, other, DEFAULTS | settings).points == score(item, facts, DEFAULTS | settings).points
        )


@given(YEARS, SETTINGS)
def test_advice_promises_what_the_score_then_gives(facts, settings):
    """What a next step would bring is never nothing, and never beyond the maximum."""
    for item in ITEMS.values():
        now = score(item, facts, DEFAULTS | settings).points
        for step in next_steps(item, facts, DEFAULTS | settings, day("7-15")):
            assert 0 < step.gain <= item.max_points - now


ADVICE = [
    ("A2.1", year(), [("登记工作室标识", 5)]),
    ("A2.1", year(holding("sign")), []),
    ("A2.9", year(), [("补齐年度计划、季度计划、月度计划、工作日志", 6)]),
    ("A2.9", year(logs=3), [("登记年度计划、季度计划、月度计划", 6)]),
    ("A2.2", year(months=months(10, 10, 10, 10, 10, 10, 4)), [("本月再到园6天", "1.7")]),
    ("A2.11", year(rec("training", rostered=1)), [("结对签约带徒一人", 2), ("带徒出成果（晋级、获奖、成为骨干、专利论文）", 7)]),
    ("A2.B1", year(certified=48), [("再有3人取得证书", 5), ("再有53人取得证书", 10), ("再有152人取得证书", 15)]),
    ("A2.B1", year(certified=200), []),
    ("A2.B2", year(), [("市级电视台或报刊报道一次", 5), ("省级电视台或报刊报道一次", 10), ("部（国家）级电视台或报刊报道一次", 20)]),
    ("A2.B2", year(*media(3)), [("市级电视台或报刊报道一次", 5)]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "facts", "expected"), ADVICE)
def test_what_the_next_record_would_earn(code, facts, expected):
    steps = next_steps(ITEMS[code], facts, DEFAULTS, day("7-15"))
    assert [(step.words, step.gain) for step in steps] == [(w, Decimal(str(g))) for w, g in expected]


def test_a_result_says_itself_in_plain_json():
    facts = year(*media(1), replace(media(1)[0], number="TZ-9"), media(1, "county")[0])
    assert score(ITEMS["A2.B2"], facts, DEFAULTS).said() == {
        "reasons": ["1次计5分。", "TZ-0是县（区）级报道，不计分。", "TZ-9与TZ-0是同一报道，只计一次。"],
        "missing": ["市级以上电视台、报刊的报道"],
        "proofs": [{"key": "", "number": "TZ-0", "title": "报道0", "on": "2026-05-03", "points": "5"}],
    }


# ── grades of the year [S15][S16] ───────────────────────────────────────────────────────────────
def cards(*rows):
    return [
        CardResult(i, Decimal(str(base)), Decimal(str(bonus)), *flags)
        for i, (base, bonus, *flags) in enumerate(rows)
    ]


GRADES = [
    ("the mark itself passes", [(60, 0)], ["pass"], {}),
    ("a tenth below fails", [("59.9", 100)], ["fail"], {}),
    ("the bonus rescues it where the park says so", [("59.9", 100)], ["excellent"], {"pass_basis": "total"}),
    ("good from 75", [("74.9", 0), (75, 0)], ["pass", "good"], {}),
    ("one of one may be excellent", [(85, 0)], ["excellent"], {}),
    ("not below 85", [("84.9", 100)], ["good"], {}),
    ("one of five by the total", [(90, 0), (86, 10), (86, 0), (85, 0), (60, 0)], ["good", "excellent", "good", "good", "pass"], {}),
    ("one at least", [(90, 10), (90, 0)], ["excellent", "good"], {}),
    ("two of ten", [(90, n) for n in range(10)], ["good"] * 8 + ["excellent"] * 2, {}),
    ("nine studios: 1.8 is one", [(90, n) for n in range(9)], ["good"] * 8 + ["excellent"], {}),
    ("those who share the last place are in", [(90, 10), (90, 10), (90, 0), (88, 0), (86, 0)], ["excellent", "excellent", "good", "good", "good"], {}),
    ("a high total does not help a base below 85", [(80, 100), (86, 0)], ["good", "good"], {}),
    ("no quota, no 优秀", [(100, 100)], ["good"], {"excellent_quota": 0}),
    ("half of them", [(90, 3), (90, 2), (90, 1), (90, 0)], ["excellent", "excellent", "good", "good"], {"excellent_quota": 50}),
    ("too short a time", [(95, 100, True), (85, 0)], ["none", "excellent"], {}),
    ("too short a time fails nobody", [(10, 0, True)], ["none"], {}),
    ("falsified", [(95, 100, False, True), (85, 0)], ["fail", "good"], {}),
    ("falsified in a short time", [(95, 0, True, True)], ["fail"], {}),
    ("falsified, left to judgement", [(95, 0, False, True)], ["excellent"], {"falsified_fails": False}),
    ("nobody", [], [], {}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected", "ruled"), [pytest.param(*r, id=n) for n, *r in GRADES])
def test_grades(rows, expected, ruled):
    graded = grade_cards(cards(*rows), DEFAULTS | ruled)
    assert [graded[i].grade for i in range(len(rows))] == expected
    assert all(g.basis for g in graded.values())


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=12))
def test_who_has_more_is_never_graded_lower(rows):
    order = ["fail", "pass", "good", "excellent"]
    graded = grade_cards(cards(*rows), DEFAULTS)
    for a, (base_a, bonus_a) in enumerate(rows):
        for b, (base_b, bonus_b) in enumerate(rows):
            if base_a >= base_b and base_a + bonus_a >= base_b + bonus_b:
                assert order.index(graded[a].grade) >= order.index(graded[b].grade)


# ── the panel [S14][S17] ────────────────────────────────────────────────────────────────────────
ORDER = ("excellent", "good", "fair", "none")
E, G, F, N = ORDER
PANEL = [
    ("majority", {1: E, 2: E, 3: G}, 1, E),
    ("majority", {1: E, 2: G, 3: G}, 1, G),
    ("majority", {1: E, 2: G}, 1, E),
    ("majority", {1: E, 2: G}, 2, G),
    ("majority", {1: E, 2: G, 3: F}, 2, G),
    ("majority", {1: E, 2: E, 3: G, 4: G, 5: N}, 5, G),
    ("majority", {1: F}, None, F),
    ("median", {1: E, 2: G, 3: F}, None, G),
    ("median", {1: E, 2: E, 3: N}, None, E),
    ("median", {1: E, 2: G}, None, G),
    ("median", {1: E, 2: E, 3: F, 4: N}, None, F),
]


@pytest.mark.parametrize(("method", "given_", "leader", "expected"), PANEL)
def test_how_the_panel_agrees(method, given_, leader, expected):
    assert agreed_grade(ORDER, given_, leader, method)[0] == expected


def test_a_panel_without_grades_agrees_on_nothing():
    with pytest.raises(ValueError, match="no grades"):
        agreed_grade(ORDER, {}, None, "majority")


@pytest.mark.parametrize(
    ("value", "text"), [("5", "5"), ("5.0", "5"), ("17.5", "17.5"), ("0", "0"), ("100.0", "100"), (None, "")]
)
def test_points_are_shown_without_a_trailing_zero(value, text):
    assert shown(value if value is None else Decimal(value)) == text
