"""Safety [5.3]: hazards, checks, incidents and letters of responsibility."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from park import attachments, audit
from park.audit import history_of, timeline
from park.formkeys import write_once
from park.models import Document
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused
from workshops.actions import keeping_safe as acts
from workshops.forms.safety import CheckForm, IncidentForm, OutcomeForm, SafetyLineForm, SignedLetterForm
from workshops.models import Hazard, HazardStatus, Incident, SafetyCheck, SafetyItem, SafetyLetter, Studio
from workshops.permissions import is_office, is_officer
from workshops.permissions.safety import keeps_safety, settles_incident
from workshops.tables import facilities
from workshops.views.answering import write_form
from workshops.workflow import HAZARD

VIEWS = {"hazards": "隐患", "checks": "安全检查", "incidents": "安全事件"}


def _is_of_safety(user) -> bool:
    """Whoever keeps safety, or has a studio."""
    return keeps_safety(user) or Studio.objects.of(user).exists()


def _of_safety(user):
    if not _is_of_safety(user):
        raise PermissionDenied("安全管理供管理办公室、后勤保障单位和工作室使用。")


@require_safe
def safety(request):
    """Hazards first; checks and incidents beside them. A studio sees its own."""
    if not _is_of_safety(request.user):
        return redirect("workshops:mine")
    view = request.GET.get("view")
    view = view if view in VIEWS else "hazards"
    if view == "hazards":
        rows, related = facilities.hazards(request).order_by("fix_by", "pk"), ("studio",)
    elif view == "checks":
        rows = SafetyCheck.objects.visible_to(request.user).order_by("-checked_on", "-pk")
        related = ("studio", "made_by")
    else:
        rows = Incident.objects.visible_to(request.user).order_by("-happened_at", "-pk")
        related = ("studio",)
    context = {
        "view": view,
        "views": VIEWS,
        "page": Page.of(rows, request.GET.get("page", 1), related=related),
        "status": request.GET.get("status", ""),
        "statuses": [("overdue", "已逾期"), *HazardStatus.choices],
        "overdue": Hazard.objects.visible_to(request.user).overdue().count(),
        "keeps": keeps_safety(request.user),
    }
    return render(request, "workshops/safety.html", context)


# ── checks and hazards ──────────────────────────────────────────────────────────────────────────
def safety_check_new(request):
    """The checklist on the phone."""
    if not keeps_safety(request.user):
        raise PermissionDenied("安全检查由管理办公室和后勤保障单位进行。")
    posted = request.POST if request.method == "POST" else None
    form = CheckForm(posted, initial={"checked_on": timezone.localdate()})
    lines = [SafetyLineForm(posted, item=item) for item in SafetyItem.objects.offered()]
    valid = posted is None or all([form.is_valid(), *(line.is_valid() for line in lines)])

    def write(data):
        rows = [(x.item, *(x.cleaned_data[n] for n in ("state", "severity", "note"))) for x in lines]
        return acts.make_safety_check(lines=rows, by=request.user, **data)

    context = {"lines": lines, "forms": [form, *lines]}
    template = "workshops/safety_check_new.html"
    if not valid:
        return render(request, template, context | {"form": form}, status=422)
    return write_form(
        request,
        form,
        write=write,
        verb="make_safety_check",
        template=template,
        context=context,
        done="安全检查已登记。",
    )


@require_safe
def safety_check(request, key):
    rows = SafetyCheck.objects.visible_to(request.user).select_related("studio", "room", "made_by")
    row = get_object_or_404(rows, key=key)
    hazards = Hazard.objects.filter(line__check_row=row).select_related("studio")
    context = {"check": row, "lines": row.lines.all(), "hazards": hazards}
    return render(request, "workshops/safety_check.html", context)


def visible_hazard(request, key) -> Hazard:
    rows = Hazard.objects.visible_to(request.user).select_related("studio", "line__check_row", "proof")
    return get_object_or_404(rows, key=key)


@require_safe
def hazard(request, key):
    row = visible_hazard(request, key)
    context = {
        "hazard": row,
        "steps": step_buttons(
            request.user, HAZARD, row, url=lambda name: reverse("workshops:hazard_step", args=[row.key, name])
        ),
        "history": timeline(history_of(row).filter(result="ok")[:50]),
    }
    return render(request, "workshops/hazard.html", context)


def hazard_step(request, key, name):
    return take_step(request, HAZARD, visible_hazard(request, key), name)


@require_safe
def hazard_proof(request, key):
    row = visible_hazard(request, key)
    return _file(request, row, row.proof, "整改照片")


def _file(request, row, stored, name):
    if stored is None:
        raise Http404
    if "inline" not in request.GET:
        audit.record("download_file", row, by=request.user, note=f"sha256 {stored.sha256}")
    return attachments.serve(stored, inline="inline" in request.GET, filename=f"{name}-{row.pk}")


# ── incidents ───────────────────────────────────────────────────────────────────────────────────
def report_incident(request):
    _of_safety(request.user)
    keeps = keeps_safety(request.user)
    studios = Studio.objects.resident() if keeps else Studio.objects.of(request.user)
    posted = request.POST if request.method == "POST" else None
    files = request.FILES if posted is not None else None
    initial = {} if keeps else {"studio": studios.order_by("name").first()}
    form = IncidentForm(
        posted, files, initial=initial, studios=studios.order_by("name"), must_choose=not keeps
    )
    return write_form(
        request, form, write=lambda data: acts.report_incident(by=request.user, **data), verb="report_incident",
        template="workshops/incident_report.html", context={}, done="安全事件已报告，管理办公室和后勤已收到通知。",
    )  # fmt: skip


def incident(request, key):
    """What happened; whoever keeps safety settles it here."""
    rows = Incident.objects.visible_to(request.user).select_related(
        "studio", "reported_by", "settled_by", "report"
    )
    row = get_object_or_404(rows, key=key)
    may = settles_incident(request.user, row) and row.settled_at is None
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    context = {
        "incident": row,
        "may_settle": may,
        "history": timeline(history_of(row).filter(result="ok")[:20]),
    }
    return write_form(
        request, form, write=lambda data: acts.settle_incident(row, by=request.user, **data), verb="settle_incident",
        template="workshops/incident.html", context=context, done="安全事件已办结。", subject=row,
        closed="" if may else "这件安全事件已经办结，没有改动。",
    )  # fmt: skip


@require_safe
def incident_file(request, key):
    row = get_object_or_404(Incident.objects.visible_to(request.user).select_related("report"), key=key)
    return _file(request, row, row.report, "安全事件报告")


# ── letters of responsibility ───────────────────────────────────────────────────────────────────
@require_safe
def safety_letters(request):
    """Who has signed for which year; a studio sees its own."""
    _of_safety(request.user)
    rows = SafetyLetter.objects.visible_to(request.user).order_by("-year", "residency__studio__name", "pk")
    page = Page.of(rows, request.GET.get("page", 1), related=("residency__studio",))
    keys = [str(row.pk) for row in page.rows]
    papers = Document.objects.filter(kind="safety_letter", subject_id__in=keys).exclude(state="withdrawn")
    by_row = {paper.subject_id: paper for paper in papers}
    year = timezone.localdate().year
    context = {
        "page": page,
        "rows": [(row, by_row.get(str(row.pk))) for row in page.rows],
        "year": year,
        "missing": acts.without_letter(year).count() if is_office(request.user) else 0,
        "may_issue": is_office(request.user),
    }
    return render(request, "workshops/safety_letters.html", context)


@require_POST
def issue_safety_letters(request):
    if not is_office(request.user):
        raise PermissionDenied("安全责任书由管理办公室发出。")
    try:
        with write_once(request, verb="issue_safety_letter") as write:
            write.location = reverse("workshops:safety_letters")
            count = acts.issue_safety_letters(timezone.localdate().year, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已发出 {count} 份安全责任书。")
    return redirect("workshops:safety_letters")


def visible_letter(request, key) -> SafetyLetter:
    rows = SafetyLetter.objects.visible_to(request.user).select_related("residency__studio", "scan")
    return get_object_or_404(rows, key=key)


def receive_safety_letter(request, key):
    row = visible_letter(request, key)
    if not is_officer(request.user, row.residency.studio):
        raise PermissionDenied("签字件由管理办公室登记，本人工作室的除外。")
    posted = request.POST if request.method == "POST" else None
    form = SignedLetterForm(posted, request.FILES if posted is not None else None)
    return write_form(
        request, form, write=lambda data: acts.receive_safety_letter(row, data["scan"], by=request.user),
        verb="receive_safety_letter", template="workshops/safety_letter_receive.html", context={"letter": row},
        done="签字的安全责任书已登记。", subject=row,
    )  # fmt: skip


@require_safe
def safety_letter_paper(request, key):
    row = visible_letter(request, key)
    document = get_object_or_404(
        Document.objects.about(row).filter(kind="safety_letter"), state__in=["pending", "issued", "failed"]
    )
    return serve_paper(request, document, back=row.get_absolute_url())


@require_safe
def safety_letter_scan(request, key):
    row = visible_letter(request, key)
    return _file(request, row, row.scan, "安全责任书")
