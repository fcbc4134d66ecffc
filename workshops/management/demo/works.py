"""Which works did the studios of the demo do, as their ledgers will say [2][A2]? Tables only.

The works of everybody, what some have beside them, and what some lack: so that the cards of a year differ.
"""

# fmt: off
# kind, days ago, title, values; {unit} and {craft} are of the studio, {leader} and {member} of its people
WORKS = (
    ("plan", 360, "{year}年度工作计划", {"plan_type": "year", "goals": "培训 120 人次，带徒 2 名，完成攻关 1 项，组织交流 2 次。"}, 330),
    ("plan", 355, "入驻后三年发展规划", {"plan_type": "development", "goals": "建成区域性{craft}实训和攻关中心，培养高级技师 3 名。"}, 1000),
    ("training", 320, "{craft}（四级）短期培训", {"mode": "short", "audience": "school", "planned": 32, "teacher": "{leader}", "hours": 40, "place": "镇江技师学院"}, 5),
    ("training", 215, "{craft}专业课", {"mode": "course", "audience": "school", "planned": 38, "teacher": "{leader}", "hours": 64}, 20),
    ("training", 110, "企业在职职工{craft}提升班", {"mode": "medium", "audience": "enterprise", "planned": 24, "teacher": "{member}", "hours": 48, "host": "{unit}"}, 15),
    ("training", 60, "社会人员{craft}入门班", {"mode": "short", "audience": "public", "planned": 18, "teacher": "{member}", "hours": 24}, 4),
    ("apprenticeship", 300, "{leader}与{member}师徒协议", {"apprentice": "{member}", "master": "{leader}", "unit": "{unit}", "outcome": "contest", "outcome_on": 90, "outcome_text": "获市级竞赛一等奖。"}, 700),
    ("project", 280, "{craft}工序质量攻关", {"project_type": "tackle", "commissioner": "enterprise", "commissioner_name": "{unit}", "difficulty": "批量生产时一次合格率偏低，返工多。", "result": "合格率由 91% 提高到 98%。", "benefit": 35_000_000, "leader": "{leader}"}, 120),
    ("exchange", 190, "镇江市{craft}技术交流会", {"exchange_type": "meeting", "scope": "region", "people_count": 46, "place": "创新楼报告厅", "content": "操作法演示、难题会诊和青年技工座谈。"}, None),
    ("exchange", 75, "{craft}绝技展示活动", {"exchange_type": "show", "scope": "inside", "people_count": 80, "place": "园区一楼大厅", "content": "现场演示，邀请院校师生观摩。"}, None),
    ("service", 170, "{craft}送技能进社区", {"service_type": "community", "people_count": 60, "place": "桃花坞社区", "content": "义务检修和技能咨询。"}, None),
    ("service", 50, "{craft}进校园", {"service_type": "campus", "people_count": 120, "place": "镇江技师学院", "content": "开学第一课：一名技工的成长。"}, None),
    ("contest", 150, "江苏省职业技能竞赛{craft}项目", {"contest_level": "province", "contestant": "{member}", "result": "二等奖", "days": 25}, 20),
    ("method", 130, "{craft}四步操作法", {"method_type": "operation", "author": "{leader}", "units": 3, "content": "将经验固化为四个步骤，附检验要点。"}, None),
    ("media", 140, "大师工作室里的年轻人", {"media_type": "press", "media_level": "city", "outlet": "镇江日报", "link": "https://example.com/news"}, None),
    ("achievement", 135, "一种{craft}用定位工装", {"achievement_type": "patent", "achievement_level": "national", "patent_type": "utility", "owner": "{leader}", "certificate_no": "ZL2026演示{number:04}"}, None),
    ("benefit", 100, "工装推广节约的费用", {"benefit_type": "innovation", "amount": 56_000_000, "unit": "{unit}", "basis": "按节约工时和材料核算，附财务证明。"}, 10),
    ("paid_service", 95, "{craft}设备维护服务", {"service_type": "guidance", "client": "{unit}", "amount": 8_000_000, "contract_no": "YS-{number:03}"}, None),
    ("engagement", 250, "{unit}技能顾问", {"post": "consultant", "who": "{leader}", "client": "{unit}"}, 700),
    ("cooperation", 240, "{craft}专业共建", {"cooperation_type": "discipline", "enterprise": "{unit}", "school": "镇江技师学院", "funds": 20_000_000, "content": "共建实训课程两门，企业提供设备。"}, 365),
    ("coaching", 85, "服务定价和合同辅导", {"coaching_type": "marketing", "coach": "{leader}", "content": "对照同类服务核算成本，确定报价和合同要点。"}, None),
    ("sign", 350, "工作室门牌", {"place": "门口"}, None),
    ("showcase", 345, "成果荣誉展示栏", {"place": "室内东墙"}, None),
    ("rules", 348, "工作室综合管理制度", {"rule_type": "general"}, None),
    ("rules", 347, "领衔人岗位职责", {"rule_type": "leader"}, None),
    ("wall", 346, "综合管理制度上墙", {"place": "室内西墙"}, None),
)

