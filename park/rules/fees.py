"""What the park decides about water, electricity, property fees and rent [5.3]."""

from park.rules.definition import RuleDef

FEES = "水电物业费用"

FEES_OF_THE_PARK = (
    RuleDef(
        "bill_due_days", FEES, "缴费期限", "5.3", "int", 15, unit="天", minimum=1, maximum=90,
        help="账单签发的次日起这么多天内应缴清；期限最后一天缴纳的，不算逾期。",
        silence="规定要求“按时缴纳水电、物业管理等相关费用”，没有写明期限。",
    ),
    RuleDef(
        "bill_remind_before", FEES, "到期前提醒", "5.3", "int", 3, unit="天", minimum=0, maximum=30,
        help="缴费期限前这么多天，系统提醒一次工作室；填 0 表示到期当天提醒。",
        silence="规定没有提到提醒。",
    ),
    RuleDef(
        "bill_dunning_days", FEES, "催缴的时点", "5.3", "list", ["1", "31", "91"], minimum=0,
        help="超过缴费期限满所选天数时，各发一次催缴通知单，同一账单同一时点不重复。",
        silence="规定没有写明逾期不缴怎样催缴。",
        choices=(("1", "逾期1天"), ("15", "逾期15天"), ("31", "逾期31天"), ("61", "逾期61天"), ("91", "逾期91天")),
    ),
    RuleDef(
        "reading_day", FEES, "每月抄表日", "5.3", "int", 25, unit="日", minimum=1, maximum=28,
        help="从每月的这一天起，当月还没有读数的表列入待办。",
        silence="规定没有写明何时抄表。",
    ),
    RuleDef(
        "reading_unusual_factor", FEES, "用量异常的倍数", "5.3", "int", 3, unit="倍", minimum=2, maximum=20,
        help="日均用量超过以往日均用量中位数的这么多倍时，标为异常，出账前请核对；读数不足四次的不判断。",
        silence="规定没有提到用量的核对。",
    ),
    RuleDef(
        "fee_account", FEES, "收款方式", "5.3", "text", "",
        help="印在缴费通知单和催缴通知单上：收款户名、开户银行、账号，或现场缴费的地点和时间。",
        silence="规定没有写明向谁缴纳。",
    ),
)  # fmt: skip
