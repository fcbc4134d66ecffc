"""Rooms: the plan with its table, one room with its history, the register, who gets which [5.3]."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from park.audit import history_of, timeline
from park.forms.fields import PlainForm
from workshops.actions import rooming
from workshops.forms.room import AssignForm, HandBackForm, RoomForm, SwapForm
from workshops.models import Occupancy, Room
from workshops.permissions import reads_registers
from workshops.permissions.residency import registers_rooms, serves_residency
from workshops.tables.room import STATES, TONES, floors, free_rooms
from workshops.views.acting import act_page
from workshops.views.residency import demand, visible
from workshops.views.writing import led_back


def _reader(request):
    if not reads_registers(request.user):
        raise PermissionDenied("房间一览供管理办公室和工作小组成员单位查看。")


@require_safe
def rooms(request):
    """Every floor, drawn and listed; one state or one building at a time if asked for."""
    _reader(request)
    whole = floors()
    state, q = request.GET.get("state", ""), request.GET.get("q", "").strip()[:40]
    places = [place for level in whole for place in level.places]
    shown = [p for p in places if _fits(p, state if state in STATES else "", q)]
    total = sum((p.room.area for p in places), Decimal(0))
    taken = sum((p.room.area for p in places if p.occupancy), Decimal(0))
    context = {
        "floors": whole,
        "places": shown,
        "states": [
            {"code": code, "label": label, "tone": TONES[code], "count": sum(p.state == code for p in places)}
            for code, label in STATES.items()
        ],
        "state": state if state in STATES else "",
        "q": q,
        "total": total,
        "taken": taken,
        "share": round(100 * taken / total) if total else 0,
        "count": len(places),
        "may_register": registers_rooms(request.user),
    }
    return render(request, "workshops/rooms.html", context)


def _fits(place, state, q) -> bool:
    if state and place.state != state:
        return False
    return not q or q in f"{place.room}{place.studio or ''}"


@require_safe
def room(request, key):
    """One room: what it is, who is and was in it."""
    _reader(request)
    row = get_object_or_404(Room, key=key)
    place = floors(Room.objects.filter(pk=row.pk))[0].places[0]
    context = {
        "room": row,
        "place": place,
        "occupancies": row.occupancies.select_related("residency__studio").prefetch_related("handovers"),
        "may_register": registers_rooms(request.user),
        "history": timeline(history_of(row)[:50]) if registers_rooms(request.user) else [],
    }
    return render(request, "workshops/room.html", context)


def room_new(request):
    return _register(request, None)


def room_edit(request, key):
    return _register(request, get_object_or_404(Room, key=key))


def _register(request, row):
    if not registers_rooms(request.user):
        raise PermissionDenied("只有管理办公室和镇江技师学院可以登记房间。")
    initial = {name: getattr(row, name) for name in (*rooming.ROOM_FIELDS, "version")} if row else {}
    form = RoomForm(request.POST or None, initial=initial)

    def act(data):
        version = data.pop("version")
        if row is None:
            return reverse("workshops:room", args=[rooming.register_room(by=request.user, **data).key])
        rooming.change_room(row, by=request.user, version=version, **data)
        return reverse("workshops:room", args=[row.key])

    return act_page(
        request,
        form,
        act,
        record=row,
        verb="change_room" if row else "register_room",
        title=f"修改{row}" if row else "登记房间",
        button="保存",
        done="房间登记已保存。",
        back=reverse("workshops:room", args=[row.key]) if row else reverse("workshops:rooms"),
    )


# ── who gets which ──────────────────────────────────────────────────────────────────────────────
def room_assign(request, key):
    """A free room for a residency."""
    row = visible(request, key)
    demand(request, row, serves_residency)
    wanted = request.GET.get("room", "")
    initial = {"since": timezone.localdate(), "room": wanted if wanted.isdecimal() else None}
    form = AssignForm(request.POST or None, rooms=free_rooms(), initial=initial)

    def act(data):
        rooming.assign_room(row, data["room"], since=data["since"], by=request.user)

    return act_page(
        request,
        form,
        act,
        record=row,
        verb="assign_room",
        title="安排房间",
        done="房间已安排，请在交付时填写交接清单。",
        back=row.get_absolute_url(),
        lead=f"{row.studio}。安排后同时生成交接清单，双方确认后房间正式交付。",
    )


def _occupancy(row, pk):
    return row.occupancies.select_related("room").filter(pk=pk).first()


def _no_longer_assigned(request, row, pk):
    return led_back(request, Occupancy, pk, back=row.get_absolute_url(), sentence="这间房的安排已经取消。")


def room_release(request, key, pk):
    """Take an assignment back."""
    row = visible(request, key)
    demand(request, row, serves_residency)
    occupancy = _occupancy(row, pk)
    if occupancy is None:
        return _no_longer_assigned(request, row, pk)
    return act_page(
        request,
        PlainForm(request.POST if request.method == "POST" else None),
        lambda data: (rooming.release_room(occupancy, by=request.user), None)[1],
        record=row,
        verb="release_room",
        title=f"取消安排{occupancy.room}",
        done="已取消，房间空出。",
        back=row.get_absolute_url(),
        danger=True,
        lead="房间还没有交付，取消后交接清单一并删除。",
    )


def room_hand_back(request, key, pk):
    """Open the list of a hand-back."""
    row = visible(request, key)
    demand(request, row, serves_residency)
    occupancy = _occupancy(row, pk)
    if occupancy is None:
        return _no_longer_assigned(request, row, pk)

    def act(data):
        handover = rooming.start_hand_back(occupancy, day=data["day"], by=request.user)
        return reverse("workshops:handover", args=[handover.key])

    return act_page(
        request,
        HandBackForm(request.POST or None, initial={"day": timezone.localdate()}),
        act,
        record=row,
        verb="start_hand_back",
        title=f"安排交还{occupancy.room}",
        done="交还清单已列出，请逐项核对。",
        back=row.get_absolute_url(),
        lead="清单按交付时的项目列出，逐项核对后由双方确认。",
    )


def room_swap(request, key, pk):
    """Another room instead."""
    row = visible(request, key)
    demand(request, row, serves_residency)
    occupancy = _occupancy(row, pk)
    if occupancy is None:
        return _no_longer_assigned(request, row, pk)

    def act(data):
        rooming.swap_room(occupancy, data["room"], day=data["since"], by=request.user)

    return act_page(
        request,
        SwapForm(request.POST or None, rooms=free_rooms(), initial={"since": timezone.localdate()}),
        act,
        record=row,
        verb="assign_room",
        title=f"调换{occupancy.room}",
        done="已安排新房间，请分别办理交付和交还。",
        back=row.get_absolute_url(),
    )