# What some studios have besides, this year: account → the same columns.
EXTRAS = {
    "studio1": (
        ("media", 205, "钣金车间里的传承", {"media_type": "tv", "media_level": "city", "outlet": "镇江电视台"}, None),
        ("media", 88, "匠心：一张铁皮的四十年", {"media_type": "tv", "media_level": "province", "outlet": "江苏卫视"}, None),
    ),
    "studio2": (
        ("achievement", 155, "薄壁管焊接变形控制", {"achievement_type": "paper", "achievement_level": "province", "owner": "{leader}", "certificate_no": "ISSN 演示-{number:04}", "authority": "《焊接技术与管理》"}, None),
        ("training", 200, "焊工（三级）集训班", {"mode": "medium", "audience": "enterprise", "planned": 60, "teacher": "{leader}", "hours": 80, "host": "{unit}"}, 30),
    ),
    "studio3": (
        ("media", 165, "数控车间走出的创业者", {"media_type": "press", "media_level": "national", "outlet": "工人日报"}, None),
        ("training", 245, "数控铣工（三级）培训", {"mode": "medium", "audience": "public", "planned": 90, "teacher": "{leader}", "hours": 120}, 45),
        ("training", 125, "数控铣工（四级）委托培训", {"mode": "short", "audience": "enterprise", "planned": 75, "teacher": "{member}", "hours": 48, "host": "{unit}"}, 20),
        ("benefit", 68, "精密零件加工技术服务收入", {"benefit_type": "startup", "amount": 182_000_000, "unit": "{unit}", "basis": "按已开票收入核算，附发票汇总表。"}, 20),
    ),
    "studio5": (
        ("achievement", 210, "注塑模快速换模教程", {"achievement_type": "book", "achievement_level": "city", "owner": "{leader}", "certificate_no": "ISBN 演示-{number:04}", "authority": "江苏职业教育出版中心"}, None),
    ),
    "studio6": (
        ("training", 160, "工业机器人（三级）班", {"mode": "medium", "audience": "school", "planned": 48, "teacher": "{leader}", "hours": 96}, 25),
    ),
}
# What some studios did not do, this year: account → titles begin with, or kinds.
LACKS = {
    "studio2": ("media",),
    "studio4": ("media", "achievement", "coaching"),
    "studio6": ("achievement", "media"),
    "studio7": ("project", "media"),
    "studio8": ("exchange", "media", "achievement", "benefit"),
    "studio9": ("media",),
}
# The year before: the same works a year earlier, but for what holds on, and what each lacked then.
HOLDS_ON = ("sign", "showcase", "rules", "wall", "equipment", "engagement", "cooperation", "startup")
LACKED = {
    "studio2": ("media", "contest"),
    "studio3": ("coaching",),
    "studio4": ("apprenticeship", "media", "achievement", "benefit"),
    "studio5": ("exchange", "media"),
    "studio7": ("project", "media", "achievement"),
    "studio8": ("training", "apprenticeship", "project", "exchange", "service", "media", "achievement", "benefit", "paid_service", "contest", "method", "coaching"),
    "studio9": ("media", "achievement"),
}
# One in so many of a roster has a certificate.
CERTIFIED = {"studio1": 2, "studio2": 2, "studio3": 1, "studio6": 2, "studio8": 9}
# fmt: on


def works_of(account: str):
    """Everybody's works without what this studio lacks, and its own."""
    lacking = LACKS.get(account, ())
    return (*(work for work in WORKS if work[0] not in lacking), *EXTRAS.get(account, ()))


def works_before(account: str):
    """A year earlier."""
    lacking = (*HOLDS_ON, *LACKED.get(account, ()))
    kept = (work for work in (*WORKS, *EXTRAS.get(account, ())) if work[0] not in lacking)
    return tuple(work for work in kept if work[3].get("plan_type") != "development")
