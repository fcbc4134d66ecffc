"""The sessions of the panel: the list, one session with everything about it, its steps, draws and papers [3.2.2]."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications import draw
from applications.actions import convening, seating
from applications.forms import panel as f
from applications.models import AgendaItem, Conflict, Expert, PanelSession, PanelStatus, Seat
from applications.papers.panel import rules_of
from applications.permissions import is_recused, runs_panel, runs_panel_or_chairs, seat_of
from applications.views.case import timeline
from applications.workflow import PANEL
from park import documents
from park.audit import history_of
from park.formkeys import write_once
from park.models import Document, Role
from park.permissions import is_office
from park.tables import Page
from park.views.steps import step_buttons, take_step
from park.workflow import Refused

IN_PREPARATION = (PanelStatus.PLANNING, PanelStatus.CONVENED)
MEETING = (PanelStatus.CONVENED, PanelStatus.SITTING)


@require_safe
def panels(request):
    """All sessions for the office; their own for an expert. The counts leave out what a recusal keeps from them."""
    user = request.user
    if not user.has_role(Role.OFFICE, Role.LEAD_DIVISION, Role.EXPERT):
        raise PermissionDenied("专家评议会只对管理办公室和受邀专家开放。")
    rows = PanelSession.objects.visible_to(user)
    if (status := request.GET.get("status")) in PanelStatus.values:
        rows = rows.filter(status=status)
    page = Page.of(rows.order_by("-meets_on", "-pk"), request.GET.get("page", 1))
    shown = [row.pk for row in page.rows]
    items = AgendaItem.objects.visible_to(user).filter(session__in=shown).order_by()
    cases = dict(items.values_list("session").annotate(n=Count("pk")))
    seats = dict(
        Seat.objects.taken()
        .filter(session__in=shown)
        .order_by()
        .values_list("session")
        .annotate(n=Count("pk"))
    )
    mine = Seat.objects.taken().filter(session__in=shown, expert__user=user)
    context = {
        "own_entry": None if is_office(user) else Expert.objects.filter(user=user).first(),
        "page": page,
        "rows": [
            {"session": row, "cases": cases.get(row.pk, 0), "seats": seats.get(row.pk, 0)}
            for row in page.rows
        ],
        "mine": {seat.session_id: seat for seat in mine},
        "statuses": PanelStatus.choices,
        "status": status if status in PanelStatus.values else "",
        "is_officer": is_office(user),
    }
    for row in context["rows"]:
        row["seat"] = context["mine"].get(row["session"].pk)
    return render(request, "applications/panels.html", context)


def panel_new(request):
    if not is_office(request.user):
        raise PermissionDenied("评议会由管理办公室组织。")
    form = f.PanelForm(
        request.POST or None, initial={"means": "online", "title": "技能大师工作室入驻专家评议会"}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with write_once(request, verb="create_panel") as write:
                    session = convening.create_panel(by=request.user, **arrangements(form))
                    write.location = session.get_absolute_url()
            except Refused as refusal:
                messages.error(request, str(refusal))
                status = 409
            else:
                messages.success(request, f"已建立{session}。请列入议程、安排专家，再发出会议通知。")
                return redirect(write.location)
    return render(request, "applications/panel_new.html", {"form": form}, status=status)


def arrangements(form) -> dict:
    """What `create_panel` and `change_panel` take."""
    data = dict(form.cleaned_data)
    return data | {"fields": data.pop("fields_")}


def visible_session(request, key) -> PanelSession:
    """The session, if this person may see it; else 404. Who has a studio of their own on its agenda does not
    learn who judges it."""
    session = get_object_or_404(PanelSession.objects.visible_to(request.user), key=key)
    if is_office(request.user) and not runs_panel(request.user, session):
        raise PermissionDenied("本次会议评议您参与的申报，您不能查看和办理。")
    return session


@require_safe
def panel(request, key):
    return panel_page(request, visible_session(request, key))


def panel_page(request, session, *, forms=None, status=200):
    """Everything about one session on one page, as this person may see it. `forms` are bound ones to show again."""
    session = PanelSession.objects.get(pk=session.pk)
    user, forms = request.user, forms or {}
    officer, seat = runs_panel(user, session), seat_of(user, session)
    seats = list(
        session.seats.select_related("expert", "responded_by").order_by("response", "-is_chair", "pk")
        if officer
        else session.seats.taken().select_related("expert").order_by("-is_chair", "pk")
    )
    agenda = list(
        AgendaItem.objects.visible_to(user)
        .filter(session=session)
        .select_related("application", "acting_chair__expert")
        .order_by("order", "pk")
    )
    taken = [row for row in seats if row.response != Seat.Response.DECLINED]
    context = {
        "session": session,
        "stage": PANEL.stage(session),
        "is_officer": officer,
        "seat": seat,
        "may_lead": runs_panel_or_chairs(user, session),
        "agenda": [row for row in agenda if row.is_open],
        "settled": [row for row in agenda if not row.is_open],
        "seats": seats,
        "taken": taken,
        "wanted": session.seats_wanted - len(taken),
        "craft_fields": list(session.fields.all()),
        "rules": rules_of(session),
        "in_preparation": session.status in IN_PREPARATION,
        "meeting": session.status in MEETING and session.meets_on <= timezone.localdate(),
        "steps": step_buttons(
            user,
            PANEL,
            session,
            url=lambda name: reverse("applications:panel_step", args=[session.key, name]),
        ),
        "papers": papers_for(user, session),
        "live_url": _live(session) if officer else _own_seat(session) if seat is not None else "",
        "is_recused": seat is not None
        and Conflict.objects.standing().filter(seat=seat, item__is_open=True).exists(),
        "open_form": next(iter(forms), ""),
    }
    if officer:
        context |= _for_office(session, context, forms)
    elif seat is not None:
        items = AgendaItem.objects.visible_to(user).filter(session=session, is_open=True)
        others = session.seats.taken().exclude(pk=seat.pk).select_related("expert")
        context |= {
            "answer_form": forms.get("answer") or f.AnswerForm(prefix="answer"),
            "declaration_form": forms.get("declare") or f.DeclarationForm(),
            "declared_for": request.POST.get("item", "") if "declare" in forms else "",
            "report_form": forms.get("report")
            or f.ConflictForm(prefix="report", items=items, seats=others, officer=False),
        }
    return render(request, "applications/panel.html", context, status=status)


def _live(session) -> str:
    """Where the meeting is held on line, from its day on."""
    today = session.status == PanelStatus.CONVENED and session.meets_on <= timezone.localdate()
    if not (today or session.status in (PanelStatus.SITTING, PanelStatus.CLOSED)):
        return ""
    return reverse("applications:panel_live", args=[session.key])


def _own_seat(session) -> str:
    """An expert's own page: notes on what they have read, from the invitation on."""
    if session.status not in (PanelStatus.CONVENED, PanelStatus.SITTING, PanelStatus.CLOSED):
        return ""
    return reverse("applications:panel_seat", args=[session.key])


