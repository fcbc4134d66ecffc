"""What the park decides about its regular inspections [5.2]."""

from park.rules.definition import RuleDef

INSPECTION = "定期检查"

INSPECTIONS = (
    RuleDef(
        "inspection_interval", INSPECTION, "定期检查的间隔", "5.2", "int", 3, unit="个月", minimum=1, maximum=12,
        help="安排检查时按这个间隔给出检查周期，并列出本周期还没有检查过的入驻工作室。",
        silence="规定只说“将定期检查”，没有规定多久检查一次。",
    ),
    RuleDef(
        "inspection_min_inspectors", INSPECTION, "检查人数下限", "5.2", "int", 2, unit="人", minimum=1, maximum=9,
        help="安排检查和完成记录时，检查人员不得少于这个人数。",
        silence="规定没有说由几人检查。",
    ),
    RuleDef(
        "inspection_notice_days", INSPECTION, "检查提前通知期限", "5.2", "days", 2, unit="个工作日",
        minimum=0, maximum=20,
        help="检查日期距通知不足这个期限的，须写明理由（例如不定期抽查）。",
        silence="规定没有说检查是否事先通知。",
    ),
    RuleDef(
        "inspection_confirm_days", INSPECTION, "工作室核对检查记录的期限", "5.2", "days", 3, unit="个工作日",
        minimum=1, maximum=20,
        help="到期没有答复的，管理办公室可以按检查记录办理。",
        silence="规定没有提到检查记录须经工作室核对。",
    ),
    RuleDef(
        "finding_days", INSPECTION, "一般问题的整改期限", "5.2", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="从检查记录确认之日起算；到期没有答复的一直显示为逾期，期限不会顺延。",
        silence="规定没有说检查发现的问题多久整改。",
    ),
    RuleDef(
        "finding_days_serious", INSPECTION, "严重问题的整改期限", "5.2", "days", 3, unit="个工作日",
        minimum=1, maximum=60,
        help="涉及安全等严重问题的整改期限，起算方法相同。",
        silence="规定没有区分问题的轻重。",
    ),
    RuleDef(
        "recheck_days", INSPECTION, "复查期限", "5.2", "days", 5, unit="个工作日", minimum=1, maximum=30,
        help="工作室答复整改后，检查人员应在这个期限内复查。",
        silence="规定没有提到复查。",
    ),
)  # fmt: skip
