"""Candidate lists: compiled by the office, sent, taken back, promoted from [3.2.2]; read by the working group."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.actions import listing
from applications.actions.resolving import boxes_to_fill, skipped
from applications.conditions.listing import free_places
from applications.forms.listing import BatchForm, ListForm
from applications.models import (
    Application,
    CandidateList,
    Collaborator,
    ListEntry,
    ListStatus,
    Status,
    VisitStatus,
)
from applications.papers.listing import ranking_words
from applications.permissions import (
    compiles_lists,
    decides_list,
    fills_office_box,
    gives_opinions,
    has_own_case_on,
    working_group_seat,
)
from applications.ranking import ranked, reasons_of, standings, tie_reasons
from applications.views.case import timeline
from applications.workflow import LIST
from park import documents, rules
from park.audit import history_of
from park.formkeys import write_once
from park.models import Document, Role
from park.permissions import has_role, is_office
from park.tables import Page
from park.validators import is_uuid
from park.views.steps import step_buttons, take_step
from park.workflow import Refused

reads_lists = has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.WORKING_GROUP)
ORDERS = {"newest": ["-pk"]}


def visible_list(request, key) -> CandidateList:
    """The list, if this person may see it; else 404. Who has a studio of their own on it reads neither votes nor
    opinions: the studio learns its result by letter, and never what was said about it."""
    rows = CandidateList.objects.visible_to(request.user)
    record = get_object_or_404(
        rows.select_related("compiled_by", "sent_by", "resolved_by", "batch", "announcement"), key=key
    )
    if has_own_case_on(request.user, record):
        raise PermissionDenied(
            "名单上有您本人参与的申报，您不能查看和办理。须由您办理的，请管理办公室移出该件后重新报送。"
        )
    return record


def _office_only(user):
    if not is_office(user):
        raise PermissionDenied("只有管理办公室可以编制候选名单。")


def _compiling(request, key) -> CandidateList:
    record = visible_list(request, key)
    if not compiles_lists(request.user, record):
        raise PermissionDenied("只有管理办公室可以编制候选名单，且不能编制有本人参与的申报的名单。")
    return record


@require_safe
def lists(request):
    """All candidate lists, newest first."""
    if not reads_lists(request.user):
        raise PermissionDenied("候选名单由管理办公室编制，报工作小组审核认定。")
    status = request.GET.get("status") if request.GET.get("status") in ListStatus.values else ""
    rows = CandidateList.objects.visible_to(request.user).order_by("-pk")
    page = Page.of(
        rows.filter(status=status) if status else rows,
        request.GET.get("page", 1),
        size=20,
        related=("compiled_by",),
    )
    counts = CandidateList.objects.filter(pk__in=[row.pk for row in page.rows]).annotate(
        candidates=Count("entries", filter=Q(entries__place="candidate")),
        waiting=Count("entries", filter=Q(entries__place="waitlist")),
    )
    numbers = {row.pk: row for row in counts}
    offered = Application.objects.visible_to(request.user).filter(status=Status.CANDIDATE)
    context = {
        "page": page,
        "rows": [(row, numbers[row.pk]) for row in page.rows],
        "status": status,
        "statuses": ListStatus.choices,
        "stages": LIST.stages,
        "is_office": is_office(request.user),
        "unlisted": offered.exclude(list_entries__is_open=True).count() if is_office(request.user) else 0,
    }
    return render(request, "applications/lists.html", context)


# ── compiling ───────────────────────────────────────────────────────────────────────────────────
def new(request):
    """Choose the cases and say how many places there are; the order is computed."""
    _office_only(request.user)
    batch_form = BatchForm(request.GET)
    batch = batch_form.cleaned_data["batch"] if batch_form.is_valid() else None
    offered = _offered(request.user)
    if batch:
        offered = offered.filter(batch=batch)
    form = ListForm(request.POST or None, initial={"title": _next_title()})
    if request.method == "POST":

        def save(keys, data):
            return listing.compile_list(keys, batch=batch, by=request.user, **data), []

        answer = _saved(request, form, "compile_list", None, save)
        if answer is not None:
            return answer
    ticked = set(request.POST.getlist("case")) if request.method == "POST" else None
    context = _compile_context(request, form, offered, ticked) | {"batch_form": batch_form, "batch": batch}
    return render(request, "applications/list_form.html", context, status=_status(request))


def change(request, key):
    """The same for a list in preparation: other cases, other places, ranked anew."""
    record = _compiling(request, key)
    if record.status != ListStatus.DRAFTING:
        messages.error(request, f"{record}已不在编制中，不能再调整。")
        return redirect(record)
    now = {str(k) for k in record.entries.values_list("application__key", flat=True)}
    offered = _offered(request.user, besides=record)
    form = ListForm(
        request.POST or None, initial={"title": record.title, "places": record.places, "note": record.note}
    )
    if request.method == "POST":

        def save(keys, data):
            return listing.change_list(record, keys, by=request.user, **data)

        answer = _saved(request, form, "change_list", record, save)
        if answer is not None:
            return answer
    ticked = set(request.POST.getlist("case")) if request.method == "POST" else now
    context = _compile_context(request, form, offered, ticked) | {"record": record}
    return render(request, "applications/list_form.html", context, status=_status(request))


def _status(request) -> int:
    return 200 if request.method != "POST" else getattr(request, "refused_as", 422)


def _saved(request, form, verb, record, save):
    """The redirect after a write, or None where the page has to be shown again with what was typed."""
    keys = [k for k in request.POST.getlist("case") if is_uuid(k)]
    if not form.is_valid():
        return None
    try:
        with write_once(request, record, verb) as write:
            record, gone = save(keys, form.cleaned_data)
            write.location = record.get_absolute_url()
    except Refused as refusal:
        _say(request, refusal)
        request.refused_as = 409
        return None
    _say_saved(request, record, gone)
    return redirect(write.location)


def _say(request, refusal):
    for sentence in refusal.sentences:
        messages.error(request, sentence)


def _say_saved(request, record, gone):
    messages.success(request, f"{record}已按表决结果排序保存。")
    if gone:
        messages.warning(request, f"已移出不再参加本次名单的申报：{'、'.join(gone)}。")


def _offered(user, besides=None):
    """Cases that may go on a list: carried by a panel, on no other list."""
    free = Q(status=Status.CANDIDATE) & ~Q(list_entries__is_open=True)
    if besides is not None:
        free |= Q(status=Status.CANDIDATE, list_entries__list=besides)
    return Application.objects.visible_to(user).filter(free).distinct()


def _next_title() -> str:
    year = timezone.localdate().year
    n = CandidateList.objects.filter(compiled_at__year=year).exclude(status=ListStatus.VOID).count() + 1
    return f"{year}年第{n}批入驻候选名单"


def _compile_context(request, form, offered, ticked) -> dict:
    """The offered cases in the order they would have; `ticked` None means all. Cases of one's own are not among
    them: that they wait for a list is what their letter tells."""
    rule = rules.get("list_ranking")
    applications = list(offered.select_related("batch", "district"))
    own = set(
        Collaborator.objects.filter(user=request.user, application__in=applications).values_list(
            "application", flat=True
        )
    )
    carried, faults = standings([a for a in applications if a.pk not in own], rule)
    order = ranked(carried, rule)
    ties = tie_reasons(order, rule)
    rows = [
        {
            "place": place,
            "application": one.application,
            "round": one.round,
            "session": one.item.session,
            "tie": ties.get(one.application.pk, ""),
            "ticked": ticked is None or str(one.application.key) in ticked,
        }
        for place, one in enumerate(order, 1)
    ]
    return {
        "form": form,
        "rows": rows,
        "faults": faults,
        "rule": ranking_words(rule),
    }


@require_POST
def recompute(request, key):
    """Rank a list in preparation anew; what was withdrawn falls off."""
    return _adjust(request, key, lambda record: listing.recompute(record, by=request.user))


@require_POST
def remove(request, key):
    """Take one case off a list in preparation."""
    case = request.POST.get("case", "")
    if not is_uuid(case):
        raise Http404
    application = get_object_or_404(Application.objects.visible_to(request.user), key=case)
    return _adjust(request, key, lambda record: listing.remove_case(record, application.key, by=request.user))


def _adjust(request, key, act):
    record = _compiling(request, key)
    try:
        with write_once(request, record, "change_list") as write:
            record, gone = act(record)
            write.location = record.get_absolute_url()
    except Refused as refusal:
        _say(request, refusal)
        return redirect(record)
    _say_saved(request, record, gone)
    return redirect(write.location)


# ── one list ────────────────────────────────────────────────────────────────────────────────────
def entries_of(record) -> list[ListEntry]:
    """The rows with all that the page shows beside them, in a fixed number of queries."""
    rows = record.entries.select_related(
        "application__review_decision", "item__session", "round", "form", "decided_by"
    ).prefetch_related("opinions__body", "opinions__member", "application__visits")
    entries = list(rows.order_by("rank"))
    ties = reasons_of(record, entries)
    for entry in entries:
        entry.tie = ties.get(entry.application_id, "")
        settled = [v for v in entry.application.visits.all() if v.status == VisitStatus.SETTLED]
        entry.visit = max(settled, key=lambda v: v.round, default=None)
        entry.review = getattr(entry.application, "review_decision", None)
    return entries


@require_safe
def detail(request, key):
    """The list with what speaks for each row; the working group reads the same page as the office."""
    record = visible_list(request, key)
    user, office = request.user, is_office(request.user)
    seat = working_group_seat(user)
    taken_back = record.status == ListStatus.VOID and not office
    entries = [] if taken_back else entries_of(record)
    may_compile = compiles_lists(user, record)
    context = {
        "record": record,
        "stage": LIST.stage(record),
        "entries": entries,
        "rule": ranking_words(record.ranking),
        "taken_back": taken_back,
        "is_office": office,
        "drafting": record.status == ListStatus.DRAFTING,
        "sent": record.status == ListStatus.SENT,
        "resolved": record.status == ListStatus.RESOLVED,
        "may_compile": may_compile,
        "steps": step_buttons(
            user, LIST, record, url=lambda name: reverse("applications:list_step", args=[record.key, name])
        ),
        "may_give": record.status == ListStatus.SENT and gives_opinions(user, record),
        "why_not_decide": _why_not_decide(user, seat, record),
        "skipped": skipped(record) if record.status == ListStatus.RESOLVED else [],
        "promotion": _promotion(record, entries) if office and may_compile else None,
        "stands": {e.application.status for e in entries if e.is_open},
        "boxes": _boxes(record) if office and fills_office_box(user, record) else {},
        "papers": _papers(record),
        "history": timeline(history_of(record)[:100]),
        "rule_changed": record.status == ListStatus.DRAFTING and record.ranking != rules.get("list_ranking"),
    }
    return render(request, "applications/list_detail.html", context)


def _why_not_decide(user, seat, record) -> str:
    """To a leader who may not decide this one, why."""
    if seat is None or not seat.is_leader or record.status != ListStatus.SENT or decides_list(user, record):
        return ""
    return "这份名单由您编制或报送，不能再由您审核认定。请管理办公室撤回，由他人重新编制报送。"


def _promotion(record, entries) -> dict | None:
    """The next 候补 and the places that are free for it."""
    waiting = [e for e in entries if e.is_open and e.application.status == Status.WAITLISTED]
    if record.status != ListStatus.RESOLVED or not waiting:
        return None
    return {"entry": waiting[0], "free": free_places(record), "waiting": len(waiting)}


def _boxes(record) -> dict:
    """How many rows have box 12 to be filled, and how many may still be changed."""
    if record.status != ListStatus.RESOLVED:
        return {}
    texts = list(boxes_to_fill(record).values_list("office_opinion", flat=True))
    return {"open": texts.count(""), "all": len(texts)}


def _papers(record):
    return Document.objects.about(record).filter(kind__in=["candidate_list", "resolution"])


def step(request, key, name):
    """The page of one step of the list."""
    return take_step(request, LIST, visible_list(request, key), name)


@require_POST
def promote(request, key):
    """The next 候补 takes a free place [3.2.3]."""
    record = _compiling(request, key)
    case = request.POST.get("case", "")
    if not is_uuid(case):
        raise Http404
    entry = get_object_or_404(record.entries.select_related("application"), application__key=case)
    try:
        with write_once(request, entry.application, "promote") as write:
            application = listing.promote(entry, by=request.user)
            write.location = record.get_absolute_url()
    except Refused as refusal:
        _say(request, refusal)
        return redirect(record)
    messages.success(request, f"{application}已递补，转入公示前准备。")
    return redirect(write.location)


@require_safe
def paper(request, key, public_id):
    """候选名单 or 审核认定意见 as PDF."""
    record = visible_list(request, key)
    document = get_object_or_404(_papers(record), public_id=public_id)
    if record.status == ListStatus.VOID and not is_office(request.user):
        raise Http404
    try:
        return documents.serve(document, by=request.user, inline="inline" in request.GET)
    except documents.NotPrinted as pending:
        context = {"record": record, "document": document, "text": str(pending)}
        return render(request, "applications/list_paper_pending.html", context, status=202)
