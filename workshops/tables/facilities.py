"""Repairs, safety and house rules as lists: which rows does a person see, narrowed how?"""

from django.db.models import Q

from workshops.models import Hazard, HazardStatus, RepairStatus, RepairTicket

UNFINISHED = "unfinished"


def repairs(request):
    """Repairs of this person's view; the unfinished ones unless the address asks for others."""
    rows = RepairTicket.objects.visible_to(request.user)
    if q := request.GET.get("q", "").strip()[:60]:
        rows = rows.filter(
            Q(number__contains=q.upper())
            | Q(place__contains=q)
            | Q(problem__contains=q)
            | Q(studio__name__contains=q)
        )
    status = request.GET.get("status", UNFINISHED)
    if status in RepairStatus.values:
        return rows.filter(status=status)
    return rows.unfinished() if status == UNFINISHED else rows


def hazards(request):
    rows = Hazard.objects.visible_to(request.user)
    status = request.GET.get("status")
    if status == "overdue":
        return rows.overdue()
    return rows.filter(status=status) if status in HazardStatus.values else rows.unsettled()
