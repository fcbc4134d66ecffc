"""What the park decides about agreements, rooms and warnings [4.1][5.3]."""

from park.rules.definition import RuleDef

RESIDENCY_GROUP = "入驻与协议"
WARNINGS = tuple((str(days), f"{days}天" if days else "当天") for days in (180, 120, 90, 60, 30, 15, 7, 0))
ITEMS = (
    "房门钥匙（把）；门禁卡（张）；办公桌（张）；办公椅（把）；文件柜（组）；空调（台）；灯具（套）；"
    "灭火器（具）；水表底数（吨）；电表底数（度）"
)

RESIDENCY = (
    RuleDef(
        "agreement_months", RESIDENCY_GROUP, "入驻协议期限", "5.3", "int", 24, unit="个月", minimum=1, maximum=120,
        help="拟定协议时按这个期限算出协议期止，可以修改。协议期与免租期分别计算，免租期届满入驻不因此终止。",
        silence="规定提到“入驻协议”，没有写明期限；规定写明的2年只是免交房租的期限。",
    ),
    RuleDef(
        "residency_warning_days", RESIDENCY_GROUP, "免租期、协议期届满前提醒", "4.1", "list", ["90", "30", "0"],
        minimum=1, choices=WARNINGS,
        help="届满前这么多天（自然日）各提醒工作室和管理办公室一次。",
        silence="规定写明2年内免交房租，没有提到届满前的提醒。",
    ),
    RuleDef(
        "handover_items", RESIDENCY_GROUP, "房间交接清单的项目", "5.3", "text", ITEMS,
        help="交付房间时预先列出的项目，用分号隔开，括号内写计量单位；带“底数”的为表计读数。每次交接可以增减。",
        silence="规定要求自觉维护公用设施，没有写明交接内容。",
    ),
)  # fmt: skip
