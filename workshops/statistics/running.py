"""How does the park run: what was billed and paid, what is owed, who was there [5.3][A2.2]?"""

from collections import Counter
from types import SimpleNamespace

from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractQuarter

from workshops import presence
from workshops.actions.attendance import counting, excused_days
from workshops.charges.arrears import BANDS, band_of, days_over
from workshops.models import Bill, BillStatus, Charge, FeeKind, Payment
from workshops.statistics.period import QUARTERS, Period
from workshops.statistics.table import Measure, Table, percent

TOLD = (BillStatus.ISSUED, BillStatus.PAID)


def fees(period: Period) -> tuple[dict, list[Table]]:
    """Billed and received over the quarters, by kind of fee, and what is owed today by its age. Four queries."""
    year = period.whole_year
    billed = (
        Bill.objects.told().filter(period__range=year).order_by().values(quarter=ExtractQuarter("period"))
    )
    billed = {row["quarter"]: row["fen"] for row in billed.annotate(fen=Sum("amount_fen"))}
    paid = Payment.objects.filter(paid_on__range=year).order_by().values(quarter=ExtractQuarter("paid_on"))
    paid = {row["quarter"]: row["fen"] for row in paid.annotate(fen=Sum("amount_fen"))}
    kinds = Charge.objects.filter(is_void=False, bill__status__in=TOLD, period__range=period.days)
    kinds = dict(kinds.order_by().values_list("kind").annotate(fen=Sum("amount_fen")))
    left, bills = Counter(), Counter()
    rows = Bill.objects.overdue(period.today).order_by().values("pay_by")
    for row in rows.annotate(fen=Sum(F("amount_fen") - F("paid_fen")), n=Count("pk")):
        band = band_of(days_over(row["pay_by"], period.today))
        left[band] += row["fen"]
        bills[band] += row["n"]
    wanted = [period.quarter] if period.quarter else QUARTERS
    sums = {
        "billed": sum(billed.get(q, 0) for q in wanted),
        "paid": sum(paid.get(q, 0) for q in wanted),
        "arrears": sum(left.values()),
    }
    tables = [
        Table(
            "fees", f"{period.year}年各季度费用", "季度", (Measure("应缴", "fen"), Measure("实收", "fen")),
            [(f"第{q}季度", billed.get(q, 0), paid.get(q, 0)) for q in QUARTERS], chart="columns",
            drawn=(0, 1), note="应缴按账期、实收按缴费日期计入季度。",
        ),
        Table(
            "fee_kinds", "应缴费用（按种类）", "费用", (Measure("应缴", "fen"),),
            [(label, kinds.get(kind, 0)) for kind, label in FeeKind.choices],
        ),
        Table(
            "arrears", "欠费（今天）", "超过缴费期限", (Measure("欠费", "fen"), Measure("账单", unit="份")),
            [(label, left[label], bills[label]) for *_, label in BANDS], empty="没有超过缴费期限的账单。",
        ),
    ]  # fmt: skip
    return sums, tables


def attendance(period: Period, stays) -> tuple[object, Table]:
    """The share of months that met what [A2.2] asks for, month by month. Queries: those of the settings, the days, and
    where the park excuses absence leave and closures.

    `stays`: (studio, first day, last day or None). A month of which nothing is asked is not counted.
    """
    months, lines = period.months_over, []
    first, last = period.days
    here = [s for s in stays if s[1] <= last and (s[2] is None or s[2] >= first)] if months else []
    studios = {studio for studio, *_ in here}
    days: dict[int, set] = {studio: set() for studio in studios}
    excused = excused_days(studios, first, last) if here else {}
    if here:
        for studio, day in counting(studios).filter(day__range=(first, last)).values_list("studio", "day"):
            days[studio].add(day)
    for month in months:
        records = [
            presence.month_record(month, days[stay.studio], stay.first, stay.last, excused[stay.studio])
            for stay in (SimpleNamespace(studio=s, first=f, last=e) for s, f, e in here)
        ]
        asked = [record for record in records if record.quota]
        met = sum(not record.short for record in asked)
        lines.append((f"{month.month}月", len(asked), met, percent(met, len(asked))))
    share = percent(sum(line[2] for line in lines), sum(line[1] for line in lines))
    return share, Table(
        "attendance", "到园达标", "月份",
        (Measure("应到工作室", unit="家"), Measure("达标", unit="家"), Measure("达标率", "percent")), lines, drawn=(2,),
        chart="columns", empty="还没有过完的月份。",
        note="每月到园不少于10天为达标；不满整月的按天数折算。只计已经过完的月份。",
    )  # fmt: skip
