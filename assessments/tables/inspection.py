"""Inspections and their problems, searched and filtered; everything is kept in the address [5.2]."""

from django.db.models import Q

from assessments.forms.inspection import InspectionFilter
from assessments.models import Finding, FindingStatus, Inspection, InspectionStatus, Inspector

# What the list of problems may be narrowed to, beside a status.
OVERDUE = "overdue"


def asked_of(request) -> tuple[InspectionFilter, dict]:
    form = InspectionFilter(request.GET)
    return form, form.cleaned_data if form.is_valid() else {}


def inspections(request, asked):
    rows = Inspection.objects.visible_to(request.user)
    if q := asked.get("q"):
        rows = rows.filter(
            Q(residency__studio__name__contains=q)
            | Q(residency__studio__leader_name__contains=q)
            | Q(plan__title__contains=q)
        )
    if asked.get("since"):
        rows = rows.filter(inspect_on__gte=asked["since"])
    if asked.get("until"):
        rows = rows.filter(inspect_on__lte=asked["until"])
    if request.GET.get("status") in InspectionStatus.values:
        rows = rows.filter(status=request.GET["status"])
    return rows


def findings(request, asked):
    """Problems, the longest overdue first; the settled ones only where they are asked for."""
    rows = Finding.objects.visible_to(request.user)
    if q := asked.get("q"):
        rows = rows.filter(Q(inspection__residency__studio__name__contains=q) | Q(problem__contains=q))
    status = request.GET.get("status")
    if status == OVERDUE:
        return rows.overdue()
    return rows.filter(status=status) if status in FindingStatus.values else rows.unsettled()


def inspectors_of(rows) -> dict[int, str]:
    """Who goes, per inspection, in one query."""
    names = {}
    found = Inspector.objects.filter(inspection__in=[row.pk for row in rows]).select_related("user")
    for row in found:
        names.setdefault(row.inspection_id, []).append(str(row.user))
    return {key: "、".join(people) for key, people in names.items()}