def _for_office(session, context, forms) -> dict:
    conflicts = list(
        Conflict.objects.filter(seat__session=session)
        .exclude(seat__response=Seat.Response.DECLINED)
        .select_related("item__application", "seat__expert", "decided_by")
        .order_by("item__order", "seat", "pk")
    )
    items = session.agenda.filter(is_open=True).select_related("application")
    seats = session.seats.taken().select_related("expert")
    offered = Expert.objects.available_on(session.meets_on).exclude(
        pk__in=[row.expert_id for row in context["taken"]]
    )
    return {
        "conflicts": conflicts,
        "open_conflicts": sum(row.state == Conflict.State.PROPOSED for row in conflicts),
        "draws": session.draws.select_related("by"),
        "waiting": convening.waiting_cases().count() if context["in_preparation"] else 0,
        "edit_form": forms.get("edit") or f.PanelForm.of(session),
        "agenda_form": forms.get("agenda") or f.AgendaForm(offered=waiting_for(session)),
        "seat_form": forms.get("seat") or f.SeatForm(prefix="seat", offered=offered),
        "answer_form": forms.get("answer") or f.AnswerForm(prefix="answer"),
        "report_form": forms.get("report")
        or f.ConflictForm(prefix="report", items=items, seats=seats, officer=True),
        "presiding": _presiding(context),
        "history": timeline(history_of(session)[:100]),
    }


