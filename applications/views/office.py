"""The office's side: the queue, the review of one case, corrections, assignment, reveals [3.2.2 材料初审]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.actions import reviewing
from applications.checklist import lines_for
from applications.conditions.filing import checklist_finished, conditions_met, correction_allowed
from applications.forms.filing import AssignForm, CorrectionItemForm, RevealForm, ReviewLineForm
from applications.forms.reading import read_sections
from applications.models import Application, Collaborator, Status
from applications.papers.filing import SECTION_TITLES
from applications.permissions import may_read_in_office
from applications.resources import ApplicationResource
from applications.tables import ID_LIKE, SORTS, QueueFilter, known_count, officers, status_counts
from applications.views.batch import acts_on_offer
from applications.views.case import visible
from applications.workflow import STAGES
from park import audit, validators
from park.formkeys import write_once
from park.models import Role
from park.permissions import is_office
from park.tables import CAP, Page
from park.workflow import Refused


def _office_only(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以办理。")


def _case(request, key) -> Application:
    application = visible(request, key)
    if not may_read_in_office(request.user, application):
        raise PermissionDenied("只有管理办公室可以办理，且不能办理本人参与的申报。")
    return application


def _filtered(request):
    found = QueueFilter(request.GET, queryset=Application.objects.filed(), user=request.user)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "due"
    rows = found.qs if found.is_valid() else Application.objects.filed()
    if request.GET.get(
        "status"
    ):  # which tab a case of one's own stands under would tell what its letter tells
        rows = rows.exclude(pk__in=_own_cases(request.user))
    return found, sort, rows.order_by(*SORTS[sort][1])


def _own_cases(user) -> list[int]:
    """Cases of which this officer fills in the form; asked only of those who may be of a studio."""
    if not user.has_role(Role.APPLICANT):
        return []
    return list(Collaborator.objects.filter(user=user).values_list("application_id", flat=True))


@require_safe
def queue(request):
    """Everything filed, what is due first."""
    _office_only(request.user)
    if ID_LIKE.fullmatch(request.GET.get("q", "").strip()):
        messages.warning(request, "身份证号码不在这里搜索，请用“按身份证号码精确查询”，号码不会留在网址里。")
        return redirect("applications:queue")
    found, sort, rows = _filtered(request)
    counts = status_counts()
    asked = {name: value for name in found.filters if (value := request.GET.get(name))}
    page = Page.of(
        rows,
        request.GET.get("page", 1),
        related=("officer", "district"),
        known_count=known_count(asked, counts)
        if found.is_valid() and not request.user.has_role(Role.APPLICANT)
        else None,
    )
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "filter": found,
        "page": page,
        "sort": sort,
        "sorts": [(key, label) for key, (label, _) in SORTS.items()],
        "counts": counts,
        "stages": STAGES,
        "kept": kept.urlencode(),
        "is_filtered": bool(asked),
        "acts": acts_on_offer(),
        "cap": CAP,
    }
    return render(request, "applications/queue.html", context)


@require_POST
def find_by_id(request):
    """Exact look-up by identity number, through the blind index; the number is in no address and no log."""
    _office_only(request.user)
    try:
        number = validators.resident_id(request.POST.get("id_number", ""))
    except ValidationError as error:
        messages.error(request, f"没有查询：{' '.join(error.messages)}")
        return redirect("applications:queue")
    rows = list(Application.objects.filed().filter(leader_id_index=Application.index_of(number)))
    audit.record("find_by_id", by=request.user, note=f"{len(rows)} 件")
    if len(rows) == 1:
        return redirect(rows[0])
    if not rows:
        messages.info(request, "没有这位领衔人的申报。")
        return redirect("applications:queue")
    return render(request, "applications/found.html", {"rows": rows, "stages": STAGES})


@require_safe
def export(request):
    """The filtered queue as xlsx, masked and audited."""
    _office_only(request.user)
    _, _, rows = _filtered(request)
    rows = rows.exclude(
        pk__in=_own_cases(request.user)
    )  # their status in the sheet would be told before its letter
    keys = list(rows.values_list("pk", flat=True)[:CAP])
    data = ApplicationResource().export(
        Application.objects.filter(pk__in=keys)
        .select_related("officer", "district")
        .order_by("-submitted_at")
    )
    data.title = "申报清单"
    audit.record("export_queue", by=request.user, note=f"{len(keys)} 行")
    response = HttpResponse(
        data.export("xlsx", escape=True),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = (
        f'attachment; filename="applications-{timezone.localdate():%Y%m%d}.xlsx"'
    )
    return response


def review(request, key):
    """The checklist of [3.1]: a verdict and a note per line, beside what the studio wrote."""
    application = _case(request, key)
    submission = application.latest_submission()
    if submission is None:
        raise Http404
    found = {row.item: row for row in submission.review_lines.select_related("by")}
    readings = {
        (section.name, f.name): f for section in read_sections(submission.data) for f in section.fields
    }
    files = list(submission.files.select_related("stored"))
    lines, valid = [], True
    for line in lines_for(submission.data):
        row = found.get(line.item)
        initial = {"verdict": row.verdict if row else "", "note": row.note if row else ""}
        form = ReviewLineForm(
            request.POST if request.method == "POST" else None,
            prefix=line.item.replace(".", "_"),
            initial=initial,
        )
        if request.method == "POST":
            valid = form.is_valid() and valid
        reading = readings.get((line.section, line.field))
        lines.append(
            {
                "line": line,
                "row": row,
                "form": form,
                "text": reading.text if reading and line.field != "claims" else "",
                "files": [f for f in files if f.purpose == line.clause] if "." not in line.item[6:] else [],
                "is_claim": line.item == line.clause,
            }
        )
    if request.method == "POST" and valid:
        findings = {
            entry["line"].item: (entry["form"].cleaned_data["verdict"], entry["form"].cleaned_data["note"])
            for entry in lines
        }
        try:
            with write_once(request, application, "record_findings") as write:
                reviewing.record_findings(application, findings, submission=submission, by=request.user)
                write.location = reverse("applications:review", args=[application.key])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "审查意见已保存。")
            return redirect("applications:review", application.key)
    context = {
        "application": application,
        "submission": submission,
        "lines": lines,
        "editable": application.status == Status.SUBMITTED,
        "open_point": checklist_finished(application) or conditions_met(application),
        "leader": read_sections(submission.data)[0],
        "problems": [
            {"anchor": entry["form"]["note"].auto_id, "text": f"{entry['line'].text}：{text}"}
            for entry in lines
            for text in entry["form"]["note"].errors
        ],
    }
    return render(request, "applications/review.html", context, status=200 if valid else 422)


def correction(request, key):
    """Collect everything that is missing before telling the studio once."""
    application = _case(request, key)
    sections = list(SECTION_TITLES.items())
    form = CorrectionItemForm(request.POST or None, sections=sections)
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                text = request.POST["remove"]
                reviewing.remove_correction_item(
                    application, int(text) if text.isdecimal() and len(text) < 10 else -1, by=request.user
                )
                messages.success(request, "已删除一项。")
                return redirect("applications:correction", application.key)
            if form.is_valid():
                with write_once(request, application, "add_correction_item") as write:
                    reviewing.add_correction_item(application, by=request.user, **form.cleaned_data)
                    write.location = reverse("applications:correction", args=[application.key])
                messages.success(request, "已列入告知书。")
                return redirect(write.location)
        except Refused as refusal:
            messages.error(request, str(refusal))
    submission = application.latest_submission()
    suggestions = [
        {"section": line.section, "text": line.text, "clause": line.clause, "note": row.note}
        for line in lines_for(submission.data)
        for row in submission.review_lines.filter(item=line.item)
        if row.verdict != "met"
    ]
    prepared = application.corrections.filter(closed_at=None).first()
    context = {
        "application": application,
        "form": form,
        "prepared": prepared,
        "items": [
            {"item": item, "title": SECTION_TITLES.get(item.section, "")} for item in prepared.items.all()
        ]
        if prepared
        else [],
        "suggestions": suggestions,
        "not_allowed": correction_allowed(application),
        "editable": application.status == Status.SUBMITTED,
    }
    return render(request, "applications/correction.html", context, status=422 if form.errors else 200)


@require_POST
def assign(request, key):
    application = _case(request, key)
    form = AssignForm(request.POST, officers=officers())
    if not form.is_valid():
        messages.error(request, "没有分派：请选择经办人。")
        return redirect(application)
    try:
        with write_once(request, application, "assign") as write:
            reviewing.assign(application, form.cleaned_data["officer"], by=request.user)
            write.location = application.get_absolute_url()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已分派给{form.cleaned_data['officer']}。")
    return redirect(application)


@require_POST
def reveal(request, key):
    """Identity number and mobile in full, once, on a page that is not kept by the browser."""
    application = _case(request, key)
    form = RevealForm(request.POST)
    shown = None
    if form.is_valid():
        if application.latest_submission() is None:
            raise Http404
        shown = reviewing.reveal(application, by=request.user, reason=form.cleaned_data["reason"])
    context = {"application": application, "form": form, "shown": shown}
    response = render(request, "applications/reveal.html", context, status=200 if shown else 422)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def originals(request, key):
    """The paper originals have arrived."""
    application = _case(request, key)
    try:
        with write_once(request, application, "receive_originals") as write:
            reviewing.receive_originals(application, by=request.user)
            write.location = application.get_absolute_url()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已登记收到纸质原件。")
    return redirect(application)
