"""Buttons of a procedure and the page of one step, the same for every table."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from park.formkeys import write_once
from park.workflow import Refused


def step_buttons(user, flow, record, *, url, without=()) -> list[dict]:
    """Every button this person has, with what is still missing for it. `url(step name)` is the page of a step;
    `without` names steps that have no button here."""
    return [
        {
            "step": step,
            "missing": step.missing(record),
            "url": step.page(record) if step.page else url(step.name),
        }
        for step in flow.open_to(user, record)
        if step.name not in without
    ]


def take_step(request, flow, record, name, *, template="park/step.html", plain=False, extra=None):
    """The page of one step: what it does, what is still missing, its form; POST takes it and leads to the record.

    `plain` answers in the words for the public. `extra` adds context. 404 for an unknown step; 409 when the step is refused, 422 when its form is
    not right. A step with a page of its own is taken there.
    """
    if name not in flow.steps:
        raise Http404
    row = flow.steps[name]
    if row.page is not None:
        return redirect(row.page(record))
    files = request.FILES if request.method == "POST" else None
    form = row.form(request.POST or None, files, record=record) if row.form else None
    status = 200
    if request.method == "POST":
        may = row.who(request.user, record)  # who may not is refused, whatever was typed
        if form is None or form.is_valid() or not may:
            data = form.cleaned_data if form and may else {}
            try:
                with write_once(request, record, name) as write:
                    record = flow.perform(
                        record, name, by=request.user, note=data.get("reason", ""), data=data
                    )
                    write.location = flow.url(record)
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                where = flow.sentence(record, plain=plain)
                messages.success(request, f"{record}：{row.label}，已办理。{where}")
                return redirect(write.location)
        else:
            status = 422
    elif row not in flow.open_to(request.user, record):
        messages.error(request, f"“{row.label}”现在不能办理：当前状态是“{flow.stage(record).label}”。")
        return redirect(flow.url(record))
    context = {
        "record": record,
        "step": row,
        "form": form,
        "missing": row.missing(record) if record.status in row.sources else [],
        "target": flow.stages[row.target],
        "back": flow.url(record),
        "with_files": form is not None and form.is_multipart(),
    } | (extra or {})
    return render(request, template, context, status=status)