def waiting_for(session):
    """Cases to choose from for the agenda, who waits longest first."""
    return convening.waiting_cases().order_by("status_since", "pk")


def _presiding(context) -> list[dict]:
    """Cases from which the chair is kept while the meeting is on: who acts, and who could."""
    if not context["meeting"]:
        return []
    present = [row for row in context["taken"] if row.signed_in_at and not row.left_at]
    chair = next((row for row in context["taken"] if row.is_chair), None)
    return [
        {"item": item, "choices": [row for row in present if not is_recused(row, item)]}
        for item in context["agenda"]
        if chair is None or chair not in present or is_recused(chair, item)
    ]


# ── steps, draws, papers ────────────────────────────────────────────────────────────────────────
def panel_step(request, key, name):
    """The page of one step of a session."""
    session = visible_session(request, key)
    return take_step(request, PANEL, session, name, template="applications/panel_step.html")


@require_safe
def panel_draw(request, key, number):
    """One draw with everything that is needed to draw again, drawn again and compared."""
    session = visible_session(request, key)
    if not is_office(request.user):
        raise PermissionDenied("抽取记录由管理办公室保存，专家可向管理办公室查阅。")
    row = get_object_or_404(session.draws.select_related("by"), pk=number)
    again = seating.recomputed(row)
    names = {entry["expert"]: entry["name"] for entry in row.pool}
    context = {
        "session": session,
        "draw": row,
        "agrees": again == row.chosen,
        "chosen": [names.get(key, "") for key in row.chosen],
        "lots": draw.run(
            row.seed, row.pool, row.wanted,
            max_per_unit=row.terms["max_per_unit"], seated=row.terms["seated"],
        ),
    }  # fmt: skip
    return render(request, "applications/panel_draw.html", context)


PAPERS_OF_SESSION = ("panel_invitation", "panel_sign_in", "panel_minutes")


def papers_for(user, session):
    """The papers of the session itself for the office; for an expert the invitation that holds and their own
    declarations. The invitation names every case, so whoever has to step aside from one is not given it."""
    own = Document.objects.about(session).filter(kind__in=PAPERS_OF_SESSION)
    if runs_panel(user, session):
        recusals = Conflict.objects.filter(seat__session=session)
    else:
        seat = seat_of(user, session)
        recusals = Conflict.objects.filter(seat=seat, decided_by=user) if seat else Conflict.objects.none()
        kept_from = Conflict.objects.standing().filter(seat__session=session, seat__expert__user=user)
        own = own.filter(kind="panel_invitation", state__in=["pending", "issued", "failed"])
        if seat is None or kept_from.exists():
            own = own.none()
    declared = Document.objects.filter(
        kind="panel_recusal",
        subject_model=Conflict._meta.label_lower,
        subject_id__in=[str(pk) for pk in recusals.values_list("pk", flat=True)],
    )
    keys = [*own.values_list("pk", flat=True), *declared.values_list("pk", flat=True)]
    return Document.objects.filter(pk__in=keys).order_by("-pk")


@require_safe
def panel_paper(request, key, public_id):
    """One paper of the session as PDF."""
    session = visible_session(request, key)
    document = get_object_or_404(papers_for(request.user, session), public_id=public_id)
    try:
        return documents.serve(document, by=request.user, inline="inline" in request.GET)
    except documents.NotPrinted as pending:
        context = {"session": session, "document": document, "text": str(pending)}
        return render(request, "applications/panel_paper_pending.html", context, status=202)
