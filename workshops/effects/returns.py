"""What follows from the steps of a return [5.3]."""

from django.utils import timezone

from park import documents
from workshops.models import ReturnQuestion
from workshops.papers.returns import content_hash, standing_paper


def mark_submitted(row, *, by, data):
    """When it was handed in first is kept for good: whether it was late rests on that."""
    row.submitted_at, row.submitted_by = timezone.now(), by
    row.first_submitted_at = row.first_submitted_at or row.submitted_at
    row.save(update_fields=["submitted_at", "submitted_by", "first_submitted_at", "status"])


def mark_accepted(row, *, by, data):
    row.accepted_at, row.accepted_by = timezone.now(), by
    row.save(update_fields=["accepted_at", "accepted_by", "status"])


def print_return(row, *, by, data):
    documents.issue("statistical_return", row, by=by, content_hash=content_hash(row))


def ask(row, *, by, data):
    """A question per figure, with what was reported then; an accepted return is open again and its paper falls."""
    if row.accepted_at:
        row.accepted_at = row.accepted_by = None
        if paper := standing_paper(row):
            documents.withdraw(paper, by=by, reason="报表退回更正")
    row.save(update_fields=["accepted_at", "accepted_by", "status"])
    values = row.values.in_bulk(data["questions"])
    ReturnQuestion.objects.bulk_create(
        ReturnQuestion(value=values[pk], question=text, before=values[pk].value, asked_by=by)
        for pk, text in data["questions"].items()
    )


def waive(row, *, by, data):
    row.reason = data["reason"]
    row.save(update_fields=["reason", "status"])


def restore(row, *, by, data):
    """Due when it always was."""
    row.reason, row.due_on = "", row.deadline
    row.save(update_fields=["reason", "status"])
