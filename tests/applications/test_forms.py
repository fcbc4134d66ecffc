"""The sections of Annex 1: what they refuse and with which words, what they keep, what they freeze."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.forms.base import MAX_ROWS
from applications.forms.sections import CLAIM_ELEMENTS, CLAIMS, SECTIONS, STATEMENTS
from park import rules
from park.forms.fields import MAX_RAW, tidy
from tests.applications.filled import ID_NUMBER, TYPED
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

FILES = {"leader": {"certificate"}, "conditions": {"3.1.1a"}}


def problems(section, files=None, rows=None, **changes):
    """The sentences of a section that is complete but for these changes."""
    typed = TYPED[section] | changes | (rows or {})
    found = SECTIONS[section].bind(typed).problems(FILES.get(section, set()) if files is None else files)
    return [p.text for p in found]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_complete_section_has_no_problem(section):
    assert problems(section) == []


# ── one refusal after the other ─────────────────────────────────────────────────────────────────
REQUIRED = {  # what [A1] and the review cannot do without, retyped
    "leader": {
        "studio_name": "请填写“申报工作室名称”。", "leader_name": "请填写“领衔人姓名”。",
        "leader_ethnicity": "请选择“民族”。", "leader_political_status": "请选择“政治面貌”。",
        "leader_post": "请填写“职务”。", "leader_mobile": "请填写“手机”。",
        "leader_occupation": "请填写“职业（工种）”。", "leader_skill_level": "请选择“职业资格等级”。",
        "leader_level_obtained_ym": "请填写“职业资格取得时间”。", "origin": "请选择“申报来源”。",
    },
    "unit": {
        "unit_name": "请填写“所在单位名称”。", "unit_kind": "请选择“单位性质”。",
        "unit_district": "请选择“单位（或本人）所在地”。",
    },
    "intro": {
        "founded_on": "请填写“工作室成立时间”。", "studio_intro": "请填写“工作室简介”。",
        "studio_achievements": "请填写“工作室近年来主要成绩”。",
    },
    "plan": {"plan_or_goals": "请填写“工作室创业规划或工作目标”。"},
    "profile": {
        "profile_resume": "请填写“工作简历”。", "profile_skills": "请填写“技能特长”。",
        "profile_results": "请填写“工作业绩”。", "profile_awards": "请填写“获奖情况”。",
    },
    "conditions": {
        "startup_intent": "请填写“创业意愿”。", "equipment": "请填写“设施和设备”。", "funding": "请填写“工作经费”。",
        "work_rules": "请填写“工作制度”。", "planning": "请填写“工作规划要点”。",
    },
}  # fmt: skip
OPTIONAL = {
    "leader": {"leader_gender", "leader_birth_ym", "recognition_level", "recognition_no"},
    "unit": {"unit_credit_code", "contact_name", "contact_mobile"},
    "profile": {"remarks"},
}


@pytest.mark.parametrize(
    ("section", "name", "sentence"),
    [(s, name, text) for s, fields in REQUIRED.items() for name, text in fields.items()],
)
def test_what_must_be_filled_in(section, name, sentence):
    assert problems(section, **{name: ""}) == [sentence]
    if sentence.startswith("请填写"):
        assert problems(section, **{name: " \n　 "}) == [sentence]


@pytest.mark.parametrize(
    ("section", "name"), [(s, n) for s, names in OPTIONAL.items() for n in sorted(names)]
)
def test_what_may_stay_empty(section, name):
    assert problems(section, **{name: ""}) == []


def test_the_tables_above_cover_every_single_field():
    named = {s: set(REQUIRED.get(s, {})) | OPTIONAL.get(s, set()) for s in SECTIONS}
    elsewhere = {
        "leader": {"leader_id_number"},
        "conditions": {
            "claims",
            "key_project",
            "key_project_note",
            *(n for c in CLAIM_ELEMENTS.values() for n in c),
        },
    }
    assert {s: named[s] | elsewhere.get(s, set()) for s in SECTIONS} == {
        name: set(section.form.base_fields) for name, section in SECTIONS.items()
    }


@pytest.mark.parametrize(
    ("section", "name", "typed", "sentence"),
    [
        ("leader", "leader_name", "A", "姓名第1个字符（“A”）不是汉字。"),
        ("leader", "leader_name", "陈", "姓名应为2至30个字，现在是1个。"),
        ("leader", "leader_id_number", "321102197501011231", "身份证号码的末位校验码不对，请逐位核对。"),
        ("leader", "leader_id_number", "32110219750101123", "身份证号码应为18位，现在是17位。"),
        ("leader", "leader_id_number", "321102197513011230", "身份证号码第7至14位（19751301）不是真实的日期。"),
        ("leader", "leader_gender", "2", "性别与身份证号码不一致，请核对其中一项。"),
        ("leader", "leader_gender", "7", "“性别”不在可选范围内，请重新选择。"),
        ("leader", "leader_birth_ym", "1975-02", "出生年月与身份证号码不一致（证件上是 1975-01），请核对其中一项。"),
        ("leader", "leader_birth_ym", "七五年", "“出生年月”请写成年和月，例如 2015-09。"),
        ("leader", "leader_level_obtained_ym", "2010-13", "“职业资格取得时间”请写成年和月，例如 2015-09。"),
        ("leader", "leader_level_obtained_ym", "2099-01", "“职业资格取得时间”不能晚于本月。"),
        ("leader", "leader_level_obtained_ym", "1988-12", "取得时间距出生不足 14 年，请核对。"),
        ("leader", "leader_mobile", "12345678901", "手机号码应以13至19开头。"),
        ("leader", "leader_mobile", "1390000111", "手机号码应为11位，现在是10位。"),
        ("leader", "leader_ethnicity", "99x", "“民族”不在可选范围内，请重新选择。"),
        ("leader", "studio_name", "名" * 61, "“申报工作室名称”最多 60 字，现有 61 字。"),
        ("unit", "unit_credit_code", "91110000600037341I", "统一社会信用代码第18位（“I”）不是规定的字符，代码不使用字母I、O、S、V、Z。"),
        ("unit", "unit_credit_code", "91110000600037341A", "统一社会信用代码的末位校验码不对，请逐位核对。"),
        ("unit", "contact_mobile", "0511", "手机号码应为11位，现在是4位。"),
        ("unit", "unit_district", "110101", "“单位（或本人）所在地”不在可选范围内，请重新选择。"),
        ("intro", "founded_on", "2015", "“工作室成立时间”请写成年和月，例如 2015-09。"),
        ("intro", "founded_on", "1899-12", "“工作室成立时间”请写成年和月，例如 2015-09。"),
        ("intro", "studio_intro", "字" * 2001, "“工作室简介”最多 2000 字，现有 2001 字。"),
        ("plan", "plan_or_goals", "a\x07b", "第2个字符（U+0007）是无法保存的控制字符，请删去后重新填写。"),
        ("conditions", "claims", [], "请选择“申报符合的条件”。"),
        ("conditions", "claims", ["3.1.1z"], "“申报符合的条件”不在可选范围内，请重新选择。"),
        ("conditions", "key_project", "on", "请说明参与的重点技术攻关项目。"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_one_sentence(section, name, typed, sentence):
    assert problems(section, files={"certificate", *CLAIMS}, **{name: typed}) == [sentence]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("321102197501011230", ID_NUMBER),
        ("３２１１０２１９７５０１０１１２３０", ID_NUMBER),
        (" 321102 19750101 1230 ", ID_NUMBER),
        ("321102750101123", "321102197501011230"),
    ],
    ids=["plain", "full width", "blanks", "15 digits"],
)
def test_an_identity_number_is_kept_in_one_spelling(typed, kept):
    bound = SECTIONS["leader"].bind(TYPED["leader"] | {"leader_id_number": typed})
    assert bound.problems({"certificate"}) == []
    assert bound.freeze()["leader_id_number"] == kept


def test_sex_and_birth_month_come_from_the_identity_number():
    bound = SECTIONS["leader"].bind(TYPED["leader"] | {"leader_gender": "", "leader_birth_ym": ""})
    frozen = bound.freeze()
    assert (frozen["leader_gender"], frozen["leader_birth_ym"]) == ({"code": "1", "label": "男"}, "1975-01")


def test_without_a_number_nothing_is_said_about_contradictions():
    assert problems("leader", leader_id_number="", leader_gender="", leader_birth_ym="") == [
        "请填写“身份证号码”。",
        "请填写“性别”，或先填好身份证号码。",
        "请填写“出生年月”，或先填好身份证号码。",
    ]


def test_other_documents_only_where_the_park_allows_them():
    assert problems("leader", leader_id_number="H1234567890") != []
    rules.set_rule("other_id_types_allowed", True, by=UserFactory(), reason="港澳台和外籍大师")
    assert problems("leader", leader_id_number="Ｈ１２３４５６７８９０") == []
    assert problems("leader", leader_id_number="!!") == ["证件号码应为 5–20 位字母和数字。"]
    assert problems("leader", leader_id_number="321102197501011231") == [
        "身份证号码的末位校验码不对，请逐位核对。"
    ]


def test_no_level_needs_neither_date_nor_certificate():
    assert problems("leader", files=set(), leader_skill_level="NONE", leader_level_obtained_ym="") == []
    assert problems("leader", files=set()) == ["请上传“职业资格（技能等级）证书”的证明材料。"]


@pytest.mark.parametrize("typed", ["2015-9", "2015.9", "2015年9月", "201509", "２０１５－０９", " 2015/09 "])
def test_months_are_understood_as_people_write_them(typed):
    bound = SECTIONS["intro"].bind(TYPED["intro"] | {"founded_on": typed})
    assert bound.freeze()["founded_on"] == "2015-09"


@pytest.mark.parametrize("name", ["镕喆玥", "𬍛䶮", "阿卜杜拉·买买提", "珺垚昇堃", "〇八"])
def test_rare_characters_and_minority_names_are_names(name):
    assert problems("leader", leader_name=name) == []


# ── conditions (1)(2)(3) [3.1.1] ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("claim", CLAIMS)
def test_each_claim_needs_all_its_elements_and_evidence(claim):
    bare = dict.fromkeys((name for fields in CLAIM_ELEMENTS.values() for name in fields), "")
    said = problems("conditions", files=set(), **bare | {"claims": [claim]})
    wanted = [f"已选条件{CLAIMS[claim][:3]}，请说明“{words}”。" for words in CLAIM_ELEMENTS[claim].values()]
    assert said[:-1] == wanted
    assert said[-1].startswith(f"请上传“条件（{list(CLAIMS).index(claim) + 1}）")


def test_the_elements_are_the_parts_of_each_condition():
    """Retyped from [3.1.1]: (1) has four demands, (2) and (3) have three."""
    assert [list(elements.values()) for elements in CLAIM_ELEMENTS.values()] == [
        ["绝技绝活", "在国家、省内本职业（工种）中得到高度认可", "运用于技术革新和技术改造以及单位生产与经营", "取得显著经济效益和社会效益"],
        ["发明创造、重大技术革新成果或先进的操作技术方法", "在国家、省内本职业（工种）中得到广泛推广应用", "对提高劳动生产率和提升产品质量作出了突出贡献"],
        ["具有宽广胸襟，在本职业（工种）中具备较高技艺", "特别注重传艺带徒", "所带徒弟多人成为技能骨干或在各类技能竞赛中取得优异成绩"],
    ]  # fmt: skip


def test_a_project_or_training_is_demanded():
    missing = "请至少填写一个企业或职业院校需要解决的技术工艺难题或培训项目〔3.1.3〕。"
    assert problems("conditions", projects=[]) == [missing]
    row = {"kind": "problem", "title": "", "partner": "甲", "content": "乙"}
    assert problems("conditions", projects=[row]) == ["第 1 行：请填写“名称”。"]
    assert problems("conditions", projects=[row | {"title": "丙", "kind": "x"}]) == [
        "第 1 行：“类别”不在可选范围内，请重新选择。"
    ]


def test_statements_are_those_of_the_conditions_form():
    assert set(STATEMENTS) < set(SECTIONS["conditions"].form.base_fields)
    assert {clause for clause, _, _ in STATEMENTS.values()} == {"3.1.2", "3.1.3"}


# ── members ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Tom"}, "姓名第1个字符（“T”）不是汉字。"),
        ({"name": ""}, "请填写“姓名”。"),
        ({"age": "13"}, "年龄须在 14 至 100 岁之间。"),
        ({"age": "101"}, "年龄须在 14 至 100 岁之间。"),
        ({"age": "36.5"}, "年龄请填整数。"),
        ({"age": "三十六"}, "年龄请填整数。"),
        ({"age": "9" * 5000}, "年龄请填整数。"),
        ({"gender": "3"}, "“性别”不在可选范围内，请重新选择。"),
        ({"education": ""}, "请选择“学历”。"),
        ({"skills": "字" * 201}, "“技能特长”最多 200 字，现有 201 字。"),
    ],
)
def test_a_bad_member_is_named_by_row(changes, sentence):
    good = TYPED["members"]["members"][0]
    assert problems("members", members=[good, good | changes]) == [f"第 2 行：{sentence}"]


def test_no_other_member_is_a_valid_answer():
    assert SECTIONS["members"].bind({"members": []}).problems() == []


# ── what is typed is kept ───────────────────────────────────────────────────────────────────────
def post(**fields):
    made = QueryDict(mutable=True)
    for name, value in fields.items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


def as_post(section, typed):
    """The POST that a browser sends for these values."""
    made = post(**{k: v for k, v in typed.items() if k not in SECTIONS[section].rows})
    for name in SECTIONS[section].rows:
        made[f"{name}-TOTAL"] = str(len(typed[name]))
        for i, row in enumerate(typed[name]):
            for key, value in row.items():
                made[f"{name}-{i}-{key}"] = value
    return made


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_comes_back_as_it_was_typed(section):
    assert SECTIONS[section].typed(as_post(section, TYPED[section])) == TYPED[section]


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.data())
def test_nothing_typed_is_lost(data):
    """Whatever anybody types into any section comes back the same, and binding it never fails."""
    name = data.draw(st.sampled_from(list(SECTIONS)))
    section = SECTIONS[name]
    typed = {
        field: data.draw(st.lists(texts, max_size=3) if field == "claims" else texts)
        for field in section.form.base_fields
    }
    for table, spec in section.rows.items():
        row = st.fixed_dictionaries(dict.fromkeys(spec.form.base_fields, texts)).filter(
            lambda r: any(r.values())
        )
        typed[table] = data.draw(st.lists(row, max_size=3))
    assert section.typed(as_post(name, typed)) == typed
    bound = section.bind(typed)
    bound.problems()
    bound.freeze()


def test_signs_that_no_database_takes_are_dropped_and_line_ends_are_one():
    assert tidy("a\x00b\ud800c\r\nd") == "abc\nd"


@pytest.mark.parametrize("length", [MAX_RAW + 1, 100_000])
def test_a_text_far_too_long_is_refused_not_cut(length):
    with pytest.raises(ValidationError) as refusal:
        SECTIONS["plan"].typed(post(plan_or_goals="长" * length))
    assert refusal.value.messages == [
        f"“工作室创业规划或工作目标”有 {length} 字，超过系统能保存的 20000 字，尚未保存；请删减后再保存，或作为附件上传。"
    ]


def test_a_text_just_short_enough_is_kept_though_it_does_not_fit_the_form():
    typed = SECTIONS["plan"].typed(post(plan_or_goals="长" * MAX_RAW))
    assert len(typed["plan_or_goals"]) == MAX_RAW
    said = [p.text for p in SECTIONS["plan"].bind(typed).problems()]
    assert said == [f"“工作室创业规划或工作目标”最多 3000 字，现有 {MAX_RAW} 字。"]


def test_forged_fields_are_ignored():
    typed = SECTIONS["plan"].typed(
        post(plan_or_goals="规划", status="admitted", number="SB-1", __proto__="x")
    )
    assert typed == {"plan_or_goals": "规划"}


@pytest.mark.parametrize("total", ["99999", "9" * 5000, "-3", "一", "", "1e3", "²", "0x10"])
def test_forged_row_counts_do_no_harm(total):
    sent = post(**{"members-TOTAL": total, "members-0-name": "王镕", "members-0-evil": "x"})
    rows = SECTIONS["members"].typed(sent)["members"]
    assert [row["name"] for row in rows] == (["王镕"] if total == "99999" else [])
    assert all(set(row) == set(SECTIONS["members"].rows["members"].form.base_fields) for row in rows)


def test_more_rows_than_the_table_takes_are_refused_not_dropped():
    sent = post(
        **{"members-TOTAL": str(MAX_ROWS + 1)} | {f"members-{i}-name": "王镕" for i in range(MAX_ROWS + 1)}
    )
    with pytest.raises(ValidationError, match="“成员”最多 200 行"):
        SECTIONS["members"].typed(sent)
    del sent[f"members-{MAX_ROWS}-name"]
    assert len(SECTIONS["members"].typed(sent)["members"]) == MAX_ROWS


def test_a_row_marked_for_deletion_and_an_empty_row_are_left_out():
    sent = post(**{
        "members-TOTAL": "3", "members-0-name": "王镕", "members-0-DELETE": "1", "members-1-name": "",
        "members-2-name": "李玥",
    })  # fmt: skip
    assert [r["name"] for r in SECTIONS["members"].typed(sent)["members"]] == ["李玥"]


# ── freezing ────────────────────────────────────────────────────────────────────────────────────
def test_freezing_keeps_code_and_label_of_the_day():
    frozen = SECTIONS["leader"].bind(TYPED["leader"]).freeze()
    assert frozen["leader_ethnicity"] == {"code": "01", "label": "汉族"}
    assert frozen["leader_skill_level"]["code"] == "L1"
    assert frozen["recognition_level"] is None
    member = SECTIONS["members"].bind(TYPED["members"]).freeze()["members"][0]
    assert (member["age"], member["gender"]) == (36, {"code": "1", "label": "男"})


def test_freezing_is_plain_json():
    import json

    for name, section in SECTIONS.items():
        frozen = section.bind(TYPED[name]).freeze()
        assert json.loads(json.dumps(frozen)) == frozen
