"""Residencies: the list, one of them with its papers and rooms, its steps, leaving [4.1][5.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from park.audit import history_of, timeline
from park.tables import Page
from park.views.steps import step_buttons, take_step
from workshops.actions import leaving, warning
from workshops.charges.term import days_left
from workshops.conditions.residency import agreement_overdue, hints_on_leaving, notices_on
from workshops.forms.residency import LeaveForm, ReasonForm
from workshops.models import (
    IN_PARK,
    STANDING,
    Agreement,
    EndWarning,
    Handover,
    Occupancy,
    Residency,
    ResidencyStatus,
)
from workshops.permissions import is_logistics, is_of_studio, is_office, reads_registers
from workshops.permissions.residency import (
    brings_signed_papers,
    is_of_residency,
    manages_residency,
    serves_residency,
)
from workshops.tables.residency import SOON, ResidencyFilter
from workshops.views.acting import act_page
from workshops.views.tabs import tab_context, visible_studio, with_known_people
from workshops.workflow.residency import RESIDENCY, WITHOUT_BUTTON


def visible(request, key) -> Residency:
    """The residency, if this person may see it; else 404."""
    rows = Residency.objects.visible_to(request.user).select_related("studio")
    return get_object_or_404(rows, key=key)


def demand(request, residency, predicate):
    if not predicate(request.user, residency):
        raise PermissionDenied("您没有办理这一事项的权限。")


@require_safe
def residencies(request):
    """All residencies for whoever reads the registers."""
    if not reads_registers(request.user):
        raise PermissionDenied("入驻一览供管理办公室和工作小组成员单位查看。")
    found = ResidencyFilter(request.GET, queryset=Residency.objects.visible_to(request.user))
    rows = found.qs if found.is_valid() else found.queryset
    page = Page.of(rows.order_by("-admitted_on", "-pk"), request.GET.get("page", 1), related=("studio",))
    context = {
        "filter": found,
        "page": page,
        "rows": [
            {"residency": row, "rooms": rooms, "ends": countdowns(row)}
            for row, rooms in _with_rooms(page.rows)
        ],
        "is_filtered": any(request.GET.get(name) for name in found.filters),
    }
    return render(request, "workshops/residencies.html", context)


def _with_rooms(rows):
    """Each residency with its rooms in words, in one query."""
    names = {}
    found = Occupancy.objects.filter(residency__in=[r.pk for r in rows], until=None).select_related("room")
    for occupancy in found.order_by("room__building", "room__number"):
        names.setdefault(occupancy.residency_id, []).append(str(occupancy.room))
    return [(row, "、".join(names.get(row.pk, []))) for row in rows]


def countdowns(residency) -> list[dict]:
    """The ends of waiver and term with the days left; amber when near, red when a term is over."""
    if residency.status not in IN_PARK:
        return []
    today, rows = timezone.localdate(), []
    for kind, label, start, end in (
        ("waiver", "免租期", residency.rent_free_from, residency.rent_free_until),
        ("term", "协议期", residency.term_starts_on, residency.term_ends_on),
    ):
        if end is None:
            continue
        left = days_left(end, today)
        is_over = left < 0
        tone = "danger" if is_over and kind == "term" else "wait" if 0 <= left <= SOON else "neutral"
        words = "已届满" if is_over else ("今天届满" if left == 0 else f"还有 {left} 天")
        whole = (end - start).days + 1
        rows.append(
            {
                "kind": kind,
                "label": label,
                "from": start,
                "until": end,
                "left": left,
                "words": words,
                "tone": tone,
                "share": max(0, min(100, round(100 * (whole - left - 1) / whole))),
                "is_near": tone != "neutral",
                "text": warning.sentence(kind, end, today) if tone != "neutral" else "",
            }
        )
    return rows


@require_safe
def residency(request, key):
    return _page(request, visible(request, key))


@require_safe
def studio_residency(request, key):
    """入驻: the newest residency of a studio, or that there is none."""
    studio = visible_studio(request, key)
    row = Residency.objects.visible_to(request.user).filter(studio=studio).select_related("studio").first()
    if row is None:
        context = tab_context(request, studio, "workshops:studio_residency") | {"residency": None}
        return render(request, "workshops/residency.html", context)
    return _page(request, row)


def _page(request, row):
    """One residency as this person may know it."""
    user, studio = request.user, with_known_people(row.studio, request.user)
    own = is_of_studio(user, studio)
    inside = own or is_office(user)
    agreements = Agreement.objects.visible_to(user).filter(residency=row).select_related("document", "scan")
    if own:
        agreements = agreements.exclude(issued_at=None)
    departures = list(row.departures.select_related("asked_by"))
    departure = next((each for each in departures if each.is_open), None)
    unfit = {*WITHOUT_BUTTON}
    if departure is None:
        unfit.add("end_residency")  # “登记退出” comes first and has a button of its own
    if agreement_overdue(row):
        unfit.add("lapse_residency")
    leaves = departure is not None or row.status == ResidencyStatus.REVOKED
    shown = list(agreements) if inside or user.has_role("working_group") else []
    entries = history_of(row).filter(result="ok") if own else history_of(row)
    context = tab_context(request, studio, "workshops:studio_residency") | {
        "residency": row,
        "others": studio.residencies.exclude(pk=row.pk),
        "stage": RESIDENCY.stage(row),
        "steps": step_buttons(
            user,
            RESIDENCY,
            row,
            url=lambda name: reverse("workshops:residency_step", args=[row.key, name]),
            without=unfit,
        ),
        "ends": countdowns(row),
        "agreements": shown,
        "has_open_agreement": any(each.is_open for each in shown),
        "occupancies": _occupancies(row),
        "departure": departure,
        "past_departures": [each for each in departures if not each.is_open],
        "hints": hints_on_leaving(row) if inside and leaves else [],
        "notices": notices_on(row, user),
        "warnings": EndWarning.objects.filter(residency=row)[:20] if inside else [],
        "reads_handovers": inside or is_logistics(user),
        "may_manage": manages_residency(user, row),
        "may_serve": serves_residency(user, row),
        "may_bring": brings_signed_papers(user, row),
        "may_leave": row.status in STANDING and brings_signed_papers(user, row),
        "is_standing": row.status in STANDING,
        "history": timeline(entries[:100]) if inside or is_logistics(user) else [],
    }
    return render(request, "workshops/residency.html", context)


def residency_step(request, key, name):
    """The page of one step; those of the evaluation are taken there."""
    row = visible(request, key)
    if name in WITHOUT_BUTTON:
        raise Http404
    return take_step(
        request,
        RESIDENCY,
        row,
        name,
        template="workshops/residency_step.html",
        plain=is_of_residency(request.user, row),
        extra={"hints": hints_on_leaving(row) if manages_residency(request.user, row) else []},
    )


def _occupancies(residency) -> list[dict]:
    """Each room with its lists, and what can be done about it now."""
    rows = []
    for occupancy in residency.occupancies.select_related("room").prefetch_related("handovers"):
        lists = {handover.kind: handover for handover in occupancy.handovers.all()}
        came = lists.get(Handover.Kind.IN)
        is_assigned = occupancy.until is None and came is not None and not came.is_settled
        rows.append(
            {
                "occupancy": occupancy,
                "handovers": list(lists.values()),
                "is_assigned": is_assigned,
                "is_held": occupancy.until is None and not is_assigned and Handover.Kind.OUT not in lists,
            }
        )
    return rows


# ── leaving ─────────────────────────────────────────────────────────────────────────────────────
def leave(request, key):
    """The studio asks, or the office decides."""
    row = visible(request, key)
    demand(request, row, brings_signed_papers)
    by_studio = is_of_residency(request.user, row)
    form = LeaveForm(request.POST or None, by_studio=by_studio)

    def act(data):
        leaving.ask_to_leave(row, **({"ground": "voluntary"} | data), by=request.user)

    return act_page(
        request,
        form,
        act,
        record=row,
        verb="ask_to_leave",
        title="申请退出" if by_studio else "登记退出",
        done="已登记，请办理房间交还。",
        back=row.get_absolute_url(),
        lead="退出不影响工作室的认定。各房间交还、费用结清后，由管理办公室办结。",
        extra={"hints": hints_on_leaving(row)},
    )


def withdraw_departure(request, key):
    row = visible(request, key)
    demand(request, row, brings_signed_papers)
    departure = row.departures.open().first()
    if departure is None:
        messages.info(request, "没有正在办理的退出，可能已经撤回或办结。")
        return redirect(row)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda data: (leaving.withdraw_departure(departure, reason=data["reason"], by=request.user), None)[1],
        record=row,
        verb="withdraw_departure",
        title="撤回退出",
        done="退出已撤回，入驻照旧。",
        back=row.get_absolute_url(),
    )
