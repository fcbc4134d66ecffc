"""What is done on the page of a session beside its steps: arrangements, agenda, seats, answers, recusals, attendance."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications.actions import convening, recusing, seating
from applications.forms import panel as f
from applications.models import AgendaItem, Conflict, Expert
from applications.permissions import runs_panel, runs_panel_or_chairs, seat_of
from applications.views.panel import arrangements, panel_page, visible_session, waiting_for
from park.formkeys import write_once
from park.validators import is_uuid, number_in
from park.workflow import Refused


def _office(request, session):
    if not runs_panel(request.user, session):
        raise PermissionDenied("评议会由管理办公室组织办理。")


def _carry_out(request, session, verb, act, *, said, at="", forms=None):
    """Do it once, say so and lead back to the place on the page; a refusal shows the page with what was typed."""
    try:
        with write_once(request, session, verb) as write:
            act()
            write.location = session.get_absolute_url() + at
    except Refused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
        return panel_page(request, session, forms=forms, status=409)
    messages.success(request, said)
    return redirect(write.location)


@require_POST
def panel_edit(request, key):
    session = visible_session(request, key)
    _office(request, session)
    form = f.PanelForm.of(session, request.POST)
    if not form.is_valid():
        return panel_page(request, session, forms={"edit": form}, status=422)
    return _carry_out(
        request, session, "change_panel",
        lambda: convening.change_panel(session, by=request.user, **arrangements(form)),
        said="会议安排已修改。", forms={"edit": form},
    )  # fmt: skip


def _item(request, session) -> AgendaItem:
    key = request.POST.get("item", "")
    rows = AgendaItem.objects.visible_to(request.user).filter(session=session)
    return get_object_or_404(rows.select_related("session"), key=key if is_uuid(key) else None)


def _seat(request, session):
    return get_object_or_404(session.seats.select_related("session"), pk=number_in(request.POST.get("seat")))


@require_POST
def panel_agenda(request, key, name):
    """Add cases, move one up or down, take one off."""
    session, by = visible_session(request, key), request.user
    _office(request, session)
    if name == "add":
        form = f.AgendaForm(request.POST, offered=waiting_for(session))
        if not form.is_valid():
            return panel_page(request, session, forms={"agenda": form}, status=422)
        cases = list(form.cleaned_data["cases"])
        return _carry_out(
            request, session, "put_on_agenda", lambda: convening.put_on_agenda(session, cases, by=by),
            said=f"已列入 {len(cases)} 件。", at="#agenda", forms={"agenda": form},
        )  # fmt: skip
    if name in ("up", "down"):
        item = _item(request, session)
        return _carry_out(
            request, session, "change_panel",
            lambda: convening.move_item(session, item, up=name == "up", by=by),
            said="议程顺序已调整。", at="#agenda",
        )  # fmt: skip
    if name == "off":
        item, form = _item(request, session), f.ReasonedForm(request.POST)
        if not form.is_valid():
            messages.error(request, "没有移出：请写明理由，最多 200 字。")
            return panel_page(request, session, forms={"off": form}, status=422)
        return _carry_out(
            request, session, "take_off_agenda",
            lambda: convening.take_off_agenda(item, reason=form.cleaned_data["reason"], by=by),
            said="已移出议程。", at="#agenda",
        )  # fmt: skip
    raise Http404


@require_POST
def panel_seats(request, key, name):
    """Draw, invite by hand, replace, name the chair or who acts for the chair."""
    session, by = visible_session(request, key), request.user
    if name not in ("draw", "invite", "remove", "chair", "acting"):
        raise Http404
    if name == "acting":
        if not runs_panel_or_chairs(by, session):
            raise PermissionDenied("代行组长由组长或管理办公室按推举结果登记。")
    else:
        _office(request, session)
    if name == "draw":
        return _carry_out(
            request, session, "draw_experts", lambda: seating.draw_experts(session, by=by),
            said="已抽取，结果和过程已存档。", at="#seats",
        )  # fmt: skip
    if name == "invite":
        offered = Expert.objects.available_on(session.meets_on).exclude(
            pk__in=session.seats.taken().values("expert")
        )
        form = f.SeatForm(request.POST, prefix="seat", offered=offered)
        if not form.is_valid():
            return panel_page(request, session, forms={"seat": form}, status=422)
        data = form.cleaned_data
        return _carry_out(
            request, session, "seat_expert",
            lambda: seating.seat_expert(session, data["expert"], reason=data["reason"], by=by),
            said="已安排席位。", at="#seats", forms={"seat": form},
        )  # fmt: skip
    seat = _seat(request, session)
    if name == "remove":
        form = f.ReasonedForm(request.POST)
        if not form.is_valid():
            messages.error(request, "没有撤换：请写明理由，最多 200 字。")
            return panel_page(request, session, forms={"remove": form}, status=422)
        return _carry_out(
            request, session, "unseat_expert",
            lambda: seating.unseat_expert(seat, reason=form.cleaned_data["reason"], by=by),
            said="已撤换，可以继续抽取。", at="#seats",
        )  # fmt: skip
    if name == "chair":
        return _carry_out(
            request, session, "name_chair", lambda: seating.name_chair(seat, by=by),
            said="已指定组长。", at="#seats",
        )  # fmt: skip
    item = _item(request, session)
    return _carry_out(
        request, session, "name_acting_chair", lambda: seating.name_acting_chair(item, seat, by=by),
        said="已登记代行组长。", at="#agenda",
    )  # fmt: skip


@require_POST
def answer_invitation(request, key):
    """The expert for themself, or the office after a call."""
    session, by = visible_session(request, key), request.user
    officer = runs_panel(by, session)
    seat = _seat(request, session) if officer else seat_of(by, session)
    if seat is None:
        raise PermissionDenied("只有受邀专家本人或管理办公室可以答复。")
    form = f.AnswerForm(request.POST, prefix="answer")
    if not form.is_valid():
        return panel_page(request, session, forms={"answer": form}, status=422)
    coming = form.cleaned_data["answer"] == "accepted"

    def act():
        seating.answer_invitation(seat, coming=coming, note=form.cleaned_data["note"], by=by)

    if coming or officer:
        return _carry_out(
            request, session, "answer_invitation", act, said="已登记答复。", at="#seats",
            forms={"answer": form},
        )  # fmt: skip
    try:  # who declines no longer sees the session
        with write_once(request, session, "answer_invitation") as write:
            act()
            write.location = reverse("applications:panels")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return panel_page(request, session, forms={"answer": form}, status=409)
    messages.success(request, "已答复不能参加，谢谢。")
    return redirect(write.location)


@require_POST
def panel_conflicts(request, key, name):
    """Declare for oneself, report another, and the office's decision on either."""
    session, by = visible_session(request, key), request.user
    if name == "declare":
        seat, item = seat_of(by, session), _item(request, session)
        if seat is None:
            raise PermissionDenied("只有本次会议的专家可以声明回避。")
        form = f.DeclarationForm(request.POST)
        if not form.is_valid():
            return panel_page(request, session, forms={"declare": form}, status=422)
        detail = form.cleaned_data["detail"]
        return _carry_out(
            request, session, "declare_conflict",
            lambda: recusing.declare_conflict(item, seat, detail=detail, by=by),
            said="已声明回避，立即生效。这一项不再向您显示；回避声明可以打印签字。", at="#papers",
        )  # fmt: skip
    if name == "report":
        return _report(request, session, by)
    if name not in ("confirm", "dismiss"):
        raise Http404
    _office(request, session)
    rows = Conflict.objects.filter(seat__session=session).select_related("item__session", "seat__expert")
    row = get_object_or_404(rows, pk=number_in(request.POST.get("conflict")))
    form = f.ReasonedForm(request.POST)
    form.fields["reason"].required = name == "dismiss"
    if not form.is_valid():
        messages.error(request, "没有办理：认定无需回避的，请写明理由，最多 200 字。")
        return panel_page(request, session, forms={"decide": form}, status=422)
    act = recusing.confirm_conflict if name == "confirm" else recusing.dismiss_conflict
    return _carry_out(
        request, session, f"{name}_conflict",
        lambda: act(row, reason=form.cleaned_data["reason"], by=by),
        said="已确认回避。" if name == "confirm" else "已认定无需回避。", at="#conflicts",
    )  # fmt: skip


