"""What follows from a decision for the studio: its letter, its place [3.2.3]."""

from django.utils import timezone

from park.workflow import Workflow


def leave_the_road(application, *, by, data):
    """Whoever withdraws frees their place on agenda and list; a letter that waits is dropped, a visit called off."""
    application.agenda_items.filter(is_open=True).update(is_open=False)
    application.list_entries.filter(is_open=True).update(is_open=False)
    application.letters.filter(sent_at=None, dropped_at=None).update(dropped_at=timezone.now())
    # Locked while they are read: one that is settled in this very moment is no longer among them.
    for visit in application.visits.unfinished().select_for_update(no_key=True):
        Workflow.of(visit).perform(visit, "drop_visit", by=None, note="申报已撤回")


def prepare_letter_after_ballot(application, *, by, data):
    raise NotImplementedError


def prepare_letter_of_waitlist(application, *, by, data):
    raise NotImplementedError


def prepare_letter_after_resolution(application, *, by, data):
    raise NotImplementedError


def prepare_letter_of_promotion(application, *, by, data):
    raise NotImplementedError


def prepare_letter_after_waitlist(application, *, by, data):
    raise NotImplementedError


def prepare_letter_after_objection(application, *, by, data):
    raise NotImplementedError


def begin_residency(application, *, by, data):
    raise NotImplementedError


def prepare_letter_of_admission(application, *, by, data):
    raise NotImplementedError
