"""待办日历: everything that is due, of one studio and of the whole park [5.3]."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from park.tables import Month
from workshops.duties import TURNS, Scope, collect
from workshops.duties.calendar import calendar_of, monday, weeks
from workshops.duties.collecting import readable
from workshops.forms.duties import AHEAD, DutyFilter
from workshops.permissions import is_logistics, is_office
from workshops.views.tabs import tab_context, visible_studio

ROWS = 100  # of one page


@require_safe
def studio_duties(request, key):
    """What one studio has to do or to expect: late, by week, and the month."""
    studio = visible_studio(request, key)
    context = tab_context(request, studio, "workshops:studio_duties")
    month = Month(request.GET.get("month", ""))
    found = calendar_of(collect(Scope(request.user, studio)), month)
    context |= {"calendar": found, "month": month.context(found.by_day)}
    return render(request, "workshops/studio_duties.html", context)


@require_safe
def duties(request):
    """What is due in the whole park, late first; for the office and for those who serve the park."""
    if not (is_office(request.user) or is_logistics(request.user)):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以查看全园的待办日历。")
    scope = Scope(request.user)
    kinds = readable(scope)
    form = DutyFilter(
        request.GET, kinds=[(kind.code, kind.label) for kind in kinds], turns=list(TURNS.items())
    )
    asked = form.asked
    every = collect(scope, {asked["kind"]} if "kind" in asked else None)
    found = [duty for duty in every if _fits(duty, asked, scope.today)]
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    late = [duty for duty in page.object_list if duty.is_overdue]
    context = {
        "form": form,
        "is_filtered": bool(asked),
        "sums": _sums(every, scope.today),
        "found": len(found),
        "page": page,
        "overdue": late,
        "weeks": weeks([duty for duty in page.object_list if not duty.is_overdue]),
        "undated": [duty for duty in page.object_list if duty.due is None],
    }
    return render(request, "workshops/duties.html", context)


def _fits(duty, asked, today) -> bool:
    if words := asked.get("q"):
        studio = duty.studio
        said = f"{duty.title} {studio.name} {studio.leader_name}" if studio else duty.title
        if words not in said:
            return False
    if "turn" in asked and duty.turn != asked["turn"]:
        return False
    match asked.get("when"):
        case "overdue":
            return duty.is_overdue
        case "week":
            return duty.due is not None and today <= duty.due < monday(today) + timedelta(days=7)
        case "month":
            return duty.due is not None and today <= duty.due <= today + timedelta(days=30)
        case "undated":
            return duty.due is None
        case "all":
            return True
    return duty.due is None or duty.is_overdue or duty.due <= today + timedelta(days=AHEAD)


def _sums(found, today) -> list[tuple[str, int, str]]:
    """(label, number, condition in the address)."""
    return [
        (label, sum(_fits(duty, {"when": when}, today) for duty in found), when)
        for when, label in (("overdue", "已超期"), ("week", "本周内到期"), ("month", "30天内到期"))
    ]
