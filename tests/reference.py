"""What every installation starts with, read from the files once per process and then kept as rows."""

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models, transaction

LEFT_OUT = {"park.auditentry", "park.audithead"}  # each transaction starts its own trail
_rows: list[tuple[type[models.Model], list]] = []


@transaction.atomic
def load_reference_rows():
    """Roles with their rights, settings, code lists, calendar, organs, notice, into an empty database."""
    if _rows:
        for model, found in _rows:
            model._base_manager.bulk_create(found)
        return
    call_command("load_reference_data", verbosity=0)
    park = [m for m in apps.get_app_config("park").get_models() if m._meta.label_lower not in LEFT_OUT]
    rows = ((m, list(m._base_manager.all())) for m in (Group, Group.permissions.through, *park))
    _rows.extend((model, found) for model, found in rows if found)
