"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
    # fees
    "set_rate": "登记收费标准",
    "add_meter": "登记计量表",
    "remove_meter": "拆除计量表",
    "record_readings": "录入读数",
    "correct_reading": "更正读数",
    "draft_bill": "出账",
    "record_payment": "登记缴费",
    "reverse_payment": "冲正缴费",
    "remind_bill": "提醒缴费",
    "issue_statement": "出具对账单",
}
