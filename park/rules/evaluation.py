"""What the park decides about the yearly evaluation on Annex 2 [5.2][A2]: readings of its items, grades, time limits.

The values that count for a year are copied when it is opened.
"""

from park.rules.definition import RuleDef

SCORING = "考核评分"
GRADING = "考核等次"
EVALUATING = "考核程序"

# Readings of the printed items; `assessments.scoring` takes them by these keys.
READINGS = (
    RuleDef(
        "a2_2_method", SCORING, "到园时间的计算方法", "A2.2", "choice", "monthly",
        help="按月计分取平均：每月从20分起少一天扣2分，扣完为止，全年取各月平均。累计扣分：全年缺少的天数合计，每天扣2分。全年平均：按月平均到园天数计算缺少的天数。",
        silence="细则写“每月到园时间不少于10天”“少一天扣2分”，没有写明全年怎样合计。10天×2分正好是20分，可见扣分按一个月设计。",
        choices=(("monthly", "按月计分取平均"), ("total", "全年累计扣分"), ("average", "按全年平均天数")),
    ),
    RuleDef(
        "a2_9_partial", SCORING, "计划表和日志只有其一", "A2.9", "choice", "0",
        help="工作计划表和工作日志只建立了一样时的得分。",
        silence="细则并列“工作计划表和工作日志”，写“没有建立的不得分”，没有给出一半的分值。",
        choices=(("0", "不得分"), ("3", "得3分")),
    ),
    RuleDef(
        "a2_11_residual", SCORING, "第11项未写明扣法的4分", "A2.11", "choice", "training",
        help="细则列明的扣分合计11分，本项15分。选“未开展培训扣4分”时，四个部分合计正好15分；选“只扣列明的”时，本项最低4分。",
        silence="细则写明未建立花名册、未带徒、未出成果的扣分，没有写明未开展培训怎样扣。",
        choices=(("training", "未开展培训扣4分"), ("literal", "只扣列明的")),
    ),
    RuleDef(
        "a2_11_agreement", SCORING, "结对签约的年度", "A2.11", "choice", "active",
        help="按“年内有效”时，协议期覆盖考核年度任何一天都算；按“年内签订”时，只算签约日期在考核年度内的。",
        silence="细则写“每年结对签约带徒传艺不少于1人”，没有写明是年内新签还是年内有效。",
        choices=(("active", "年内有效"), ("signed", "年内签订")),
    ),
    RuleDef(
        "a2_12_benefit", SCORING, "攻关项目须有经济效益证明", "A2.12", "bool", False,
        help="选“是”时，没有登记经济效益的项目不得分；选“否”时，开展了项目就得分，核验时写明效益情况。",
        silence="考核内容写“并产生一定的经济效益”，评分标准没有写明未产生效益怎样扣。",
    ),
    RuleDef(
        "a2_13_minimum", SCORING, "“一次以上”的次数", "A2.13", "int", 1, unit="次", minimum=1, maximum=2,
        help="达到这个次数得分。",
        silence="细则写“每年开展一次以上”，没有写明是否含一次；比照民法典第一千二百五十九条，“以上”包括本数。",
    ),
    RuleDef(
        "b1_bands", SCORING, "培训人数分档的边界", "A2.B1", "choice", "upper",
        help="归入下一档：50人得5分、100人得10分、200人得20分。归入上一档：50人得10分、100人得15分、200人得20分。",
        silence="细则的档次在50、100、200处重叠，没有写明边界归入哪一档。",
        choices=(("upper", "50、100归入下一档"), ("lower", "50、100归入上一档")),
    ),
    RuleDef(
        "b1_min_level", SCORING, "计入人才培养的最低等级", "A2.B1", "choice", "any",
        help="只计取得这个等级以上证书的人员。",
        silence="项目名称写“高技能人才”，评分标准写“技能人才”，没有写明等级。",
        choices=(("any", "不限等级"), ("L3", "三级/高级工以上")),
    ),
    RuleDef(
        "b2_new_media", SCORING, "新媒体报道计分", "A2.B2", "bool", False,
        help="选“是”时，新媒体按主办单位级别与电视台、报刊同样计分。",
        silence="细则写“电视台、报刊”，没有提到新媒体。",
    ),
    RuleDef(
        "b2_same_story", SCORING, "同一报道多家刊播", "A2.B2", "choice", "each",
        help="标题相同的报道由几家媒体刊播时，每家各计一次，或只计级别最高的一次。同一家媒体重复刊播只计一次。",
        silence="细则写“每次5、10、20分”，没有提到转载。",
        choices=(("each", "每家各计一次"), ("once", "只计一次")),
    ),
    RuleDef(
        "b3_city_award", SCORING, "市级奖项计分", "A2.B3", "bool", False,
        help="选“是”时，市级奖项每次计5分；选“否”时，市级的5分只用于论文和教材书籍。",
        silence="考核内容写“省级及以上奖项”，评分标准又有市级5分，没有写明市级奖项是否计分。",
    ),
    RuleDef(
        "b3_patent", SCORING, "国家专利的级别", "A2.B3", "choice", "national",
        help="一律按部级每项20分，或按发明20分、实用新型10分、外观设计5分。",
        silence="细则写“国家专利”，按市、省、部计分，没有区分专利种类。此项建议由管理办公室明确。",
        choices=(("national", "一律按部级"), ("by_type", "按专利种类")),
    ),
    RuleDef(
        "b4_excellent_wan", SCORING, "经济效益评优的金额", "A2.B4", "int", 0, unit="万元", minimum=0, maximum=1_000_000,
        help="年度经济效益达到这个金额时建议评“优”，供专家参考；0为不设金额。",
        silence="细则写“以经济效益为依据，评优、良、中”，没有给出金额。",
    ),
    RuleDef(
        "b4_good_wan", SCORING, "经济效益评良的金额", "A2.B4", "int", 0, unit="万元", minimum=0, maximum=1_000_000,
        help="年度经济效益达到这个金额时建议评“良”，供专家参考；0为不设金额。",
        silence="细则写“以经济效益为依据，评优、良、中”，没有给出金额。",
    ),
    RuleDef(
        "b4_fair_wan", SCORING, "经济效益评中的金额", "A2.B4", "int", 0, unit="万元", minimum=0, maximum=1_000_000,
        help="年度经济效益达到这个金额时建议评“中”，供专家参考；0为不设金额。",
        silence="细则写“以经济效益为依据，评优、良、中”，没有给出金额。",
    ),
)  # fmt: skip

