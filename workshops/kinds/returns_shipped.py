"""The three returns that every installation starts with [5.3][T10]; the office changes them as it likes.

A line: (code, name, unit, kind, source, how it is counted, required).
"""

MEMBERS = ("members", "期末人数", "人", "int", "members", "期末在室人员，含领衔人", True)
TRAINED = ("trained", "培训人次", "人次", "int", "trained", "本期开始的各类培训，按花名册合计", True)
CERTIFIED = (
    "certified",
    "取得证书人数",
    "人",
    "int",
    "certified",
    "本期取得职业资格或技能等级证书的学员",
    True,
)
APPRENTICES = ("apprentices", "带徒人数", "人", "int", "apprentices", "本期内有效师徒协议中的徒弟", True)
PROJECTS = ("projects", "攻关项目数", "项", "int", "projects", "本期内开展的技术攻关、革新项目", True)
EXCHANGES = ("exchanges", "交流活动次数", "次", "int", "exchanges", "技术交流、课题研讨、展示活动", True)
SERVICES = ("services", "社会服务次数", "次", "int", "services", "技能进社区、义务服务等", True)
CONTESTS = ("contests", "竞赛获奖数", "项", "int", "contests", "指导选手在各级竞赛中获奖", True)
MEDIA = ("media", "媒体报道次数", "次", "int", "media", "报道工作室建设情况的新闻", True)
ACHIEVEMENTS = ("achievements", "专利论文数", "项", "int", "achievements", "本期授予的专利和发表的论文", True)
BENEFIT = ("benefit", "经济效益", "元", "money", "benefit", "技能创新、创业、服务取得的经济效益", True)
PAID_SERVICE = ("paid_service", "有偿服务收入", "元", "money", "paid_service", "市场化运作的有偿服务", True)
FUNDS = ("funds", "工作经费支出", "元", "money", "", "用于培训、攻关、材料和设备的支出", True)
DAYS_OPEN = ("days_open", "到园天数", "天", "int", "days_open", "本期有人到园签到的天数", True)
EQUIPMENT = ("equipment", "新增设备价值", "元", "money", "", "本年新购置或受赠的设备", True)
CONVERTED = ("converted", "转化成果数", "项", "int", "", "攻关、革新成果在生产中应用", True)
JOBS = ("jobs", "带动就业人数", "人", "int", "", "创业或服务新增的就业", False)

SHIPPED = (
    (
        "monthly",
        "入驻工作室月报",
        "month",
        "每月结束后报送；已有台账的数据由系统取出，请核对。",
        (MEMBERS, DAYS_OPEN, TRAINED, EXCHANGES, SERVICES, MEDIA),
    ),
    (
        "quarterly",
        "入驻工作室季报",
        "quarter",
        "每季度结束后报送；已有台账的数据由系统取出，请核对，没有的填 0。",
        (
            MEMBERS, TRAINED, CERTIFIED, APPRENTICES, PROJECTS, EXCHANGES, SERVICES, CONTESTS, MEDIA, ACHIEVEMENTS,
            BENEFIT, PAID_SERVICE, FUNDS,
        ),
    ),
    (
        "yearly",
        "入驻工作室年报",
        "year",
        "每年结束后报送，与年度总结一并归档；数据应与考核材料一致。",
        (
            MEMBERS, TRAINED, CERTIFIED, APPRENTICES, PROJECTS, CONVERTED, EXCHANGES, SERVICES, CONTESTS, MEDIA,
            ACHIEVEMENTS, BENEFIT, PAID_SERVICE, FUNDS, EQUIPMENT, JOBS,
        ),
    ),
)  # fmt: skip
