"""Editions of the scorecard [A2][P7]: what is checked before one comes into force, how it is prepared, what is frozen."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import tablib
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.actions import rubric as acts
from assessments.actions import rubric_trial
from assessments.forms.rubric import PARAMETERS, chosen_of, forms_for, needs_of
from assessments.invariants.rubric import INVARIANTS
from assessments.models import Rubric, RubricItem
from assessments.resources import RubricItemResource, RubricResource
from assessments.scoring.edition import edition_faults, sums_of
from assessments.scoring.parameters import KNOWN, faults, in_words
from assessments.tables.rubric import differences
from park import jobs
from park.models import AuditEntry, Job
from park.workflow import Conflict, Refused
from tests.assessments import evaluation
from tests.assessments.filling import Writer, stay
from tests.assessments.scoring import ITEMS
from tests.factories import UserFactory

SHIPPED = list(ITEMS.values())


# ── the parameters of each way of counting ──────────────────────────────────────────────────────
def test_the_shipped_edition_is_whole():
    assert edition_faults(SHIPPED) == []
    assert sums_of(SHIPPED) == [
        ("基础建设", 42), ("制度建设", 12), ("日常管理", 12), ("成果产出", 34), ("加分项目", 100),
    ]  # fmt: skip


def test_every_way_of_counting_has_its_parameters_and_form():
    assert set(KNOWN) == set(PARAMETERS) == {item.kind for item in SHIPPED}


@pytest.mark.parametrize("code", ITEMS)
def test_every_shipped_item_reads_in_words(code):
    item = ITEMS[code]
    words = in_words(item.kind, item.parameters)
    assert words
    assert all(sentence.endswith("。") for sentence in words)


BAD = [  # item, what is changed in its parameters, the fault
    ("A2.1", {"needs": []}, "证明的台账至少要有一项。"),
    ("A2.1", {"needs": "sign"}, "证明的台账至少要有一项。"),
    ("A2.1", {"needs": ["flag"]}, "证明的台账中有系统没有的种类。"),
    ("A2.1", {"needs": [7]}, "证明的台账中有系统没有的种类。"),
    ("A2.1", {"needs": ["sign", "sign"]}, "证明的台账有重复。"),
    ("A2.1", {"needs": ["rules:nonsense"]}, "“制度文件”台账中没有所选的类别。"),
    ("A2.1", {"inspected": "yes"}, "是否的选项只能是“是”或“否”。"),
    ("A2.1", {"colour": "red"}, "计分参数中有这种方式不用的内容：colour。"),
    ("A2.1", {"needs": None}, "证明的台账至少要有一项。"),
    ("A2.1", {"partly": "a2_9_partial"}, "只有一种证明的台账，不能按“只有其一”计分。"),
    ("A2.9", {"partly": "3"}, "“只有其一”的得分只能按本园设定。"),
    ("A2.3", {"needs": ["plan:development", "log"]}, "证明的台账最多1种。"),
    ("A2.3", {"values": [[10, "有规划"]]}, ["印定的分值至少要有两项。", "印定的分值中应有0分。"]),
    ("A2.3", {"values": [[0, "无"], [10, ""]]}, "印定的分值每一项应有分值和文字。"),
    ("A2.3", {"values": [[0, "无"], [11, "有"]]}, "有的得分超过了分值10分。"),
    ("A2.3", {"values": [[0, "无"], [5, "有"]]}, "最高的得分是5分，达不到分值10分。"),
    ("A2.3", {"values": [[0, "无"], [5, "中"], [5, "少"], [10, "有"]]}, "印定的分值有重复。"),
    ("A2.3", {"values": [[0, "无"], [0.25, "少"], [10, "有"]]}, "印定的分值应是不小于0、最多一位小数的数字。"),
    ("A2.3", {"values": [[True, "无"], [10, "有"]]}, "印定的分值应是不小于0、最多一位小数的数字。"),
    ("A2.3", {"values": [["NaN", "无"], [10, "有"]]}, "印定的分值应是不小于0、最多一位小数的数字。"),
    ("A2.2", {"days": 12}, "到园签到按每月10天计算应到天数，这里只能是10天。"),
    ("A2.2", {"days": "10"}, "每月到园天数应是不小于1的整数。"),
    ("A2.2", {"per_day": 0}, "每少一天扣的分应大于0，不超过分值。"),
    ("A2.2", {"per_day": 21}, "每少一天扣的分应大于0，不超过分值。"),
    ("A2.2", {"per_day": None}, "每少一天扣的分应是不小于0、最多一位小数的数字。"),
    ("A2.11", {"deductions": {"roster": 4}}, "扣分应写明未建立花名册、未带徒、未出成果三项。"),
    ("A2.11", {"deductions": {"roster": 4, "apprentice": 2, "outcome": 10}}, "扣分合计16分，超过了分值15分。"),
    ("A2.11", {"deductions": {"roster": -1, "apprentice": 2, "outcome": 5}}, "“未建立花名册”的扣分应是不小于0、最多一位小数的数字。"),
    ("A2.10", {"needs": ["log"]}, "计分参数中有这种方式不用的内容：needs。"),
    ("A2.B1", {"edges": [100, 50, 200]}, "分档的人数应从少到多，不能重复。"),
    ("A2.B1", {"edges": [50, 50, 200]}, "分档的人数应从少到多，不能重复。"),
    ("A2.B1", {"edges": [50, 100]}, "2个分档的人数应有3个得分，现在有4个。"),
    ("A2.B1", {"edges": [0, 100, 200]}, "分档的人数应是不小于1的整数。"),
    ("A2.B1", {"points": [10, 5, 15, 20]}, "各档的得分应从低到高。"),
    ("A2.B1", {"points": [5, 10, 15, 25]}, "有的得分超过了分值20分。"),
    ("A2.B2", {"of": "press"}, "每次计分的只能是媒体报道或专利、奖项、论文、出版。"),
    ("A2.B2", {"of": ["media"]}, "每次计分的只能是媒体报道或专利、奖项、论文、出版。"),
    ("A2.B2", {"levels": {"city": 5}}, "应写明市级、省级、部（国家）级每次的得分。"),
    ("A2.B2", {"levels": {"city": 10, "province": 5, "national": 20}}, "每次的得分应大于0，级别高的不低于级别低的。"),
    ("A2.B2", {"levels": {"city": 0, "province": 5, "national": 20}}, "每次的得分应大于0，级别高的不低于级别低的。"),
    ("A2.B2", {"levels": {"city": 5, "province": 10, "national": 21}}, "每次的得分超过了分值20分。"),
    ("A2.B2", {"missing": " "}, "请写明没有记录时缺少什么。"),
    ("A2.B4", {"grades": [["excellent", "优", 40]]}, "等次应依次是优、良、中、未达到中。"),
    ("A2.B4", {"grades": [["excellent", "优", 20], ["good", "良", 30], ["fair", "中", 40], ["none", "无", 0]]},
     "等次的得分应从高到低，最后一等是0分。"),
    ("A2.B4", {"grades": [["excellent", "优", 39], ["good", "良", 30], ["fair", "中", 20], ["none", "无", 0]]},
     "最高的得分是39分，达不到分值40分。"),
    ("A2.B4", {"grades": [["excellent", "", 40]]}, "每个等次应有名称和得分。"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change", "fault"), BAD)
def test_bad_parameters(code, change, fault):
    item = ITEMS[code]
    parameters = deepcopy(item.parameters) | change
    assert faults(item.kind, parameters, item.max_points) == (fault if isinstance(fault, list) else [fault])


@pytest.mark.parametrize(
    ("kind", "parameters", "fault"),
    [
        ("magic", {}, "计分方式不在所列之内。"),
        ("bands", [], "计分参数应是名称和值的对照。"),
        ("bands", None, "计分参数应是名称和值的对照。"),
        ("bands", {"edges": [50]}, "计分参数不全，缺少：points。"),
    ],
)
def test_parameters_of_the_wrong_shape(kind, parameters, fault):
    assert faults(kind, parameters, 20) == [fault]
    assert in_words(kind, parameters) == []


# ── the edition as a whole ──────────────────────────────────────────────────────────────────────
def changed(which, **values):
    return [replace(item, **values) if item.code == which else item for item in SHIPPED]


WRONG = [
    ([], "还没有考核项目。"),
    (changed("A2.4", max_points=3), "基础分的分值合计101分，应为100分。"),
    (changed("A2.B4", category="成果产出"), "“成果产出”中既有加分项目又有基础项目，请分开。"),
    (changed("A2.4", order=40), "序号应从1起依次排列。"),
    (changed("A2.4", code="A2.40"), "第4项“有工作室成果荣誉展示栏”：编号“A2.40”不是台账和检查使用的编号。"),
    (changed("A2.4", content=" "), "第4项“ ”：考核项目、考核内容和评分标准都要填写。"),
    (changed("A2.4", parameters={}), "第4项“有工作室成果荣誉展示栏”：计分参数不全，缺少：needs。"),
]


@pytest.mark.parametrize(("items", "fault"), WRONG)
def test_what_stands_in_the_way(items, fault):
    assert edition_faults(items) == [fault]


def test_a_bonus_item_keeps_a_number_of_the_bonus_items():
    wrong = changed("A2.4", is_bonus=True)
    assert edition_faults(wrong) == [
        "基础分的分值合计98分，应为100分。",
        "附加分的分值合计102分，应为100分。",
        "“基础建设”中既有加分项目又有基础项目，请分开。",
        "第4项“有工作室成果荣誉展示栏”：编号“A2.4”不用于加分项目。",
    ]


# ── forms: what they show is what they save ─────────────────────────────────────────────────────
def posted(form, **changes):
    """What a browser would send back of a form as it is shown."""
    data = {}
    for bound in form:
        value = bound.field.prepare_value(bound.initial)
        if value not in (None, False, ""):
            data[bound.html_name] = value if isinstance(value, list) else str(value)
    return data | changes


@pytest.mark.parametrize("code", ITEMS)
def test_a_form_that_is_sent_back_changes_nothing(code):
    item = SimpleNamespace(**vars(ITEMS[code]))
    shown = forms_for(item.kind, item, None)
    printed, way = forms_for(item.kind, item, {**posted(shown[0]), **posted(shown[1])} | {"x": "1"})
    assert printed.is_valid(), printed.errors
    assert way.told(printed.cleaned_data["max_points"]), way.errors
    assert way.parameters() == item.parameters
    assert printed.cleaned_data == {
        name: getattr(item, name)
        for name in ("code", "order", "category", "content", "max_points", "rule_text", "is_bonus")
    }


@pytest.mark.parametrize(
    ("chosen", "needs"),
    [
        (["plan:year", "log", "plan:month"], ["plan:year|month", "log"]),
        (["plan:year", "plan"], ["plan"]),
        (["sign"], ["sign"]),
    ],
)
def test_ledgers_are_chosen_with_their_categories(chosen, needs):
    assert needs_of(chosen) == needs
    assert needs_of(chosen_of(needs)) == needs


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("choice", {"way-needs": ["plan:development"], "way-values": "无规划 0"}, "“无规划 0”请先写分值，空一格再写文字"),
        ("choice", {"way-needs": ["plan:development"], "way-values": "1e99 多"}, "请先写分值"),
        ("bands", {"way-edges": "五十", "way-points": "5"}, "“分档的人数”请填整数，用顿号隔开。"),
        ("bands", {"way-edges": "50.5", "way-points": "5"}, "“分档的人数”请填整数，用顿号隔开。"),
        ("bands", {"way-edges": "50、100", "way-points": "5、10"}, "2个分档的人数应有3个得分，现在有2个。"),
        ("monthly", {"way-per_day": "两分"}, "“每少一天扣几分”请填0以上的数字，最多一位小数。"),
        ("grade", {"way-excellent": "40", "way-good": "30"}, "请填写“评中得几分”。"),
        ("all_or_nothing", {"way-needs": ["nonsense"]}, "“用哪些台账证明”不在可选范围内，请重新选择。"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_said(kind, data, words):
    _, way = forms_for(kind, None, data)
    assert not way.told(20)
    said = "".join(text for texts in way.errors.values() for text in texts)
    assert words in said


# ── preparing and bringing into force ───────────────────────────────────────────────────────────
@pytest.fixture
def office(reference_data):
    return UserFactory(roles=["office"])


@pytest.fixture
def shipped(reference_data):
    return Rubric.objects.get()


@pytest.fixture
def draft(shipped, office):
    return acts.copy_rubric(
        shipped, edition="2027", title="新细则", legal_basis="镇人社发〔2026〕9号", by=office
    )


def values_of(item, **changes):
    return {name: getattr(item, name) for name in acts.FIELDS} | changes


def save(draft, code, by, **changes):
    item = draft.items.get(code=code)
    return acts.save_item(draft, item, seen=acts.item_state(item), by=by, **values_of(item, **changes))


@pytest.mark.django_db
def test_a_copy_has_all_items_and_no_day(draft, shipped):
    assert (draft.in_force_from, draft.items.count(), shipped.items.count()) == (None, 18, 18)
    assert [d.state for d in differences(shipped.items.all(), draft.items.all())] == ["same"] * 18


@pytest.mark.django_db
def test_two_editions_never_share_a_name(draft, shipped, office):
    with pytest.raises(Refused, match="已有“2027”版"):
        acts.copy_rubric(shipped, edition="2027", title="新", legal_basis="测", by=office)
    with pytest.raises(Refused, match="已有“2015”版"):
        acts.change_rubric(draft, seen=acts.rubric_state(draft), by=office, edition="2015")
    assert Rubric.objects.count() == 2


@pytest.mark.django_db
def test_a_prepared_edition_comes_into_force(draft, office):
    today = timezone.localdate()
    save(draft, "A2.1", office, content="有醒目的工作室标识")
    acts.bring_into_force(draft, day=today, legal_basis="镇人社发〔2026〕10号", by=office)
    draft.refresh_from_db()
    assert (draft.in_force_from, draft.legal_basis) == (today, "镇人社发〔2026〕10号")
    assert Rubric.objects.in_force().first() == draft
    verbs = (
        AuditEntry.objects.filter(subject_model="assessments.rubric")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["copy_rubric", "save_rubric_item", "bring_rubric_into_force"]


@pytest.mark.django_db
def test_what_is_wrong_stands_in_the_way(draft, office):
    save(draft, "A2.1", office, max_points=6)
    save(draft, "A2.4", office, parameters={"needs": []})
    with pytest.raises(Refused) as refused:
        acts.bring_into_force(draft, day=timezone.localdate() - timedelta(1), legal_basis="测", by=office)
    assert refused.value.sentences == [
        "施行日期不能早于今天。",
        "基础分的分值合计101分，应为100分。",
        "第4项“有工作室成果荣誉展示栏”：证明的台账至少要有一项。",
    ]
    draft.refresh_from_db()
    assert draft.in_force_from is None


@pytest.mark.django_db
def test_items_come_and_go_while_it_is_prepared(draft, office):
    item = draft.items.get(code="A2.4")
    acts.remove_item(draft, item, by=office)
    assert draft.items.count() == 17
    acts.save_item(draft, None, by=office, **values_of(item))
    assert draft.items.count() == 18
    with pytest.raises(Refused, match=r"已有编号“A2\.4”"):
        acts.save_item(draft, None, by=office, **values_of(item, order=19))
    with pytest.raises(Refused, match="已有序号4的项目"):
        save(draft, "A2.1", office, order=4)
    acts.drop_rubric(draft, by=office)
    assert Rubric.objects.count() == 1


@pytest.mark.django_db
def test_two_editors_never_overwrite_each_other(draft, office):
    item = draft.items.get(code="A2.1")
    seen = acts.item_state(item)
    save(draft, "A2.1", office, content="先保存的")
    with pytest.raises(Conflict):
        acts.save_item(draft, item, seen=seen, by=office, **values_of(item, content="后保存的"))
    assert draft.items.get(code="A2.1").content == "先保存的"
    acts.remove_item(draft, item, by=office)
    with pytest.raises(Conflict):
        acts.save_item(draft, item, seen=seen, by=office, **values_of(item))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["applicant", "expert", "logistics", "working_group", "sysadmin"])
def test_only_the_office_prepares(draft, shipped, role):
    other = UserFactory(roles=[role])
    for act in (
        lambda: acts.copy_rubric(shipped, edition="2028", title="新", legal_basis="测", by=other),
        lambda: acts.change_rubric(draft, seen="", by=other, title="新"),
        lambda: acts.remove_item(draft, draft.items.first(), by=other),
        lambda: acts.drop_rubric(draft, by=other),
        lambda: acts.bring_into_force(draft, day=timezone.localdate(), legal_basis="测", by=other),
        lambda: acts.take_back(shipped, reason="测", by=other),
    ):
        with pytest.raises(PermissionDenied):
            act()


# ── what is in force, and what is used ──────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_in_force_it_changes_only_after_it_was_taken_back(draft, office):
    acts.bring_into_force(draft, day=timezone.localdate(), legal_basis="测", by=office)
    with pytest.raises(Refused, match="请先收回施行再修改"):
        save(draft, "A2.1", office, content="新")
    with pytest.raises(Refused, match="请先收回施行再修改"):
        acts.drop_rubric(draft, by=office)
    acts.take_back(draft, reason="文件没有印发", by=office)
    save(draft, "A2.1", office, content="新")
    with pytest.raises(Refused, match="还没有施行"):
        acts.take_back(draft, reason="再收回", by=office)


@pytest.mark.django_db
def test_the_only_edition_in_force_stays(draft, shipped, office):
    with pytest.raises(Refused, match="唯一施行的版本"):
        acts.take_back(shipped, reason="测", by=office)


@pytest.fixture
def used(shipped):
    evaluation.cycle_in()
    return shipped


@pytest.mark.django_db
def test_a_used_edition_is_closed_to_every_act(used, office):
    for act in (
        lambda: save(used, "A2.1", office, content="新"),
        lambda: acts.remove_item(used, used.items.first(), by=office),
        lambda: acts.change_rubric(used, seen=acts.rubric_state(used), by=office, title="新"),
        lambda: acts.drop_rubric(used, by=office),
        lambda: acts.take_back(used, reason="测", by=office),
    ):
        with pytest.raises(Refused, match="已用于年度考核"):
            act()


FROZEN = [
    ("an item changes", lambda r: r.items.filter(code="A2.1").update(max_points=6)),
    ("an item loses its parameters", lambda r: r.items.filter(code="A2.1").update(parameters={})),
    ("an item goes", lambda r: r.items.filter(code="A2.1").delete()),
    ("an item comes", lambda r: RubricItem.objects.create(rubric=r, code="A2.99", order=99, category="新", content="新", max_points=1, rule_text="新", kind="completeness")),
    ("an item moves in", lambda r: RubricItem.objects.exclude(rubric=r).filter(code="A2.1").update(rubric=r, code="X", order=77)),
    ("an item moves out", lambda r: r.items.filter(code="A2.1").update(rubric=Rubric.objects.exclude(pk=r.pk).get(), code="X", order=77)),
    ("the name", lambda r: Rubric.objects.filter(pk=r.pk).update(edition="2016")),
    ("the title", lambda r: Rubric.objects.filter(pk=r.pk).update(title="新")),
    ("the legal basis", lambda r: Rubric.objects.filter(pk=r.pk).update(legal_basis="新")),
    ("the day", lambda r: Rubric.objects.filter(pk=r.pk).update(in_force_from="2020-01-01")),
    ("no day at all", lambda r: Rubric.objects.filter(pk=r.pk).update(in_force_from=None)),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "write"), FROZEN, ids=[what for what, _ in FROZEN])
def test_the_database_keeps_a_used_edition_as_it_is(draft, shipped, what, write):
    """Refused once a year was opened with it, and not before: each write is tried on both sides."""
    with transaction.atomic():
        write(shipped)
        transaction.set_rollback(True)
    evaluation.cycle_in()
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        write(shipped)


@pytest.mark.django_db
def test_a_note_on_a_used_edition_may_still_be_made(used):
    assert Rubric.objects.filter(pk=used.pk).update(note="附件2的电子版") == 1


@pytest.mark.django_db
def test_an_edition_in_force_is_whole_or_found_out(draft, shipped):
    def broken():
        return [invariant.name for invariant in INVARIANTS if invariant.offenders()]

    assert broken() == []
    draft.items.filter(code="A2.1").update(max_points=6)
    assert broken() == []
    Rubric.objects.filter(pk=draft.pk).update(in_force_from="2026-01-01")
    assert broken() == ["rubric_in_force_is_whole"]


# ── beside each other, and on last year's records ───────────────────────────────────────────────
def test_two_editions_beside_each_other():
    def rows(items):
        return [RubricItem(**vars(item)) for item in items]

    new = [
        item for item in changed("A2.1", content="有醒目的工作室标识", max_points=6) if item.code != "A2.4"
    ]
    found = {d.code: d for d in differences(rows(SHIPPED), rows(new))}
    assert {code: d.state for code, d in found.items() if d.is_changed} == {"A2.1": "changed", "A2.4": "gone"}
    parts = {part.label: part for part in found["A2.1"].parts}
    assert parts["考核内容"].old == [("有", False), ("工作室标识", False)]
    assert parts["考核内容"].new == [("有", False), ("醒目的", True), ("工作室标识", False)]
    assert (parts["分值"].is_changed, parts["评分标准"].is_changed) == (True, False)
    assert {d.code: d.state for d in differences(rows(new), rows(SHIPPED))}["A2.4"] == "new"


@pytest.mark.django_db
def test_last_years_records_counted_by_both(draft, office):
    year = timezone.localdate().year - 1
    for n in range(2):
        write = Writer(stay(f"{year - 1}-1-1", name=f"第{n}工作室"))
        write.ledger("sign", f"{year}-3-1")
        if n:
            write.ledger("exchange", f"{year}-3-1")
    save(draft, "A2.1", office, max_points=4)
    save(draft, "A2.13", office, max_points=5)
    job = rubric_trial.start_trial(draft, year, by=office)
    jobs.run(job.key)
    job.refresh_from_db()
    assert (job.state, job.failure, job.has_file) == (Job.State.DONE, "", True)
    said = {line["label"]: line["text"] for line in job.result}
    assert said["有工作室标识"] == "平均5分 → 4分，2个工作室有变化"
    assert said["每年开展一次以上业内技术交流会、课题研讨会或展示活动"] == "平均2分 → 2.5分，1个工作室有变化"
    assert said["积极履行社会责任，参加技能服务社会的有关活动"] == "平均0分 → 0分，没有变化"
    assert said["基础分"] == "平均7分 → 6.5分，1个工作室有变化"
    assert said["低于合格线的工作室"] == "2个 → 2个"


@pytest.mark.django_db
def test_nothing_to_count_is_said(draft, office):
    year = timezone.localdate().year - 1
    with pytest.raises(Refused, match="没有在园的工作室"):
        rubric_trial.start_trial(draft, year, by=office)
    stay(f"{year}-1-1")
    draft.items.filter(code="A2.4").update(parameters={})
    with pytest.raises(Refused, match="第4项：计分参数不全"):
        rubric_trial.start_trial(draft, year, by=office)


# ── as sheets ───────────────────────────────────────────────────────────────────────────────────
def taken_in(resource, *rows):
    """What an import of these rows complains about."""
    data = tablib.Dataset(headers=list(rows[0]))
    for row in rows:
        data.append(list(row.values()))
    result = resource().import_data(data, raise_errors=False, use_transactions=True)
    return [str(e.error) for _, errors in result.row_errors() for e in errors] + [
        text for row in result.invalid_rows for texts in row.error_dict.values() for text in texts
    ]


def sheet_row(**changes):
    item = ITEMS["A2.4"]
    given = vars(item) | {"rubric": "2027"} | changes
    return given | {"parameters": json.dumps(given["parameters"]), "is_bonus": "0"}


@pytest.mark.django_db
def test_a_sheet_changes_only_what_is_prepared(draft):
    assert taken_in(RubricItemResource, sheet_row(content="有荣誉墙")) == []
    assert draft.items.get(code="A2.4").content == "有荣誉墙"
    said = taken_in(RubricItemResource, sheet_row(rubric="2015", content="有荣誉墙"))
    assert len(said) == 1
    assert "已施行，不能修改" in said[0]
    said = taken_in(RubricItemResource, sheet_row(parameters={"needs": ["flag"]}))
    assert "第4项：证明的台账中有系统没有的种类。" in said[0]


@pytest.mark.django_db
def test_a_sheet_brings_nothing_into_force(shipped):
    row = {"edition": "2028", "title": "新", "legal_basis": "测", "in_force_from": "2026-01-01", "note": ""}
    assert taken_in(RubricResource, row) == []
    assert Rubric.objects.get(edition="2028").in_force_from is None
    said = taken_in(RubricResource, row | {"edition": "2015"})
    assert "已施行，不能从表格修改" in said[0]
