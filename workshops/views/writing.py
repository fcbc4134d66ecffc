"""A form of a studio that writes once: the same answer for everything that goes right or wrong."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from park.formkeys import write_once
from park.workflow import Refused


def form_page(request, template, form, write, *, subject=None, verb, done, context, fresh=None):
    """GET shows the form; POST writes by `write(cleaned_data) -> address` and leads there.

    422 when the form is not right, 409 when the act is refused; what was typed stays. `fresh()` adds what the page
    has to show anew after a refusal, e.g. the present version.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, subject, verb) as key:
                    key.location = write(form.cleaned_data)
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
                context = context | (fresh(refusal) if fresh else {})
            else:
                messages.success(request, done)
                return redirect(key.location)
    return render(request, template, {"form": form} | context, status=status)


def post_once(request, write, *, subject=None, verb, done, back):
    """A button without a form of its own: written once, then back to `back`."""
    try:
        with write_once(request, subject, verb) as key:
            write()
            key.location = back
    except Refused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect(back)


def led_back(request, model, pk, *, back, sentence):
    """The row of a button is not there any more: pressed twice, or somebody was first. One that belongs elsewhere is
    404, as if it had never been."""
    if model._base_manager.filter(pk=pk).exists():
        raise Http404
    messages.info(request, sentence)
    return redirect(back)
