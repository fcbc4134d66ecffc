"""The ledgers of 成果产出 and of the bonus items [2.1–2.4][A2.11–A2.14][A2.B1–A2.B4]."""

from workshops.kinds import lists
from workshops.kinds.definition import Field, Kind

OUTPUT, BONUS = "成果产出", "加分"

# fmt: off
PRODUCING = (
    Kind(
        "training", "培训", OUTPUT, ("2.2", "1.4"), ("A2.11", "A2.B1"),
        (
            Field("mode", "培训形式", "choice", choices=lists.TRAINING, required=True, column="category", quick=True),
            Field("audience", "面向", "choice", choices=lists.AUDIENCE, required=True, column="level", quick=True),
            Field("planned", "参加人数", "int", required=True, column="quantity", quick=True, example="32"),
            Field("teacher", "授课人", required=True, column="person", max_length=60),
            Field("hours", "课时", "int", example="16"),
            Field("place", "地点"),
            Field("host", "合作或委托单位", column="partner"),
            Field("content", "培训内容", "longtext", max_length=1000),
        ),
        day_label="开始日期", until_label="结束日期", counts="end", roster=True, title_label="培训名称", title_example="数控车工（四级）短期培训",
        hint="先记培训，再登记花名册；取得证书的学员填证书种类、编号和日期，才计入人才培养加分。",
    ),
    Kind(
        "apprenticeship", "名师带徒", OUTPUT, ("2.2", "1.4"), ("A2.11",),
        (
            Field("apprentice", "徒弟", required=True, column="person", max_length=30, quick=True),
            Field("master", "师傅", required=True, max_length=30, quick=True),
            Field("unit", "徒弟所在单位", column="partner", quick=True),
            Field("craft", "职业（工种）", max_length=60),
            Field("goals", "传授内容和目标", "longtext", max_length=1000),
            Field("outcome", "带徒成果", "choice", choices=lists.OUTCOME, column="category", help="还没有出成果的先不填，出成果后补记。"),
            Field("outcome_on", "取得成果日期", "date", column="outcome_on", when=("outcome", tuple(code for code, _ in lists.OUTCOME))),
            Field("outcome_text", "成果说明", "longtext", max_length=500, when=("outcome", tuple(code for code, _ in lists.OUTCOME))),
            Field("certificate_no", "证书或文件编号", max_length=60, column="certificate_no"),
        ),
        day_label="签约日期", until_label="协议期止", until_required=True, counts="term", proof="file", title_label="师徒协议", title_example="王某与李某师徒协议",
        hint="附签字的师徒协议；协议期内每年都算结对，成果按取得的年份算。",
    ),
    Kind(
        "project", "技术攻关、革新", OUTPUT, ("2.1",), ("A2.12",),
        (
            Field("project_type", "种类", "choice", choices=lists.PROJECT, required=True, column="category", quick=True),
            Field("commissioner", "任务来源", "choice", choices=lists.COMMISSIONER, required=True, column="level", quick=True),
            Field("commissioner_name", "委托或组织单位", column="partner", quick=True),
            Field("difficulty", "要解决的难题", "longtext", required=True, max_length=1000, quick=True),
            Field("result", "成果", "longtext", max_length=1000),
            Field("outcome_on", "取得成果日期", "date", column="outcome_on"),
            Field("benefit", "经济效益", "money", column="amount_fen", example="350000", help="没有的不填；填了要有证明。"),
            Field("leader", "负责人", max_length=30, column="person"),
        ),
        day_label="开始日期", until_label="完成日期", counts="term", proof="file", title_label="项目名称", title_example="曲轴磨削振纹攻关",
        hint="政府部门、企业、行业协会、职业院校交办或自选的攻关、革新、研修。",
    ),
    Kind(
        "exchange", "交流、研讨、展示", OUTPUT, ("2.3",), ("A2.13",),
        (
            Field("exchange_type", "种类", "choice", choices=lists.EXCHANGE, required=True, column="category", quick=True),
            Field("scope", "范围", "choice", choices=lists.SCOPE, column="level"),
            Field("people_count", "参加人数", "int", column="quantity", quick=True, example="45"),
            Field("place", "地点", quick=True),
            Field("host", "主办或协作单位", column="partner"),
            Field("content", "内容", "longtext", required=True, max_length=1000),
        ),
        until_label="结束日期", proof="file", title_label="活动名称", title_example="镇江市钣金技术交流会",
        hint="业内技术交流会、课题研讨会或展示活动，每年至少一次；附通知、照片或签到。",
    ),
    Kind(
        "service", "技能服务社会", OUTPUT, ("2.3", "1.1"), ("A2.14",),
        (
            Field("service_type", "种类", "choice", choices=lists.COMMUNITY, required=True, column="category", quick=True),
            Field("people_count", "受益人数", "int", column="quantity", quick=True, example="60"),
            Field("place", "地点", quick=True),
            Field("host", "服务对象或组织单位", column="partner"),
            Field("content", "内容", "longtext", required=True, max_length=1000),
        ),
        until_label="结束日期", proof="file", title_label="活动名称", title_example="送技能进社区",
    ),
    Kind(
        "contest", "技能竞赛指导", OUTPUT, ("2.4",), (),
        (
            Field("contest_level", "竞赛级别", "choice", choices=lists.CONTEST_LEVEL, required=True, column="level", quick=True),
            Field("contestant", "选手", required=True, column="person", max_length=60, quick=True),
            Field("unit", "选手所在单位", column="partner"),
            Field("event", "竞赛项目", max_length=60),
            Field("days", "集训天数", "int", column="quantity", example="20"),
            Field("result", "成绩", max_length=60, quick=True, example="一等奖"),
            Field("certificate_no", "获奖证书编号", max_length=60, column="certificate_no"),
        ),
        day_label="指导开始日期", until_label="竞赛日期", counts="end", proof="file", title_label="竞赛名称", title_example="江苏省技能状元大赛",
        hint="对国家、省、市重要职业技能竞赛选手的指导和集训。",
    ),
    Kind(
        "method", "成果总结推广", OUTPUT, ("2.1", "2.3"), (),
        (
            Field("method_type", "种类", "choice", choices=lists.METHOD, required=True, column="category", quick=True),
            Field("author", "总结人", max_length=60, column="person", quick=True),
            Field("units", "推广单位数", "int", column="quantity", example="3"),
            Field("where", "推广应用单位", column="partner"),
            Field("content", "要点和效果", "longtext", required=True, max_length=2000, quick=True),
        ),
        until_label="推广结束日期", proof="file", title_example="薄板钣金四步校形操作法",
        hint="及时总结推广的创新成果、绝技绝活和有特色的生产操作法。",
    ),
    Kind(
        "media", "媒体报道", BONUS, ("2.3", "5.3"), ("A2.B2",),
        (
            Field("media_type", "媒体类型", "choice", choices=lists.MEDIA, required=True, column="category", quick=True),
            Field("media_level", "主办单位级别", "choice", choices=lists.MEDIA_LEVEL, required=True, column="level", quick=True),
            Field("outlet", "媒体名称", required=True, column="partner", quick=True, example="镇江日报"),
            Field("position", "栏目或版面", max_length=60),
            Field("link", "网址", "link", max_length=300, quick=True),
        ),
        day_label="报道日期", proof="file_or_link", title_label="标题", title_example="大国工匠在身边",
        hint="报道工作室建设情况的新闻；附视频截图、报纸扫描件或网址。",
    ),
    Kind(
        "achievement", "专利、奖项、论文、出版", BONUS, ("2.1",), ("A2.B3",),
        (
            Field("achievement_type", "种类", "choice", choices=lists.ACHIEVEMENT, required=True, column="category", quick=True),
            Field("achievement_level", "级别", "choice", choices=lists.AWARD_LEVEL, required=True, column="level", quick=True),
            Field("patent_type", "专利类型", "choice", choices=lists.PATENT, when=("achievement_type", ("patent",))),
            Field("owner", "完成人", required=True, column="person", max_length=60, quick=True),
            Field("certificate_no", "证书号、刊号或书号", required=True, max_length=60, column="certificate_no", quick=True),
            Field("authority", "授予机关、刊物或出版社", column="partner"),
        ),
        day_label="授予或出版日期", proof="file", title_example="一种钣金校形工装",
        hint="国家专利、省级以上奖项、公开发表的论文、公开出版的教材书籍，附证书或封面、目录。",
    ),
    Kind(
        "benefit", "经济效益", BONUS, ("1.1", "2.1"), ("A2.B4",),
        (
            Field("benefit_type", "来源", "choice", choices=lists.BENEFIT, required=True, column="category", quick=True),
            Field("amount", "金额", "money", required=True, column="amount_fen", quick=True, example="560000"),
            Field("unit", "受益单位", required=True, column="partner", quick=True),
            Field("basis", "计算依据", "longtext", required=True, max_length=1000),
        ),
        day_label="起算日期", until_label="截止日期", counts="end", proof="file", title_label="事项", title_example="校形工装推广产生的节约",
        hint="技能创新、创业、绝技展示、技术服务取得的经济效益，附财务或受益单位证明。",
    ),
)
# fmt: on
