"""What is written about inspections and cards beside the steps of their procedures, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "plan_inspections": "制定检查计划",
    "plan_inspection": "安排检查",
    "save_inspection": "保存检查记录",
    "add_inspection_photo": "添加检查照片",
    "remove_inspection_photo": "删除检查照片",
    "change_inspectors": "调整检查人员",
    "open_finding": "登记问题",
    "open_cycle": "启动年度考核",
    "change_graders": "确定评等专家",
    "refresh_card": "按最新记录重新计算",
    "remind_self_assessment": "提醒自评",
    "answer_lines": "保存自评",
    "add_evidence": "添加考核证明",
    "remove_evidence": "删去考核证明",
    "judge_line": "核验一项",
    "grade_line": "评等",
    "settle_panel": "汇总评等",
    "reconsider_line": "复核改定一项",
    "find_falsification": "认定弄虚作假",
    "lift_falsification": "撤销弄虚作假认定",
    "draft_results": "起草考核结果公告",
}
