"""Where does the panel deliberate and vote? One page for the screen in the room, one for each expert's phone [3.2.2].

Neither shows a figure before the ballot is closed, and no page ever shows who voted what in a secret ballot. A vote
goes in the body of one POST of constant size, and no answer differs by what was voted.
"""

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from applications.actions import balloting, deliberating
from applications.forms import ballot as f
from applications.models import (
    AgendaItem,
    BallotRound,
    Conflict,
    ExpertNote,
    PanelSession,
    PanelStatus,
    Seat,
)
from applications.permissions import may_preside, runs_panel, seat_of
from applications.views.ballot_scene import Scene
from applications.workflow import ADMISSION
from park.formkeys import write_once
from park.models import Role
from park.validators import is_uuid, number_in
from park.workflow import Refused

KEPT_SECONDS = 1  # how old a drawn fragment may be; pages and acts are never kept


# ── reaching the pages ──────────────────────────────────────────────────────────────────────────
def _session(request, key) -> PanelSession:
    rows = PanelSession.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("current_item__application"), key=key)


def _screen(request, key):
    """(session, the person's own seat): for the clerk and for the chair."""
    session = _session(request, key)
    if runs_panel(request.user, session):
        return session, None
    seat = seat_of(request.user, session)
    if seat is None or not seat.is_chair:
        raise PermissionDenied("会议现场页面由管理办公室和组长使用，其他专家请用本人的评议页面。")
    return session, seat


def _own(request, key):
    """(session, the person's own seat): for the experts of the session."""
    session = _session(request, key)
    seat = seat_of(request.user, session)
    if seat is None:
        raise PermissionDenied("评议页面只对本次会议的专家开放。")
    seat.session = session
    return session, seat


def _scene_for_seat(session, seat) -> Scene:
    """The scene as one expert may know it: nothing of a case that they have to step aside from."""
    scene = Scene.of(session, session.current_item)
    if seat is not None and any(row.pk == seat.pk and row.is_away for row in scene.seats):
        scene.item = scene.round = None
    return scene


def _item(request, session) -> AgendaItem:
    """The case that a form names, among those this person may see."""
    key = request.POST.get("item", "")
    rows = AgendaItem.objects.visible_to(request.user).filter(session=session)
    return get_object_or_404(rows.select_related("session", "application"), key=key if is_uuid(key) else None)


# ── the screen in the room ──────────────────────────────────────────────────────────────────────
@require_safe
def panel_live(request, key):
    session = _session(request, key)
    seat = None if runs_panel(request.user, session) else seat_of(request.user, session)
    if seat is not None and not seat.is_chair:
        return redirect("applications:panel_seat", session.key)
    return live_page(request, key)


def live_page(request, key, *, forms=None, status=200):
    session, seat = _screen(request, key)
    scene = _scene_for_seat(session, seat)
    agenda = AgendaItem.objects.visible_to(request.user).filter(session=session).select_related("application")
    context = _controls(request, session, scene, forms or {}) | {
        "agenda": list(agenda.order_by("order", "pk")),
        "is_officer": seat is None,
        "state": scene.state_of_chair,
    }
    return render(request, "applications/panel_live.html", context, status=status)


@require_safe
def panel_live_fragment(request, key):
    """The part of the screen that is drawn every three seconds."""
    session, seat = _screen(request, key)
    return _drawn("live", session, seat is not None and _is_away(seat, session))


@require_safe
def panel_seat_fragment(request, key):
    """The part of an expert's page that is drawn every three seconds."""
    seat = _polling_seat(request, key)
    session = seat.session
    return _drawn("seat", session, seat.is_away, seat)


def _polling_seat(request, key) -> Seat:
    """The person's seat with its session, and whether a conflict keeps it from the case: one query, never cached."""
    away = Conflict.objects.standing().filter(seat=OuterRef("pk"), item=OuterRef("session__current_item"))
    seats = Seat.objects.taken().filter(session__key=key, expert__user=request.user)
    seat = (
        seats.select_related("expert", "session__current_item__application")
        .annotate(is_away=Exists(away))
        .first()
    )
    if seat is None or not request.user.has_role(Role.EXPERT) or seat.session.status == PanelStatus.PLANNING:
        _own(request, key)  # says 404 or 403
        raise Http404
    return seat


def _is_away(seat, session) -> bool:
    return Conflict.objects.standing().filter(seat=seat, item=session.current_item_id).exists()


