"""年度考核结果汇总表 as a sheet [5.2][A2]: out only, a row for each card."""

from assessments.models import CycleStatus, EvaluationCycle
from assessments.papers.evaluation import summary_data
from park.sheets import Column, Sheet


def _sheet(cycle, items) -> Sheet:
    stage = "" if cycle.status == CycleStatus.CLOSED else "（未办结）"
    return Sheet(
        "evaluation",
        f"{cycle.year}年度考核结果汇总表{stage}",
        (
            Column("number", "序号", "int", width=6),
            Column("studio_name", "工作室", width=36),
            Column("leader_name", "领衔人", width=12),
            *(Column(item["code"], _label(item), "decimal", places=1, width=12) for item in items),
            Column("base", "基础分", "decimal", places=1, width=9),
            Column("bonus", "附加分", "decimal", places=1, width=9),
            Column("total", "总分", "decimal", places=1, width=9),
            Column("place", "名次", "int", width=7),
            Column("grade", "等次", width=10),
            Column("note", "备注", width=30),
        ),
    )


def _label(item) -> str:
    return f"{'加分' if item['is_bonus'] else ''}{item['number']}.{item['content']}"


def export(cycle: EvaluationCycle) -> tuple[Sheet, list[dict]]:
    """The sheet and its rows, in the order of the paper."""
    data = summary_data(cycle)
    codes = [item["code"] for item in data["items"]]
    rows = []
    for number, row in enumerate(data["rows"], 1):
        points = dict(zip(codes, row["points"], strict=True))
        rows.append(
            {key: value for key, value in row.items() if key != "points"} | points | {"number": number}
        )
    return _sheet(cycle, data["items"]), rows