def _report(request, session, by):
    officer, seat = runs_panel(by, session), seat_of(by, session)
    if not officer and seat is None:
        raise PermissionDenied("只有本次会议的专家和管理办公室可以提出回避。")
    items = AgendaItem.objects.visible_to(by).filter(session=session, is_open=True)
    seats = session.seats.taken().select_related("expert")
    if seat is not None:
        seats = seats.exclude(pk=seat.pk)
    form = f.ConflictForm(
        request.POST, prefix="report", items=items.select_related("application"), seats=seats, officer=officer
    )
    if not form.is_valid():
        return panel_page(request, session, forms={"report": form}, status=422)
    data = form.cleaned_data
    declared = officer and data["basis"] == Conflict.Basis.DECLARED
    act = recusing.declare_conflict if declared else recusing.report_conflict
    return _carry_out(
        request, session, "declare_conflict" if declared else "report_conflict",
        lambda: act(data["item"], data["seat"], detail=data["detail"], by=by),
        said="已登记回避声明，立即生效。" if declared else "已提出，管理办公室处理前这位专家看不到该项。",
        at="#conflicts", forms={"report": form},
    )  # fmt: skip


@require_POST
def panel_attendance(request, key, name):
    """In and out by the clerk, or by the expert for themself; the sheet to sign in ink."""
    session, by = visible_session(request, key), request.user
    if name not in ("in", "out", "sheet"):
        raise Http404
    officer = runs_panel(by, session)
    if name == "sheet":
        _office(request, session)
        return _carry_out(
            request, session, "issue_document", lambda: seating.print_sign_in(session, by=by),
            said="签到表已生成，可在“文书”中打印。", at="#papers",
        )  # fmt: skip
    seat = _seat(request, session) if officer else seat_of(by, session)
    if seat is None:
        raise PermissionDenied("只有本次会议的专家本人或管理办公室可以登记签到。")
    act, verb = (seating.sign_in, "sign_in") if name == "in" else (seating.sign_out, "sign_out")
    return _carry_out(
        request, session, verb, lambda: act(seat, by=by),
        said="已签到。" if name == "in" else "已登记离会。", at="#seats",
    )  # fmt: skip
