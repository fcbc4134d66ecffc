"""The monthly accounts of the park, to take home [5.3]."""

from park.sheets import Column, Sheet

ACCOUNTS = Sheet(
    "accounts",
    "费用对账表",
    (
        Column("studio", "工作室", width=36),
        Column("opening", "期初欠费", "money"),
        Column("billed", "本月应缴", "money"),
        Column("paid", "本月已缴", "money"),
        Column("closing", "期末欠费", "money"),
    ),
)
