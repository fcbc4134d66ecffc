"""How does a form page answer that writes once? The same for every plain act beside a procedure."""

from django.contrib import messages
from django.shortcuts import redirect, render

from park.formkeys import write_once
from park.workflow import Refused


def write_form(request, form, *, write, verb, template, context, done, subject=None, closed=""):
    """Show the form, or carry it out once and lead on. `write(data)` returns the record that the page leads to;
    `done` is what is said, 422 stands for what was typed wrongly, 409 for what is refused. `closed` is said where the
    page does not show the form any more, and so not what is wrong with it."""
    status = 200
    if request.method == "POST":
        status = 422
        if form is None or form.is_valid():
            try:
                with write_once(request, subject, verb) as once:
                    record = write(form.cleaned_data if form else {})
                    once.location = record.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, done)
                return redirect(once.location)
        elif closed:
            messages.error(request, closed)
    multipart = form is not None and form.is_multipart()
    return render(request, template, context | {"form": form, "with_files": multipart}, status=status)
