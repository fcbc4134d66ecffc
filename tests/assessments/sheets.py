"""What the papers of [5.4] are filled with where no record is needed."""

from datetime import date

from tests.papers import RARE

ORDER = {
    "number": "ZG-2026-0001", "studio_name": "某工作室", "leader_name": RARE, "ground": "绩效评估不合格",
    "ground_words": "2025年度绩效评估，基础分41.5分，总分41.5分，等次为不合格", "note": "请全体成员参加。",
    "issued_on": date(2026, 3, 5), "months": 3, "first_deadline": date(2026, 6, 5), "deadline": date(2026, 7, 5),
    "extended_why": "设备未到", "is_served_on": None, "reported_at": date(2026, 5, 5), "is_late": False,
    "rechecked_on": date(2026, 7, 8), "recheck_note": "日志仍不完整。", "passed": False,
    "items": [
        {
            "number": n, "clause": clause, "problem": "全年没有工作日志。", "demand": "建立工作日志，逐日记录。",
            "done": "已建立。", "verdict": "不达标", "note": "缺两个月。",
        }
        for n, clause in enumerate(("A2.9", "A2.B1", "5.3"), 1)
    ],
}  # fmt: skip
CASE = {
    "number": "QX-2026-0001", "studio_name": "某工作室", "leader_name": RARE, "clause": "5.4.3",
    "ground": "因违法违纪行为或者重大过失，造成重大损失和严重后果",
    "fact_lines": [("行为", "重大过失：违规动火。"), ("损失和后果", "烧毁两间厂房。")], "facts": "事实清楚。\n证据充分。",
    "defence": "online", "defence_on": date(2026, 5, 8), "defence_text": "不是我室的责任。",
    "defence_answer": "认定书写明原因。\n不予采纳。", "notice_served_on": date(2026, 5, 6), "decision_reason": "后果严重。",
    "minutes_no": "工作小组纪要〔2026〕9号", "minutes_on": date(2026, 5, 20), "contact": "",
}  # fmt: skip
RECEIPT = {
    "studio_name": "某工作室", "leader_name": RARE, "title": "取消资格决定书", "number": "QJ-2026-0001",
    "case": "QX-2026-0001",
}  # fmt: skip
