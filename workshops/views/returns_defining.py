"""The office defines what is reported: the list of forms, a new one, one with its figures and versions [5.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from park import rules
from park.formkeys import AlreadyDone, write_once
from park.workflow import Refused
from workshops.actions import returns_defining as acts
from workshops.forms.returns import DefinitionForm, FigureFormSet
from workshops.models import ReturnDefinition
from workshops.permissions import is_office
from workshops.sources import SOURCES


def _office(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以定义报表。")


@require_safe
def definitions(request):
    """Every form in use, with its period, its figures and how often it was opened."""
    _office(request.user)
    rows = ReturnDefinition.objects.current().annotate(figure_count=Count("figures", distinct=True))
    context = {"rows": list(rows.order_by("period", "title", "pk")), "due_days": rules.get("return_due_days")}
    return render(request, "workshops/return_definitions.html", context)


def new(request):
    return _edit(request, None)


def definition(request, key):
    """The form itself: what it asks, editable in its latest version; older versions are only looked at."""
    _office(request.user)
    return _edit(request, get_object_or_404(ReturnDefinition, key=key))


def _edit(request, row):
    _office(request.user)
    posted = request.POST if request.method == "POST" else None
    initial = {name: getattr(row, name) for name in ("period", *acts.ABOUT)} if row else {}
    figures = (
        [{n: getattr(figure, n) for n in (*acts.OF_FIGURE, "order")} for figure in row.figures.all()]
        if row
        else []
    )
    form = DefinitionForm(posted, initial=initial)
    lines = FigureFormSet(posted, initial=figures, prefix="figures", form_kwargs={})
    if row:
        form.fields["period"].disabled = True
    status = 200
    if posted is not None:
        status = 422
        if all([form.is_valid(), lines.is_valid()]):
            try:
                with write_once(request, row, "define_return") as write:
                    saved = _save(row, form.cleaned_data, lines.figures(), request.user)
                    write.location = reverse("workshops:return_definition", args=[saved.key])
            except AlreadyDone as done:
                return redirect(done.location)
            except Refused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                said = "已保存。"
                if row and saved.pk != row.pk:
                    said = f"指标有变化，已存为第 {saved.version} 版；已开报的报表仍按原版填报。"
                messages.success(request, said)
                return redirect(write.location)
    versions = ReturnDefinition.objects.filter(code=row.code).order_by("-version") if row else []
    context = {
        "row": row,
        "form": form,
        "lines": lines,
        "versions": versions,
        "is_used": row is not None and row.returns.exists(),
        "due_days": rules.get("return_due_days"),
        "sources": SOURCES.values(),
    }
    return render(request, "workshops/return_definition.html", context, status=status)


def _save(row, data, figures, by):
    about = {name: data[name] for name in acts.ABOUT}
    if row is None:
        return acts.create_definition(figures=figures, by=by, period=data["period"], **about)
    return acts.change_definition(row, figures=figures, by=by, **about)
