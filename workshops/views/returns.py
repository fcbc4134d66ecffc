"""The statistical returns of a studio: its list, one return, filling it in, its steps and its paper [5.3]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from park.audit import history_of, timeline
from park.formkeys import AlreadyDone, led_to, write_once
from park.models import Document
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused
from workshops.actions import returns as acts
from workshops.forms.returns import ValuesForm, shown
from workshops.models import FILLING, ReturnQuestion, StatisticalReturn
from workshops.permissions.returns import may_fill, reports_return
from workshops.views.tabs import tab_context, visible_studio, with_known_people
from workshops.workflow import RETURN

HISTORY = 60
SHORT = 60  # characters of what a save changed that still read well in the history
TONES = {
    "open": "wait",
    "submitted": "info",
    "queried": "danger",
    "accepted": "done",
    "waived": "neutral",
}


def visible_return(request, key) -> StatisticalReturn:
    """The return, if this person may see it; else 404."""
    rows = StatisticalReturn.objects.visible_to(request.user)
    rows = rows.select_related("residency__studio__district", "definition", "submitted_by", "accepted_by")
    row = get_object_or_404(rows, key=key)
    with_known_people(row.residency.studio, request.user)
    row.tone = TONES[row.status]
    return row


def _context(request, studio) -> dict:
    return tab_context(request, studio, "workshops:studio_returns")


@require_safe
def of_studio(request, key):
    """All returns of the studio, the latest period first; what is due now stands on top."""
    studio = visible_studio(request, key)
    rows = StatisticalReturn.objects.filter(residency__studio=studio)
    page = Page.of(
        rows.order_by("-last_on", "-pk"), request.GET.get("page", 1), related=("definition",), size=30
    )
    for row in page.rows:
        row.tone = TONES[row.status]
    waiting = rows.filter(status__in=FILLING).select_related("definition").order_by("due_on", "pk")
    context = _context(request, studio) | {"page": page, "waiting": list(waiting[:20])}
    return render(request, "workshops/returns_studio.html", context)


def figures_shown(row) -> list[dict]:
    """Each figure in words: what the system knew, what was reported, why they differ, what was asked."""
    values = row.values.select_related("figure").prefetch_related("questions")
    return [
        {
            "figure": value.figure,
            "known": shown(value.known, value.figure.kind),
            "value": shown(value.value, value.figure.kind),
            "differs": value.known is not None and value.value is not None and value.known != value.value,
            "reason": value.reason,
            "questions": [
                {"row": question, "before": shown(question.before, value.figure.kind)}
                for question in value.questions.all()
            ],
        }
        for value in values
    ]


@require_safe
def one(request, key):
    """The return with its figures, its questions, the steps open to this person, its papers and its history."""
    row = visible_return(request, key)
    context = _context(request, row.residency.studio) | {
        "record": row,
        "stage": RETURN.stage(row),
        "figures": figures_shown(row),
        "may_fill": may_fill(request.user, row),
        "steps": step_buttons(
            request.user, RETURN, row, url=lambda name: reverse("workshops:return_step", args=[row.key, name])
        ),
        "papers": Document.objects.about(row).order_by("-pk") if row.first_submitted_at else [],
        "history": timeline(history_of(row).exclude(verb="open_return_period")[:HISTORY], said=_said),
    }
    return render(request, "workshops/return.html", context)


def _said(entry) -> str:
    """What was changed from what to what, while that is short; a reason where one was given."""
    if entry.verb == "save_return" and entry.after and len(entry.after) <= SHORT:
        return f"{entry.before} → {entry.after}"
    return entry.note


def fill(request, key):
    """The figures: those of the system to confirm or to correct with a reason, the others to fill in, questions to answer."""
    row = visible_return(request, key)
    studio = row.residency.studio
    context = _context(request, studio)
    if not (reports_return(request.user, row) or may_fill(request.user, row)) and row.status in FILLING:
        raise PermissionDenied("只有本工作室可以填报，管理办公室可以按纸质报表代录。")
    questions = {}
    if reports_return(request.user, row):
        waiting = ReturnQuestion.objects.filter(value__statistical_return=row, answered_at=None)
        questions = {question.value_id: question for question in waiting}
    form = ValuesForm(
        request.POST if request.method == "POST" else None,
        values=row.values.select_related("figure"),
        questions=questions,
        note=row.note,
        version=row.version,
    )
    if request.method == "POST" and (led := led_to(request)):
        return redirect(led)
    if not may_fill(request.user, row):
        messages.error(request, f"{row}现在是“{row.get_status_display()}”，不能修改。")
        return redirect(row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, row, "save_return") as write:
                    acts.save_values(
                        row,
                        form.entries(),
                        by=request.user,
                        answers=form.answers(),
                        note=form.cleaned_data["note"],
                        version=form.cleaned_data["version"],
                    )
                    write.location = row.get_absolute_url()
            except AlreadyDone as done:
                return redirect(done.location)
            except Refused as refusal:
                status = 409
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
            else:
                messages.success(request, "已保存。核对无误后，请点“报送”。")
                return redirect(row)
    context |= {"record": row, "form": form, "stage": RETURN.stage(row)}
    return render(request, "workshops/return_fill.html", context, status=status)


@require_POST
def refresh(request, key):
    """Ask the system again what it knows."""
    row = visible_return(request, key)
    _context(request, row.residency.studio)
    back = reverse("workshops:return_fill", args=[row.key])
    try:
        with write_once(request, row, "refresh_return") as write:
            changed = acts.refresh_known(row, by=request.user)
            write.location = back
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(row)
    said = f"已重新取数，{changed} 项有变化，请逐项核对。" if changed else "已重新取数，没有变化。"
    messages.success(request, said)
    return redirect(back)


def step(request, key, name):
    """The page of one step."""
    row = visible_return(request, key)
    context = _context(request, row.residency.studio)
    extra = {"figures": figures_shown(row), "stage": RETURN.stage(row)}
    return take_step(
        request, RETURN, row, name, template="workshops/return_step.html", plain=context["is_own"], extra=extra
    )  # fmt: skip


@require_safe
def paper(request, key, public_id):
    row = visible_return(request, key)
    _context(request, row.residency.studio)
    document = get_object_or_404(Document.objects.about(row), public_id=public_id)
    return serve_paper(request, document, back=row.get_absolute_url())
