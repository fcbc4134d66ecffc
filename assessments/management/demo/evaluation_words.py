"""What was true of the studios of the demo, and in which words it was said. Tables only."""

ALL = object()  # the whole 分值

# What each basic item was worth; what is not named was whole, None is what the records say.
_SOME = {"A2.2": None}
TRUTH = {
    "studio1": _SOME | {"A2.3": 5},
    "studio2": _SOME | {"A2.3": 5, "A2.5": 0, "A2.9": 0, "A2.10": 0, "A2.14": 0},
    "studio3": _SOME,
    "studio4": _SOME | {"A2.3": 5, "A2.5": 0, "A2.9": 0, "A2.10": 0, "A2.11": 8},
    "studio5": _SOME | {"A2.3": 5, "A2.11": 10, "A2.13": 0},
    "studio6": _SOME | {"A2.11": 10, "A2.14": 0},
    "studio7": _SOME | {"A2.3": 5, "A2.8": 0, "A2.10": 0, "A2.12": 0, "A2.13": 0},
    "studio8": _SOME
    | {"A2.3": 5, "A2.10": 0, "A2.11": 0, "A2.12": 0, "A2.13": 0, "A2.14": 0},
    "studio9": _SOME | {"A2.3": 5, "A2.10": 0, "A2.11": 10},
    "studio10": _SOME | {"A2.10": 0, "A2.11": 4, "A2.12": 0, "A2.13": 0},
    "studio11": _SOME
    | dict.fromkeys(
        ("A2.3", "A2.4", "A2.8", "A2.9", "A2.10", "A2.11", "A2.12", "A2.13", "A2.14"), 0
    ),
}  # fmt: skip

# What the panel graded, in its order, with the reason of each: whoever registered an economic effect.
GRADES = {
    "studio1": (("good", "工装推广的节约有财务证明。"), ("good", ""), ("fair", "效益主要来自一家企业。")),
    "studio2": (("fair", ""), ("fair", "服务合同金额不大。"), ("none", "没有看到财务证明的原件。")),
    "studio3": (
        ("excellent", "技术服务收入增长快，发票齐全。"),
        ("excellent", "已注册公司，带动就业。"),
        ("good", ""),
    ),
    "studio5": (("fair", ""), ("good", "快速换模已在两家企业使用。"), ("fair", "")),
}

# The running year: who handed in, how far verification and panel have come (None: every item).
HALF = ("A2.1", "A2.2", "A2.3", "A2.4", "A2.5", "A2.6", "A2.7", "A2.8", "A2.11")
RUNNING = {
    "studio2": {"judged": (), "graded": 0, "closed": False},
    "studio3": {"judged": HALF, "graded": 2, "closed": False},
    "studio5": {"judged": None, "graded": 3, "closed": True},
    "studio8": {"judged": ("A2.1", "A2.4"), "graded": 0, "closed": False},
}
# Who has begun: the items that are answered.
PARTLY = {
    "studio1": ("A2.1", "A2.2", "A2.3", "A2.4", "A2.6", "A2.7", "A2.10", "A2.14"),
    "studio9": ("A2.1", "A2.6", "A2.7"),
}

STATEMENTS = {
    "studio1": "全年开展培训4期，结对带徒2人，完成攻关1项，组织技术交流和展示各1次。",
    "studio2": "全年以企业委托的焊接技术服务和技能培训为主。",
    "studio3": "全年培训规模和技术服务收入都有增长，工作室已升级为技能创业。",
    "studio5": "全年完成模具快速换模攻关，编写培训教程1本。",
    "studio8": "因领衔人外派，部分工作没有按计划开展。",
}

# In which words a studio contests what the records say.
WORDS = {
    "A2.1": "门口和室内都有标识，照片见检查记录。",
    "A2.3": "已有三年发展规划，原件见附上的照片。",
    "A2.4": "室内东墙有成果荣誉展示栏。",
    "A2.5": "设备满足正常运作，清单见设备台账。",
    "A2.6": "综合管理制度已经建立，装订在制度汇编中。",
    "A2.7": "领衔人岗位职责已经建立，装订在制度汇编中。",
    "A2.8": "制度张贴在室内西墙。",
    "A2.9": "有年度计划和纸质工作日志，可以现场查看。",
    "A2.10": "台账齐全，其中一部分是纸质的，见附上的照片。",
    "A2.11": "带徒已经出成果，徒弟获奖证书可以现场查看。",
    "A2.12": "攻关项目已经完成并在企业应用。",
    "A2.13": "参加并承办了一次技术交流，签到表可以现场查看。",
    "A2.14": "参加了技能进社区活动，照片见附件。",
}

# Why those who verify found something else than the records say.
FOUND = {"up": "现场核对原件，属实。", "down": "现场核验与记录不一致。"}
REASONS = {
    "up": {
        "A2.1": "现场查看，标识完好。",
        "A2.3": "查阅发展规划原件，内容完整。",
        "A2.5": "现场清点，设备满足运作。",
        "A2.9": "查阅纸质计划表和日志，连续完整。",
        "A2.10": "现场核对纸质台账和缴费凭证，齐全。",
        "A2.11": "查阅协议和获奖证书原件，属实。",
        "A2.13": "查阅签到表和照片，属实。",
        "A2.14": "查阅活动照片和社区签收单，属实。",
    },
    "down": {
        "A2.3": "规划只有目标，没有步骤和时间安排，无实质内容。",
        "A2.5": "主要设备停用待修，影响运作。",
        "A2.8": "制度牌已取下，没有张贴在明显处。",
        "A2.9": "日志有两个月空白，没有年度计划表。",
        "A2.10": "培训花名册和费用台账不齐全。",
        "A2.11": "协议没有签名原件，成果证明不足。",
        "A2.12": "项目没有立项和验收材料。",
        "A2.13": "活动没有签到和照片，无法确认。",
        "A2.14": "活动照片无法确认时间和地点。",
    },
}
