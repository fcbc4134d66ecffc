"""How many studios of which kind are there, how many were in the park when, and how full is it [1][5.3]?"""

from collections import Counter
from datetime import date

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Sum, Value, When

from workshops.models import Occupancy, Residency, Room, Studio
from workshops.statistics.period import Period
from workshops.statistics.table import Measure, Table, percent

STANDINGS = (("resident", "入驻"), ("affiliated", "名录"), ("former", "曾入驻或已移出"))
BY = (
    ("craft", "craft_field", "专业领域"),
    ("district", "district", "属地"),
    ("level", "level", "认定级别"),
)
NOT_FILLED = "未填写"
AS_NOW = "是否入驻按期末，名录、专业领域、属地和级别按现在的登记。"


def standing_on(day: date):
    """Residencies that stood on this day, the agreement signed or not."""
    return Residency.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), admitted_on__lte=day)


def registers(period: Period) -> tuple[dict, list[Table]]:
    """Counts by standing, and the tables by craft, district and level. One query.

    The residencies are those of the day; what else the register says of a studio is what it says now.
    """
    day, of_studio = period.as_of, Residency.objects.filter(studio=OuterRef("pk"))
    said = Case(
        When(Exists(standing_on(day).filter(studio=OuterRef("pk"))), then=Value("resident")),
        When(is_affiliated=True, then=Value("affiliated")),
        When(
            Exists(of_studio.filter(admitted_on__gt=day)) & ~Exists(of_studio.filter(admitted_on__lte=day)),
            then=Value("later"),
        ),
        default=Value("former"),
        output_field=CharField(),
    )
    words = [f"{path}__{part}" for _, path, _ in BY for part in ("label", "order")]
    rows = Studio.objects.order_by().values(*words, said=said).annotate(n=Count("pk"))
    rows = [row for row in rows if row["said"] != "later"]
    sums = Counter()
    for row in rows:
        sums[row["said"]] += row["n"]
    measures = tuple(Measure(label, unit="家") for _, label in STANDINGS)
    tables = []
    for code, path, title in BY:
        found: dict[tuple, Counter] = {}  # in the order of the code list, those without an entry last
        for row in rows:
            label = row[f"{path}__label"]
            place = (label is None, row[f"{path}__order"] or 0, label or NOT_FILLED)
            found.setdefault(place, Counter())[row["said"]] += row["n"]
        lines = [(place[-1], *(n[key] for key, _ in STANDINGS)) for place, n in sorted(found.items())]
        tables.append(
            Table(
                f"studios_{code}",
                f"工作室（按{title}）",
                title,
                measures,
                lines,
                empty="还没有登记工作室。",
                note=AS_NOW,
            )
        )
    return {key: sums[key] for key, _ in STANDINGS}, tables


def stays(until: date) -> list[tuple[int, date, date | None]]:
    """(studio, first day, last day or None) of every stay that had begun by then. One query."""
    rows = Residency.objects.filter(term_starts_on__lte=until).order_by("term_starts_on", "pk")
    return list(rows.values_list("studio", "term_starts_on", "ended_on"))


def in_park(period: Period, found) -> Table:
    """How many were in the park, the agreement signed, at the ends of the last eight quarters."""
    rows = [
        (label, sum(first <= day and (end is None or end > day) for _, first, end in found))
        for label, day in period.quarter_ends()
    ]
    return Table(
        "in_park", "在园工作室", "季度末", (Measure("在园", unit="家"),), rows, chart="columns",
        note="协议期内、没有退出的工作室；正在进行的季度算到今天。",
    )  # fmt: skip


def occupancy(period: Period) -> tuple[object, Table]:
    """The share of the area that is let, and building by building. One query."""
    day = period.as_of
    held = Occupancy.objects.filter(Q(until=None) | Q(until__gt=day), room=OuterRef("pk"), since__lte=day)
    rows = Room.objects.filter(is_active=True).annotate(held=Exists(held)).order_by("building")
    rows = rows.values("building").annotate(
        rooms=Count("pk"),
        taken=Count("pk", filter=Q(held=True)),
        whole=Sum("area"),
        let=Sum("area", filter=Q(held=True)),
    )
    lines = []
    for row in rows:
        let = row["let"] or 0
        lines.append(
            (row["building"], row["rooms"], row["taken"], row["whole"], let, percent(let, row["whole"]))
        )
    share = percent(sum(line[4] for line in lines), sum(line[3] for line in lines))
    return share, Table(
        "occupancy", "房间使用", "楼栋",
        (
            Measure("房间", unit="间"), Measure("在用", unit="间"), Measure("面积", "area"),
            Measure("已用", "area"), Measure("使用率", "percent"),
        ),
        lines, drawn=(4,), empty="还没有登记房间。", note="房间只计现在可供安排的。",
    )  # fmt: skip
