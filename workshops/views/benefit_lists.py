"""政策兑现 of the whole park [4]: the ledger, its totals and export, the registers of appointments and recommendations."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from park import audit, sheets
from park.tables import Page
from workshops.models import Benefit, BenefitKind
from workshops.permissions import is_office
from workshops.permissions.benefit import reads_benefits
from workshops.sheets.benefit import BENEFITS, benefit_rows
from workshops.statistics.benefit import by_kind, paid_by_year, totals
from workshops.tables.benefit import BenefitFilter, RegisterFilter, ranked
from workshops.tables.benefit import appointments as appointed

RANKED = 500  # rows of one order of recommendations


def _readers_only(user):
    if not reads_benefits(user):
        raise PermissionDenied("政策兑现台账供管理办公室和工作小组查看；工作室请在“优惠政策”页查看。")


def _found(request):
    rows = Benefit.objects.visible_to(request.user)
    found = BenefitFilter(request.GET, queryset=rows)
    return found, found.qs if found.is_valid() else rows


@require_safe
def benefits(request):
    """All cases, searched and filtered."""
    _readers_only(request.user)
    found, rows = _found(request)
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(
            rows.order_by("-created_at", "-pk"), request.GET.get("page", 1), related=("studio", "delivery")
        ),
        "query": request.GET.urlencode(),
        "exports": is_office(request.user),
    }
    return render(request, "workshops/benefits.html", context)


@require_safe
def export(request):
    """The same as xlsx, for the office."""
    if not is_office(request.user):
        raise PermissionDenied("导出由管理办公室办理。")
    _, rows = _found(request)
    audit.record("export", "政策兑现", by=request.user, after=f"{rows.count()} 行", clause="4")
    return sheets.response(BENEFITS, benefit_rows(rows), "政策兑现.xlsx")


@require_safe
def benefit_totals(request):
    """What came of [4], by kind and year."""
    _readers_only(request.user)
    rows = totals(Benefit.objects.visible_to(request.user))
    context = {
        "rows": rows,
        "kinds": by_kind(rows),
        "years": paid_by_year(rows),
        "sums": {
            name: sum(row[name] for row in rows)
            for name in ("asked", "granted", "declined", "done", "granted_fen", "paid_fen")
        },
    }
    return render(request, "workshops/benefit_totals.html", context)


@require_safe
def appointment_register(request):
    """优先受聘 [4.4]: who was appointed to what, from when to when."""
    _readers_only(request.user)
    found = RegisterFilter(
        request.GET,
        queryset=appointed(Benefit.objects.visible_to(request.user)),
        kind=BenefitKind.PRIORITY_APPOINTMENT,
    )
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "page": Page.of(
            found.qs if found.is_valid() else found.queryset,
            request.GET.get("page", 1),
            related=("studio", "delivery"),
        ),
    }
    return render(request, "workshops/appointments.html", context)


@require_safe
def nomination_register(request):
    """优先参评 [4.5]: who is recommended in which order, and how it ended."""
    _readers_only(request.user)
    rows = Benefit.objects.visible_to(request.user).filter(kind=BenefitKind.PRIORITY_NOMINATION)
    rows = rows.exclude(status__in=["draft", "withdrawn", "ended"])
    found = RegisterFilter(request.GET, queryset=rows, kind=BenefitKind.PRIORITY_NOMINATION)
    rows = found.qs if found.is_valid() else rows
    rows = rows.order_by("-year", "form", "rank", "pk").select_related("studio", "delivery")
    context = {
        "filter": found,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "rows": ranked(rows[:RANKED]),
        "is_cut": rows.count() > RANKED,
        "limit": RANKED,
    }
    return render(request, "workshops/nominations.html", context)
