"""What the park decides about the plans that a studio registers [A2.3][A2.9]."""

from park.rules.definition import RuleDef

PLANS = "规划和计划"

DUTIES = (
    RuleDef(
        "year_plan_days", PLANS, "年度工作计划的登记期限", "A2.9", "int", 31, unit="天", minimum=1, maximum=180,
        help="从当年1月1日起算；当年入驻的，从协议期起之日起算（自然日）。逾期在待办日历中标红，仍可登记。",
        silence="附件2只要求“建立工作计划表和工作日志”，没有写明何时建立。",
    ),
    RuleDef(
        "development_plan_days", PLANS, "入驻后发展规划的登记期限", "A2.3", "int", 60, unit="天", minimum=1, maximum=365,
        help="从协议期起之日起算（自然日）。逾期在待办日历中标红，仍可登记。",
        silence="附件2只要求“有入驻后的发展规划”，没有写明何时提出。",
    ),
)  # fmt: skip
