"""What does the 入驻协议 say [2][4.1][5.2][5.3][5.4]?"""

from park.wording import OFFICE, REGULATION, chinese_date

DUTIES = (
    ("技术研发攻关", "承担政府部门、企（行）业及职业院校组织的技术攻关、技术创新、技能研修等任务，解决生产技术难题，"
     "并将创新成果、绝技绝活、具有特色的生产操作法及时总结推广"),
    ("技能技艺传承", "培训或在生产实践中开展传、帮、带活动，加快培养紧缺性技能人才和技术骨干"),
    ("技术交流推广", "承担和参与行业性、区域性技术技能培训、交流、协作和推广活动，活跃本地技能文化宣传和学术交流氛围"),
    ("技能竞赛指导", "对国家、省、市各类重要职业技能竞赛的参赛选手进行技能指导和集训，促进选手技能水平提升"),
)  # fmt: skip
GROUNDS = (
    "经考核后被注销或撤销的",
    "领衔大师调离岗位，且无符合要求的人员接替的",
    "工作室大师或工作室因违法违纪行为或者重大过失，给国家、集体、他人造成重大损失和严重后果的",
    "绩效评估不合格或在工作中弄虚作假，经限期整改后仍不达标准的",
)


def agreement(said: dict, *, print_label: str = ""):
    """入驻协议, or its supplement. Keys: kind (first, supplement), studio_name, leader_name, unit_name, source,
    admitted_on, rooms [{room, floor, area}], area (total), no_room_reason, term_starts_on, term_ends_on,
    rent_free_from, rent_free_until, former_ends_on, ground, extra. Days are ISO texts."""
    days = (
        "admitted_on",
        "term_starts_on",
        "term_ends_on",
        "rent_free_from",
        "rent_free_until",
        "former_ends_on",
    )
    return "documents/residency_agreement.html", {
        "print_label": print_label,
        "office": OFFICE,
        "regulation": REGULATION,
        "duties": DUTIES,
        "grounds": GROUNDS,
        **said,
        **{name: chinese_date(said.get(name) or "") for name in days},
    }
