"""The table of ledger kinds against the regulation, retyped: duties [1][2], the scorecard [A2], the lists of words."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.rules import REGISTRY
from park.templatetags.ui import CLAUSE
from tests.workshops.ledgers import VALUES
from workshops.kinds import ELSEWHERE, GROUPS, ITEMS, KINDS, in_groups, kinds_proving, lists
from workshops.kinds.definition import COLUMNS, FOREVER
from workshops.models import Trainee

# fmt: off
# Scorecard item → the kinds that prove it, retyped from annex 2; A2.2 is attendance, A2.10 follows from all.
PROVES = {
    "A2.1": {"sign"}, "A2.2": set(), "A2.3": {"plan"}, "A2.4": {"showcase"}, "A2.5": {"equipment"},
    "A2.6": {"rules"}, "A2.7": {"rules"}, "A2.8": {"wall"}, "A2.9": {"plan", "log"}, "A2.10": set(),
    "A2.11": {"training", "apprenticeship"}, "A2.12": {"project"}, "A2.13": {"exchange"}, "A2.14": {"service"},
    "A2.B1": {"training"}, "A2.B2": {"media"}, "A2.B3": {"achievement"}, "A2.B4": {"benefit", "paid_service"},
}
# Duty or function → the kinds that carry it out.
CARRIES_OUT = {
    "1.1": {"service", "benefit", "coaching", "startup"},
    "1.3": {"paid_service", "engagement", "cooperation"},
    "1.4": {"training", "apprenticeship"},
    "2.1": {"project", "method", "achievement", "benefit"},
    "2.2": {"training", "apprenticeship"},
    "2.3": {"exchange", "service", "method", "media"},
    "2.4": {"contest"},
    "4.2": {"startup"},
}
# The words of the regulation that are chosen from.
WORDS = {
    "SERVICE": ["技术服务和指导", "生产线服务外包", "特殊技能孵化", "技术项目转化"],
    "COOPERATION": ["专业建设", "技能研究", "课题攻关", "技术研发"],
    "TRAINING": ["名师带徒", "短期培训", "中期培训", "专业课"],
    "AUDIENCE": ["技工院校", "社会", "企业"],
    "BENEFIT": ["技能创新", "创业", "绝技展示", "技术服务"],
    "MEDIA": ["电视台", "报刊", "新媒体"],
    "MEDIA_LEVEL": ["部（国家）级", "省级", "市级", "县（区）级"],
    "CONTEST_LEVEL": ["世界技能大赛", "国家级一类", "国家级二类", "省级", "市级"],
    "PATENT": ["发明", "实用新型", "外观设计"],
    "POST": ["技能顾问", "技术指导师", "其他"],
    "CERTIFICATE": ["职业资格证书", "职业技能等级证书", "专项职业能力证书", "培训合格证", "无"],
    "OUTCOME": ["晋级", "竞赛获奖", "成为技能骨干", "专利或论文"],
    "RULE": ["综合管理制度", "领衔人岗位职责", "其他制度"],
}
# fmt: on


def test_every_item_of_the_scorecard_has_its_kinds():
    assert {item: {kind.code for kind in kinds_proving(item)} for item in ITEMS} == PROVES
    assert set(ELSEWHERE) == {item for item, kinds in PROVES.items() if not kinds}


def test_every_duty_has_its_kinds():
    found = {
        clause: {kind.code for kind in KINDS.values() if clause in kind.clauses} for clause in CARRIES_OUT
    }
    assert found == CARRIES_OUT


@pytest.mark.parametrize("name", WORDS)
def test_words_are_those_of_the_regulation(name):
    assert [label for _, label in getattr(lists, name)] == WORDS[name]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_whole(kind):
    assert kind.group in GROUPS
    assert all(CLAUSE.fullmatch(code) for code in (*kind.clauses, *kind.items))
    assert set(kind.items) <= set(ITEMS)
    columns = [field.column for field in kind.fields if field.column]
    assert len(columns) == len(set(columns))
    assert set(columns) <= set(COLUMNS)
    assert all((field.kind == "choice") == bool(field.choices) for field in kind.fields)
    assert any(field.quick for field in kind.fields)
    assert not kind.until_required or kind.until_label
    if kind.items_by_category:
        field = kind.column_field("category")
        assert [code for code, _ in kind.items_by_category] == [code for code, _ in field.choices]
        assert {item for _, items in kind.items_by_category for item in items} == set(kind.items)
    longest = {"category": 20, "level": 20, "partner": 80, "person": 60, "certificate_no": 60}
    for field in kind.fields:
        if field.column in longest and field.kind == "text":
            assert field.max_length <= longest[field.column]


def test_every_kind_stands_in_one_group():
    assert sorted(kind.code for _, kinds in in_groups() for kind in kinds) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_kept_comes_back_the_same(kind):
    values = VALUES[kind.code]
    assert kind.load(kind.dump(values)) == values
    assert kind.missing(values) == []
    assert set(kind.missing({})) == {field.label for field in kind.fields if field.required}


def test_a_result_wants_its_day_and_its_words():
    kind = KINDS["apprenticeship"]
    assert kind.missing(VALUES["apprenticeship"] | {"outcome": "contest"}) == ["取得成果日期", "成果说明"]
    assert KINDS["achievement"].missing(
        {
            "achievement_type": "patent",
            "achievement_level": "national",
            "owner": "周",
            "certificate_no": "ZL1",
        }
    ) == ["专利类型"]


DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(list(KINDS.values())), start=DAYS, end=st.none() | DAYS)
def test_counting_days_are_in_order_and_within_what_happened(kind, start, end):
    end = None if end is None or end < start or not kind.until_label else end
    first, last = kind.counting(start, end)
    assert first <= last
    if kind.counts == "term":
        assert (first, last) == (start, end or (FOREVER if kind.lasts else start))
    else:
        assert first == last == (end if kind.counts == "end" and end else start)


def test_the_rules_of_the_park_name_what_there_is():
    offered = dict(REGISTRY["ledger_required"].choices)
    assert set(offered) - set(KINDS) == {"attendance", "fees"}
    certificates = dict(REGISTRY["b1_certificates"].choices)
    assert certificates == {k: v for k, v in Trainee.Certificate.choices if k != "none"}
    assert [*Trainee.Certificate.choices] == [*lists.CERTIFICATE]
