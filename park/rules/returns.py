"""What the park decides about the statistical returns of the studios [5.3][T10]."""

from park.rules.definition import RuleDef

RETURNS = "统计报表"

RETURN_RULES = (
    RuleDef(
        "return_due_days", RETURNS, "报表报送期限", "5.3", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="从报送期（月、季、年）结束的次日起算；某种报表可另定期限。期限在开报时确定，以后不因退回或答复而顺延。",
        silence="规定要求“及时报送有关数据、统计报表”，没有规定报送的周期和期限。",
    ),
    RuleDef(
        "return_check_days", RETURNS, "报表审核期限", "5.3", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="管理办公室从工作室报送的次日起审核；超过期限在待办中标红，不影响工作室。",
        silence="规定没有写明由谁、在多长时间内审核报表。",
    ),
    RuleDef(
        "return_answer_days", RETURNS, "疑问答复期限", "5.3", "days", 5, unit="个工作日", minimum=1, maximum=30,
        help="管理办公室对数据提出疑问后，工作室答复或更正的期限；原报送期限不变。",
        silence="规定没有写明对报送数据有疑问时如何处理。",
    ),
    RuleDef(
        "return_remind_days", RETURNS, "到期前提醒", "5.3", "days", 3, unit="个工作日", minimum=1, maximum=20,
        help="报送期限前这么多个工作日，向还没有报送的工作室发一次提醒；逾期当天起再提醒一次。",
        silence="规定没有写明催报方式。",
    ),
)  # fmt: skip
