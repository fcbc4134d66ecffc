"""What follows from the steps of a session [3.2.2]."""

from django.utils import timezone

from applications.actions import convening, recusing
from park import documents


def copy_rules(session, *, by, data):
    """The rules of the ballot as they are on the day of the invitation; later changes do not touch this session."""
    convening.apply_rules(session)
    session.save(update_fields=list(convening.SESSION_RULES))


def propose_conflicts(session, *, by, data):
    recusing.propose(session)


def issue_invitation(session, *, by, data):
    """评议会通知 with the agenda; those who have to step aside from a case do not get its list of cases."""
    documents.issue("panel_invitation", session, by=by)


def begin(session, *, by, data):
    session.began_at = timezone.now()
    session.save(update_fields=["began_at"])


def close(session, *, by, data):
    session.ended_at, session.current_item = timezone.now(), None
    session.save(update_fields=["ended_at", "current_item"])


def issue_minutes(session, *, by, data):
    documents.issue("panel_minutes", session, by=by)


def release_items(session, *, by, data):
    """What was not settled waits for another session."""
    session.agenda.filter(is_open=True).update(is_open=False)


def release_seats(session, *, by, data):
    """Nobody was invited yet: who was to sit never hears of it. The draws stay on record."""
    session.seats.all().delete()


def withdraw_invitation(session, *, by, data):
    """The meeting does not take place; its invitation no longer stands."""
    if paper := convening.standing_invitation(session):
        documents.withdraw(paper, by=by, reason="会议取消")
