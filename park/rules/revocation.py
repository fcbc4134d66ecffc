"""What the park decides about taking the right to be in the park away, and about coming back [5.4]."""

from park.rules.definition import RuleDef

REVOCATION_GROUP = "取消资格"

REVOCATION = (
    RuleDef(
        "revocation_notice_days", REVOCATION_GROUP, "告知书出具和送达期限", "5.4", "days", 5, unit="个工作日",
        minimum=1, maximum=60,
        help="提出以后、出具告知书以后，各应在这个期限内办理下一步。超过期限在待办中标红。",
        silence="规定列出取消资格的四种情形，没有写明程序和期限。",
    ),
    RuleDef(
        "revocation_defence_days", REVOCATION_GROUP, "陈述申辩期限", "5.4", "days", 5, unit="个工作日", minimum=3,
        maximum=30,
        help="告知书送达的次日起算。期限内没有陈述申辩的，期满后报工作小组决定。",
        silence="规定没有提到告知和陈述申辩；取消资格对工作室影响重大，作出决定前应当听取意见。",
    ),
    RuleDef(
        "revocation_decision_days", REVOCATION_GROUP, "取消资格决定期限", "5.4", "days", 20, unit="个工作日",
        minimum=1, maximum=120,
        help="陈述申辩后或期满后，工作小组应在这个期限内作出决定。",
        silence="规定没有写明由谁决定；比照入驻的审核认定，由工作小组组长凭会议纪要决定，提出人不能作决定。",
    ),
    RuleDef(
        "revocation_service_days", REVOCATION_GROUP, "决定书送达期限", "5.4", "days", 10, unit="个工作日", minimum=1,
        maximum=60,
        help="作出决定后应在这个期限内送达。送达以前，入驻照旧。",
        silence="规定没有写明送达。",
    ),
    RuleDef(
        "revocation_vacate_days", REVOCATION_GROUP, "腾退期限", "5.4", "int", 30, unit="天", minimum=1, maximum=180,
        help="决定书送达的次日起算的自然日。取消资格当日生效，房间在这个期限内交还。",
        silence="规定没有写明腾退的期限。",
    ),
    RuleDef(
        "revocation_public", REVOCATION_GROUP, "公告取消资格的决定", "5.4", "bool", True,
        help="选“是”的，决定书送达后起草公告，经审核后发布才能归档。只公开工作室名称、依据条款和生效日期，不公开事实和理由。",
        silence="规定没有写明是否公开；入驻名单是公开的，变化也应让公众知道。",
    ),
    RuleDef(
        "revocation_remedy", REVOCATION_GROUP, "决定书上的救济途径", "5.4", "text",
        "对本决定不服的，可以依法申请行政复议或者提起行政诉讼。",
        help="印在《取消资格决定书》上，可以写明复议机关和期限；留空的不印。",
        silence="规定没有写明救济途径。",
    ),
    RuleDef(
        "reapply_bar_years", REVOCATION_GROUP, "取消资格后再次申报", "5.4", "int", 1, unit="年", minimum=0, maximum=6,
        help="取消资格生效之日起，这么多年内该领衔人、该工作室不能再次申报；填0的不限制。",
        silence="规定没有写明取消资格后能否再次申报。",
    ),
)  # fmt: skip