def _drawn(page, session, is_away, seat=None) -> HttpResponse:
    """A fragment as everybody with the same sight of the case gets it; drawn once a second for all of them. It is
    without what the layout of a page asks for."""
    item = session.current_item
    presides = page == "live" or seat.is_chair or (item is not None and item.acting_chair_id == seat.pk)
    name = f"ballot:{page}:{session.pk}:{session.status}:{session.current_item_id}:{is_away}:{presides}"
    text = cache.get(name)
    if text is None:
        scene = Scene.of(session, None if is_away else item)
        context = {
            "session": session,
            "scene": scene,
            "state": scene.state_of_chair if presides else scene.state,
            "is_kept_away": is_away,
        }
        text = render_to_string(f"applications/panel_{page}_now.html", context)
        cache.set(name, text, KEPT_SECONDS)
    return HttpResponse(text)


def _is_kept_away(scene, session) -> bool:
    return scene.item is None and session.current_item_id is not None


def _controls(request, session, scene, forms) -> dict:
    """What this person may do now: call a case, write the opinion, open, close and void a round."""
    application, item = scene.application, scene.item
    presides = item is not None and item.is_open and may_preside(request.user, application)
    deliberating_now = presides and application.status in ADMISSION.steps["open_ballot"].sources
    opinion_form = forms.get("opinion")
    if opinion_form is None and deliberating_now:
        opinion_form = f.OpinionForm(initial={"opinion": item.opinion, "version": item.opinion_version})
    return {
        "session": session,
        "scene": scene,
        "is_kept_away": _is_kept_away(scene, session),
        "presides": presides,
        "may_open": deliberating_now,
        "missing": ADMISSION.steps["open_ballot"].missing(application) if deliberating_now else [],
        "opinion_form": opinion_form,
        "void_form": forms.get("void") or (f.VoidForm() if presides and scene.is_voting else None),
        "paper_missing": balloting.paper_fault(scene.round)
        if scene.is_voting and scene.round.means == "paper"
        else "",
        "forms_shown": list(forms),
    }


# ── acts ────────────────────────────────────────────────────────────────────────────────────────
SAID = {
    "call": "已开始评议这一项。请应当回避的专家离席。",
    "open": "投票开始。",
    "close": "投票结束，结果如下。",
    "void": "本轮已作废，没有计票。",
    "opinion": "评估意见已保存，请各位专家表示同意。",
    "agree": "已记录同意。",
    "mark": "已登记。",
}


@require_POST
def panel_act(request, key, name):
    """One act of the chair or the clerk, or an expert's own assent; leads back to the page it came from."""
    if name not in SAID:
        raise Http404
    session = _session(request, key)
    officer, seat = runs_panel(request.user, session), seat_of(request.user, session)
    if not officer and seat is None:
        raise PermissionDenied("只有本次会议的专家和管理办公室可以办理。")
    from_seat = request.POST.get("page") == "seat" and seat is not None
    item = _item(request, session)
    forms, form = {}, None
    if name in ("opinion", "void"):
        form = f.OpinionForm(request.POST) if name == "opinion" else f.VoidForm(request.POST)
        forms = {name: form}
        if not form.is_valid():
            return _again(request, key, from_seat, forms, 422)
    try:
        with write_once(request, session, name if name == "agree" else f"panel_{name}") as write:
            _carry_out(name, item, form, request, own=seat, officer=officer)
            write.location = reverse(
                "applications:panel_seat" if from_seat else "applications:panel_live", args=[session.key]
            )
    except Refused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
        return _again(request, key, from_seat, forms, 409)
    messages.success(request, SAID[name])
    return redirect(write.location)


def _again(request, key, from_seat, forms, status):
    return (seat_page if from_seat else live_page)(request, key, forms=forms, status=status)


def _carry_out(name, item, form, request, *, own, officer):
    by, data = request.user, form.cleaned_data if form else {}
    if name == "call":
        deliberating.call_item(item, by=by)
    elif name == "opinion":
        deliberating.write_opinion(item, data["opinion"], version=data["version"], by=by)
    elif name == "agree":
        seat = _named_seat(request, item) if officer else own
        version = number_in(request.POST.get("version"))
        deliberating.agree_opinion(item, seat, version=version, by=by)
    elif name == "open":
        balloting.open_round_for(item, by=by)
    elif name == "mark":
        balloting.mark_paper_voter(_open_round(item), _named_seat(request, item), by=by)
    elif name == "close":
        balloting.close_round(_open_round(item), by=by)
    else:
        balloting.void_round(_open_round(item), reason=data["reason"], by=by)


