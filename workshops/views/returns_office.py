"""The office on the returns of a period: who has reported, who is missing, reminding, the sums, the sheet [5.3]."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from park import audit, sheets
from park.formkeys import AlreadyDone, write_once
from park.tables import Page
from park.validators import is_uuid
from park.workflow import Refused
from workshops.actions import returns_opening
from workshops.forms.ledger import tidy_query
from workshops.forms.returns import STATES, OpenForm, shown
from workshops.kinds.returns import Period, period_of
from workshops.models import ReturnDefinition, ReturnFigure, ReturnStatus, StatisticalReturn
from workshops.permissions import is_office
from workshops.sheets.returns import export_rows, import_address, sheet_out
from workshops.statistics.returns import aggregate, counts_of, current_definitions, periods_of
from workshops.views.returns import TONES

ALL = "all"
MOST = 500  # returns urged at once


def _office(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以查看各工作室的统计报表。")


def _asked(request) -> dict:
    """The definition and the period in the address; without one, the first definition with its latest period."""
    definitions = current_definitions()
    code = request.GET.get("definition", "")
    chosen = next((row for row in definitions if row.code == code), None)
    if chosen is None and code != ALL:
        chosen = definitions[0] if definitions else None
    periods = [Period(first, chosen.period) for first, _ in periods_of(chosen.code)] if chosen else []
    period = next((p for p in periods if f"{p.first}" == request.GET.get("period")), None)
    return {
        "definitions": definitions,
        "definition": chosen,
        "periods": periods,
        "period": period or (periods[0] if periods else None),
    }


def _of_period(request, asked):
    rows = StatisticalReturn.objects.visible_to(request.user)
    if asked["definition"]:
        first = asked["period"].first if asked["period"] else date.min
        rows = rows.filter(definition_code=asked["definition"].code, first_on=first)
    return rows


@require_safe
def overview(request):
    """One period of one form, or all of them: everybody with how they stand; who is missing, who is late."""
    _office(request.user)
    asked = _asked(request)
    rows = _of_period(request, asked)
    counts = counts_of(rows)
    state = request.GET.get("state", "")
    if state == "missing":
        shown_rows = rows.missing()
    elif state == "overdue":
        shown_rows = rows.overdue()
    elif state in ReturnStatus.values:
        shown_rows = rows.filter(status=state)
    else:
        state, shown_rows = "", rows
    q = tidy_query(request.GET.get("q", ""))
    if q:
        shown_rows = shown_rows.filter(residency__studio__name__contains=q)
    order = ("residency__studio__name", "pk") if asked["definition"] else ("deadline", "pk")
    page = Page.of(
        shown_rows.order_by(*order),
        request.GET.get("page", 1),
        related=("residency__studio__district", "definition"),
    )
    for row in page.rows:
        row.tone = TONES[row.status]
        row.can_be_urged = row.status in ("open", "queried")
    context = asked | {
        "counts": [(label, counts.get(value, 0), value) for value, label in ReturnStatus.choices],
        "total": sum(counts.values()),
        "overdue": rows.overdue().count(),
        "missing": counts.get("open", 0) + counts.get("queried", 0),
        "state": state,
        "states": STATES,
        "q": q,
        "page": page,
        "can_urge": any(row.can_be_urged for row in page.rows),
        "is_filtered": bool(q or state),
        "today": timezone.localdate(),
        "kept": request.GET.urlencode(),
    }
    if asked["period"]:
        context["import_url"] = import_address(asked["definition"].code, asked["period"].first)
    return render(request, "workshops/returns_office.html", context)


def _address(definition, period, **more) -> str:
    return f"{reverse('workshops:returns')}?" + urlencode(
        {"definition": definition.code, "period": f"{period.first}", **more}
    )


@require_POST
def urge(request):
    """Remind the studios that were ticked; with `everybody`, all of the period that have something to do."""
    _office(request.user)
    rows = StatisticalReturn.objects.visible_to(request.user).missing()
    code, first = request.POST.get("definition", ""), request.POST.get("period", "")
    back = reverse("workshops:returns") + "?" + urlencode({"definition": code, "period": first})
    if "everybody" in request.POST:
        try:
            rows = rows.filter(definition_code=code, first_on=date.fromisoformat(first))
        except ValueError:
            rows = rows.none()
    else:
        rows = rows.filter(key__in=[key for key in request.POST.getlist("return")[:MOST] if is_uuid(key)])
    rows = list(rows[:MOST])
    if not rows:
        messages.error(request, "没有可催报的报表：请先勾选还没有报送的工作室。")
        return redirect(back)
    try:
        with write_once(request, verb="urge_return") as write:
            count = returns_opening.urge(rows, by=request.user)
            write.location = back
    except AlreadyDone as done:
        return redirect(done.location)
    passed = len(rows) - count
    messages.success(
        request,
        f"已向 {count} 家工作室发出催报消息。" + (f"{passed} 家今天已催过或是您自己的工作室，没有再发。" if passed else ""),
    )  # fmt: skip
    return redirect(back)


def open_period(request):
    """Open a period by hand, e.g. one before the form was defined in the system; the calendar does it otherwise."""
    _office(request.user)
    posted = request.POST if request.method == "POST" else None
    form, status = OpenForm(posted, definitions=ReturnDefinition.objects.current()), 200
    if posted is not None:
        status = 422
        if form.is_valid():
            definition = form.cleaned_data["definition"]
            period = period_of(definition.period, form.cleaned_data["day"])
            try:
                with write_once(request, definition, "open_return_period") as write:
                    count = returns_opening.open_period(definition, period, by=request.user)
                    write.location = _address(definition, period)
            except AlreadyDone as done:
                return redirect(done.location)
            except Refused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                said = f"已开报 {count} 份。" if count else "在园工作室都已开报，没有新开的。"
                messages.success(request, f"{definition} {period.label}：{said}")
                return redirect(write.location)
    return render(request, "workshops/returns_open.html", {"form": form}, status=status)


@require_safe
def sums(request):
    """What one period adds up to: per figure against the period before, by craft, by district."""
    _office(request.user)
    asked = _asked(request)
    accepted_only = request.GET.get("basis") == "accepted"
    context = asked | {"accepted_only": accepted_only}
    if asked["definition"] and asked["period"]:
        definition, period = asked["definition"], asked["period"]
        found = aggregate(definition.code, definition.period, period.first, accepted_only=accepted_only)
        context |= {
            "found": found,
            "before": period.before,
            "total": sum(found.counts.values()),
            "lines": [_line(line) for line in found.lines],
            "groups": [
                ("按专业领域", _table(found.by_craft, found.lines)),
                ("按属地", _table(found.by_district, found.lines)),
            ],
        }
    return render(request, "workshops/returns_sums.html", context)


def _line(line) -> dict:
    kind = line.figure.kind
    change = line.change
    sign = "+" if change is not None and change > 0 else ""
    average_kind = "decimal" if kind == "int" else kind
    return {
        "figure": line.figure,
        "count": line.count,
        "total": shown(line.total, kind),
        "average": shown(line.average, average_kind),
        "before": shown(line.total_before, kind),
        "change": sign + shown(change, kind) if change is not None else "",
        "percent": f"{sign}{line.percent:.1f}%" if line.percent is not None else "",
    }


def _table(groups, lines) -> dict:
    """Figures down, crafts or districts across."""
    return {
        "groups": groups,
        "rows": [
            (
                line.figure,
                [(group["label"], shown(group["totals"][n][1], line.figure.kind)) for group in groups],
            )
            for n, line in enumerate(lines)
        ],
    }


@require_safe
def export(request):
    """Studios × figures of one period, as a sheet; on the trail."""
    _office(request.user)
    asked = _asked(request)
    if not asked["period"] or "definition" not in request.GET:
        raise Http404
    definition, period = asked["definition"], asked["period"]
    title = f"{definition.title} {period.label}"
    figures = ReturnFigure.objects.of_period(definition.code, period.first)
    audit.record("export", definition, by=request.user, note=title)
    rows = export_rows(_of_period(request, asked))
    return sheets.response(sheet_out(title, list(figures)), rows, f"{definition.title}-{period.label}.xlsx")
