"""What the park decides about putting things right within a time limit [5.4.4]."""

from park.rules.definition import RuleDef

RECTIFICATION_GROUP = "限期整改"
BEFORE = tuple((str(days), f"{days}天" if days else "当天") for days in (60, 30, 15, 7, 3, 0))

RECTIFICATION = (
    RuleDef(
        "rectification_months", RECTIFICATION_GROUP, "整改期限", "5.4.4", "int", 3, unit="个月", minimum=1, maximum=12,
        help="从发出通知的次日起算的公历月，到期月的对应日为最后一天，没有对应日的为月末日；遇休息日不顺延。以发出通知时的设定为准。",
        silence="规定说“经限期整改后仍不达标准”的取消资格，没有写明期限多长。",
    ),
    RuleDef(
        "rectification_extension_months", RECTIFICATION_GROUP, "整改期限最多延长", "5.4.4", "int", 1, unit="个月",
        minimum=0, maximum=3,
        help="期限届满以前可以延长一次，写明原因；填0的不能延长。",
        silence="规定没有提到延长。",
    ),
    RuleDef(
        "rectification_recheck_days", RECTIFICATION_GROUP, "复查期限", "5.4.4", "days", 10, unit="个工作日",
        minimum=1, maximum=60,
        help="工作室报告整改情况的次日起，管理办公室应在这个期限内复查。超过期限在待办中标红，不影响工作室。",
        silence="规定没有写明由谁、在多长时间内复查。",
    ),
    RuleDef(
        "rectification_warning_days", RECTIFICATION_GROUP, "整改期限届满前提醒", "5.4.4", "list", ["30", "7", "0"],
        minimum=1, choices=BEFORE,
        help="届满前这么多天（自然日）各提醒工作室和管理办公室一次；届满的次日再提醒一次。",
        silence="规定没有提到届满前的提醒。",
    ),
)  # fmt: skip
