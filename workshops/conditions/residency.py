"""What a residency must have before it begins, and what must be settled before it ends [4.1][5.3]."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from park.models import User
from workshops.models import Agreement, Handover, Residency

LEAVING_HINTS: list[Callable[[Residency], str]] = []
"""What is still open when a studio leaves (unpaid bills, say), as "" or one sentence each. They are shown and stop
nothing: a debt does not keep a studio in the park. Later concepts add theirs in `AppConfig.ready`."""

NOTICES: list[Callable[[Residency, User], list["Notice"]]] = []
"""What stands on the pages of a residency and of its studio, above everything else: a rectification, a revocation.
Later concepts add theirs in `AppConfig.ready`."""


@dataclass(frozen=True)
class Notice:
    """One thing that whoever looks at a residency has to know."""

    title: str
    text: str
    url: str
    clause: str
    is_grave: bool = False


def _first(residency):
    return residency.agreements.filter(kind=Agreement.Kind.FIRST, voided_at=None).first()


def agreement_issued(residency):
    agreement = _first(residency)
    return "" if agreement and agreement.issued_at else "入驻协议还没有出具。"


def agreement_checked(residency):
    agreement = _first(residency)
    if agreement is None or not agreement.issued_at:
        return ""  # said by agreement_issued already
    if not agreement.received_at:
        return "还没有收到双方签字的协议扫描件。"
    return "" if agreement.checked_at else "协议扫描件还没有核对。"


def room_handed_over(residency):
    """At least one, unless the agreement says why there is none."""
    agreement = _first(residency)
    handed = Handover.objects.settled().filter(
        occupancy__residency=residency, occupancy__until=None, kind=Handover.Kind.IN
    )
    if handed.exists() or (agreement and agreement.no_room_reason):
        return ""
    if residency.occupancies.filter(until=None).exists():
        return "房间交接清单还没有经双方确认。"
    return "还没有安排房间，协议中也没有写明不安排房间。"


def rooms_of_agreement(residency):
    """The rooms that were signed for are those that were assigned."""
    agreement = _first(residency)
    if agreement is None or not agreement.issued_at:
        return ""
    signed = {row["room"] for row in agreement.said.get("rooms", [])}
    assigned = {str(row.room) for row in residency.occupancies.filter(until=None).select_related("room")}
    if signed == assigned:
        return ""
    return f"协议写明的房间（{'、'.join(sorted(signed)) or '无'}）与现在安排的（{'、'.join(sorted(assigned)) or '无'}）不一致，请作废后重新出具。"


def departure_asked(residency):
    return "" if residency.departures.open().exists() else "还没有登记退出的原因和日期。"


def rooms_handed_back(residency):
    still = held_rooms(residency)
    return f"还没有办完交还的房间：{'、'.join(str(o.room) for o in still)}。" if still else ""


def held_rooms(residency) -> list:
    """Occupancies that took effect and are not over; mere assignments do not count."""
    assigned = Handover.objects.unsettled().filter(kind=Handover.Kind.IN).values("occupancy")
    rows = residency.occupancies.filter(until=None).exclude(pk__in=assigned).select_related("room")
    return list(rows.order_by("room__building", "room__number"))


def agreement_overdue(residency):
    if residency.due_on is None or residency.due_on >= timezone.localdate():
        return "办理入驻协议的期限还没有过。"
    return ""


def hints_on_leaving(residency) -> list[str]:
    """What the office should look at before it lets a studio go."""
    return [text for hint in LEAVING_HINTS if (text := hint(residency))]


def notices_on(residency, user) -> list[Notice]:
    """What this person has to know of the residency."""
    return [notice for source in NOTICES for notice in source(residency, user)]
