"""What the park decides about repairs, safety and its house rules [5.3]."""

from park.rules.definition import RuleDef

REPAIR = "报修"
SAFETY = "安全管理"
HOUSE_RULES = "规章制度"

FACILITIES = (
    RuleDef(
        "repair_response_days", REPAIR, "报修受理期限", "5.3", "days", 1, unit="个工作日", minimum=0, maximum=10,
        help="工作室报修后，后勤保障单位应在这个期限内受理；标为“紧急”的当天受理。",
        silence="规定只要求“自觉维护公用设施”，没有规定报修和维修的期限。",
    ),
    RuleDef(
        "repair_finish_days", REPAIR, "维修完成期限", "5.3", "days", 5, unit="个工作日", minimum=1, maximum=60,
        help="受理时没有另行约定完成日期的，按这个期限计算；期限定下后不顺延。",
        silence="规定没有规定维修期限。",
    ),
    RuleDef(
        "repair_confirm_days", REPAIR, "工作室确认维修结果的期限", "5.3", "days", 3, unit="个工作日",
        minimum=1, maximum=30,
        help="维修完成后请报修方在这个期限内确认，逾期在待办中标明。",
        silence="规定没有提到维修结果的确认。",
    ),
    RuleDef(
        "hazard_days", SAFETY, "一般隐患的整改期限", "5.3", "days", 5, unit="个工作日", minimum=1, maximum=60,
        help="安全检查登记隐患时没有另定期限的，按这个期限计算，不顺延。",
        silence="规定只要求“共同做好安全保卫工作”，没有规定隐患整改期限。",
    ),
    RuleDef(
        "hazard_days_serious", SAFETY, "重大隐患的整改期限", "5.3", "days", 1, unit="个工作日", minimum=0, maximum=10,
        help="标为“重大”的隐患按这个期限整改。",
        silence="规定没有区分隐患的轻重。",
    ),
    RuleDef(
        "hazard_recheck_days", SAFETY, "隐患复查期限", "5.3", "days", 2, unit="个工作日", minimum=1, maximum=20,
        help="答复整改后，安全检查人员应在这个期限内复查。",
        silence="规定没有提到复查。",
    ),
    RuleDef(
        "safety_letter_days", SAFETY, "安全责任书签订期限", "5.3", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="发出安全责任书后，应在这个期限内收回签字盖章件。",
        silence="规定没有提到安全责任书；安全保卫责任由入驻工作室共同承担。",
    ),
    RuleDef(
        "house_rule_read_days", HOUSE_RULES, "阅读规章制度的期限", "5.3", "days", 5, unit="个工作日",
        minimum=1, maximum=60,
        help="规章制度发布新版本后，入驻工作室人员应在这个期限内阅读确认。",
        silence="规定要求“自觉遵循园区各项规章制度”，没有说明怎样知晓。",
    ),
    RuleDef(
        "breach_statement_days", HOUSE_RULES, "工作室说明违规情况的期限", "5.3", "days", 5, unit="个工作日",
        minimum=1, maximum=30,
        help="登记违规后，工作室可在这个期限内作出说明，逾期仍可说明。",
        silence="规定没有提到违规记录的说明程序。",
    ),
)  # fmt: skip
