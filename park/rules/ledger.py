"""What the park decides about the ledgers of the studios [5.3][A2.9–A2.11]."""

from park.rules.definition import RuleDef

LEDGER = "工作室台账"

LEDGER_RULES = (
    RuleDef(
        "ledger_verify_days", LEDGER, "台账核验期限", "5.3", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="从工作室提交的次日起算。超过期限在“台账核验”中标红，不影响工作室。",
        silence="规定只说“及时报送有关数据”，没有规定由谁、在多长时间内核验。",
    ),
    RuleDef(
        "ledger_proof_required", LEDGER, "核验须有证明材料", "A2", "bool", True,
        help="选“是”时，协议、照片、证书等类台账没有附件（媒体报道可用网址）不能提交核验；选“否”时只作提醒。",
        silence="附件2对部分项目写明以视频、报道、证书文件、经济效益为依据，其余项目没有规定证明形式。",
    ),
    RuleDef(
        "ledger_late_days", LEDGER, "补记提醒", "A2.10", "int", 60, unit="天", minimum=1, maximum=365,
        help="登记日期比事项日期晚超过这么多天（自然日）的，核验时提醒是补记；不影响核验。",
        silence="附件2只要求“工作过程台帐齐全”，没有规定何时登记。",
    ),
    RuleDef(
        "ledger_required", LEDGER, "应当齐全的工作过程台账", "A2.10",  "list",
        ["attendance", "log", "training", "apprenticeship", "project", "exchange", "equipment", "fees"], minimum=1,
        help="考核第10项“工作过程台帐齐全”要求具备的台账；工作室的台账页据此提示还缺哪些。",
        silence="附件2要求“工作过程台帐齐全”，没有列出应有哪些台账。",
        choices=(
            ("attendance", "到园签到"),
            ("plan", "工作计划"),
            ("log", "工作日志"),
            ("training", "培训（花名册）"),
            ("apprenticeship", "名师带徒"),
            ("project", "技术攻关、革新"),
            ("exchange", "交流、研讨、展示"),
            ("service", "技能服务社会"),
            ("contest", "技能竞赛指导"),
            ("equipment", "设备"),
            ("fees", "费用"),
        ),
    ),
    RuleDef(
        "b1_certificates", LEDGER, "计入人才培养加分的证书", "A2.B1", "list",
        ["qualification", "skill_level"], minimum=1,
        help="加分项目1按取得这些证书的人数计算；发证日期须在考核年度内，同一人只计一次。",
        silence="附件2写明“以取得国家职业资格证书为准”；水平评价类职业资格已退出目录，由职业技能等级证书接替，规定没有写明是否计入。",
        choices=(
            ("qualification", "职业资格证书"),
            ("skill_level", "职业技能等级证书"),
            ("special", "专项职业能力证书"),
            ("training", "培训合格证"),
        ),
    ),
)  # fmt: skip
