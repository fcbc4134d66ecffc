"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
    "check_in": "到园签到",
    "void_check_in": "作废签到",
    "ask_for_leave": "申请请假",
    "close_park": "登记园区关闭",
    "open_park": "取消园区关闭",
}
