"""The two registers, and the page of one studio with its people, recognition and residency [1]."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from park.audit import history_of, timeline
from park.tables import Page
from workshops.conditions.residency import notices_on
from workshops.models import STANDING, LeaderChangeStatus, Studio
from workshops.permissions import is_office, reads_registers
from workshops.tables.public import why_public
from workshops.tables.studio import REGISTERS, StudioFilter
from workshops.views.tabs import tab_context, visible_studio


@require_safe
def studios(request):
    """One register at a time, searched and filtered; a studio is led to its own page."""
    if not reads_registers(request.user):
        return redirect("workshops:mine")
    asked = request.GET.get("register")
    register = asked if asked in REGISTERS else "resident"
    rows = getattr(Studio.objects.visible_to(request.user), register)()
    found = StudioFilter(request.GET, queryset=rows)
    rows = found.qs if found.is_valid() else rows
    context = {
        "register": register,
        "registers": REGISTERS,
        "filter": found,
        "page": Page.of(
            rows.order_by("name", "pk"),
            request.GET.get("page", 1),
            related=("district", "craft_field", "level"),
        ),
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "is_office": is_office(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "workshops/studios.html", context)


@require_safe
def mine(request):
    """To one's own studio; a choice where there are several."""
    own = list(Studio.objects.of(request.user).order_by("name"))
    if len(own) == 1:
        return redirect(own[0])
    if not own and not request.user.has_role("applicant"):
        raise PermissionDenied("您的账号没有对应的工作室。")
    return render(request, "workshops/mine.html", {"studios": own})


@require_safe
def studio(request, key):
    """What the studio is: facts, people, recognition, residencies and what happened."""
    row = visible_studio(request, key)
    residencies, context = list(row.residencies.all()), tab_context(request, row, "workshops:studio")
    own, office = context["is_own"], is_office(request.user)
    is_resident = any(residency.status in STANDING for residency in residencies)
    here = list(row.persons.filter(left_on=None))
    changes = row.leader_changes.visible_to(request.user).exclude(status=LeaderChangeStatus.CANCELLED)
    events = list(row.recognitions.select_related("level"))
    context |= {
        "leader": next((person for person in here if person.is_leader), None),
        "members": [person for person in here if not person.is_leader],
        "recognitions": events,
        "residencies": residencies,
        "is_resident": is_resident,
        "notices": notices_on(residencies[0], request.user) if residencies else [],
        "is_officer": office and not own,
        "may_edit": office or own,
        "ended": events[0] if office and is_resident and events and events[0].is_ending else None,
        "leader_change": changes.first(),
        "shown": why_public(row) if office or own else None,
        "history": timeline(history_of(row)[:50]) if office or own else [],
    }
    return render(request, "workshops/studio.html", context)
