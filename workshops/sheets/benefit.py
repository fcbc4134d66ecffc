"""政策兑现 as a sheet [4]: out only."""

from park.sheets import Column, Sheet
from workshops.models import Benefit, BenefitForm, BenefitKind, BenefitStatus


def _labels(choices):
    return lambda: {label: value for value, label in choices.choices}


BENEFITS = Sheet(
    "benefits",
    "政策兑现",
    (
        Column("number", "编号", width=16),
        Column("studio__name", "工作室", width=30),
        Column("leader_name", "领衔人", width=12),
        Column("kind", "种类", "choice", choices=_labels(BenefitKind), width=12),
        Column("form", "具体事项", "choice", choices=_labels(BenefitForm), width=30),
        Column("year", "年度", "int", width=8),
        Column("target", "申请对象", width=24),
        Column("status", "状态", "choice", choices=_labels(BenefitStatus), width=14),
        Column("amount__policy__document_no", "政策文号", width=22),
        Column("amount__item", "执行标准", width=18),
        Column("quantity", "数量", "int", width=8),
        Column("amount_fen", "决定金额（元）", "money", width=14),
        Column("override_reason", "调整理由", width=24),
        Column("minutes_no", "会议纪要文号", width=22),
        Column("decision_reason", "决定理由", width=30),
        Column("delivery__on", "落实日期", "date", width=12),
        Column("delivery__amount_fen", "拨付金额（元）", "money", width=14),
        Column("delivery__reference", "凭证号或文号", width=20),
        Column("delivery__organ", "聘任或推荐单位", width=24),
        Column("delivery__until", "聘期至", "date", width=12),
        Column("rank", "择优排序", "int", width=10),
        Column("result", "评选结果", "choice", choices=_labels(Benefit.Result), width=10),
        Column("result_no", "结果文号", width=20),
    ),
)


def benefit_rows(benefits):
    """One query; `benefits` is a query set."""
    names = [column.name for column in BENEFITS.columns]
    yield from benefits.order_by("-created_at", "-pk").values(*names).iterator(2000)
