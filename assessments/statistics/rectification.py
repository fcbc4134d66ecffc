"""How many studios had to put things right, how did it end, and whose right was revoked on which ground [5.4]?"""

from django.db.models import Count, Q

from assessments.models import (
    OPEN_ORDER,
    OPEN_REVOCATION,
    TAKEN_EFFECT,
    OrderStatus,
    RectificationOrder,
    Revocation,
)
from workshops.statistics.period import Period
from workshops.statistics.table import Measure, Table

COUNTS = ("n", "open", "passed", "failed", "withdrawn")
ENDS = ("n", "open", "revoked", "dropped")


def tables(period: Period) -> list[Table]:
    """Two queries. What was begun in the period, as it stands today."""
    orders = RectificationOrder.objects.filter(issued_on__range=period.days).order_by().values("ground")
    orders = orders.annotate(
        n=Count("pk"),
        open=Count("pk", filter=Q(status__in=OPEN_ORDER)),
        passed=Count("pk", filter=Q(status=OrderStatus.PASSED)),
        failed=Count("pk", filter=Q(status=OrderStatus.FAILED)),
        withdrawn=Count("pk", filter=Q(status=OrderStatus.WITHDRAWN)),
    )
    by_reason = {row["ground"]: row for row in orders}
    cases = Revocation.objects.filter(proposed_at__date__range=period.days).order_by().values("ground")
    cases = cases.annotate(
        n=Count("pk"),
        open=Count("pk", filter=Q(status__in=OPEN_REVOCATION)),
        revoked=Count("pk", filter=Q(status__in=TAKEN_EFFECT)),
        dropped=Count("pk", filter=Q(status="dropped")),
    )
    by_ground = {row["ground"]: row for row in cases}
    return [
        Table(
            "rectifications", "限期整改", "事由",
            (
                Measure("通知", unit="件"), Measure("办理中", unit="件"), Measure("复查合格", unit="件"),
                Measure("复查不合格", unit="件"), Measure("已撤销", unit="件"),
            ),
            [
                (label, *(by_reason.get(code, {}).get(name, 0) for name in COUNTS))
                for code, label in RectificationOrder.Ground.choices
            ],
            empty="这段时间没有限期整改。", note="按通知日期计入；结果为今天的。",
        ),
        Table(
            "revocations", "取消资格", "情形",
            (
                Measure("提出", unit="件"), Measure("办理中", unit="件"), Measure("取消资格", unit="件"),
                Measure("未取消", unit="件"),
            ),
            [
                (f"五（四）{n}", *(by_ground.get(code, {}).get(name, 0) for name in ENDS))
                for n, (code, _) in enumerate(Revocation.Ground.choices, 1)
            ],
            empty="这段时间没有取消资格的办理。", note="按提出日期计入；结果为今天的。",
        ),
    ]  # fmt: skip
