"""Leaving the park: asked for, made ready, called off [5.3]. The end itself is a step of the procedure."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from park import audit
from park.templatetags.ui import date_zh
from park.workflow import Refused
from workshops.actions.rooming import hand_back, is_only_assigned
from workshops.actions.standing import locked, officers_of, people_of, tell
from workshops.models import STANDING, Departure, Handover
from workshops.permissions.residency import brings_signed_papers, is_of_residency, manages_residency


@transaction.atomic
def ask_to_leave(residency, *, ground, reason, leaves_on, by) -> Departure:
    """The studio asks, or the office decides. The lists for handing the rooms back are opened for that day."""
    residency = locked(residency.pk, by=by, may=brings_signed_papers)
    by_studio = is_of_residency(by, residency)
    problems = []
    if residency.status not in STANDING:
        problems.append(f"入驻现在是“{residency.get_status_display()}”，不需要办理退出。")
    if residency.departures.open().exists():
        problems.append("已有一项退出正在办理。")
    if leaves_on < residency.admitted_on:
        problems.append("退出日期不能早于确定入驻日期。")
    if by_studio and leaves_on < timezone.localdate():
        problems.append("拟退出日期不能早于今天。")
    if ground == Departure.Ground.TERM_OVER and (
        residency.term_ends_on is None or leaves_on < residency.term_ends_on
    ):
        ends = residency.term_ends_on
        problems.append(f"协议期到{date_zh(ends)}止，期满退出的日期不能更早。" if ends else "还没有协议期。")
    if problems:
        raise Refused(*problems)
    departure = Departure.objects.create(
        residency=residency,
        ground=Departure.Ground.VOLUNTARY if by_studio else ground,
        reason=reason,
        leaves_on=leaves_on,
        is_by_studio=by_studio,
        asked_by=by,
    )
    for occupancy in residency.occupancies.filter(until=None).select_related("room"):
        opened = occupancy.handovers.filter(kind=Handover.Kind.OUT).exists()
        if not opened and not is_only_assigned(occupancy):
            hand_back(occupancy, residency, day=max(leaves_on, occupancy.since), by=by)
    audit.record(
        "ask_to_leave",
        residency,
        by=by,
        after=f"{departure.get_ground_display()}，{date_zh(leaves_on)}",
        note=reason,
        clause="5.3",
    )
    people = officers_of(residency) if by_studio else people_of(residency)
    tell(
        people,
        residency,
        f"{residency.studio}：{departure.get_ground_display()}，{date_zh(leaves_on)}。",
        by=by,
    )
    return departure


@transaction.atomic
def withdraw_departure(departure, *, reason, by) -> Departure:
    """It stays: whoever began it takes it back. Lists that nobody confirmed are taken away; what was handed back is back."""
    residency = locked(departure.residency_id, by=by, may=brings_signed_papers)
    departure = Departure.objects.get(pk=departure.pk)
    if departure.withdrawn_at or departure.concluded_at:
        raise Refused("这项退出已经撤回或办结。")
    may = is_of_residency if departure.is_by_studio else manages_residency
    if not may(by, residency):
        raise PermissionDenied("退出由提出的一方撤回。")
    departure.withdrawn_at, departure.withdrawn_by = timezone.now(), by
    departure.save(update_fields=["withdrawn_at", "withdrawn_by"])
    Handover.objects.filter(
        occupancy__residency=residency, kind=Handover.Kind.OUT, office_confirmed_at=None
    ).delete()
    audit.record("withdraw_departure", residency, by=by, note=reason, clause="5.3")
    tell(
        [*people_of(residency), *officers_of(residency)],
        residency,
        f"{residency.studio}：退出已撤回。",
        by=by,
    )
    return departure
