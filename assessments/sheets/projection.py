"""All studios of a year side by side as a sheet: points per item and the sums [5.2][A2]."""

from park.sheets import Column, Sheet


def sheet_of(year: int, items) -> Sheet:
    """The columns follow the items of the edition."""
    return Sheet(
        "projections",
        f"{year}年度得分预测",
        (
            Column("studio", "工作室", width=36),
            Column("leader", "领衔人", width=12),
            Column("field", "专业领域", width=16),
            Column("district", "属地", width=12),
            *(
                Column(item.code, f"{item.order}. {item.content[:24]}（{item.max_points}分）", "decimal", places=1, width=14)
                for item in items
            ),
            Column("base", "基础分", "decimal", places=1, width=10),
            Column("bonus", "附加分", "decimal", places=1, width=10),
            Column("total", "总分", "decimal", places=1, width=10),
            Column("risk", "低于合格线", "bool", width=12),
            Column("computed_at", "计算时间", width=18),
        ),
    )  # fmt: skip
