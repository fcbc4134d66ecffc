"""Do term, waiver and rooms of a residency rest on what both sides signed [4.1][5.3]?"""

from park.invariants import Invariant
from park.triggers import Trigger


def _wrong_length() -> list:
    """A waiver is 24 months to the day [4.1]; months are not the same in every SQL."""
    from workshops.charges.term import (
        rent_free_until,  # deferred: the declarations load before the apps are ready
    )
    from workshops.models import RentWaiver

    return [row.pk for row in RentWaiver.objects.all() if rent_free_until(row.starts_on) != row.ends_on]


INVARIANTS = (
    Invariant("waiver_length", "免租期自免租起满24个月", check=_wrong_length),
    Invariant(
        "waiver_on_residency",
        "入驻的免租期与免租记录一致",
        "SELECT w.id FROM workshops_rentwaiver w JOIN workshops_residency r ON r.id = w.residency_id"
        " WHERE r.studio_id <> w.studio_id OR r.rent_free_from IS NULL OR r.rent_free_from <> w.starts_on"
        " OR r.rent_free_until <> w.ends_on",
    ),
    Invariant(
        "term_as_signed",
        "协议期止与最后一份已签订的协议一致",
        "SELECT r.id FROM workshops_residency r JOIN workshops_agreement a ON a.residency_id = r.id"
        " WHERE r.status IN ('active', 'under_rectification') AND a.checked_at IS NOT NULL AND a.voided_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM workshops_agreement b WHERE b.residency_id = r.id"
        " AND b.checked_at IS NOT NULL AND b.voided_at IS NULL AND b.term_ends_on > a.term_ends_on)"
        " AND r.term_ends_on <> a.term_ends_on",
    ),
    Invariant(
        "handed_back_room_is_free",
        "双方确认交还的房间已登记交还日期",
        "SELECT o.id FROM workshops_occupancy o JOIN workshops_handover h ON h.occupancy_id = o.id"
        " WHERE h.kind = 'out' AND h.office_confirmed_at IS NOT NULL AND h.studio_confirmed_at IS NOT NULL"
        " AND (o.until IS NULL OR o.until <> h.day)",
    ),
    Invariant(
        "handover_meter_was_read",
        "双方确认的交接清单上的表，交接当天有读数",
        "SELECT i.id FROM workshops_handoveritem i JOIN workshops_handover h ON h.id = i.handover_id"
        " WHERE i.meter_id IS NOT NULL AND i.quantity IS NOT NULL AND h.office_confirmed_at IS NOT NULL"
        " AND h.studio_confirmed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM workshops_reading r"
        " WHERE r.meter_id = i.meter_id AND r.read_on = h.day)",
    ),
    Invariant(
        "ended_keeps_no_room",
        "已退出的入驻没有未交还的房间",
        "SELECT o.id FROM workshops_occupancy o JOIN workshops_residency r ON r.id = o.residency_id"
        " WHERE r.status = 'ended' AND o.until IS NULL",
    ),
)

_SETTLED = "EXISTS (SELECT 1 FROM workshops_handover h WHERE h.id = {row}.handover_id AND h.office_confirmed_at IS NOT NULL)"

TRIGGERS = (
    Trigger("waiver_no_update", "workshops_rentwaiver", "UPDATE", "a waiver is granted once"),
    Trigger("waiver_no_delete", "workshops_rentwaiver", "DELETE", "a waiver is granted once"),
    Trigger("residency_no_delete", "workshops_residency", "DELETE", "residencies end, their rows stay"),
    Trigger("agreement_no_delete", "workshops_agreement", "DELETE", "agreements are voided, their rows stay"),
    Trigger(
        "agreement_issued_frozen",
        "workshops_agreement",
        "UPDATE",
        "an issued agreement does not change",
        "OLD.issued_at IS NOT NULL AND (OLD.term_starts_on <> NEW.term_starts_on OR OLD.term_ends_on <> NEW.term_ends_on"
        " OR COALESCE(CAST(OLD.rent_free_from AS VARCHAR(20)), '') <> COALESCE(CAST(NEW.rent_free_from AS VARCHAR(20)), '')"
        " OR COALESCE(CAST(OLD.rent_free_until AS VARCHAR(20)), '') <> COALESCE(CAST(NEW.rent_free_until AS VARCHAR(20)), '')"
        " OR OLD.kind <> NEW.kind OR OLD.residency_id <> NEW.residency_id OR OLD.extra <> NEW.extra"
        " OR OLD.ground <> NEW.ground)",
    ),
    Trigger(
        "handover_settled_frozen",
        "workshops_handover",
        "UPDATE",
        "a settled hand-over does not change",
        "OLD.office_confirmed_at IS NOT NULL AND OLD.studio_confirmed_at IS NOT NULL",
    ),
    Trigger(
        "handover_settled_stays",
        "workshops_handover",
        "DELETE",
        "a settled hand-over stays",
        "OLD.office_confirmed_at IS NOT NULL AND OLD.studio_confirmed_at IS NOT NULL",
    ),
    *(
        Trigger(
            f"handover_item_closed_{event.lower()}",
            "workshops_handoveritem",
            event,
            "the list was confirmed",
            _SETTLED.format(row="OLD" if event == "DELETE" else "NEW"),
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
)
