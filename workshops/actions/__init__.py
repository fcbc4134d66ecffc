"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
    "check_in": "到园签到",
    "void_check_in": "作废签到",
    "ask_for_leave": "申请请假",
    "close_park": "登记园区关闭",
    "open_park": "取消园区关闭",
    "add_studio": "登记工作室",
    "change_studio": "修改工作室资料",
    "strike_off_studio": "移出全市名录",
    "put_back_studio": "列入全市名录",
    "add_studio_account": "增加办理账号",
    "remove_studio_account": "移除办理账号",
    "add_person": "登记成员",
    "change_person": "修改人员资料",
    "leave_studio": "登记离开",
    "record_recognition": "登记认定事项",
    "report_leader_change": "报告领衔人离任",
    "add_lead": "登记招引线索",
    "change_lead": "修改招引线索",
    "log_contact": "登记联系",
}