GRADES = (
    RuleDef(
        "pass_basis", GRADING, "合格按哪个分数", "5.4.4", "choice", "base",
        help="按基础分时，加分不能弥补基础分不合格；按总分时，各条分数线都对照总分。",
        silence="规定写“绩效评估不合格”，没有写明按基础分还是总分。",
        choices=(("base", "基础分"), ("total", "总分")),
    ),
    RuleDef(
        "pass_mark", GRADING, "合格分数线", "5.4.4", "int", 60, unit="分", minimum=1, maximum=200,
        help="低于这个分数为不合格。",
        silence="规定没有写明多少分合格。",
    ),
    RuleDef(
        "good_mark", GRADING, "良好分数线", "5.2", "int", 75, unit="分", minimum=1, maximum=200,
        help="达到这个分数为良好。",
        silence="规定没有划分等次。",
    ),
    RuleDef(
        "excellent_mark", GRADING, "优秀分数线", "5.2", "int", 85, unit="分", minimum=1, maximum=200,
        help="达到这个分数，并且总分名次在优秀名额以内的为优秀。",
        silence="规定没有划分等次。",
    ),
    RuleDef(
        "excellent_quota", GRADING, "优秀名额", "5.2", "int", 20, unit="%", minimum=0, maximum=100,
        help="占参加评定等次的工作室的比例，舍去小数，至少1个；按总分排名，末位同分的都算在内。",
        silence="规定没有优秀名额。",
    ),
    RuleDef(
        "full_months", GRADING, "评定等次所需的在园时间", "5.2", "int", 6, unit="个月", minimum=0, maximum=12,
        help="考核年度内在园不满这个时间的，计分但不定等次。",
        silence="规定没有提到年度中途入驻的工作室。",
    ),
    RuleDef(
        "falsified_fails", GRADING, "弄虚作假评为不合格", "5.4.4", "bool", True,
        help="选“是”时，本年度考核中认定弄虚作假的，等次为不合格。",
        silence="规定把绩效评估不合格和弄虚作假并列为限期整改的情形，没有写明弄虚作假的等次。",
    ),
)  # fmt: skip

