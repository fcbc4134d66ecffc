"""The ledgers of 合作服务: cooperation, paid services, and the road to a firm of one's own [1.1][1.3][4.2]."""

from park.validators import credit_code
from workshops.kinds import lists
from workshops.kinds.definition import Field, Kind

SERVING_GROUP = "合作服务"

# What a field's text must be besides; ValidationError otherwise.
CLEANERS = {"credit_code": credit_code}

# fmt: off
SERVING = (
    Kind(
        "paid_service", "有偿服务", SERVING_GROUP, ("1.3",), ("A2.B4",),
        (
            Field("service_type", "服务种类", "choice", choices=lists.SERVICE, required=True, column="category", quick=True),
            Field("client", "委托单位", required=True, column="partner", quick=True),
            Field("contract_no", "合同编号", max_length=60, column="certificate_no"),
            Field("amount", "合同金额", "money", required=True, column="amount_fen", quick=True, example="80000"),
            Field("received", "已到账", "money", example="40000"),
            Field("content", "服务内容", "longtext", max_length=1000),
        ),
        day_label="签订日期", until_label="完成日期", proof="file", title_label="项目名称", title_example="冲压线模具维护服务",
        hint="市场化运作的有偿服务，附合同；同一笔收入在经济效益中不要重复计算。",
    ),
    Kind(
        "engagement", "技能顾问、技术指导师", SERVING_GROUP, ("1.3",), (),
        (
            Field("post", "聘任名义", "choice", choices=lists.POST, required=True, column="category", quick=True),
            Field("who", "受聘人", required=True, column="person", max_length=30, quick=True),
            Field("client", "聘任单位", required=True, column="partner", quick=True),
            Field("pay", "年度报酬", "money", column="amount_fen"),
            Field("content", "服务和指导内容", "longtext", max_length=1000),
        ),
        day_label="聘期起", until_label="聘期止", counts="term", lasts=True, proof="file", title_example="某公司技能顾问",
    ),
    Kind(
        "cooperation", "合作项目", SERVING_GROUP, ("1.3", "2"), (),
        (
            Field("cooperation_type", "合作内容", "choice", choices=lists.COOPERATION, required=True, column="category", quick=True),
            Field("enterprise", "龙头企业", required=True, column="partner", quick=True),
            Field("school", "技工院校", required=True, column="person", max_length=60, quick=True),
            Field("funds", "项目经费", "money", column="amount_fen"),
            Field("content", "合作任务和进展", "longtext", max_length=1000),
        ),
        day_label="开始日期", until_label="结束日期", counts="term", lasts=True, proof="file", title_label="项目名称", title_example="新能源车身专业共建",
        hint="引入关键技术龙头企业与技工院校合作的项目，附协议。",
    ),
    Kind(
        "coaching", "创业孵化辅导", SERVING_GROUP, ("1.1",), (),
        (
            Field("coaching_type", "辅导内容", "choice", choices=lists.COACHING, required=True, column="category", quick=True),
            Field("coach", "辅导人", max_length=60, column="person", quick=True),
            Field("unit", "辅导单位", column="partner"),
            Field("content", "记录", "longtext", required=True, max_length=1000, quick=True),
        ),
        title_label="主题", title_example="产品定价与营销辅导",
        hint="辅助利用专业技能特长转化为生产力的每一次辅导。",
    ),
    Kind(
        "startup", "升级为技能创业", SERVING_GROUP, ("1.1", "4.2"), (),
        (
            Field("credit_code", "统一社会信用代码", required=True, max_length=18, column="certificate_no", quick=True),
            Field("representative", "法定代表人", max_length=30, column="person"),
            Field("capital", "注册资本", "money", column="amount_fen"),
            Field("business", "经营范围", "longtext", max_length=1000),
        ),
        day_label="登记注册日期", proof="file", title_label="企业名称", title_example="镇江某某技能科技有限公司",
        hint="工作室升级为技能创业的里程碑，附营业执照；是申请创业补贴的依据。",
    ),
)
# fmt: on
