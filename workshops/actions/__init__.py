"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
    "report_repair": "报修",
    "make_safety_check": "登记安全检查",
    "report_incident": "报告安全事件",
    "settle_incident": "办结安全事件",
    "issue_safety_letter": "发出安全责任书",
    "receive_safety_letter": "收到签字的安全责任书",
    "publish_rule": "发布规章制度",
    "confirm_reading": "阅读确认",
    "remind_readers": "提醒阅读",
    "record_breach": "登记违规",
    "state_breach": "说明违规情况",
    "strike_breach": "撤销违规记录",
}
