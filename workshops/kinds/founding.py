"""The ledgers of 基础建设, 制度建设 and 日常管理 [A2.1–A2.10]."""

from workshops.kinds import lists
from workshops.kinds.definition import Field, Kind

BASICS, RULES, DAILY = "基础建设", "制度建设", "日常管理"

PLACE = Field("place", "位置", quick=True, max_length=80, example="创新楼201室门口")

# fmt: off
FOUNDING = (
    Kind(
        "sign", "工作室标识", BASICS, ("1",), ("A2.1",),
        (PLACE, Field("text", "标识内容", max_length=120)),
        day_label="设置日期", until_label="拆除日期", counts="term", lasts=True, proof="file", title_example="工作室门牌",
        hint="拍下门牌、铭牌或指示牌；设置后一直有效，不用每年重记。",
    ),
    Kind(
        "showcase", "成果荣誉展示栏", BASICS, ("1",), ("A2.4",),
        (PLACE, Field("text", "展示内容", "longtext", max_length=500)),
        day_label="设置日期", until_label="拆除日期", counts="term", lasts=True, proof="file", title_example="成果荣誉展示栏",
        hint="拍下展示栏全貌；更换内容时可以再记一条。",
    ),
    Kind(
        "equipment", "设备", BASICS, ("1",), ("A2.5",),
        (
            Field("model", "规格型号", column="partner", quick=True, example="CK6140"),
            Field("quantity", "数量", "int", required=True, column="quantity", quick=True, example="2"),
            Field("unit", "计量单位", max_length=10, example="台"),
            Field("value", "原值", "money", column="amount_fen", example="128000"),
            Field("owner", "来源", "choice", choices=lists.OWNER, column="category"),
            Field("state", "状况", "choice", choices=lists.CONDITION, required=True, quick=True),
            Field("place", "存放位置"),
            Field("asset_no", "资产编号", max_length=40, column="certificate_no"),
        ),
        day_label="到位日期", until_label="退出日期", counts="term", lasts=True, title_label="设备名称", title_example="数控车床",
        hint="工作室正常运作必备的设备，一种一条；在用期间每年都算。",
    ),
    Kind(
        "rules", "制度文件", RULES, ("5.3",), ("A2.6", "A2.7"),
        (
            Field("rule_type", "制度种类", "choice", choices=lists.RULE, required=True, column="category", quick=True),
            Field("document_no", "文号或版本", max_length=40, column="certificate_no"),
            Field("summary", "主要内容", "longtext", max_length=500),
        ),
        day_label="施行日期", until_label="废止日期", counts="term", lasts=True, proof="file", title_label="制度名称", title_example="工作室综合管理制度",
        items_by_category=(("general", ("A2.6",)), ("leader", ("A2.7",)), ("other", ())),
        hint="综合管理制度和领衔人岗位职责各至少一份；施行期间每年都算。",
    ),
    Kind(
        "wall", "规章制度上墙", RULES, ("5.3",), ("A2.8",),
        (PLACE, Field("text", "上墙的制度", "longtext", max_length=500)),
        day_label="张贴日期", until_label="撤下日期", counts="term", lasts=True, proof="file", title_example="综合管理制度上墙",
        hint="拍下张贴在明显处的制度。",
    ),
    Kind(
        "plan", "工作计划", DAILY, ("2", "5.3"), ("A2.3", "A2.9"),
        (
            Field("plan_type", "计划种类", "choice", choices=lists.PLAN, required=True, column="category", quick=True),
            Field("goals", "主要目标", "longtext", required=True, max_length=2000, quick=True),
            Field("measures", "主要措施", "longtext", max_length=2000),
        ),
        day_label="计划期起", until_label="计划期止", until_required=True, counts="term", title_label="计划名称", title_example="2026年度工作计划",
        items_by_category=(("development", ("A2.3",)), ("year", ("A2.9",)), ("quarter", ("A2.9",)), ("month", ("A2.9",))),
        hint="入驻后的发展规划证明第3项，年度、季度、月度计划证明第9项。",
    ),
    Kind(
        "log", "工作日志", DAILY, ("5.3",), ("A2.9",),
        (
            Field("content", "工作内容", "longtext", required=True, max_length=2000, quick=True),
            Field("place", "地点"),
            Field("hours", "用时（小时）", "int", column="quantity", example="6"),
        ),
        title_label="事项", title_example="数控车床教学与工装调试",
        hint="做了什么、谁参加、有什么结果；几句话就行，可以附照片。",
    ),
)
# fmt: on
