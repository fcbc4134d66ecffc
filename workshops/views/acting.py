"""The page of one act with a form: shown, refused with what was typed, or done and led on."""

from django.contrib import messages
from django.shortcuts import redirect, render

from park.formkeys import led_to, write_once
from park.workflow import Refused


def act_page(
    request,
    form,
    act,
    *,
    record,
    verb,
    title,
    done,
    back,
    clause="5.3",
    button="",
    lead="",
    danger=False,
    template="workshops/act.html",
    extra=None,
    also_valid=None,
):
    """GET shows the form; POST calls `act(cleaned_data)`, which may return the address to go to (else `back`).

    422 when the form is not right, 409 when the act is refused; what was typed stays. `also_valid()` judges what stands
    beside the form.
    """  # fmt: skip
    status = 200
    if request.method == "POST":
        valid = form.is_valid()
        valid = (also_valid is None or also_valid()) and valid
        if valid:
            try:
                with write_once(request, record, verb) as write:
                    write.location = act(form.cleaned_data) or back
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, done)
                return redirect(write.location)
        elif where := led_to(request):
            return redirect(where)
        else:
            status = 422
    context = {
        "form": form,
        "title": title,
        "record": record,
        "back": back,
        "clause_code": clause,
        "button": button or title,
        "lead": lead,
        "danger": danger,
        "with_files": form.is_multipart(),
    } | (extra or {})
    return render(request, template, context, status=status)
