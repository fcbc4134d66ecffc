"""The two registers, and the page of one studio with its people, recognition and residency [1]."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from park.audit import history_of, timeline
from park.tables import Page
from workshops.actions.recognition import ended_recognition
from workshops.models import LeaderChangeStatus, Studio
from workshops.permissions import is_of_studio, is_office, is_officer, reads_registers
from workshops.permissions.leader_change import reports_leader_change
from workshops.permissions.person import keeps_persons
from workshops.tables.studio import REGISTERS, StudioFilter
from workshops.views.tabs import studio_and_office, tab_context, visible_studio


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
    persons = row.persons.select_related("skill_level", "education", "gender")
    context = tab_context(request, row, "workshops:studio") | {
        "leader": row.leader(),
        "members": persons.filter(is_leader=False, left_on=None),
        "left": persons.exclude(left_on=None).order_by("-left_on"),
        "recognitions": row.recognitions.select_related("level"),
        "residencies": row.residencies.all(),
        "is_officer": is_officer(request.user, row),
        "may_edit": keeps_persons(request.user, row),
        "may_report": reports_leader_change(request.user, row),
        "sees_accounts": is_officer(request.user, row) or is_of_studio(request.user, row),
        "ended": ended_recognition(row) if is_office(request.user) else None,
        "leader_change": row.leader_changes.exclude(status=LeaderChangeStatus.CANCELLED).first(),
        "history": timeline(history_of(row)[:50]) if studio_and_office(request.user, row) else [],
    }
    return render(request, "workshops/studio.html", context)
