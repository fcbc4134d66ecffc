"""A residency brought to a stage by the acts themselves, for tests of what follows."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from park import attachments
from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory, RoomFactory, StudioFactory
from workshops.actions import agreeing, handing, rooming
from workshops.workflow import RESIDENCY


def picture():
    """An upload without a QR code on it."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "#eeeeee").save(out, "JPEG")
    return SimpleUploadedFile("signed.jpg", out.getvalue(), "image/jpeg")


def scan():
    """The same, past the checks."""
    return attachments.check(picture())


def pending(*, people=(), **studio):
    """Admitted ten days ago, nothing signed."""
    studio = StudioFactory(people=list(people), **studio)
    return ResidencyFactory(studio=studio, admitted_on=timezone.localdate() - timedelta(days=10))


def count(handover, *, by, quantity=1, **changes):
    """Fill in the whole list."""
    items = listed(handover, quantity, **changes)
    return handing.save_handover(
        handover, day=timezone.localdate(), remark="", items=items, version=handover.version, by=by
    )


def listed(handover, quantity=1, **changes) -> list[dict]:
    """Every line counted: as much as there was, or `quantity`."""
    return [
        {
            "label": item.label,
            "unit": item.unit,
            "is_reading": item.is_reading,
            "quantity": item.expected if item.expected is not None else quantity,
            "condition": "good",
            "note": "",
        }
        | changes.get(item.label, {})
        for item in handover.items.all()
    ]


def settle(handover, *, by, studio=None):
    """Both sides confirm; on paper where nobody acts for the studio."""
    handover.refresh_from_db()
    handing.confirm_handover(count(handover, by=by), by=by)
    if studio is None:
        return handing.sign_handover(handover, scan(), same_sheet=True, by=by)
    return handing.answer_handover(handover, agrees=True, by=studio)


def with_room(residency, *, by, room=None, studio=None):
    """A room assigned and handed over today."""
    occupancy = rooming.assign_room(residency, room or RoomFactory(), since=timezone.localdate(), by=by)
    settle(occupancy.handovers.get(), by=by, studio=studio)
    occupancy.refresh_from_db()
    return occupancy


def agreed(residency, *, by, **changes):
    """The agreement signed and checked."""
    today = timezone.localdate()
    given = {"term_starts_on": today, "term_months": 24, "rent_free_from": today} | changes
    agreement = agreeing.prepare_agreement(residency, by=by, **given)
    agreement = agreeing.issue_agreement(agreement, by=by)
    agreement = agreeing.receive_agreement(agreement, scan(), same_copy=True, by=by)
    return agreeing.check_agreement(agreement, by=by)


def ready(*, by, people=(), room=None, **changes):
    """Everything done but the last step."""
    residency = pending(people=people)
    with_room(residency, by=by, room=room)
    agreed(residency, by=by, **changes)
    residency.refresh_from_db()
    return residency


def active(*, by, people=(), room=None, **changes):
    """In the park."""
    return RESIDENCY.perform(ready(by=by, people=people, room=room, **changes), "activate_residency", by=by)


def officer():
    return UserFactory(roles=["office"])


@pytest.fixture
def quiet(settings):
    """No papers and mails: tasks are only noted."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
    }
