"""What the park decides about the benefits of [4]: who decides them, in which time, and when they stop."""

from park.rules.definition import RuleDef

BENEFIT_GROUP = "优惠政策"
BENEFIT_KINDS = (
    ("startup_subsidy", "创业补贴"),
    ("performance_award", "业绩奖励"),
    ("priority_appointment", "优先受聘"),
    ("priority_nomination", "优先参评"),
)

BENEFITS = (
    RuleDef(
        "benefits_stop_on_rectification", BENEFIT_GROUP, "限期整改期间暂停政策兑现", "4", "bool", True,
        help="选“是”的，限期整改期间不能提出申请、作出决定或拨付落实；整改合格后接着办理。",
        silence="规定没有写明限期整改期间是否享受优惠政策。",
    ),
    RuleDef(
        "benefit_group_decides", BENEFIT_GROUP, "由工作小组组长决定的优惠政策", "4", "list",
        ["startup_subsidy", "performance_award", "priority_nomination"], minimum=0, choices=BENEFIT_KINDS,
        help="选中的，由工作小组组长作出审核决定；没有选中的，由管理办公室另一名工作人员决定。提出人、审核人都不能作决定。",
        silence="规定没有写明优惠政策由谁审核决定。",
    ),
    RuleDef(
        "benefit_review_days", BENEFIT_GROUP, "政策兑现审核期限", "4", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="收到申请的次日起，管理办公室应在这个期限内审核。超过期限在待办中标红，不影响工作室。",
        silence="规定没有写明审核的期限。",
    ),
    RuleDef(
        "benefit_decision_days", BENEFIT_GROUP, "政策兑现决定期限", "4", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="审核后应在这个期限内作出决定。",
        silence="规定没有写明决定的期限。",
    ),
    RuleDef(
        "benefit_delivery_days", BENEFIT_GROUP, "政策兑现落实期限", "4", "days", 20, unit="个工作日", minimum=1, maximum=120,
        help="同意后应在这个期限内拨付、聘任或推荐，并登记凭证。",
        silence="规定没有写明拨付、聘任和推荐的期限。",
    ),
)  # fmt: skip
