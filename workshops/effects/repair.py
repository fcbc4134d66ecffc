"""What follows from the steps of a repair [5.3]."""

from django.utils import timezone

from park import rules, workdays
from workshops.actions.repairing import add_photos
from workshops.models import RepairPhoto

M = RepairPhoto.Moment


def promise(ticket, *, by, data):
    """The day it will be mended is set here once."""
    term = rules.get("repair_finish_days")
    ticket.finish_by = data.get("finish_by") or workdays.add_workdays(timezone.localdate(), term)
    ticket.answer = data.get("reason", "")
    ticket.due_on = ticket.finish_by
    ticket.save(update_fields=["finish_by", "answer"])


def keep_promise(ticket, *, by, data):
    """Work that begins late, or again, is due on the day that was promised."""
    ticket.due_on = ticket.finish_by


def refuse(ticket, *, by, data):
    ticket.answer = data["reason"]
    ticket.save(update_fields=["answer"])


def finish(ticket, *, by, data):
    ticket.result, ticket.cost = data["reason"], data.get("cost")
    ticket.done_at, ticket.done_by = timezone.now(), by
    ticket.save(update_fields=["result", "cost", "done_at", "done_by"])
    add_photos(ticket, [data.get("photo")], M.AFTER, by=by)


def confirm(ticket, *, by, data):
    ticket.confirmed_at, ticket.confirmed_by = timezone.now(), by
    ticket.save(update_fields=["confirmed_at", "confirmed_by"])


def reopen(ticket, *, by, data):
    add_photos(ticket, [data.get("photo")], M.AGAIN, by=by)
