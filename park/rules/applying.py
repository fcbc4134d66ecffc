"""What the park decides about applying, the initial review, files and its own address."""

from park.rules.definition import RuleDef

INTAKE = "申报受理"
REVIEW = "材料初审"
FILES = "上传文件"
PRIVACY = "个人信息"
OFFICE = "办理信息"

APPLYING = (
    # ── 申报受理 [3.2.1] ────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "intake_mode", INTAKE, "申报受理方式", "3.2.1", "choice", "open",
        help="常年受理：任何时候都可以提交。分批受理：只在某一批次的起止日期内可以提交，草稿随时可以填写。",
        silence="规定只说“均可申请入驻”，没有规定申报时间。",
        choices=(("open", "常年受理"), ("batches", "分批受理")),
    ),
    RuleDef(
        "unit_recommendation_modes", INTAKE, "推荐意见可由谁出具", "A1", "list",
        ["employer", "association", "local", "none"], minimum=1,
        help="“所在单位推荐意见”一栏可采用的方式；不是由所在单位推荐的，申报人须说明理由。至少选一项。",
        silence="申报表只有“领衔人所在单位推荐意见”一栏，没有规定个体从业者、民间艺人由谁推荐。",
        choices=(
            ("employer", "领衔人所在单位"),
            ("association", "行业协会"),
            ("local", "镇（街道）或所在地人社部门"),
            ("none", "无单位说明"),
        ),
    ),
    RuleDef(
        "recommendation_link_days", INTAKE, "单位在线确认链接的有效期", "A1", "int", 14,
        unit="天", minimum=1, maximum=90,
        help="发给单位的一次性链接在这么多天（自然日）后失效，可以重新生成。",
        silence="规定只要求推荐意见盖章，没有提到在线确认；打印盖章的方式始终可用。",
    ),
    RuleDef(
        "member_total_includes_leader", INTAKE, "工作室成员总人数包含领衔人", "A1", "bool", True,
        help="选“是”时，成员总人数应等于成员表行数加1；选“否”时，应等于成员表行数。",
        silence="申报表没有说明“工作室成员总人数”是否包含领衔人。",
    ),
    RuleDef(
        "other_id_types_allowed", INTAKE, "领衔人可使用居民身份证以外的证件", "A1", "bool", False,
        help="打开后，领衔人可改填护照、来往内地通行证等证件号码，出生年月和性别由本人填写。",
        silence="申报表只有“身份证号码”一栏，没有规定无居民身份证的领衔人如何填写。",
    ),
    RuleDef(
        "originals_copies", INTAKE, "应交纸质申报表份数", "A1", "int", 2, unit="份", minimum=1, maximum=9,
        help="打印提示和收件登记按这个份数计算。",
        silence="申报表注明“此表一式两份”；份数照此设定，何时收取没有规定。",
    ),
    RuleDef(
        "draft_retention_days", INTAKE, "未提交草稿的保留期限", "3.2.1", "int", 180,
        unit="天", minimum=30, maximum=1095,
        help="草稿在最后一次修改后保留这么多天（自然日），到期提醒申报人后清除。",
        silence="规定没有提到草稿；期限按个人信息最小必要原则设定。",
    ),
    # ── 材料初审 [3.2.2] ────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "initial_review_days", REVIEW, "材料初审期限", "3.2.2", "days", 10,
        unit="个工作日", minimum=1, maximum=60,
        help="从提交的次日起算，补正期间不计。超过期限在待办中标红，不影响申报人。",
        silence="规定有“材料初审”这一环节，没有规定办理时限。",
    ),
    RuleDef(
        "correction_days", REVIEW, "补正期限", "3.2.2", "days", 10, unit="个工作日", minimum=1, maximum=60,
        help="申报人收到一次性告知书后补正材料的时间，从发出的次日起算。",
        silence="规定没有提到补正。",
    ),
    RuleDef(
        "correction_rounds", REVIEW, "补正次数", "3.2.2", "int", 1, unit="次", minimum=0, maximum=5,
        help="材料初审中最多可以要求补正几次；需要补正的内容应一次告知。",
        silence="规定没有提到补正。",
    ),
    RuleDef(
        "correction_lapse", REVIEW, "逾期未补正视为撤回申请", "3.2.2", "bool", True,
        help="选“是”时，补正期限届满次日自动办结为撤回，申报人可以重新申报；选“否”时，由管理办公室处理。",
        silence="规定没有提到补正，也没有规定逾期不补正的后果。",
    ),
    RuleDef(
        "correction_reminder_days", REVIEW, "补正到期前提醒", "3.2.2", "days", 3,
        unit="个工作日", minimum=0, maximum=30,
        help="期限届满前这么多个工作日提醒申报人；0 表示只在当天提醒。",
        silence="规定没有提到补正。",
    ),
    # ── 上传文件 ────────────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "upload_max_mb", FILES, "单个文件大小上限", "3.2.1", "int", 20, unit="MB", minimum=1, maximum=100,
        help="PDF、图片、文档和表格的上限。",
        silence="规定没有提到网上申报；上限按系统承受能力设定。",
    ),
    RuleDef(
        "video_max_mb", FILES, "单个视频大小上限", "3.2.1", "int", 200, unit="MB", minimum=1, maximum=1024,
        help="MP4 视频的上限。",
        silence="规定没有提到网上申报；上限按系统承受能力设定。",
    ),
    # ── 个人信息 ────────────────────────────────────────────────────────────────────────────────────
    RuleDef(
        "pi_response_days", PRIVACY, "个人信息请求的答复期限", "个人信息保护法第五十条", "days", 15,
        unit="个工作日", minimum=1, maximum=30,
        help="查阅、复制、更正、删除个人信息或撤回同意的请求，应在这个期限内答复。",
        silence="规定没有提到；《个人信息保护法》要求及时答复，没有规定天数。",
    ),
    # ── 办理信息：显示在办事指南 ────────────────────────────────────────────────────────────────────
    RuleDef(
        "office_place", OFFICE, "办理地点", "5.1", "text", "",
        help="显示在办事指南和告知书中；不填则不显示。",
        silence="规定只说由管理办公室负责日常运行，没有写明地点。",
    ),
    RuleDef(
        "office_phone", OFFICE, "咨询电话", "5.1", "text", "",
        help="显示在办事指南和告知书中；不填则不显示。请填办公电话，不填个人手机。",
        silence="规定没有写明电话。",
    ),
    RuleDef(
        "office_hours", OFFICE, "办理时间", "5.1", "text", "工作日 9:00–12:00、13:30–17:00",
        help="显示在办事指南和告知书中；不填则不显示。",
        silence="规定没有写明办理时间。",
    ),
)  # fmt: skip
