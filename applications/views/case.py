"""The pages every side shares: the case, its steps, its files, papers and messages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from applications import papers
from applications.actions import reviewing
from applications.actions.visiting import waiting_for_visit
from applications.forms.filing import AssignForm, NoteForm, RevealForm
from applications.forms.progress import progress_of
from applications.forms.reading import read_sections
from applications.models import AgendaItem, Application, Status, SubmissionFile, VisitPhoto
from applications.papers import filing
from applications.permissions import audience_of, is_applicant, is_of_studio, is_officer, open_sections
from applications.views.telling import (
    ENDED_WITHOUT_A_PLACE,
    history_for_studio,
    timeline,
    withdraw_untold,
)
from applications.workflow import ADMISSION
from applications.workflow.admission import AFTER_NOTICE, studio_stage
from park import attachments, audit, documents
from park.audit import history_of
from park.formkeys import write_once
from park.models import Role, User
from park.permissions import NoLongerShown
from park.views.steps import step_buttons, take_step
from park.workflow import Refused

ROAD = ("材料初审", "现场考察", "集中评议", "投票表决", "审核认定", "公示", "确定入驻")


def visible(request, key) -> Application:
    """The application, if this person may see it; else 404. An expert whose panel is done with the case reads that
    it is over; one who is kept from it by a conflict reads nothing."""
    rows = Application.objects.visible_to(request.user).select_related("officer", "district", "applicant")
    application = rows.filter(key=key).first()
    if application is None:
        if AgendaItem.objects.visible_to(request.user).filter(application__key=key).exists():
            raise NoLongerShown("您参加的评议会已经结束、取消，或者已经办完这一事项，案卷不再对专家开放。")
        raise Http404
    return application


def steps_for(request, application, *, for_studio=False):
    """Every button this person has, with what is still missing for it. While a decision is under way the studio has
    the same one wherever the case stands."""
    if for_studio and application.is_untold:
        url = reverse("applications:step", args=[application.key, "withdraw"])
        mine = is_applicant(request.user, application)
        return [{"step": ADMISSION.steps["withdraw"], "missing": [], "url": url}] if mine else []
    return step_buttons(
        request.user,
        ADMISSION,
        application,
        url=lambda name: reverse("applications:step", args=[application.key, name]),
    )


# How many stages of the road are behind an application in each status; the end of one that stopped is looked up.
BEHIND = {
    Status.DRAFT: 0,
    Status.SUBMITTED: 1,
    Status.CORRECTION: 1,
    Status.SITE_VISIT: 2,
    Status.DELIBERATION: 3,
    Status.BALLOT: 4,
    Status.CANDIDATE: 5,
    Status.LISTED: 5,
    Status.WAITLISTED: 5,
    Status.APPROVED: 6,
    Status.ON_NOTICE: 6,
    Status.ADMITTED: 8,
}
STOPPED = {
    Status.REJECTED: ("refused", "未通过"),
    Status.NOT_SELECTED: ("refused", "未入选"),
    Status.DECLINED: ("refused", "不予入驻"),
    Status.WITHDRAWN: ("ended", "已撤回"),
}


def stage_bar(application, *, for_studio=False) -> list[dict]:
    """The statutory road with where this application stands, or stopped [3.2]. A studio that has not been told
    the decision sees itself at 审核认定."""
    if for_studio and application.is_untold:
        after_notice = studio_stage(application) is AFTER_NOTICE
        behind, here, note = BEHIND[Status.ON_NOTICE if after_notice else Status.LISTED], "current", ""
    elif application.status in STOPPED:
        here, note = STOPPED[application.status]
        behind = BEHIND[left_from(application)]
    else:
        behind, here, note = BEHIND[application.status], "current", ""
    labels = ("填写申报", *ROAD)
    return [
        {
            "label": label,
            "state": "done" if i < behind else here if i == behind else "next",
            "note": note if i == behind else "",
        }
        for i, label in enumerate(labels)
    ]


def left_from(application) -> str:
    """The status that a stopped application was in before, from its history."""
    entry = history_of(application).filter(after=application.status, result="ok").first()
    return entry.before if entry and entry.before in BEHIND else Status.DRAFT


@require_safe
def detail(request, key):
    application = visible(request, key)
    audience = audience_of(request.user, application)
    if audience == "panel":
        return redirect("applications:dossier", application.key)
    return (_studio_page if audience == "studio" else _office_page)(request, application)


def _shared(request, application, *, for_studio):
    submission = application.latest_submission()
    return {
        "application": application,
        "stage": studio_stage(application) if for_studio else ADMISSION.stage(application),
        "stage_bar": stage_bar(application, for_studio=for_studio),
        "steps": steps_for(request, application, for_studio=for_studio),
        "submission": submission,
        "submissions": application.submissions.order_by("-number"),
        "papers": papers.papers_of(application, for_studio=for_studio),
        "correction": application.open_correction(),
        "visits": application.visits.order_by("-round"),
        "note_form": NoteForm(),
    }


def _studio_page(request, application):
    progress = progress_of(application)
    context = _shared(request, application, for_studio=True) | {
        "progress": progress,
        "open_sections": open_sections(application),
        "recommendation": application.standing_recommendation(),
        "notes": application.notes.filter(internal=False).select_related("by"),
        "history": history_for_studio(application),
        "untold": application.is_untold,
        "letters": application.letters.filter(sent_at__isnull=False).select_related("document"),
        "may_start_again": application.status in ENDED_WITHOUT_A_PLACE
        and not application.is_untold
        and application.applicant_id == request.user.pk,
        "decision": getattr(application, "review_decision", None),
        "collaborators": application.collaborators.select_related("user"),
    }
    return render(request, "applications/studio_detail.html", context)


def _office_page(request, application):
    context = _shared(request, application, for_studio=False)
    submission = context["submission"]
    files = list(submission.files.select_related("stored")) if submission else []
    former = submission and application.submissions.filter(number=submission.number - 1).first()
    context |= {
        "sections": read_sections(
            submission.data,
            before=former.data if former else None,
            changed=submission.changed_sections,
            files=files,
        )
        if submission
        else [],
        "files": files,
        "notes": application.notes.select_related("by"),
        "history": timeline(history_of(application)[:200]),
        "decision": getattr(application, "review_decision", None),
        "assign_form": AssignForm(
            officers=User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION).order_by("real_name"),
            initial={"officer": application.officer_id},
        ),
        "reveal_form": RevealForm(),
        "draft_correction": application.corrections.filter(issued_at=None).first(),
        "is_officer": is_officer(request.user, application),
        "may_plan_visit": _plan_of_visit(request.user, application),
    }
    return render(request, "applications/office_detail.html", context)


def _plan_of_visit(user, application) -> str:
    """Where the office plans a visit to this studio; "" where none is to be planned."""
    if not is_officer(user, application) or not waiting_for_visit(user).filter(pk=application.pk).exists():
        return ""
    return f"{reverse('applications:plan_visits')}?case={application.key}"


@require_safe
def version(request, key, number):
    """One filed version, read-only, against the one before; panel and working group have the dossier instead."""
    application = visible(request, key)
    submission = get_object_or_404(application.submissions, number=number)
    if audience_of(request.user, application) == "panel":
        return redirect("applications:dossier", application.key)
    former = application.submissions.filter(number=number - 1).first()
    context = {
        "application": application,
        "submission": submission,
        "former": former,
        "sections": read_sections(
            submission.data,
            before=former.data if former else None,
            changed=submission.changed_sections,
            files=list(submission.files.select_related("stored")),
        ),
    }
    return render(request, "applications/version.html", context)


def step(request, key, name):
    """The page of one step of the admission procedure."""
    application = visible(request, key)
    if application.is_untold and is_of_studio(request.user, application):
        return withdraw_untold(request, application, name)
    correction = application.corrections.filter(closed_at=None).first()
    return take_step(
        request,
        ADMISSION,
        application,
        name,
        template="applications/step.html",
        plain=is_of_studio(request.user, application),
        extra={"application": application, "correction": correction},
    )


def dossier_files(application):
    """What goes with the dossier: the evidence of the version filed last, the pictures of its settled visits. Not
    the scan of the stamped form, on which the identity number and the mobile stand."""
    filed = SubmissionFile.objects.filter(submission=application.latest_submission())
    yield filed.exclude(section="recommendation").order_by("pk")
    yield VisitPhoto.objects.filter(
        visit__application=application, visit__status="settled", removed_at=None
    ).order_by("pk")


def _files(user, application):
    """Rows of files this person may open: of the filed versions, and what only the studio has in hand."""
    if audience_of(user, application) == "panel":
        yield from dossier_files(application)
        return
    yield SubmissionFile.objects.filter(submission__application=application)
    if is_of_studio(user, application):
        yield application.files.all()
        yield application.recommendations.all()
    elif application.status == Status.CORRECTION:  # what an officer who types for the studio has before them
        yield application.files.standing().filter(section__in=open_sections(application))


@require_safe
def file(request, key, file_key):
    """One uploaded file of a case, to those who may see the case."""
    application = visible(request, key)
    row = next(
        (
            row
            for rows in _files(request.user, application)
            if (row := rows.filter(stored__key=file_key).select_related("stored").first())
        ),
        None,
    )
    if row is None:
        raise Http404
    audit.record("download_file", application, by=request.user, note=f"sha256 {row.stored.sha256}")
    return attachments.serve(row.stored, inline="inline" in request.GET)


@require_safe
def paper(request, key, public_id):
    """One paper of a case as PDF; while it is being printed, a page that says so and looks again."""
    application = visible(request, key)
    found = papers.papers_of(application, audience=audience_of(request.user, application))
    document = get_object_or_404(found, public_id=public_id)
    copies = 2 if request.GET.get("copies") == "2" and document.kind.startswith("annex1") else 1
    try:
        return documents.serve(document, by=request.user, inline="inline" in request.GET, copies=copies)
    except documents.NotPrinted as pending:
        context = {"application": application, "document": document, "text": str(pending)}
        return render(request, "applications/paper_pending.html", context, status=202)


@require_POST
def add_note(request, key):
    """A message to the other side, or a remark inside the office."""
    application = visible(request, key)
    if audience_of(request.user, application) == "panel":
        raise PermissionDenied("评议和审核期间不能与申报人留言，请向管理办公室提出。")
    form = NoteForm(request.POST)
    internal = request.POST.get("internal") == "1" and is_officer(request.user, application)
    if not form.is_valid():
        messages.error(request, "留言没有发出：请写内容，最多 2000 字。")
        return redirect(application)
    try:
        with write_once(request, application, "message") as write:
            reviewing.add_note(application, form.cleaned_data["text"], internal=internal, by=request.user)
            write.location = application.get_absolute_url() + "#notes"
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(application)
    messages.success(request, "已记录，仅办公室可见。" if internal else "已发出。")
    return redirect(application.get_absolute_url() + "#notes")


@login_not_required
@require_safe
def blank_form(request):
    """The empty statutory form [A1], for everybody."""
    response = HttpResponse(filing.blank_form_pdf(), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="annex1-blank.pdf"'
    return response
