"""The park at a glance: studios, people trained, benefit, rooms, fees, attendance, by year and quarter.

Only counts and sums: no name of a person is read. A constant number of queries for any number of studios.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from park.money import yuan
from park.sheets import Column, Sheet
from workshops.statistics import benefit, output, registers, running
from workshops.statistics.period import Period
from workshops.statistics.table import Measure, Table

SHEET = Sheet(
    "park-statistics",
    "园区统计",
    (
        Column("period", "统计范围", width=16),
        Column("table", "统计表", width=28),
        Column("row", "项目", width=28),
        Column("measure", "指标", width=16),
        Column("count", "数量", "int", width=12),
        Column("money", "金额（元）", "money", width=18),
        Column("decimal", "面积、比例", "decimal", width=14),
        Column("unit", "单位", width=10),
    ),
)

# What other apps add, registered in AppConfig.ready: (heading of the section, period → tables).
SOURCES: dict[str, Callable[[Period], list[Table]]] = {}


def register(heading: str, source: Callable[[Period], list[Table]]) -> None:
    """Make a section known; twice is once."""
    SOURCES[heading] = source


@dataclass
class Figures:
    """Everything on the page of one period."""

    period: Period
    sums: list[tuple[str, str]] = field(default_factory=list)  # label, number in words
    sections: list[tuple[str, list[Table]]] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        return [table for _, tables in self.sections for table in tables]

    def flat(self):
        """Rows of `SHEET`."""
        for table in self.tables:
            for row in table.flat():
                yield {"period": self.period.words} | row


def figures(period: Period) -> Figures:
    standing, studios = registers.registers(period)
    stays = registers.stays(period.last)
    used, rooms = registers.occupancy(period)
    amounts, outcomes = output.outcomes(period)
    people, trainings = output.training(period)
    money, fees = running.fees(period)
    present, months = running.attendance(period, stays)
    share = Measure("", "percent")
    sums = [
        ("入驻工作室", f"{standing['resident']} 家"),
        ("名录工作室", f"{standing['affiliated']} 家"),
        ("培训", f"{people['trained']} 人"),
        ("取得证书", f"{people['certified']} 人"),
        ("其中高技能人才", f"{people['high']} 人"),
        ("经济效益", f"{yuan(amounts['benefit'])} 元"),
        ("有偿服务", f"{yuan(amounts['paid_service'])} 元"),
        ("面积使用率", share.shown(used)),
        ("到园达标率", share.shown(present)),
        ("今天欠费", f"{yuan(money['arrears'])} 元"),
    ]
    sections = [
        ("工作室", [registers.in_park(period, stays), *studios]),
        ("人才培养", trainings),
        ("成果和效益", [output.earnings(period), *outcomes]),
        ("房间和费用", [rooms, *fees]),
        ("优惠政策", [benefit.benefits(period)]),
        ("到园", [months]),
        *((heading, source(period)) for heading, source in SOURCES.items()),
    ]
    return Figures(period, sums, sections)
