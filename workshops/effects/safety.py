"""What follows from the steps of a hazard [5.3]."""

from django.utils import timezone

from park import attachments


def answer(hazard, *, by, data):
    hazard.answer, hazard.proof = data["reason"], attachments.store(data["proof"], by=by)
    hazard.answered_at, hazard.answered_by = timezone.now(), by
    hazard.save(update_fields=["answer", "proof", "answered_at", "answered_by"])


def recheck(hazard, *, by, data):
    hazard.recheck = data["reason"]
    hazard.rechecked_at, hazard.rechecked_by = timezone.now(), by
    hazard.save(update_fields=["recheck", "rechecked_at", "rechecked_by"])


def keep_the_day(hazard, *, by, data):
    """Sent back, it is due on the day it always was."""
    hazard.due_on = hazard.fix_by
