"""园区统计: the park at a glance, by year and quarter, and as a sheet to take home."""

from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from park import audit, sheets
from workshops.forms.statistics import PeriodForm
from workshops.models import Residency
from workshops.permissions.statistics import reads_statistics
from workshops.statistics import park
from workshops.statistics.period import Period


def _asked(request) -> tuple[PeriodForm, Period]:
    if not reads_statistics(request.user):
        raise PermissionDenied("园区统计供管理办公室、职建处和工作小组查看。")
    today = timezone.localdate()
    first = Residency.objects.aggregate(day=Min("admitted_on"))["day"] or today
    form = PeriodForm(request.GET, years=list(range(today.year, min(first.year, today.year) - 1, -1)))
    year, quarter = form.asked
    return form, Period(year or today.year, quarter, today)


@require_safe
def park_statistics(request):
    """Every drawing with its table beside."""
    form, period = _asked(request)
    context = {
        "form": form,
        "found": park.figures(period),
        "kept": request.GET.urlencode(),
    }
    return render(request, "workshops/park_statistics.html", context)


@require_safe
def export_park_statistics(request):
    """The same numbers, one a row; audited."""
    _, period = _asked(request)
    rows = list(park.figures(period).flat())
    audit.record("export_park_statistics", by=request.user, note=period.words)
    name = f"园区统计-{period.words}-{period.today:%Y%m%d}.xlsx"
    return sheets.response(park.SHEET, rows, name)
