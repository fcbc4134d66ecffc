"""A repair is reported [5.3]; what follows are steps of its procedure."""

from django.db import transaction
from django.utils import timezone

from park import attachments, audit, notices, rules, workdays
from park.models import Role, User
from park.models.document import next_number
from park.workflow import Refused
from workshops.models import RepairPhoto, RepairTicket
from workshops.permissions import is_logistics, is_of_studio, is_office


@transaction.atomic
def report_repair(*, studio, room, place, problem, urgency, by, photos=()) -> RepairTicket:
    """A new ticket with pictures that passed `attachments.check`; the logistics are told. An urgent one is due today.

    Raises Refused for somebody else's studio, and for a public place where the person is of no office.
    """
    may = is_of_studio(by, studio) if studio else is_office(by) or is_logistics(by)
    if not may:
        raise Refused("只能为自己的工作室报修；公共部位请告知管理办公室。")
    if studio and studio.standing_residency() is None:
        raise Refused("工作室没有入驻园区，不能报修。")
    today = timezone.localdate()
    urgent = urgency == RepairTicket.Urgency.URGENT
    ticket = RepairTicket.objects.create(
        number=next_number("BX", today.year),
        studio=studio,
        room=room,
        place="　".join(filter(None, (str(room) if room else "", place)))[:80],
        problem=problem,
        urgency=urgency,
        reported_by=by,
        due_on=today if urgent else workdays.add_workdays(today, rules.get("repair_response_days")),
    )
    add_photos(ticket, photos, RepairPhoto.Moment.BEFORE, by=by)
    audit.record("report_repair", ticket, by=by, after=ticket.get_urgency_display(), clause="5.3")
    logistics = [u for u in User.objects.with_role(Role.LOGISTICS) if u != by and u.is_active]
    text = f"{ticket}：{'紧急' if urgent else ''}报修，请受理。"
    notices.notify(logistics, text, url=ticket.get_absolute_url(), subject=ticket)
    return ticket


def add_photos(ticket, checked, moment, *, by):
    for upload in filter(None, checked):
        stored = attachments.store(upload, by=by)
        RepairPhoto.objects.create(ticket=ticket, moment=moment, stored=stored, added_by=by)
