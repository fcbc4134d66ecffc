"""What follows from the steps of a ledger record [5.3][A2.10]."""

from django.utils import timezone


def mark_submitted(record, *, by, data):
    record.submitted_at, record.submitted_by, record.returned_why = timezone.now(), by, ""
    record.save(update_fields=["submitted_at", "submitted_by", "returned_why", "status"])


def mark_verified(record, *, by, data):
    """Frozen from here on; its status goes with the mark, for the constraint reads both."""
    record.verified_at, record.verified_by = timezone.now(), by
    record.save(update_fields=["verified_at", "verified_by", "status"])


def keep_reason(record, *, by, data):
    """Why it went back to its studio; a verified one is verified no more."""
    record.returned_why = data["reason"]
    record.verified_at = record.verified_by = None
    record.save(update_fields=["returned_why", "verified_at", "verified_by", "status"])
