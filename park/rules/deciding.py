"""What the park decides about the road from the site visit to the admission [3.2.2][3.2.3]."""

from park.rules.definition import RuleDef

VISIT = "现场考察"
PANEL = "集中评议"
BALLOT = "投票表决"
LIST = "候选名单与审核认定"
NOTICE = "公示与确定入驻"
ARCHIVE = "案卷保管"

QUORUMS = (("half", "二分之一以上"), ("two_thirds", "三分之二以上"), ("all", "全部到会"))
RETENTIONS = (("permanent", "永久"), ("30", "30年"), ("10", "10年"))
THRESHOLDS = (
    ("more_than_half", "超过二分之一"),
    ("two_thirds", "达到三分之二"),
    ("three_quarters", "达到四分之三"),
)

DECIDING = (
    # ── 现场考察 [3.2.2] ────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "site_visit_days", VISIT, "现场考察期限", "3.2.2", "days", 20, unit="个工作日", minimum=1, maximum=120,
        help="初审通过的次日起，应在这个期限内完成现场考察。超过期限在待办中标红，不影响申报人。",
        silence="规定有“现场考察”这一环节，没有规定办理时限。",
    ),
    RuleDef(
        "visit_min_visitors", VISIT, "现场考察最少人数", "3.2.2", "int", 2, unit="人", minimum=1, maximum=10,
        help="每次考察至少这么多人到场，少于这个人数的记录不能完成。",
        silence="规定没有写明现场考察的人数。",
    ),
    RuleDef(
        "visit_notice_days", VISIT, "现场考察提前通知", "3.2.2", "days", 3, unit="个工作日", minimum=0, maximum=30,
        help="考察日期与发出通知之间至少间隔这么多个工作日；改期的另行通知，不受此限。",
        silence="规定没有提到现场考察的通知。",
    ),
    # ── 集中评议 [3.2.2] ────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "deliberation_days", PANEL, "集中评议期限", "3.2.2", "days", 30, unit="个工作日", minimum=1, maximum=240,
        help="现场考察通过的次日起，应在这个期限内召开专家评议会并表决。",
        silence="规定有“集中评议”“投票表决”环节，没有规定办理时限。",
    ),
    RuleDef(
        "panel_min_seats", PANEL, "专家组最少人数", "3.2.2", "int", 5, unit="人", minimum=3, maximum=35,
        help="专家组人数为单数，且不少于这个数。",
        silence="规定只说“组织有关专家和相关人员”，没有写明人数。",
    ),
    RuleDef(
        "panel_max_per_unit", PANEL, "同一单位的专家最多人数", "3.2.2", "int", 2, unit="人", minimum=1, maximum=10,
        help="随机抽取时，同一单位最多抽取这么多位专家。",
        silence="规定没有写明专家的构成。",
    ),
    RuleDef(
        "panel_avoid_last", PANEL, "上一次评议会的专家不再抽取", "3.2.2", "bool", False,
        help="选“是”时，随机抽取避开上一次评议会的专家。",
        silence="规定没有写明专家是否轮换。",
    ),
    RuleDef(
        "conflict_family_name", PANEL, "同姓且同单位的提示回避", "3.2.2", "bool", True,
        help="专家与领衔人同姓，且所在单位名称相同或相近的，列为待确认的回避事项，由管理办公室确认或说明理由排除。",
        silence="规定没有写明回避情形；同单位、本人始终提示回避，不受这个设定影响。",
    ),
    RuleDef(
        "opinion_assent", PANEL, "专家组评估意见的形成方式", "A1", "choice", "majority",
        help="评估意见起草后，到会且不回避的专家逐一表示同意，达到要求后才能开始投票。",
        silence="申报表有“专家组评估意见”一栏，由组长签字，没有写明怎样形成。",
        choices=(("all", "全体同意"), ("majority", "超过半数同意"), ("chair", "由组长归纳")),
    ),
    # ── 投票表决 [3.2.2] ────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "ballot_voting", BALLOT, "表决方式", "3.2.2", "choice", "secret",
        help="无记名投票：只记录谁已投票，不记录谁投了什么。每次评议会按发出会议通知时的设定。",
        silence="规定只说“投票表决”，没有写明是否记名。",
        choices=(("secret", "无记名投票"), ("open", "记名投票")),
    ),
    RuleDef(
        "ballot_quorum", BALLOT, "到会人数要求", "3.2.2", "choice", "two_thirds",
        help="实到专家与应到专家之比达到要求才能表决。每次评议会按发出会议通知时的设定。",
        silence="规定没有写明到会人数要求。",
        choices=QUORUMS,
    ),
    RuleDef(
        "ballot_threshold", BALLOT, "通过票数要求", "3.2.2", "choice", "two_thirds",
        help="同意票与有表决权人数（到会且不回避）之比达到要求为通过；未投票、弃权、无效票都计入有表决权人数。",
        silence="规定没有写明通过票数要求。",
        choices=THRESHOLDS,
    ),
    RuleDef(
        "ballot_min_voters", BALLOT, "最少表决人数", "3.2.2", "int", 3, unit="人", minimum=1, maximum=35,
        help="回避之后，有表决权的专家少于这个数的，不能表决，须另行组织专家。",
        silence="规定没有写明回避后的人数要求。",
    ),
    RuleDef(
        "reballot_on", BALLOT, "可以重新投票的情形", "3.2.2", "list", ["tie", "all_abstain"], minimum=0,
        help="出现所选情形且未通过时，可以重新投票；没有选的，按不通过处理。",
        silence="规定没有提到重新投票。",
        choices=(("tie", "同意与不同意票数相等"), ("all_abstain", "全部弃权")),
    ),
    RuleDef(
        "reballot_max", BALLOT, "重新投票次数上限", "3.2.2", "int", 1, unit="次", minimum=0, maximum=5,
        help="同一事项在一次评议会上最多重新投票这么多次，之后按最后一轮的结果办理。",
        silence="规定没有提到重新投票。",
    ),
    # ── 候选名单与审核认定 [3.2.2][3.2.3] ───────────────────────────────────────────────────────────
    RuleDef(
        "listing_days", LIST, "编制候选名单期限", "3.2.2", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="表决通过的次日起，应在这个期限内编制候选名单并报送工作小组。",
        silence="规定没有写明时限。",
    ),
    RuleDef(
        "list_ranking", LIST, "候选名单排序", "3.2.2", "choice", "votes_then_filed",
        help="先比同意票占有表决权人数的比例；比例相同的，按所选方式排序。",
        silence="规定只说“确定候选名单”，没有写明怎样排序。",
        choices=(
            ("votes_then_filed", "再按首次提交申报的先后"),
            ("votes_then_condition", "再按参与国家、省、市重点技术攻关项目优先，后按提交先后"),
            ("votes_then_order", "再按评议议程的顺序"),
        ),
    ),
    RuleDef(
        "resolution_days", LIST, "审核认定期限", "3.2.3", "days", 15, unit="个工作日", minimum=1, maximum=60,
        help="候选名单报送的次日起，工作小组应在这个期限内审核认定。",
        silence="规定没有写明时限。",
    ),
    RuleDef(
        "waitlist_months", LIST, "候补有效期", "3.2.3", "int", 12, unit="个月", minimum=1, maximum=36,
        help="列为候补后超过这个期限仍没有空余名额的，提示管理办公室终止候补。",
        silence="规定没有提到候补。",
    ),
    # ── 公示与确定入驻 [3.2.3] ──────────────────────────────────────────────────────────────────────
    RuleDef(
        "public_notice", NOTICE, "确定入驻前公示", "3.2.3", "bool", True,
        help="选“是”时，审核认定同意的须公示期满、异议处理完毕才能确定入驻。",
        silence="规定没有提到公示。",
    ),
    RuleDef(
        "public_notice_days", NOTICE, "公示期", "3.2.3", "days", 5, unit="个工作日", minimum=1, maximum=30,
        help="从发布的次日起算，最后一日为截止日期。",
        silence="规定没有提到公示。",
    ),
    RuleDef(
        "notice_preparation_days", NOTICE, "发布公示期限", "3.2.3", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="审核认定的次日起，应在这个期限内发布公示。",
        silence="规定没有提到公示。",
    ),
    RuleDef(
        "announcement_reviews", NOTICE, "发布审核次数", "3.2.3", "int", 3, unit="次", minimum=1, maximum=3,
        help="公告公示发布前由不同的人逐级审核：初审、复审、终审。",
        silence="规定没有提到发布审核；三审是政府网站信息发布的一般要求。",
    ),
    RuleDef(
        "notice_mailbox", NOTICE, "公示监督邮箱", "3.2.3", "text", "",
        help="印在公示里，供实名反映情况；不填则不显示。请填办公邮箱。",
        silence="规定没有提到公示。",
    ),
    RuleDef(
        "agreement_days", NOTICE, "办理入驻协议期限", "5.3", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="印在入驻通知书里：发出的次日起，应在这个期限内到管理办公室办理入驻协议。",
        silence="规定提到“入驻协议”，没有写明签订的期限。",
    ),
    RuleDef(
        "agreement_bring", NOTICE, "办理入驻协议应带的材料", "5.3", "text",
        "领衔人有效身份证件（当场核对，不留复印件）；盖章的入驻申报表纸质原件一式两份；所在单位同意入驻的证明。",
        help="印在入驻通知书里，各项用分号隔开。",
        silence="规定没有写明签订入驻协议应带的材料。",
    ),
    RuleDef(
        "reapply_after_days", NOTICE, "未入驻后再次申报的间隔", "3.2.1", "int", 0, unit="天", minimum=0, maximum=1095,
        help="告知结果之日起经过这么多天（自然日）才能再次提交申报；0 表示随时可以。",
        silence="规定写明“凡具备入驻条件的均可申请入驻”，没有规定间隔。",
    ),
    # ── 案卷 ────────────────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "retention_admitted", ARCHIVE, "入选申报案卷的保管期限", "档案法实施条例第十九条", "choice", "30",
        help="印在案卷目录上，写入导出的元数据；以本单位经审核的保管期限表为准。",
        silence="规定没有提到档案；保管期限由本单位的保管期限表确定（档案法实施条例第十九条）。",
        choices=RETENTIONS,
    ),
    RuleDef(
        "retention_not_admitted", ARCHIVE, "未入选申报案卷的保管期限", "档案法实施条例第十九条", "choice", "10",
        help="印在案卷目录上，写入导出的元数据；以本单位经审核的保管期限表为准。",
        silence="规定没有提到档案；保管期限由本单位的保管期限表确定（档案法实施条例第十九条）。",
        choices=RETENTIONS,
    ),
)  # fmt: skip
