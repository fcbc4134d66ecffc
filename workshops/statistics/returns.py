"""What do the returns of one period add up to, in all, by craft and by district, against the period before [5.3]?

A constant number of queries, however many studios report. Money stays in fen; an average is over those who reported the
figure.
"""

from dataclasses import dataclass, field

from django.db.models import Avg, Count, Sum

from workshops.kinds.returns import period_of
from workshops.models import (
    REPORTED,
    ReturnDefinition,
    ReturnFigure,
    ReturnStatus,
    ReturnValue,
    StatisticalReturn,
)

STUDIO = "statistical_return__residency__studio"
NOT_SAID = "未填写"


@dataclass
class Line:
    """One figure of the period and of the one before."""

    figure: ReturnFigure
    count: int = 0
    total: object = None
    average: object = None
    total_before: object = None

    @property
    def change(self):
        """More or less than before; None where one of the two is not known."""
        if self.total is None or self.total_before is None:
            return None
        return self.total - self.total_before

    @property
    def percent(self):
        """The same in per cent; None for none before."""
        return None if self.change is None or not self.total_before else self.change / self.total_before * 100


@dataclass
class Aggregate:
    """The figures of one period of one definition."""

    lines: list = field(default_factory=list)
    by_craft: list = field(default_factory=list)  # {label, count, totals [in the order of lines]}
    by_district: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)  # status → returns
    reported: int = 0  # how many are added up


def periods_of(code: str) -> list[tuple]:
    """(first, last) of every period of the definition that was opened, the latest first."""
    rows = StatisticalReturn.objects.filter(definition_code=code).order_by("-first_on")
    return list(rows.values_list("first_on", "last_on").distinct())


def counts_of(rows) -> dict[str, int]:
    """status → how many of these returns."""
    return dict(rows.order_by().values("status").annotate(n=Count("pk")).values_list("status", "n"))


def current_definitions() -> list[ReturnDefinition]:
    return list(ReturnDefinition.objects.current().order_by("period", "title", "pk"))


def aggregate(code: str, period_kind: str, first, *, accepted_only=False) -> Aggregate:
    """Sums and averages of what was reported for the period that begins on `first`."""
    statuses = (ReturnStatus.ACCEPTED,) if accepted_only else REPORTED
    before = period_of(period_kind, first).before.first
    found = Aggregate(
        counts=counts_of(StatisticalReturn.objects.filter(definition_code=code, first_on=first))
    )
    found.reported = sum(found.counts.get(status, 0) for status in statuses)
    now, then = _sums(code, first, statuses), _sums(code, before, statuses)
    for figure in ReturnFigure.objects.of_period(code, first):
        line = Line(figure)
        if row := now.get(figure.code):
            line.count, line.total, line.average = row["n"], row["total"], row["average"]
        if (row := then.get(figure.code)) and row["kinds"] == {figure.kind}:
            line.total_before = row["total"]
        found.lines.append(line)
    found.by_craft = _groups(code, first, statuses, "craft_field", found.lines)
    found.by_district = _groups(code, first, statuses, "district", found.lines)
    return found


def _values(code, first, statuses):
    return ReturnValue.objects.filter(
        statistical_return__definition_code=code,
        statistical_return__first_on=first,
        statistical_return__status__in=statuses,
        value__isnull=False,
    ).order_by()


def _sums(code, first, statuses) -> dict[str, dict]:
    """figure code → {n, total, average, kinds}; the same figure of two versions is one, unless its kind changed."""
    found = {}
    rows = _values(code, first, statuses).values("figure__code", "figure__kind")
    for row in rows.annotate(n=Count("pk"), total=Sum("value"), average=Avg("value")):
        known = found.setdefault(row["figure__code"], {"n": 0, "total": 0, "kinds": set()})
        known["n"] += row["n"]
        known["total"] += row["total"]
        known["average"] = known["total"] / known["n"]
        known["kinds"].add(row["figure__kind"])
    return found


def _groups(code, first, statuses, name, lines) -> list[dict]:
    """The sums per craft or district, in the order of its list; those of whom it is not known come last."""
    path = f"{STUDIO}__{name}"
    rows = _values(code, first, statuses).values("figure__code", f"{path}__label", f"{path}__order")
    groups = {}
    for row in rows.annotate(total=Sum("value"), n=Count("statistical_return", distinct=True)):
        label, order = row[f"{path}__label"], row[f"{path}__order"]
        group = groups.setdefault(
            label or NOT_SAID, {"label": label or NOT_SAID, "order": (order is None, order), "by": {}, "n": 0}
        )
        group["by"][row["figure__code"]] = row["total"]
        group["n"] = max(group["n"], row["n"])
    ordered = sorted(groups.values(), key=lambda group: (group["order"], group["label"]))
    return [
        {
            "label": group["label"],
            "count": group["n"],
            "totals": [(line.figure, group["by"].get(line.figure.code)) for line in lines],
        }
        for group in ordered
    ]
