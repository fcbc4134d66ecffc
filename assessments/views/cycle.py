"""年度考核 of the whole park [5.2]: the years, opening one, its cards, who grades, announcing and closing, its papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import evaluation as acts
from assessments.actions import publishing
from assessments.actions.issuing import issue_for_year
from assessments.facts import stays_in
from assessments.forms.cycle import GradersForm, OpenCycleForm
from assessments.models import (
    CycleStatus,
    EvaluationCycle,
    Falsification,
    GradeOfYear,
    Scorecard,
    ScorecardStatus,
)
from assessments.permissions.scorecard import manages_evaluation
from assessments.projecting import settings_now, settings_shown
from assessments.scoring import CardResult, grade_cards
from assessments.sheets.evaluation import export
from assessments.tables import evaluation as tables
from assessments.views.scorecard import HOUSE
from assessments.workflow import CYCLE
from park import audit, documents, rules, sheets, workdays
from park.announcements.forms import TextForm
from park.audit import history_of, timeline
from park.formkeys import led_to, write_once
from park.models import Document
from park.tables import Page
from park.views.paper import serve_paper
from park.views.steps import step_buttons, take_step
from park.workflow import Refused

S = ScorecardStatus
# Papers of a year: kind → when it makes sense.
PAPERS = {
    "scorecard_blank": lambda cycle: True,
    "evaluation_summary": lambda cycle: cycle.status != CycleStatus.OPEN,
}


def visible(request, key) -> EvaluationCycle:
    """The year, if this person may see it; else 404."""
    rows = EvaluationCycle.objects.visible_to(request.user).distinct()
    return get_object_or_404(rows.select_related("rubric", "opened_by"), key=key)


# ── the years ───────────────────────────────────────────────────────────────────────────────────
@require_safe
def cycles(request):
    """All years for the house, to an expert those that they grade."""
    user = request.user
    in_house = user.has_role(*HOUSE)
    rows = EvaluationCycle.objects.visible_to(user).distinct()
    if not in_house and not rows.exists():
        raise PermissionDenied(
            "年度考核供管理办公室、工作小组和评审专家查看；工作室在“考核”页查看本工作室的考核。"
        )
    page = Page.of(rows.order_by("-year"), request.GET.get("page", 1), related=("rubric",))
    counts = tables.counts_of(page.rows)
    context = {
        "page": page,
        "rows": [(row, counts[row.pk]["standing"], counts[row.pk]) for row in page.rows],
        "in_house": in_house,
        "may_open": manages_evaluation(user),
    }
    return render(request, "assessments/cycles.html", context)


def years_offered(today) -> list[int]:
    """The running year and the one before, while nobody opened them."""
    opened = set(EvaluationCycle.objects.values_list("year", flat=True))
    return [year for year in (today.year, today.year - 1) if year not in opened]


def open_cycle(request):
    """A new year: who is in it, by which edition and which settings, until when the studios assess themselves."""
    if not manages_evaluation(request.user):
        raise PermissionDenied("只有管理办公室可以启动年度考核。")
    today = timezone.localdate()
    offered = years_offered(today)
    asked = request.POST.get("year") or request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else (offered or [today.year])[0]
    posted = request.POST if request.method == "POST" else None
    form = OpenCycleForm(
        posted,
        initial={"year": year},
        people=acts.possible_graders(),
        years=sorted({*offered, year, today.year, today.year - 1}, reverse=True),
    )
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                with write_once(request, verb="open_cycle") as write:
                    cycle = acts.open_cycle(
                        data["year"],
                        rubric=data["rubric"],
                        by=request.user,
                        note=data["note"],
                        graders=list(data["graders"]),
                        leader=data["leader"],
                    )
                    write.location = cycle.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"{cycle}已启动，通知已发到各工作室。")
                return redirect(cycle)
        elif where := led_to(request):
            return redirect(where)
    values = settings_now()
    full = int(values["full_months"])
    stays = stays_in(year)
    days = rules.get("self_assessment_days")
    context = {
        "form": form,
        "year": year,
        "offered": offered,
        "is_over": year not in offered and posted is None,
        "stays": [(stay, stay.is_partial(full)) for stay in stays],
        "full_months": full,
        "settings": settings_shown(values),
        "days": days,
        "until": workdays.add_workdays(today, days),
        "earliest": acts.earliest_day(year),
        "too_early": today < acts.earliest_day(year),
        "needed": rules.get("panel_graders"),
    }
    return render(request, "assessments/cycle_new.html", context, status=status)


# ── one year ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def cycle(request, key):
    """Where the year stands: progress, cards, what is missing for the next step, papers."""
    row, user = visible(request, key), request.user
    if not user.has_role(*HOUSE):
        return redirect("assessments:grading", row.key)
    counts = tables.counts_of([row])[row.pk]
    form, cards, is_filtered = tables.cards(request, row)
    also = {"left": tables.LEFT} if row.status == CycleStatus.OPEN else {}
    page = Page.of(cards, request.GET.get("page", 1), related=("studio", "cycle"), also=also)
    sort = request.GET.get("sort", "")
    context = {
        "cycle": row,
        "stage": CYCLE.stage(row),
        "stages": stage_bar(row),
        "progress": [(code, label, counts[code]) for code, label in S.choices if counts[code]],
        "overdue": counts["overdue"],
        "form": form,
        "is_filtered": is_filtered,
        "page": page,
        "sort": sort if sort in tables.ORDERS else "",
        "sorts": [(code, words) for code, (words, _) in tables.ORDERS.items()],
        "seats": row.graders.select_related("user") if row.status == CycleStatus.OPEN else [],
        "steps": step_buttons(
            user, CYCLE, row, url=lambda name: reverse("assessments:cycle_step", args=[row.key, name])
        ),
        "may_manage": manages_evaluation(user),
        "papers": Document.objects.about(row)[:20],
        "issuable": _issuable(row) if manages_evaluation(user) else [],
        "announcements": publishing.announcements_of(row) if row.status == CycleStatus.CLOSED else [],
        "may_publish": row.status == CycleStatus.CLOSED and manages_evaluation(user),
        "grades": [(code, label, counts[code]) for code, label in GradeOfYear.choices if counts[code]],
    }
    return render(request, "assessments/cycle.html", context)


def stage_bar(cycle) -> list[dict]:
    order = list(CycleStatus)
    here = order.index(cycle.status)
    days = {CycleStatus.ANNOUNCED: cycle.announced_at, CycleStatus.CLOSED: cycle.closed_at}
    bar = []
    for place, status in enumerate(order):
        state = (
            "done"
            if place < here or cycle.status == CycleStatus.CLOSED
            else "current"
            if place == here
            else "next"
        )
        at = days.get(status)
        note = f"{timezone.localtime(at):%Y-%m-%d}" if at else ""
        bar.append({"label": status.label, "state": state, "note": note})
    return bar  # fmt: skip


def cycle_step(request, key, name):
    """Announcing and closing: what every card would be graded, before it is said."""
    row = visible(request, key)
    if not request.user.has_role(*HOUSE):
        raise Http404
    extra = {"cycle": row, "cards": _preview(row) if name in CYCLE.steps else []}
    return take_step(request, CYCLE, row, name, template="assessments/cycle_step.html", extra=extra)


def _preview(cycle) -> list[Scorecard]:
    """The standing cards with the grade that the rule gives them now; nothing is written."""
    cards = list(cycle.cards.standing().select_related("studio").order_by("studio__name", "pk"))
    if any(card.total is None for card in cards):
        return []
    falsified = set(
        Falsification.objects.filter(card__cycle=cycle, lifted_at=None).values_list("card", flat=True)
    )
    graded = grade_cards(
        [CardResult(c.pk, c.base, c.bonus, c.is_partial, c.pk in falsified) for c in cards], cycle.rules
    )
    for card in cards:
        result = graded[card.pk]
        card.will = GradeOfYear(result.grade)
        card.will_basis, card.will_place = result.basis, result.place
    return sorted(cards, key=lambda card: (card.will_place is None, card.will_place or 0, card.studio.name))


def cycle_graders(request, key):
    """Others grade, or the first are named."""
    row = visible(request, key)
    if not manages_evaluation(request.user):
        raise PermissionDenied("只有管理办公室可以确定评等的专家。")
    seats = list(row.graders.all())
    initial = {
        "graders": [seat.user_id for seat in seats],
        "leader": next((seat.user_id for seat in seats if seat.is_leader), None),
    }
    form = GradersForm(request.POST or None, initial=initial, people=acts.possible_graders())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                with write_once(request, row, "change_graders") as write:
                    acts.change_graders(row, list(data["graders"]), data["leader"], by=request.user)
                    write.location = row.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, "评等专家已确定，通知已发出。")
                return redirect(row)
    context = {"cycle": row, "form": form, "needed": rules.get("panel_graders")}
    return render(request, "assessments/cycle_graders.html", context, status=status)


@require_safe
def cycle_settings(request, key):
    """By which readings this year is counted, as they stood when it was opened; and to the house what was done."""
    row = visible(request, key)
    in_house = request.user.has_role(*HOUSE)
    context = {
        "cycle": row,
        "settings": settings_shown(row.rules),
        "in_house": in_house,
        "history": timeline(history_of(row)[:60]) if in_house else [],
    }
    return render(request, "assessments/cycle_settings.html", context)


# ── papers ──────────────────────────────────────────────────────────────────────────────────────
def announce_results(request, key):
    """The grades, for the public: drafted here, read by three and published as any announcement."""
    row = visible(request, key)
    if not manages_evaluation(request.user):
        raise PermissionDenied("考核结果公告由管理办公室起草。")
    initial = {"title": publishing.results_title(row), "text": publishing.results_text(row)}
    form = TextForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, row, "draft_results") as write:
                    made = publishing.draft_results(row, by=request.user, **form.cleaned_data)
                    write.location = made.get_absolute_url()
            except Refused as refusal:
                for sentence in refusal.sentences:
                    messages.error(request, sentence)
                status = 409
            else:
                messages.success(request, f"已起草 {made}，请送审。")
                return redirect(write.location)
    context = {
        "cycle": row,
        "form": form,
        "columns": publishing.COLUMNS,
        "rows": [[shown[key] for key, _ in publishing.PUBLIC_COLUMNS] for shown in publishing.public_rows(row)],
        "allowed": rules.get("publish_results"),
    }  # fmt: skip
    return render(request, "assessments/cycle_announce.html", context, status=status)


@require_safe
def cycle_export(request, key):
    """The summary of the year as xlsx, for the office."""
    row = visible(request, key)
    if not manages_evaluation(request.user):
        raise PermissionDenied("导出由管理办公室办理。")
    sheet, rows = export(row)
    audit.record("export", row, by=request.user, after=f"{len(rows)} 行", clause="5.2")
    return sheets.response(sheet, rows, f"{row.year}年度考核结果汇总表.xlsx")


def _issuable(cycle) -> list[tuple[str, str]]:
    return [
        (kind, documents.KINDS[kind].title)
        for kind, fits in PAPERS.items()
        if kind in documents.KINDS and fits(cycle)
    ]


@require_POST
def cycle_issue(request, key, kind):
    """Print a paper of the year anew; the former version is superseded."""
    row = visible(request, key)
    if not manages_evaluation(request.user):
        raise PermissionDenied("文书由管理办公室出具。")
    if kind not in dict(_issuable(row)):
        raise Http404
    with write_once(request, row, "issue_document") as write:
        write.location = row.get_absolute_url()
        document = issue_for_year(kind, row, by=request.user)
    messages.success(request, f"{document.title}正在生成，请在文书中查看。")
    return redirect(row)


@require_safe
def cycle_paper(request, key, public_id):
    row = visible(request, key)
    if not request.user.has_role(*HOUSE):
        raise Http404
    document = get_object_or_404(Document.objects.about(row), public_id=public_id)
    return serve_paper(request, document, back=row.get_absolute_url())
