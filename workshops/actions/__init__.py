"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
    "prepare_agreement": "拟定协议",
    "issue_agreement": "出具协议",
    "receive_agreement": "收到签字的协议",
    "check_agreement": "核对协议",
    "return_agreement": "退回协议扫描件",
    "void_agreement": "协议作废",
    "grant_waiver": "登记免租",
    "register_room": "登记房间",
    "change_room": "修改房间",
    "assign_room": "安排房间",
    "release_room": "取消房间安排",
    "start_hand_back": "安排房间交还",
    "save_handover": "填写交接清单",
    "confirm_handover": "园区确认交接清单",
    "answer_handover": "工作室答复交接清单",
    "sign_handover": "登记签字的交接单",
    "ask_to_leave": "提出退出",
    "withdraw_departure": "撤回退出",
    "warn_of_end": "届满提醒",
}
