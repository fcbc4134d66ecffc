"""Code lists against the standards they come from, and the command that loads them."""

from datetime import date, timedelta
from io import StringIO

import pytest
import tablib
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from park import resources
from park.management.commands import load_reference_data
from park.models import (
    District,
    Education,
    Ethnicity,
    Gender,
    Occupation,
    Origin,
    PoliticalStatus,
    RecognitionLevel,
    Rule,
    SkillLevel,
    UnitKind,
    Workday,
)
from park.resources import EthnicityResource, OccupationResource

pytestmark = pytest.mark.django_db

LISTS = [
    Gender, Ethnicity, PoliticalStatus, Education, SkillLevel, RecognitionLevel, District, Origin, UnitKind, Occupation,
]  # fmt: skip


@pytest.fixture
def loaded(monkeypatch):
    """Every code list; the calendar, which takes a second, stays out."""
    files = [pair for pair in resources.REFERENCE_DATA if isinstance(pair[0], str)]
    with monkeypatch.context() as patch:
        patch.setattr(resources, "REFERENCE_DATA", files)
        load()


def load(**options) -> str:
    out = StringIO()
    call_command("load_reference_data", stdout=out, **options)
    return out.getvalue()


# ── what the standards say (domain.md §2) ───────────────────────────────────────────────────────


def test_gender_offers_two_of_the_four(loaded):
    assert Gender.objects.offered().choices() == [("1", "男"), ("2", "女")]
    assert list(Gender.objects.order_by("code").values_list("code", flat=True)) == ["0", "1", "2", "9"]


def test_ethnicity_has_56_and_two_of_practice(loaded):
    codes = list(Ethnicity.objects.order_by("code").values_list("code", flat=True))
    assert codes == [f"{n:02}" for n in range(1, 57)] + ["97", "98"]
    labels = Ethnicity.objects.labels()
    assert [labels[code] for code in ("01", "05", "11", "39", "56")] == [
        "汉族", "维吾尔族", "满族", "阿昌族", "基诺族",
    ]  # fmt: skip
    assert len(set(labels.values())) == 58


def test_political_status_prints_the_short_form(loaded):
    assert PoliticalStatus.objects.labels() == {
        "01": "中共党员", "02": "中共预备党员", "03": "共青团员", "04": "民革党员", "05": "民盟盟员",
        "06": "民建会员", "07": "民进会员", "08": "农工党党员", "09": "致公党党员", "10": "九三学社社员",
        "11": "台盟盟员", "12": "无党派人士", "13": "群众",
    }  # fmt: skip
    assert PoliticalStatus.objects.get(code="01").printed == "中共党员"
    assert str(PoliticalStatus.objects.get(code="01")) == "中国共产党党员"


def test_education_counts_skilled_graduates_at_top_level(loaded):
    top = {"10", "20", "30", "40", "60", "70", "80", "90"}
    assert set(Education.objects.values_list("counts_as", flat=True)) <= top
    extra = Education.objects.exclude(code__in=top)
    assert set(extra.values_list("label", "standard_code", "counts_as")) == {
        ("技师学院（预备技师）", "47", "30"),
        ("技工院校（高级技工）", "47", "30"),
    }


def test_skill_levels_rise_while_their_numbers_fall(loaded):
    order = list(SkillLevel.objects.values_list("code", flat=True))
    assert order == ["L0", "L5", "L4", "L3", "L2", "L1", "L1S", "L1C", "NONE"]
    assert [level.rank for level in SkillLevel.objects.all()] == [0, 1, 2, 3, 4, 5, 6, 7, None]
    high = ["L3", "L2", "L1", "L1S", "L1C"]
    assert list(SkillLevel.objects.high_skilled().values_list("code", flat=True)) == high
    assert [level.code for level in SkillLevel.objects.all() if level.is_high_skilled] == high
    assert list(SkillLevel.objects.at_least("L1").values_list("code", flat=True)) == ["L1", "L1S", "L1C"]
    third = SkillLevel.objects.get(code="L3")
    assert (third.printed, third.name_2022) == ("三级/高级工", "高级工")


def test_districts_of_zhenjiang_and_elsewhere(loaded):
    assert District.objects.labels() == {
        "321100": "镇江市", "321102": "京口区", "321111": "润州区", "321112": "丹徒区", "321181": "丹阳市",
        "321182": "扬中市", "321183": "句容市", "321171": "镇江新区", "ZJ-GXQ": "镇江高新区",
        "JS-OTHER": "省内其他市", "CN-OTHER": "省外",
    }  # fmt: skip
    assert District.objects.get(code="321171").edition == "统计用区划代码"
    assert District.objects.get(code="321102").edition == "GB/T 2260"


def test_occupations_need_no_code(loaded):
    assert Occupation.objects.get(code="4-03-02-07").label == "茶艺师"
    assert {"茶艺", "花卉园艺", "竹编", "钣金工"} <= set(
        Occupation.objects.filter(code="").values_list("label", flat=True)
    )


