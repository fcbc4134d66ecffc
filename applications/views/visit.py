"""Site visits for the office and for those who go [3.2.2 现场考察]: list and calendar, the plan, the route of a day,
one visit with its steps and papers."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from applications.actions import visiting
from applications.forms.visit import PlanForm, StopForm, VisitFilter, VisitorsForm, with_people
from applications.models import SiteVisit, VisitStatus
from applications.papers import visit as papers
from applications.permissions import is_of_studio, is_visitor, plans_visits
from applications.views.case import timeline
from applications.workflow import VISIT
from park import attachments, audit, documents, pdf, rules
from park.audit import history_of
from park.formkeys import write_once
from park.models import Document
from park.permissions import is_office
from park.tables import Month, Page
from park.views.steps import step_buttons, take_step
from park.workflow import Refused

OFFERED = 100  # cases on one page of the plan
CLERKS = [
    "save_visit",
    "add_visit_photo",
    "remove_visit_photo",
    "order_route",
]  # not for the studio's history


def visible(request, key) -> SiteVisit:
    """The visit, if this person may see it; else 404."""
    rows = SiteVisit.objects.visible_to(request.user).select_related("application", "application__district")
    return get_object_or_404(rows, key=key)


def _staff(user):
    if not user.has_role(*visiting.VISITOR_ROLES):
        raise PermissionDenied("只有园区工作人员和专家可以查看现场考察安排。")


def _office(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以安排现场考察。")


# ── list and calendar ───────────────────────────────────────────────────────────────────────────
@require_safe
def visits(request):
    """All visits for the office, the own ones for whoever goes along: as a month or as a list."""
    _staff(request.user)
    form = VisitFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(request, asked)
    as_list = request.GET.get("view") == "list"
    context = {
        "form": form,
        "as_list": as_list,
        "is_filtered": any(asked.values()) or bool(request.GET.get("status")),
        "status": _status(request),
        "statuses": VisitStatus.choices,
        "may_plan": is_office(request.user),
        "waiting": visiting.waiting_for_visit(request.user).count() if is_office(request.user) else 0,
        "stages": VISIT.stages,
    }
    if as_list:
        page = Page.of(
            rows.order_by("-visit_on", "route_order", "pk"),
            request.GET.get("page", 1),
            related=("application", "application__district"),
        )
        context |= {"page": page, "people": _people(page.rows)}
    else:
        context |= _month(request, rows)
    return render(request, "applications/visits.html", context)


def _status(request) -> str:
    return request.GET.get("status") if request.GET.get("status") in VisitStatus.values else ""


def _filtered(request, asked):
    rows = SiteVisit.objects.visible_to(request.user)
    if q := asked.get("q"):
        rows = rows.filter(
            Q(application__number__contains=q.upper())
            | Q(application__studio_name__contains=q)
            | Q(application__leader_name__contains=q)
            | Q(place__contains=q)
        )
    if asked.get("since"):
        rows = rows.filter(visit_on__gte=asked["since"])
    if asked.get("until"):
        rows = rows.filter(visit_on__lte=asked["until"])
    if asked.get("mine"):
        rows = rows.filter(visitors__user=request.user)
    if status := _status(request):
        rows = rows.filter(status=status)
    return rows


def _people(rows) -> dict[int, str]:
    """Who goes, per visit, in one query."""
    names = {}
    found = visiting.Visitor.objects.filter(visit__in=[row.pk for row in rows]).select_related("user")
    for row in found:
        names.setdefault(row.visit_id, []).append(str(row.user))
    return {visit: "、".join(people) for visit, people in names.items()}


def _month(request, rows) -> dict:
    """One month with the visits of each day."""
    month = Month(request.GET.get("month", ""))
    shown = rows.filter(visit_on__range=month.span).select_related("application")
    shown = list(shown.order_by("visit_on", "route_order", "pk"))
    people, by_day = _people(shown), {}
    for row in shown:
        by_day.setdefault(row.visit_on, []).append({"visit": row, "people": people.get(row.pk, "")})
    return month.context(by_day)


# ── plan ────────────────────────────────────────────────────────────────────────────────────────
def plan_visits(request):
    """One or many studios on one day, each with its place and time, by the same people."""
    _office(request.user)
    posted = request.POST if request.method == "POST" else None
    cases = list(
        visiting.waiting_for_visit(request.user)
        .select_related("district")
        .order_by("district__code", "due_on", "pk")[:OFFERED]
    )
    chosen = set(request.GET.getlist("case"))
    form = with_people(PlanForm(posted), visiting.possible_visitors())
    stops = []
    for order, case in enumerate(cases, 1):
        given = {"place": case.unit_name, "route_order": order, "chosen": str(case.key) in chosen}
        stops.append((case, StopForm(posted, prefix=f"case-{case.pk}", initial=given)))
    status = 200
    if posted is not None:
        valid = all([form.is_valid(), *(stop.is_valid() for _, stop in stops if _is_chosen(stop))])
        status = 422
        if valid:
            try:
                planned = _plan(request, form.cleaned_data, stops)
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"已安排 {len(planned)} 次现场考察，通知已发出。")
                return redirect(reverse("applications:visit_day", args=[f"{form.cleaned_data['visit_on']}"]))
    context = {
        "form": form,
        "stops": [{"case": case, "form": stop, "chosen": _is_chosen(stop)} for case, stop in stops],
        "bad_stops": [stop for _, stop in stops if stop.is_bound and _is_chosen(stop) and stop.errors],
        "notice_days": rules.get("visit_notice_days"),
        "min_visitors": rules.get("visit_min_visitors"),
        "earliest": visiting.earliest_without_reason(),
    }
    return render(request, "applications/visit_plan.html", context, status=status)


def _is_chosen(stop) -> bool:
    return bool(stop["chosen"].value())


def _plan(request, data, stops):
    rows = [
        visiting.Stop(
            case,
            stop.cleaned_data["place"],
            stop.cleaned_data["meet_at"],
            stop.cleaned_data["route_order"],
        )
        for case, stop in stops
        if _is_chosen(stop)
    ]
    with write_once(request, verb="plan_visit") as write:
        planned = visiting.plan_visits(
            rows,
            visit_on=data["visit_on"],
            visitors=list(data["visitors"]),
            preparation=data["preparation"],
            short_notice=data["short_notice"],
            by=request.user,
        )
        write.location = reverse("applications:visit_day", args=[f"{data['visit_on']}"])
    return planned


# ── the route of a day ──────────────────────────────────────────────────────────────────────────
@require_safe
def visit_day(request, day):
    """Everything to see on one day in the order of the route; prints on one sheet."""
    _staff(request.user)
    day = _date(day)
    rows = SiteVisit.objects.visible_to(request.user).filter(visit_on=day)
    rows = rows.exclude(status=VisitStatus.CANCELLED).select_related("application", "application__district")
    rows = list(rows.order_by("route_order", "meet_at", "pk"))
    people = _people(rows)
    context = {
        "day": day,
        "stops": [{"visit": row, "people": people.get(row.pk, "")} for row in rows],
        "may_plan": is_office(request.user),
    }
    return render(request, "applications/visit_day.html", context)


def _date(text) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@require_POST
def visit_move(request, key):
    """One place up or down on the route."""
    visit = visible(request, key)
    if not is_office(request.user):
        raise PermissionDenied("只有管理办公室可以调整路线。")
    here = reverse("applications:visit_day", args=[f"{visit.visit_on}"])
    try:
        with write_once(request, visit, "order_route") as write:
            visiting.move_on_route(visit, up=request.POST.get("to") == "up", by=request.user)
            write.location = here
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(here)


# ── one visit ───────────────────────────────────────────────────────────────────────────────────
@require_safe
def visit(request, key):
    """The visit as this person may know it: the studio reads the record once it is made."""
    visit = visible(request, key)
    application, user = visit.application, request.user
    of_studio = is_of_studio(user, application)
    has_record = visit.status in (VisitStatus.RECORDED, VisitStatus.SETTLED)
    shows_record = has_record or (not of_studio and visit.saved_at is not None)
    history = history_of(visit).filter(result="ok") if of_studio else history_of(visit)
    kinds = ["visit_notice", "visit_sheet"] if has_record or not of_studio else ["visit_notice"]
    may_open_case = of_studio or is_office(user)
    context = {
        "visit": visit,
        "application": application,
        "stage": VISIT.stage(visit),
        "steps": step_buttons(
            user, VISIT, visit, url=lambda name: reverse("applications:visit_step", args=[visit.key, name])
        ),
        "of_studio": of_studio,
        "may_open_case": may_open_case,
        "may_record": visit.status == VisitStatus.PLANNED and is_visitor(user, visit),
        "may_change": visit.status == VisitStatus.PLANNED and plans_visits(user, visit),
        "may_print": not of_studio,
        "visitors": visit.visitors.select_related("user__unit"),
        "lines": read_lines(visit) if shows_record else [],
        "shows_record": shows_record,
        "photos": visit.photos.filter(removed_at=None).select_related("stored") if shows_record else [],
        "papers": Document.objects.about(visit).filter(kind__in=kinds),
        "history": timeline((history.exclude(verb__in=CLERKS) if of_studio else history)[:100]),
    }
    return render(request, "applications/visit.html", context)


def read_lines(visit) -> list[dict]:
    """The checklist with what was found, in the words of each line."""
    found = {row.item: row for row in visit.lines.all()}
    rows = []
    for line in papers.place_lines(visit.application.latest_submission().data):
        row = found.get(line.item)
        verdict = row.verdict if row else ""
        rows.append(
            {
                "line": line,
                "label": line.verdicts.get(verdict, "还没有结论"),
                "tone": TONES[line.demanded].get(verdict, "neutral"),
                "note": row.note if row else "",
            }
        )
    return rows


# What bears on the outcome is green or red; the rest is only noted.
TONES = {
    True: {"met": "done", "unmet": "danger", "unclear": "wait"},
    False: {"met": "done", "unclear": "neutral"},
}


def visit_step(request, key, name):
    """The page of one step of a visit."""
    visit = visible(request, key)
    of_studio = is_of_studio(request.user, visit.application)
    extra = {"visit": visit, "application": visit.application, "lines": [], "photos": []}
    if name in ("finish_visit", "confirm_visit") and visit.status != VisitStatus.CANCELLED:
        extra |= {"lines": read_lines(visit), "photos": visit.photos.filter(removed_at=None)}
        if of_studio and visit.status == VisitStatus.PLANNED:
            extra |= {"lines": [], "photos": []}
    return take_step(
        request, VISIT, visit, name, template="applications/visit_step.html", plain=of_studio, extra=extra
    )


def visit_visitors(request, key):
    """Others go instead, or more."""
    visit = visible(request, key)
    if not plans_visits(request.user, visit):
        raise PermissionDenied("只有管理办公室可以调整考察人员，且不能办理本人参与的申报。")
    initial = {"visitors": [row.user_id for row in visit.visitors.all()]}
    form = with_people(VisitorsForm(request.POST or None, initial=initial), visiting.possible_visitors())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, visit, "change_visitors") as write:
                    visiting.change_visitors(visit, list(form.cleaned_data["visitors"]), by=request.user)
                    write.location = visit.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, "考察人员已更新，新的通知已发出。")
                return redirect(visit)
    context = {"visit": visit, "form": form, "min_visitors": rules.get("visit_min_visitors")}
    return render(request, "applications/visit_visitors.html", context, status=status)


# ── papers and files ────────────────────────────────────────────────────────────────────────────
@require_safe
def visit_paper(request, key, public_id):
    """The notice or the sheet, also to visitors who may not open the case."""
    visit = visible(request, key)
    kinds = ["visit_notice", "visit_sheet"]
    document = get_object_or_404(Document.objects.about(visit).filter(kind__in=kinds), public_id=public_id)
    try:
        return documents.serve(document, by=request.user, inline="inline" in request.GET)
    except documents.NotPrinted as pending:
        context = {"application": visit, "document": document, "text": str(pending)}
        return render(request, "applications/paper_pending.html", context, status=202)


@require_safe
def visit_sheet(request, key):
    """The record sheet of today as a draft: to take along and fill in by hand, or to read over before it is made."""
    visit = visible(request, key)
    if is_of_studio(request.user, visit.application):
        raise PermissionDenied("考察记录完成后，可在文书中查看记录表。")
    template, context = papers.visit_sheet(visit, print_label="草稿", with_photos=False)
    audit.record("view_document", visit, by=request.user, note="考察记录表草稿")
    try:
        content = documents.preview_pdf(template, context, title="现场考察记录表")
    except pdf.RenderFailed as failure:
        messages.error(request, f"记录表暂时没有生成出来：{failure}")
        return redirect(visit)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="visit-sheet-draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def visit_signed(request, key):
    """The scan of the signed sheet."""
    visit = visible(request, key)
    if visit.signed_sheet_id is None:
        raise Http404
    audit.record("download_file", visit, by=request.user, note=f"sha256 {visit.signed_sheet.sha256}")
    return attachments.serve(visit.signed_sheet, inline="inline" in request.GET)
