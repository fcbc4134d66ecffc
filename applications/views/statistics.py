"""The statistics of admission: shown, filtered in the address, taken home as xlsx."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications import statistics as counting
from applications.forms.archiving import StatisticsFilter
from park import audit
from park.permissions import is_office


def _asked(request):
    """(filter, cohort); a condition that is not right is shown with its error and not applied."""
    if not is_office(request.user):
        raise PermissionDenied("只有管理办公室可以查看申报统计。")
    form = StatisticsFilter(request.GET or None, years=counting.years_filed(request.user))
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    names = ("batch", "year", "since", "until")
    return form, counting.Cohort(**{name: data.get(name) or None for name in names})


@require_safe
def statistics(request):
    """The page: figures drawn, with their tables beside."""
    form, cohort = _asked(request)
    found = counting.figures(request.user, cohort)
    stages = [
        {"label": label, "n": n, "share": n / found.total, "of_before": n / before if before else None}
        for (label, n), before in zip(found.funnel, [None, *(n for _, n in found.funnel)], strict=False)
    ]
    context = {
        "form": form,
        "found": found,
        "stages": stages,
        "funnel": found.funnel,
        "times": [(t.label, t.median) for t in found.times if t.label != counting.WHOLE_ROAD],
        "reasons": [(f"{stage} {name}", n) for stage, _, name, n in found.reasons],
        "crafts": [(label, filed) for label, filed, _ in found.crafts[: counting.MOST_CRAFTS]],
        "districts": [(label, filed) for label, filed, _ in found.districts],
        "kept": request.GET.urlencode(),
        "is_filtered": not cohort.is_all,
    }
    return render(request, "applications/statistics.html", context, status=422 if form.errors else 200)


@require_safe
def export_statistics(request):
    """The same figures as xlsx, audited."""
    _, cohort = _asked(request)
    found = counting.figures(request.user, cohort)
    audit.record("export_statistics", by=request.user, note=cohort.words)
    response = HttpResponse(
        counting.as_workbook(found),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = f'attachment; filename="statistics-{timezone.localdate():%Y%m%d}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
