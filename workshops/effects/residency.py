"""What follows when a residency begins or ends [4.1][5.3][5.4]."""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.utils import timezone

from park.workflow import Refused
from workshops.actions.agreeing import fell
from workshops.actions.rooming import hand_back, is_only_assigned, let_go
from workshops.actions.waiving import grant_waiver
from workshops.models import Agreement, Handover

# What else ends with a residency, in the same transaction: (residency, *, by, data). The apps above add theirs in
# `AppConfig.ready`.
ENDINGS: list[Callable] = []
AFTER_END: list[Callable[[int], object]] = []
"""What others do once a residency is over, by its key: each after the commit, in transactions of its own, so that it
waits for nobody who holds a lock. Later concepts add theirs in `AppConfig.ready`."""


def begin_term(residency, *, by, data):
    """Term and waiver as both sides signed them; the waiver's end is kept, not computed again [T6]."""
    agreement = residency.agreements.get(kind=Agreement.Kind.FIRST, checked_at__isnull=False, voided_at=None)
    residency.term_starts_on, residency.term_ends_on = agreement.term_starts_on, agreement.term_ends_on
    waiver = grant_waiver(residency, agreement, by=by)
    residency.rent_free_from = waiver and waiver.starts_on
    residency.rent_free_until = waiver and waiver.ends_on
    residency.save(update_fields=["term_starts_on", "term_ends_on", "rent_free_from", "rent_free_until"])


def conclude_departure(residency, *, by, data):
    """The departure is done; the residency ends on its last day in the park."""
    departure = residency.departures.open().get()
    ended_on = data.get("ended_on") or departure.leaves_on
    last = max((o.until for o in residency.occupancies.exclude(until=None)), default=None)
    if ended_on > timezone.localdate():
        raise Refused("退出日期不能晚于今天。")
    if last is not None and ended_on < last:
        raise Refused("退出日期不能早于房间交还的日期。")
    departure.concluded_at, departure.concluded_by = timezone.now(), by
    departure.save(update_fields=["concluded_at", "concluded_by"])
    _end(residency, ended_on, f"{departure.get_ground_display()}：{departure.reason}")


def end_unsigned(residency, *, by, data):
    """Never signed in time: nothing had begun."""
    for departure in residency.departures.open():
        departure.concluded_at, departure.concluded_by = timezone.now(), by
        departure.save(update_fields=["concluded_at", "concluded_by"])
    _end(residency, timezone.localdate(), f"逾期未签订入驻协议：{data['reason']}")


def end_revoked(residency, *, by, data):
    """The right is gone the same day [5.4]; the lists for handing the rooms back are opened."""
    for departure in residency.departures.open():
        departure.concluded_at, departure.concluded_by = timezone.now(), by or departure.asked_by
        departure.save(update_fields=["concluded_at", "concluded_by"])
    today = timezone.localdate()
    for occupancy in residency.occupancies.filter(until=None).select_related("room"):
        opened = occupancy.handovers.filter(kind=Handover.Kind.OUT).exists()
        if not opened and not is_only_assigned(occupancy):
            hand_back(occupancy, residency, day=max(today, occupancy.since), by=by)
    _end(residency, today, data.get("reason") or "取消入驻资格")


def _end(residency, day, reason):
    residency.ended_on, residency.end_reason = day, reason[:300]
    residency.save(update_fields=["ended_on", "end_reason"])
    for follow in AFTER_END:
        transaction.on_commit(partial(follow, residency.pk))


def drop_open_papers(residency, *, by, data):
    """Agreements that nobody finished fall, rooms that were only assigned are free again."""
    for agreement in residency.agreements.open():
        fell(agreement, by=by, reason="入驻已结束")
    for occupancy in residency.occupancies.filter(until=None).select_related("room"):
        if is_only_assigned(occupancy):
            let_go(occupancy, by=by)


def end_the_rest(residency, *, by, data):
    """Whatever the apps above have begun for a residency ends with it."""
    for ending in ENDINGS:
        ending(residency, by=by, data=data)
