"""One form, one write: a double click or a retry after a crash is carried out once.

Every form that writes has a hidden one-time key (`{% form_key %}`). The key is spent in the same transaction
as the write, so a refused or failed write leaves it good for another try.
"""

import contextlib
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from park import audit
from park.models import FormKey
from park.workflow import Refused

FIELD = "form_key"
LONGEST = FormKey._meta.get_field("location").max_length  # a longer address leads to the start page


class AlreadyDone(Exception):
    """This very form was carried out before; `location` is where it led."""

    def __init__(self, location: str):
        super().__init__(location)
        self.location = location


@dataclass
class Write:
    """Set `location` to where the person is led afterwards."""

    location: str = ""


def new_key() -> str:
    return str(uuid.uuid4())


def led_to(request) -> str | None:
    """Where this very form led, if it was carried out already; for a form that its own success makes invalid."""
    try:
        used = FormKey.objects.filter(key=uuid.UUID(request.POST.get(FIELD, ""))).first()
    except ValueError:
        return None
    return _location(request, used) if used else None


@contextlib.contextmanager
def write_once(request, subject=None, verb=""):
    """One transaction around a write from a form.

    Raises AlreadyDone when the form's key is spent. A Refused or PermissionDenied raised inside rolls
    everything back, is audited as refused, and goes on upwards.
    """
    write = Write()
    try:
        with transaction.atomic():
            row = _spend(request)
            yield write
            if row is not None:
                row.location = write.location if len(write.location) <= LONGEST else ""
                row.save(update_fields=["location"])
    except (Refused, PermissionDenied) as refusal:
        audit.record(
            verb or request.resolver_match.view_name,
            subject,
            by=request.user,
            result="refused",
            note=str(refusal),
        )
        refusal.is_recorded = True
        raise


def _spend(request) -> FormKey | None:
    try:
        key = uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        raise Refused("表单缺少一次性凭证，请刷新页面后重新提交。") from None
    user = request.user if request.user.is_authenticated else None
    try:
        with transaction.atomic():
            return FormKey.objects.create(key=key, user=user)
    except IntegrityError:
        raise AlreadyDone(_location(request, FormKey.objects.get(key=key))) from None


def _location(request, used: FormKey) -> str:
    """Somebody else's form leads nobody anywhere."""
    return used.location if used.location and used.user_id == request.user.pk else "/"