def _named_seat(request, item):
    seats = Seat.objects.taken().filter(session=item.session_id)
    return get_object_or_404(seats, pk=number_in(request.POST.get("seat")))


def _open_round(item) -> BallotRound:
    row = BallotRound.objects.select_related("item__session").filter(item=item, closed_at=None).first()
    if row is None:
        raise Refused("现在没有正在进行的投票。")
    return row


# ── the expert's own page ───────────────────────────────────────────────────────────────────────
@require_safe
def panel_seat(request, key):
    return seat_page(request, key)


def seat_page(request, key, *, forms=None, status=200):
    """The case at hand, own notes, the opinion, the ballot; `?item=` opens another case for its notes."""
    session, seat = _own(request, key)
    forms = forms or {}
    scene = _scene_for_seat(session, seat)
    agenda = list(
        AgendaItem.objects.visible_to(request.user)
        .filter(session=session)
        .select_related("application")
        .order_by("order", "pk")
    )
    wanted = request.GET.get("item", "")
    about = next((row for row in agenda if str(row.key) == wanted), None) or scene.item
    note = ExpertNote.objects.filter(item=about, seat=seat).first() if about else None
    own = next((row for row in scene.seats if row.pk == seat.pk), None)
    context = _controls(request, session, scene, forms) | {
        "seat": seat,
        "own": own,
        "agenda": agenda,
        "about": about,
        "note": note,
        "note_form": forms.get("note") or f.NoteForm(initial={"text": note.text if note else ""}),
        "notes_of_all": _notes_of_all(about),
        "may_vote": scene.is_voting
        and scene.round.means == "online"
        and own is not None
        and own.is_voter
        and not own.has_voted,
        "vote_fault": forms.get("vote", ""),
        "is_officer": False,
        "state": scene.state_for(seat),
    }
    return render(request, "applications/panel_seat.html", context, status=status)


def _notes_of_all(item):
    """What everybody noted down, once the case is decided."""
    if item is None or not deliberating.notes_shown(item):
        return []
    return list(item.notes.exclude(text="").select_related("seat__expert").order_by("seat"))


@require_POST
def panel_note(request, key):
    """Saves an expert's own note, by itself while they type or by the button."""
    session, seat = _own(request, key)
    item = _item(request, session)
    form = f.NoteForm(request.POST)
    by_itself = "X-Autosave" in request.headers
    if not form.is_valid():
        if by_itself:
            return JsonResponse({"ok": False, "message": "没有保存：个人评议记录最多 2000 字。"}, status=422)
        return seat_page(request, key, forms={"note": form}, status=422)
    try:
        if by_itself:
            deliberating.save_note(item, seat, form.cleaned_data["text"], by=request.user)
            return JsonResponse({"ok": True, "saved_at": f"{timezone.localtime():%H:%M}"})
        with write_once(request, session, "save_expert_note") as write:
            deliberating.save_note(item, seat, form.cleaned_data["text"], by=request.user)
            write.location = f"{reverse('applications:panel_seat', args=[session.key])}?item={item.key}#note"
    except Refused as refusal:
        if by_itself:
            return JsonResponse({"ok": False, "message": str(refusal)}, status=422)
        messages.error(request, str(refusal))
        return seat_page(request, key, forms={"note": form}, status=409)
    messages.success(request, "个人评议记录已保存。")
    return redirect(write.location)


@require_POST
@sensitive_post_parameters("choice")
@sensitive_variables("form", "choice")
def panel_vote(request, key):
    """One vote. Whatever was chosen, the answer is the same."""
    seats = Seat.objects.taken().filter(session__key=key, expert__user=request.user)
    seat = seats.select_related("expert").only("session_id", "expert__user_id").first()
    if seat is None or not request.user.has_role(Role.EXPERT):
        _own(request, key)  # says 404 or 403
        raise Http404
    round_key = request.POST.get("round", "")
    rounds = BallotRound.objects.filter(item__session=seat.session_id)
    round_ = get_object_or_404(rounds.only("item_id"), key=round_key if is_uuid(round_key) else None)
    form = f.VoteForm(request.POST)
    if not form.is_valid():
        return seat_page(request, key, forms={"vote": "请选择同意、不同意或弃权，再投票。"}, status=422)
    try:
        with write_once(request, round_, "cast_vote") as write:
            balloting.cast(round_, seat, form.cleaned_data["choice"], by=request.user)
            write.location = reverse("applications:panel_seat", args=[key])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return seat_page(request, key, status=409)
    return redirect(write.location)
