"""What is written about inspections beside the steps of their procedures, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "plan_inspections": "制定检查计划",
    "plan_inspection": "安排检查",
    "save_inspection": "保存检查记录",
    "add_inspection_photo": "添加检查照片",
    "remove_inspection_photo": "删除检查照片",
    "change_inspectors": "调整检查人员",
    "open_finding": "登记问题",
    "issue_rectification": "发出限期整改通知",
    "warn_of_rectification": "整改期限提醒",
    "add_rectification_photo": "添加复查照片",
    "remove_rectification_photo": "删除复查照片",
    "propose_revocation": "提出取消资格",
    "draft_revocation_note": "起草取消资格公告",
}
