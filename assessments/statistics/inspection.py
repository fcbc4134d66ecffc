"""How many inspections were made, what did they find, and what of it is still to be put right [5.2]?"""

from django.db.models import Count, Q

from assessments.models import Finding, FindingStatus, Inspection, InspectionLine, InspectionStatus
from workshops.statistics.period import Period
from workshops.statistics.table import Measure, Table

MADE = (InspectionStatus.RECORDED, InspectionStatus.CLOSING, InspectionStatus.CLOSED)


def tables(period: Period) -> list[Table]:
    """Two queries. The findings of the period as they stand today."""
    inspections = Inspection.objects.filter(inspect_on__range=period.days).exclude(
        status=InspectionStatus.CANCELLED
    )
    made = inspections.aggregate(
        planned=Count("pk"),
        made=Count("pk", filter=Q(status__in=MADE)),
        closed=Count("pk", filter=Q(status=InspectionStatus.CLOSED)),
    )
    unsettled = ~Q(status=FindingStatus.CLOSED)
    found = Finding.objects.filter(inspection__inspect_on__range=period.days).order_by().values("severity")
    found = found.annotate(
        n=Count("pk"),
        closed=Count("pk", filter=~unsettled),
        open=Count("pk", filter=unsettled),
        overdue=Count("pk", filter=unsettled & Q(fix_by__lt=period.today)),
    )
    found = {row["severity"]: row for row in found}
    empty = {"n": 0, "closed": 0, "open": 0, "overdue": 0}
    return [
        Table(
            "inspections", "检查", "检查", (Measure("次数", unit="次"),),
            [("已安排", made["planned"]), ("已检查", made["made"]), ("已办结", made["closed"])],
        ),
        Table(
            "findings", "检查发现的问题", "程度",
            (
                Measure("问题", unit="个"), Measure("已整改", unit="个"), Measure("未整改", unit="个"),
                Measure("其中已超期", unit="个"),
            ),
            [
                (label, *(found.get(code, empty)[name] for name in empty))
                for code, label in InspectionLine.Severity.choices
            ],
            empty="这段时间的检查没有发现问题。", note="按检查日期计入；整改情况为今天的。",
        ),
    ]  # fmt: skip
