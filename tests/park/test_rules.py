"""The settings of the park: honest definitions, typed values, traced changes."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from park import rules
from park.models import AuditEntry, Rule, RuleChange, User
from park.rules import KINDS, REGISTRY, RuleDef


@pytest.fixture
def officer(db):
    return User.objects.create_user("officer", real_name="王芳")


def sentence(caught) -> str:
    (text,) = caught.value.messages
    return text


# ── definitions ─────────────────────────────────────────────────────────────────────────────────


def test_defaults_are_those_of_the_domain():
    assert {key: definition.default for key, definition in REGISTRY.items()} == {
        "intake_mode": "open",
        "unit_recommendation_modes": ["employer", "association", "local", "none"],
        "recommendation_link_days": 14,
        "member_total_includes_leader": True,
        "other_id_types_allowed": False,
        "originals_copies": 2,
        "draft_retention_days": 180,
        "initial_review_days": 10,
        "correction_days": 10,
        "correction_rounds": 1,
        "correction_lapse": True,
        "correction_reminder_days": 3,
        "upload_max_mb": 20,
        "video_max_mb": 200,
        "pi_response_days": 15,
        "office_place": "",
        "office_phone": "",
        "office_hours": "工作日 9:00–12:00、13:30–17:00",
        # 现场考察、评议、表决 [T3]
        "site_visit_days": 20,
        "visit_min_visitors": 2,
        "visit_notice_days": 3,
        "deliberation_days": 30,
        "panel_min_seats": 5,
        "panel_max_per_unit": 2,
        "panel_avoid_last": False,
        "conflict_family_name": True,
        "opinion_assent": "majority",
        "ballot_voting": "secret",
        "ballot_quorum": "two_thirds",
        "ballot_threshold": "two_thirds",
        "ballot_min_voters": 3,
        "reballot_on": ["tie", "all_abstain"],
        "reballot_max": 1,
        # 候选名单、审核认定、公示 [T5]
        "listing_days": 10,
        "list_ranking": "votes_then_filed",
        "resolution_days": 15,
        "waitlist_months": 12,
        "public_notice": True,
        "public_notice_days": 5,
        "notice_preparation_days": 10,
        "announcement_reviews": 3,
        "notice_mailbox": "",
        "agreement_days": 10,
        "agreement_bring": "领衔人有效身份证件（当场核对，不留复印件）；盖章的入驻申报表纸质原件一式两份；所在单位同意入驻的证明。",
        "reapply_after_days": 0,
        # 水电物业费用 [T10]
        "bill_due_days": 15,
        "bill_remind_before": 3,
        "bill_dunning_days": ["1", "31", "91"],
        "reading_day": 25,
        "reading_unusual_factor": 3,
        "fee_account": "",
        # 案卷
        "retention_admitted": "30",
        "retention_not_admitted": "10",
        # 到园签到 [A2.2]
        "attendance_subject": "leader",
        "attendance_code": True,
        "attendance_excuses": False,
        "leave_days": 3,
        # 领衔人变更 [5.4.2]
        "leader_change_days": 60,
        "leader_review_days": 10,
        "leader_decision_days": 20,
        # 入驻与协议 [5.3]
        "agreement_months": 24,
        "handover_items": "房门钥匙（把）；门禁卡（张）；办公桌（张）；办公椅（把）；文件柜（组）；空调（台）；灯具（套）；灭火器（具）；水表底数（吨）；电表底数（度）",
        # 入驻与协议 [4.1]
        "residency_warning_days": ["90", "30", "0"],
        # 定期检查 [5.2]
        "inspection_interval": 3,
        "inspection_min_inspectors": 2,
        "inspection_notice_days": 2,
        "inspection_confirm_days": 3,
        "finding_days": 10,
        "finding_days_serious": 3,
        "recheck_days": 5,
        # 限期整改 [5.4.4][T12]
        "rectification_months": 3,
        "rectification_extension_months": 1,
        "rectification_recheck_days": 10,
        "rectification_warning_days": ["30", "7", "0"],
        # 取消资格 [5.4][T13][T15]
        "revocation_notice_days": 5,
        "revocation_defence_days": 5,
        "revocation_decision_days": 20,
        "revocation_service_days": 10,
        "revocation_vacate_days": 30,
        "revocation_public": True,
        "revocation_remedy": "对本决定不服的，可以依法申请行政复议或者提起行政诉讼。",
        "reapply_bar_years": 1,
        # 优惠政策 [4]
        "benefits_stop_on_rectification": True,
        "benefit_group_decides": ["startup_subsidy", "performance_award", "priority_nomination"],
        "benefit_review_days": 10,
        "benefit_decision_days": 10,
        "benefit_delivery_days": 20,
        # 报修 [5.3]
        "repair_response_days": 1,
        "repair_finish_days": 5,
        "repair_confirm_days": 3,
        # 安全管理 [5.3]
        "hazard_days": 5,
        "hazard_days_serious": 1,
        "hazard_recheck_days": 2,
        "safety_letter_days": 10,
        # 规章制度 [5.3]
        "house_rule_read_days": 5,
        "breach_statement_days": 5,
        # 工作室台账 [5.3]
        "ledger_verify_days": 10,
        # 工作室台账 [A2]
        "ledger_proof_required": True,
        # 工作室台账 [A2.10]
        "ledger_late_days": 60,
        "ledger_required": [
            "attendance",
            "log",
            "training",
            "apprenticeship",
            "project",
            "exchange",
            "equipment",
            "fees",
        ],
        # 工作室台账 [A2.B1]
        "b1_certificates": ["qualification", "skill_level"],
        # 规划和计划 [A2.9]
        "year_plan_days": 31,
        # 规划和计划 [A2.3]
        "development_plan_days": 60,
        # 统计报表 [T10]
        "return_due_days": 10,
        "return_check_days": 10,
        "return_answer_days": 5,
        "return_remind_days": 3,
    }


@pytest.mark.parametrize("definition", rules.DEFINITIONS, ids=lambda definition: definition.key)
def test_definition_is_whole_and_honest(definition):
    assert definition.kind in KINDS
    assert re.fullmatch(r"A[12](\.B?\d+)?|\d(\.\d)*|(个人信息保护法|档案法实施条例)第.+条", definition.clause)
    assert definition.clean(definition.default) == definition.default
    assert definition.from_json(definition.to_json(definition.default)) == definition.default
    assert definition.help.endswith("。")
    assert re.search("没有|只说|只有|注明", definition.silence)
    assert definition.silence.endswith("。")
    if definition.kind in ("days", "int", "decimal"):
        assert definition.unit
    if definition.kind == "days":
        assert definition.unit == "个工作日"


def test_no_key_is_defined_twice():
    assert len(REGISTRY) == len(rules.DEFINITIONS)


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_get_gives_the_default_without_a_row(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert rules.get("correction_days") == 10
    with django_assert_num_queries(1):
        assert rules.get_many(["correction_days", "correction_lapse"]) == {
            "correction_days": 10,
            "correction_lapse": True,
        }


@pytest.mark.django_db
def test_unknown_key_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        rules.get("no_such_rule")


@pytest.mark.django_db
def test_a_row_nobody_changed_follows_the_default(monkeypatch):
    assert rules.ensure_rules() == len(REGISTRY)
    assert rules.ensure_rules() == 0
    monkeypatch.setitem(REGISTRY, "correction_days", replace(REGISTRY["correction_days"], default=15))
    assert rules.get("correction_days") == 15
    assert rules.ensure_rules() == 1
    assert Rule.objects.get(key="correction_days").value == 15


def test_a_row_somebody_changed_stays(officer, monkeypatch):
    rules.set_rule("correction_days", 12, by=officer, reason="材料较多")
    monkeypatch.setitem(REGISTRY, "correction_days", replace(REGISTRY["correction_days"], default=15))
    rules.ensure_rules()
    assert rules.get("correction_days") == 12


# ── changing ────────────────────────────────────────────────────────────────────────────────────


def test_set_rule_leaves_value_history_and_audit(officer):
    rules.set_rule("correction_days", 15, by=officer, reason="与县区口径一致")
    rules.set_rule("correction_days", "20", by=officer, reason="再延长")
    assert rules.get("correction_days") == 20
    rule = Rule.objects.get(key="correction_days")
    assert (rule.value, rule.changed_by, rule.reason) == (20, officer, "再延长")
    changes = list(RuleChange.objects.order_by("pk").values_list("old", "new", "reason", "by"))
    assert changes == [(10, 15, "与县区口径一致", officer.pk), (15, 20, "再延长", officer.pk)]
    entries = AuditEntry.objects.order_by("sequence").values_list(
        "verb", "subject_id", "before", "after", "note", "clause", "by"
    )
    assert list(entries) == [
        ("set_rule", "correction_days", "10个工作日", "15个工作日", "与县区口径一致", "3.2.2", officer.pk),
        ("set_rule", "correction_days", "15个工作日", "20个工作日", "再延长", "3.2.2", officer.pk),
    ]


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("correction_days", "", "“补正期限”应填整数。"),
        ("correction_days", None, "“补正期限”应填整数。"),
        ("correction_days", "十", "“补正期限”应填整数。"),
        ("correction_days", 2.5, "“补正期限”应填整数。"),
        ("correction_days", True, "“补正期限”应填整数。"),
        ("correction_days", 0, "“补正期限”应在1至60个工作日之间。"),
        ("correction_days", 61, "“补正期限”应在1至60个工作日之间。"),
        ("correction_days", 10, "“补正期限”的新值与现值相同，没有修改。"),
        ("correction_lapse", "no", "“逾期未补正视为撤回申请”只能选是或否。"),
        ("intake_mode", "never", "“申报受理方式”没有这个选项。"),
        ("unit_recommendation_modes", ["king"], "“推荐意见可由谁出具”含有没有的选项。"),
        ("unit_recommendation_modes", [], "“推荐意见可由谁出具”至少选1项。"),
        ("unit_recommendation_modes", "none", "“推荐意见可由谁出具”含有没有的选项。"),
        ("office_place", 5, "“办理地点”应填文字。"),
        ("office_place", "园" * 501, "“办理地点”不超过500字，现在是501字。"),
        ("office_place", "a\x00", "第2个字符（U+0000）是无法保存的控制字符，请删去后重新填写。"),
    ],
)
def test_bad_values_change_nothing(officer, key, value, text):
    with pytest.raises(ValidationError) as caught:
        rules.set_rule(key, value, by=officer, reason="试一试")
    assert sentence(caught) == text
    assert rules.get(key) == REGISTRY[key].default
    assert (RuleChange.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("", "请写明修改理由。"),
        (" \n", "请写明修改理由。"),
        ("因" * 201, "修改理由不超过200字，现在是201字。"),
    ],
)
def test_a_reason_is_needed(officer, reason, text):
    with pytest.raises(ValidationError) as caught:
        rules.set_rule("correction_days", 15, by=officer, reason=reason)
    assert sentence(caught) == text
    assert rules.get("correction_days") == 10


def test_list_is_kept_in_the_order_of_its_choices(officer):
    rules.set_rule("unit_recommendation_modes", ["none", "employer", "none"], by=officer, reason="收紧")
    assert rules.get("unit_recommendation_modes") == ["employer", "none"]
    assert AuditEntry.objects.get().after == "领衔人所在单位、无单位说明"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("correction_days", 10, "10个工作日"),
        ("correction_lapse", True, "是"),
        ("correction_lapse", False, "否"),
        ("intake_mode", "batches", "分批受理"),
        ("office_place", "", "（未填写）"),
        ("office_place", "一号楼", "一号楼"),
    ],
)
def test_values_in_words(key, value, words):
    assert REGISTRY[key].show(value) == words


FRACTION = RuleDef(
    "share", "测试", "份额", "A1", "decimal", Decimal("0.2"), unit="倍", minimum=0, maximum=1,
    help="。", silence="没有。",
)  # fmt: skip


@given(st.decimals(0, 1, allow_nan=False, places=3))
def test_decimals_are_stored_exactly(value):
    assert FRACTION.from_json(FRACTION.to_json(FRACTION.clean(value))) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "", "x", 0.5, None])
def test_decimals_refuse_what_is_no_exact_number(value):
    with pytest.raises(ValidationError):
        FRACTION.clean(value)


# ── what the database itself refuses ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("missing", ["changed_at", "changed_by", "reason"])
def test_a_change_says_who_when_and_why(officer, missing):
    row = {"changed_at": timezone.now(), "changed_by": officer, "reason": "口径"}
    row[missing] = "" if missing == "reason" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(key="correction_days", value=15, **row)


def test_history_is_append_only(officer):
    rules.set_rule("correction_days", 15, by=officer, reason="口径")
    change = RuleChange.objects.get()
    with pytest.raises(TypeError):
        change.save()
    with pytest.raises(TypeError):
        change.delete()
    with pytest.raises(TypeError):
        Rule.objects.get().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleChange.objects.update(reason="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleChange.objects.all()._raw_delete("default")
