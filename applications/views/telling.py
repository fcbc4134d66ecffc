"""What does the studio read of its case while it is decided: history, the one button it has until its letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render

from applications.models import Status
from applications.papers import filing
from applications.permissions import is_applicant
from applications.workflow import ADMISSION, VERBS
from park import audit
from park.audit import history_of
from park.formkeys import write_once
from park.workflow import Refused

ENDED_WITHOUT_A_PLACE = (Status.WITHDRAWN, Status.REJECTED, Status.NOT_SELECTED, Status.DECLINED)
# What the office does among itself stays out of the studio's history, and for good what panel and working group
# did among themselves (条例 16); how it was decided is told by the letter and stands here from then on.
OFFICE_ONLY = ["internal_note", "record_findings", "assign", "download_file", "reveal", "export_dossier"]
INSIDE = ["open_ballot", "carry", "not_carry", "void_ballot", "list", "unlist", "return"]
DECISIONS = ["approve", "waitlist", "decline", "promote", "end_waitlist", "uphold_objection", "admit"]
SHOWN_TO_STUDIO = (
    {step.name for step in ADMISSION.steps.values()}
    | {*VERBS, "plan_visit", "issue_document", "send_letters"}
) - {*OFFICE_ONLY, *INSIDE, *DECISIONS, "take_off_notice"}


def history_for_studio(application) -> list[dict]:
    """What was done on the case, as its studio reads it: decisions up to the last letter, without those who took them."""
    last = application.letters.filter(sent_at__isnull=False).order_by("-sent_at").first()
    entries = history_of(application).filter(result="ok")
    shown = Q(verb__in=SHOWN_TO_STUDIO)
    if last is not None:
        shown |= Q(verb__in=DECISIONS, at__lte=last.sent_at)
    rows = timeline(entries.filter(shown)[:200])
    return [row | {"who": ""} if row["verb"] in DECISIONS else row for row in rows]


def _said(entry) -> str:
    """What an entry adds to its label; for a file, what it proves."""
    if entry.verb in ("add_file", "remove_file", "restore_file"):
        section, _, purpose = (entry.after or entry.before).split(" ")[0].partition("/")
        return filing.evidence_label(section, purpose)
    return entry.note


def timeline(entries) -> list[dict]:
    """Audit entries of a case as people read them."""
    return audit.timeline(entries, said=_said)


def withdraw_untold(request, application, name):
    """The studio may withdraw while the decision is taken, on a page that looks the same wherever the case stands;
    where it is too late, the refusal does not say why."""
    row = ADMISSION.steps.get(name)
    if row is None:
        raise Http404
    if name != "withdraw" or not is_applicant(request.user, application):
        raise PermissionDenied(f"您没有“{row.label}”的权限。")
    form = row.form(request.POST or None, record=application)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, application, name) as write:
                    ADMISSION.perform(
                        application,
                        name,
                        by=request.user,
                        note=form.cleaned_data["reason"],
                        data=form.cleaned_data,
                    )
                    write.location = application.get_absolute_url()
            except Refused:
                messages.error(request, "现在不能撤回：结果即将书面告知。如有需要，请与管理办公室联系。")
                status = 409
            else:
                messages.success(request, f"{application}：已撤回。")
                return redirect(write.location)
    context = {
        "record": application,
        "application": application,
        "step": row,
        "form": form,
        "missing": [],
        "target": ADMISSION.stages[row.target],
        "back": application.get_absolute_url(),
    }
    return render(request, "applications/step.html", context, status=status)
