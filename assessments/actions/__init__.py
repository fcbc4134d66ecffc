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
    "draft_results": "起草考核结果公告",
}
