"""Regular inspections [5.2]: month and list, the plan, one inspection with its steps and papers, a studio's own page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.actions import inspection as acts
from assessments.forms.inspection import InspectorsForm, PlanForm
from assessments.models import Finding, FindingStatus, Inspection, InspectionPlan, InspectionStatus
from assessments.papers import inspection as papers
from assessments.permissions.inspection import is_inspector, may_inspect, plans_inspection
from assessments.statistics.evaluation import last_results
from assessments.tables import inspection as tables
from assessments.workflow import FINDING, INSPECTION
from park import attachments, audit, documents, pdf, rules
from park.audit import history_of, timeline
from park.formkeys import write_once
from park.models import Document
from park.permissions import is_office
from park.tables import Month, Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused
from workshops.permissions import is_of_studio
from workshops.views.tabs import tab_context, visible_studio

LOOK_FIRST = {"fail": 0, "pass": 1}  # by the last evaluation: whom a plan names first
VIEWS = {"month": "日历", "list": "清单", "findings": "问题", "plans": "计划"}
CLERKS = [
    "save_inspection",
    "add_inspection_photo",
    "remove_inspection_photo",
]  # not for the studio's history


def visible(request, key) -> Inspection:
    """The inspection, if this person may see it; else 404."""
    rows = Inspection.objects.visible_to(request.user).select_related("residency__studio", "plan")
    return get_object_or_404(rows, key=key)


# ── list, month, problems, plans ────────────────────────────────────────────────────────────────
@require_safe
def inspections(request):
    """All inspections for those who may inspect; a studio has its own page."""
    if not may_inspect(request.user):
        raise PermissionDenied("只有管理办公室和参加检查的单位可以查看检查安排。")
    form, asked = tables.asked_of(request)
    view = request.GET.get("view")
    view = view if view in VIEWS else "month"
    context = {
        "form": form,
        "view": view,
        "views": VIEWS,
        "is_filtered": any(asked.values()) or bool(request.GET.get("status")),
        "status": request.GET.get("status", ""),
        "statuses": [(tables.OVERDUE, "已逾期"), *FindingStatus.choices]
        if view == "findings"
        else InspectionStatus.choices,
        "may_plan": is_office(request.user),
        "overdue": Finding.objects.visible_to(request.user).overdue().count(),
    }
    number = request.GET.get("page", 1)
    if view == "findings":
        rows = tables.findings(request, asked).order_by("fix_by", "inspection", "number")
        context["page"] = Page.of(rows, number, related=("inspection__residency__studio",))
    elif view == "plans":
        rows = InspectionPlan.objects.order_by("-starts_on", "-pk")
        context["page"] = Page.of(rows, number, related=("planned_by",))
    elif view == "list":
        rows = tables.inspections(request, asked).order_by("-inspect_on", "pk")
        page = Page.of(rows, number, related=("residency__studio", "plan"))
        people = tables.inspectors_of(page.rows)
        context |= {"page": page, "rows": [(row, people.get(row.pk, "")) for row in page.rows]}
    else:
        month = Month(request.GET.get("month", ""))
        shown = tables.inspections(request, asked).filter(inspect_on__range=month.span)
        by_day = {}
        for row in shown.select_related("residency__studio", "plan").order_by("inspect_on", "pk"):
            by_day.setdefault(row.inspect_on, []).append(row)
        context |= month.context(by_day)
    return render(request, "assessments/inspections.html", context)


# ── plan ────────────────────────────────────────────────────────────────────────────────────────
def plan_inspections(request):
    """A new plan: the present period, everybody in the park who was not inspected in it."""
    if not is_office(request.user):
        raise PermissionDenied("只有管理办公室可以安排定期检查。")
    months = rules.get("inspection_interval")
    starts_on, ends_on = acts.period_of(timezone.localdate(), months)
    initial = {
        "title": f"{starts_on:%Y年%-m月}至{ends_on:%-m月}定期检查"
        if months > 1
        else f"{starts_on:%Y年%-m月}定期检查",
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, initial=initial, people=acts.possible_inspectors())
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            starts_on, ends_on = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
            chosen = set(posted.getlist("residency"))
            rows = acts.waiting_for_inspection(starts_on, ends_on)
            try:
                with write_once(request, verb="plan_inspections") as write:
                    plan = acts.plan_inspections(
                        [row for row in rows if str(row.key) in chosen],
                        by=request.user,
                        **form.cleaned_data,
                    )
                    write.location = plan.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"已安排 {plan.inspections.count()} 次检查，通知已发出。")
                return redirect(plan)
    waiting = list(acts.waiting_for_inspection(starts_on, ends_on))
    last = last_results([row.studio_id for row in waiting])
    for row in waiting:
        row.last = last.get(row.studio_id)
    waiting.sort(key=lambda row: LOOK_FIRST.get(row.last.grade if row.last else "", len(LOOK_FIRST)))
    chosen = set(posted.getlist("residency")) if posted is not None else {str(row.key) for row in waiting}
    context = {
        "form": form,
        "rows": [(row, str(row.key) in chosen) for row in waiting],
        "months": months,
        "min_inspectors": rules.get("inspection_min_inspectors"),
        "notice_days": rules.get("inspection_notice_days"),
    }
    return render(request, "assessments/inspection_plan_new.html", context, status=status)


@require_safe
def inspection_plan(request, key):
    """One plan with its inspections, and who in the park is still missing."""
    if not may_inspect(request.user):
        raise Http404
    plan = get_object_or_404(InspectionPlan.objects.select_related("planned_by"), key=key)
    rows = list(plan.inspections.select_related("residency__studio").order_by("inspect_on", "pk"))
    people = tables.inspectors_of(rows)
    context = {
        "plan": plan,
        "rows": [(row, people.get(row.pk, "")) for row in rows],
        "missing": acts.waiting_for_inspection(plan.starts_on, plan.ends_on),
        "may_plan": is_office(request.user),
    }
    return render(request, "assessments/inspection_plan.html", context)


# ── one inspection ──────────────────────────────────────────────────────────────────────────────
@require_safe
def inspection(request, key):
    """The inspection as this person may know it: the studio reads the record once it is made."""
    row = visible(request, key)
    user, of_studio = request.user, is_of_studio(request.user, row.studio)
    has_record = row.recorded_at is not None
    history = history_of(row)
    if of_studio:
        history = history.filter(result="ok").exclude(verb__in=CLERKS)
    shows = has_record or (not of_studio and row.saved_at is not None)
    context = {
        "inspection": row,
        "studio": row.studio,
        "stage": INSPECTION.stage(row),
        "steps": step_buttons(
            user,
            INSPECTION,
            row,
            url=lambda name: reverse("assessments:inspection_step", args=[row.key, name]),
        ),
        "of_studio": of_studio,
        "may_record": row.status == InspectionStatus.PLANNED and is_inspector(user, row),
        "may_change": row.status == InspectionStatus.PLANNED and plans_inspection(user, row),
        "inspectors": row.inspectors.select_related("user__unit"),
        "lines": row.lines.all(),
        "shows_record": shows,
        "findings": row.findings.order_by("number"),
        "photos": row.photos.filter(removed_at=None).select_related("stored") if shows else [],
        "papers": Document.objects.about(row).filter(kind__in=papers.KINDS),
        "history": timeline(history[:100]),
    }
    return render(request, "assessments/inspection.html", context)


def inspection_step(request, key, name):
    """The page of one step of an inspection."""
    row = visible(request, key)
    of_studio = is_of_studio(request.user, row.studio)
    shows = name in (
        "finish_inspection",
        "confirm_inspection",
        "confirm_clean_inspection",
        "settle_unanswered",
    )
    extra = {
        "inspection": row,
        "lines": row.lines.all() if shows and (row.recorded_at or not of_studio) else [],
        "finding_days": rules.get_many(["finding_days", "finding_days_serious"]),
    }
    return take_step(
        request,
        INSPECTION,
        row,
        name,
        template="assessments/inspection_step.html",
        plain=of_studio,
        extra=extra,
    )


def inspectors(request, key):
    """Others go instead, or more."""
    row = visible(request, key)
    if not plans_inspection(request.user, row):
        raise PermissionDenied("只有管理办公室可以调整检查人员，且不能办理本人所在的工作室。")
    initial = {"inspectors": [person.user_id for person in row.inspectors.all()]}
    form = InspectorsForm(request.POST or None, initial=initial, people=acts.possible_inspectors())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, row, "change_inspectors") as write:
                    acts.change_inspectors(row, list(form.cleaned_data["inspectors"]), by=request.user)
                    write.location = row.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, "检查人员已更新，新的通知已发出。")
                return redirect(row)
    context = {"inspection": row, "form": form, "min_inspectors": rules.get("inspection_min_inspectors")}
    return render(request, "assessments/inspectors.html", context, status=status)


# ── problems ────────────────────────────────────────────────────────────────────────────────────
def visible_finding(request, key) -> Finding:
    rows = Finding.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("inspection__residency__studio", "inspection__plan"), key=key
    )


@require_safe
def finding(request, key):
    """One problem: what it is, what the studio did, what the re-check said."""
    row = visible_finding(request, key)
    context = {
        "finding": row,
        "stage": FINDING.stage(row),
        "of_studio": is_of_studio(request.user, row.studio),
        "steps": step_buttons(
            request.user,
            FINDING,
            row,
            url=lambda name: reverse("assessments:finding_step", args=[row.key, name]),
        ),
        "proofs": row.proofs.select_related("stored"),
        "history": timeline(history_of(row).filter(result="ok")[:50]),
    }
    return render(request, "assessments/finding.html", context)


def finding_step(request, key, name):
    row = visible_finding(request, key)
    of_studio = is_of_studio(request.user, row.studio)
    extra = {"finding": row, "proofs": row.proofs.select_related("stored")}
    return take_step(
        request, FINDING, row, name, template="assessments/finding_step.html", plain=of_studio, extra=extra
    )


@require_safe
def finding_proof(request, key, file_key):
    row = visible_finding(request, key)
    proof = get_object_or_404(row.proofs.select_related("stored"), stored__key=file_key)
    if "inline" not in request.GET:
        audit.record("download_file", row, by=request.user, note=f"sha256 {proof.stored.sha256}")
    return attachments.serve(proof.stored, inline="inline" in request.GET, filename=f"整改证明-{proof.pk}")


# ── the studio's own page ───────────────────────────────────────────────────────────────────────
@require_safe
def studio_inspections(request, key):
    """What was looked at in one studio, and what it still has to put right."""
    studio = visible_studio(request, key)
    rows = Inspection.objects.visible_to(request.user).filter(residency__studio=studio)
    findings = Finding.objects.visible_to(request.user).filter(inspection__residency__studio=studio)
    context = tab_context(request, studio, "assessments:studio_inspections") | {
        "page": Page.of(rows.order_by("-inspect_on", "pk"), request.GET.get("page", 1), related=("plan", "residency__studio")),
        "findings": findings.unsettled().select_related("inspection__residency__studio").order_by("fix_by", "pk"),
    }  # fmt: skip
    return render(request, "assessments/studio_inspections.html", context)


# ── papers and files ────────────────────────────────────────────────────────────────────────────
@require_safe
def inspection_paper(request, key, public_id):
    """The notice, or the record once the studio has answered."""
    row = visible(request, key)
    found = Document.objects.about(row).filter(kind__in=papers.KINDS)
    document = get_object_or_404(found, public_id=public_id)
    return serve_paper(request, document, back=row.get_absolute_url())


@require_safe
def inspection_sheet(request, key):
    """The record of today as a draft: to take along and fill in by hand, or to have signed on paper."""
    row = visible(request, key)
    if is_of_studio(request.user, row.studio):
        raise PermissionDenied("检查记录核对后，可在文书中查看。")
    template, context = papers.inspection_sheet(row, print_label="草稿", with_photos=False)
    audit.record("view_document", row, by=request.user, note="检查记录草稿")
    try:
        content = documents.preview_pdf(template, context, title="检查记录")
    except pdf.RenderFailed as failure:
        messages.error(request, f"检查记录暂时没有生成出来：{failure}")
        return redirect(row)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="inspection-draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def inspection_signed(request, key):
    """The scan of the signed record."""
    row = visible(request, key)
    if row.signed_sheet_id is None:
        raise Http404
    audit.record("download_file", row, by=request.user, note=f"sha256 {row.signed_sheet.sha256}")
    return attachments.serve(row.signed_sheet, inline="inline" in request.GET)
