"""What the park decides about a studio that loses its leader [5.4.2]."""

from park.rules.definition import RuleDef

LEADER_CHANGE_GROUP = "领衔人变更"

LEADER_CHANGE = (
    RuleDef(
        "leader_change_days", LEADER_CHANGE_GROUP, "领衔人接替期限", "5.4.2", "int", 60, unit="天", minimum=7, maximum=365,
        help="从领衔人离任的次日起算的自然日。工作室应在这个期限内提名接替人；逾期没有提名，或提名没有获得同意的，标记为“应提出取消资格”。",
        silence="规定说“领衔大师调离岗位，且无符合要求的人员接替的”取消资格，没有写明多长时间内接替。",
    ),
    RuleDef(
        "leader_review_days", LEADER_CHANGE_GROUP, "接替人条件核对期限", "5.4.2", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="收到提名的次日起，管理办公室应在这个期限内对照入驻条件核对。超过期限在待办中标红，不影响工作室。",
        silence="规定没有写明由谁、在多长时间内核对接替人是否符合要求。",
    ),
    RuleDef(
        "leader_decision_days", LEADER_CHANGE_GROUP, "领衔人变更审核期限", "5.4.2", "days", 20, unit="个工作日", minimum=1, maximum=120,
        help="管理办公室核对后，工作小组应在这个期限内作出审核决定。",
        silence="规定没有写明领衔人变更的审核程序；比照入驻的审核认定由工作小组决定。",
    ),
)  # fmt: skip
