"""The cards of a year, searched, filtered and sorted; everything is kept in the address [5.2]."""

from collections import Counter

from django.db.models import Count, F, Q
from django.utils import timezone

from assessments.forms.cycle import CardFilter
from assessments.models import Scorecard, ScorecardStatus

S = ScorecardStatus
# code -> (words, order); a total or a place that is not there yet comes last
ORDERS = {
    "": ("按工作室名称", ("studio__name", "pk")),
    "total": ("按总分", (F("total").desc(nulls_last=True), "studio__name", "pk")),
    "place": ("按名次", (F("place").asc(nulls_last=True), "studio__name", "pk")),
    "base": ("按基础分", (F("base").desc(nulls_last=True), "studio__name", "pk")),
}
RUNNING = (S.OPEN, S.SELF_ASSESSED, S.RECONSIDERING)  # whose last day matters


def overdue(rows):
    return rows.filter(status__in=RUNNING, due_on__lt=timezone.localdate())


def cards(request, cycle):
    """(form, rows in their order, is anything asked for)."""
    form = CardFilter(request.GET)
    asked = {name: value for name, value in _cleaned(form).items() if value}
    rows = Scorecard.objects.visible_to(request.user).filter(cycle=cycle)
    if q := asked.get("q"):
        rows = rows.filter(Q(studio__name__contains=q) | Q(leader_name__contains=q))
    for name in ("status", "grade"):
        if name in asked:
            rows = rows.filter(**{name: asked[name]})
    if "overdue" in asked:
        rows = overdue(rows)
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS[""])[1]
    return form, rows.order_by(*order), bool(asked)


def _cleaned(form) -> dict:
    """What of the address makes sense."""
    form.is_valid()
    return form.cleaned_data


# Lines that nobody judged yet, read with the rows of a page.
LEFT = Count("lines", filter=Q(lines__points=None))


def counts_of(cycles) -> dict[int, dict[str, int]]:
    """cycle -> status or grade -> number, and under "overdue" those behind their day; one query."""
    late = Q(status__in=RUNNING, due_on__lt=timezone.localdate())
    rows = Scorecard.objects.filter(cycle__in=[cycle.pk for cycle in cycles]).order_by()
    rows = rows.values("cycle", "status", "grade").annotate(n=Count("pk"), late=Count("pk", filter=late))
    found = {cycle.pk: Counter() for cycle in cycles}
    for row in rows:
        counts = found[row["cycle"]]
        counts[row["status"]] += row["n"]
        counts["overdue"] += row["late"]
        if row["status"] != S.EXCLUDED:
            counts["standing"] += row["n"]
            counts[row["grade"]] += row["n"]
    return found
