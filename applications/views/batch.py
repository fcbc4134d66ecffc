"""One act for many applications: choose, see what will happen to each row, confirm, read what became of each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions import archiving, batching
from applications.models import Application
from applications.workflow import ADMISSION
from park import jobs
from park.formkeys import FIELD, write_once
from park.forms.fields import tidy
from park.validators import is_uuid
from park.workflow import Refused

OWN_FIELDS = {"csrfmiddlewaretoken", FIELD, "case", "act", "kept"}


def batch(request):
    """GET with `case` (many) and `act` previews; POST carries it out and leads to the result list.

    The page sends only the rows that it said would happen; what has changed since is said in the result list.
    """
    if not batching.may_work_in_batches(request.user):
        raise PermissionDenied("只有管理办公室和工作小组可以批量办理。")
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for key in dict.fromkeys(sent.getlist("case")) if is_uuid(key)][: batching.MOST_ROWS]
    kept = tidy(sent.get("kept", "")[:1500])
    back = f"{reverse('applications:queue')}?{kept}"
    name = sent.get("act", "")
    if name == archiving.KIND and request.method == "GET":
        chosen = QueryDict(mutable=True)
        chosen.setlist("case", keys)
        chosen["kept"] = kept
        return redirect(f"{reverse('applications:archive')}?{chosen.urlencode()}")
    visible = Application.objects.visible_to(request.user).filed()
    records = list(visible.filter(key__in=keys).select_related("officer").order_by("number"))
    act = batching.find_act(ADMISSION, name)
    if not records or act is None:
        messages.error(request, "请先勾选申报，再选择要办理的事项。")
        return redirect(back)
    posted = request.POST if request.method == "POST" else None
    form = act.form(posted, records[0]) if act.form else None
    status = 200
    if request.method == "POST":
        if form is None or form.is_valid():
            job = None
            try:
                with write_once(request, verb=name) as write:
                    typed = {
                        tidy(key): tidy(value, longest=None)
                        for key, value in request.POST.items()
                        if key not in OWN_FIELDS
                    }
                    job = batching.start_batch(ADMISSION, act, records, typed, by=request.user, back=back)
                    write.location = job.get_absolute_url()
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                if job.total <= batching.AT_ONCE:
                    jobs.run(job.key)
                return redirect(write.location)
        else:
            status = 422
    rows = batching.preview(records, act, request.user)
    context = {
        "act": act,
        "rows": rows,
        "good": sum(row.will_happen for row in rows),
        "bad": sum(not row.will_happen for row in rows),
        "form": form,
        "back": back,
        "kept": kept,
        "at_once": batching.AT_ONCE,
    }
    return render(request, "applications/batch.html", context, status=status)


def acts_on_offer() -> list[tuple[str, str]]:
    """What the queue offers for ticked rows, in the order of the road; each row is judged on the next page."""
    steps = [(s.name, s.label) for s in ADMISSION.steps.values() if batching.is_office_step(s)]
    return [*steps, (batching.ASSIGN.name, batching.ASSIGN.label), (archiving.KIND, "导出案卷")]