def test_small_lists(loaded):
    assert list(RecognitionLevel.objects.labels().values()) == [
        "国家级",
        "省级",
        "市级",
        "县（区）级",
        "未认定",
    ]
    assert list(Origin.objects.labels().values()) == ["本市", "省内市外", "省外"]
    assert UnitKind.objects.count() == 10


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_every_entry_names_its_edition(loaded, model):
    assert model.objects.exists()
    assert not model.objects.filter(edition="").exists()


# ── entries are retired, never deleted ──────────────────────────────────────────────────────────


def test_current_leaves_out_the_retired(loaded):
    today = timezone.localdate()
    Ethnicity.objects.filter(code="97").update(retired_on=today)
    Ethnicity.objects.filter(code="98").update(retired_on=today + timedelta(days=1))
    assert set(Ethnicity.objects.values_list("code", flat=True)) - set(
        Ethnicity.objects.current().values_list("code", flat=True)
    ) == {"97"}
    assert Ethnicity.objects.current(on=today - timedelta(days=1)).count() == 58
    assert [Ethnicity.objects.get(code=code).is_current for code in ("97", "98")] == [False, True]


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_deleting_is_refused(loaded, model):
    with pytest.raises(TypeError, match="只能停用"):
        model.objects.first().delete()
    with pytest.raises(TypeError, match="只能停用"):
        model.objects.all().delete()


def test_a_change_leaves_a_history(loaded):
    entry = UnitKind.objects.get(code="other")
    entry.retired_on = date(2030, 1, 1)
    entry.save()
    assert list(entry.history.values_list("retired_on", flat=True)) == [date(2030, 1, 1), None]


# ── the official list of occupations, imported ──────────────────────────────────────────────────


def occupations(*rows):
    return OccupationResource().import_data(tablib.Dataset(*rows, headers=["code", "label", "edition"]))


def test_official_list_adds_and_corrects_by_code(loaded):
    before = Occupation.objects.count()
    result = occupations(
        ("4-03-02-07", "茶艺师（新名）", "职业分类大典2022"),
        ("6-18-01-02", "铣工", "职业分类大典2022"),
        ("6-04-01-01", "车工", "职业分类大典1999"),
        ("", "竹编", "本地名称"),
    )
    assert not result.has_errors()
    assert (result.totals["new"], result.totals["update"], result.totals["skip"]) == (2, 1, 1)
    assert Occupation.objects.count() == before + 2
    assert Occupation.objects.get(code="4-03-02-07").label == "茶艺师（新名）"


def test_one_code_stands_once_per_edition(loaded):
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupation.objects.create(code="4-03-02-07", label="另一个", edition="职业分类大典2022")
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupation.objects.create(label="竹编", edition="本地名称")
    Occupation.objects.create(code="4-03-02-07", label="茶艺师", edition="职业分类大典2030")


def test_bad_rows_are_named(loaded):
    rows = tablib.Dataset(("99", "", "GB/T 3304-1991"), headers=["code", "label", "edition"])
    result = EthnicityResource().import_data(rows)
    (bad,) = result.invalid_rows
    assert (bad.number, list(bad.error.message_dict)) == (1, ["label"])


# ── the command ─────────────────────────────────────────────────────────────────────────────────


def test_loading_twice_changes_nothing():
    first = load()
    assert "park/ethnicity.csv: 58 new, 0 updated, 0 unchanged" in first.splitlines()
    count = {model: model.objects.count() for model in [*LISTS, Workday, Rule]}
    histories = Ethnicity.history.count()
    assert load() == ""
    assert load(update=True) == ""
    assert count == {model: model.objects.count() for model in count}
    assert Ethnicity.history.count() == histories


def test_loading_again_leaves_what_the_office_changed():
    load()
    UnitKind.objects.filter(code="other").update(label="其他单位", retired_on=date(2026, 1, 1))
    Workday.objects.filter(date=date(2026, 10, 2)).update(is_workday=True, source="office", name="值班")
    Ethnicity.objects.create(code="99", label="本地增补", edition="本园增设")
    load()
    assert UnitKind.objects.get(code="other").label == "其他单位"
    assert Workday.objects.get(date=date(2026, 10, 2)).name == "值班"
    load(update=True)
    other = UnitKind.objects.get(code="other")
    assert (other.label, other.retired_on) == ("其他", date(2026, 1, 1))
    assert Workday.objects.get(date=date(2026, 10, 2)).name == "国庆节"
    assert Ethnicity.objects.filter(code="99").exists()


def test_a_file_without_a_resource_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "forgotten.csv").write_text("code,label\n")
    monkeypatch.setattr(load_reference_data, "data_dir", lambda label: tmp_path)
    with pytest.raises(CommandError, match=r"no Resource in REFERENCE_DATA for forgotten\.csv"):
        load()


def test_a_bad_file_loads_nothing(tmp_path, monkeypatch):
    def read_csv(label, name):
        if name == "unit_kind.csv":
            return tablib.Dataset(("x", "", "本园列表"), headers=["code", "label", "edition"])
        return original(label, name)

    original = load_reference_data.read_csv
    monkeypatch.setattr(load_reference_data, "read_csv", read_csv)
    with pytest.raises(CommandError, match=r"park/data/unit_kind\.csv: row 1"):
        load()
    assert not Gender.objects.exists()
