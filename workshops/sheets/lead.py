"""The register of masters to win over as a sheet [M1.4]: out only, without mobiles."""

from park.sheets import Column, Sheet
from workshops.models import AttractionLead, LeadStatus

LEADS = Sheet(
    "leads",
    "招引线索",
    (
        Column("number", "编号", width=16),
        Column("name", "姓名", width=12),
        Column("craft", "职业（工种）"),
        Column("craft_field__label", "专业领域"),
        Column("origin__label", "来源地", width=12),
        Column("province", "省份", width=10),
        Column("city", "城市", width=10),
        Column("unit_name", "所在单位", width=28),
        Column("honours", "荣誉称号", width=30),
        Column("source", "线索来源", width=24),
        Column("intent", "意向程度", "choice", choices=lambda: _labels(AttractionLead.Intent), width=10),
        Column("status", "状态", "choice", choices=lambda: _labels(LeadStatus), width=10),
        Column("next_contact_on", "下次联系日期", "date", width=14),
        Column("application_number", "申报编号", width=16),
        Column("given_up_why", "放弃原因", width=30),
    ),
)


def _labels(choices) -> dict:
    return {label: value for value, label in choices.choices}


def lead_rows(leads):
    """One query; `leads` is a query set."""
    names = [column.name for column in LEADS.columns]
    yield from leads.order_by("-added_at", "-pk").values(*names).iterator(2000)