PROCEDURE = (
    RuleDef(
        "cycle_earliest_month", EVALUATING, "最早启动考核的月份", "5.2", "int", 11, unit="月", minimum=1, maximum=12,
        help="考核年度的这个月1日起可以启动考核。年底前启动的，此后核验的台账在完成核验前重新计算时仍会计入。",
        silence="规定只说“每年进行绩效评估”，没有写明在什么时候。",
    ),
    RuleDef(
        "self_assessment_days", EVALUATING, "自评期限", "5.2", "days", 15, unit="个工作日", minimum=1, maximum=60,
        help="从启动考核的次日起算。期满前3个、1个工作日提醒；逾期未自评的，按系统记录核验。",
        silence="规定只说“每年进行绩效评估”，没有写明自评。",
    ),
    RuleDef(
        "verification_days", EVALUATING, "核验期限", "5.2", "days", 20, unit="个工作日", minimum=1, maximum=90,
        help="从提交自评的次日起，管理办公室应在这个期限内核验。",
        silence="规定没有写明核验的期限。",
    ),
    RuleDef(
        "reconsideration_days", EVALUATING, "申请复核期限", "5.2", "days", 5, unit="个工作日", minimum=1, maximum=30,
        help="从告知初步结果的次日起算，每个工作室可以申请一次复核。",
        silence="规定没有提到复核。",
    ),
    RuleDef(
        "reconsideration_answer_days", EVALUATING, "复核答复期限", "5.2", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="收到复核申请的次日起算；复核不由原核验人员办理。",
        silence="规定没有提到复核。",
    ),
    RuleDef(
        "panel_method", EVALUATING, "专家评等的合成", "A2.B4", "choice", "majority",
        help="取多数：票数最多的等，票数相同的以组长所评为准；取中位：从高到低排在中间的等，人数为双数时取较低的一个。",
        silence="细则写“评优、良、中”，没有写明由谁评、怎样评。",
        choices=(("majority", "取多数"), ("median", "取中位")),
    ),
    RuleDef(
        "panel_graders", EVALUATING, "评等专家人数下限", "A2.B4", "int", 3, unit="人", minimum=1, maximum=15,
        help="评等的专家不少于这个人数，才能得出一个项目的等。",
        silence="细则没有写明由几位专家评等。",
    ),
    RuleDef(
        "publish_results", EVALUATING, "公布考核结果", "5.2", "bool", True,
        help="选“是”时，办结年度考核后可以在网站公布各工作室的等次（不公布分数）。",
        silence="规定没有提到公布考核结果。",
    ),
    RuleDef(
        "risk_from_month", EVALUATING, "提示不合格风险的起始月份", "5.4.4", "int", 7, unit="月", minimum=1, maximum=12,
        help="从当年这个月起，得分预测低于合格线的工作室列入管理办公室的待办。年初各项记录都少，太早提示没有意义。",
        silence="规定没有提到考核之前的提示。",
    ),
)  # fmt: skip

EVALUATION = (*READINGS, *GRADES, *PROCEDURE)

# What a year keeps as it stood when it was opened; the rest of the readings stand with the ledgers and attendance.
FROZEN = (
    *(rule.key for rule in (*READINGS, *GRADES)),
    "panel_method",
    "panel_graders",
    "ledger_required",
    "b1_certificates",
    "attendance_subject",
    "attendance_excuses",
)
