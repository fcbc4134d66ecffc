"""What every installation starts with, read from the files once per process and then kept as rows."""

from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models, transaction

LEFT_OUT = {"park.auditentry", "park.audithead"}  # each transaction starts its own trail
SEEDED = ("park", "workshops", "assessments")  # apps with data of their own
_rows: list[tuple[type[models.Model], list]] = []


@transaction.atomic
def load_reference_rows():
    """Roles with their rights, settings, code lists, calendar, organs, notice, checklists, forms; call it before
    there is anything else."""
    if _rows:
        for model, found in _rows:
            model._base_manager.bulk_create(found)
        return
    ours = [m for app in SEEDED for m in apps.get_app_config(app).get_models()]
    kept = [Group, Group.permissions.through, *(m for m in ours if m._meta.label_lower not in LEFT_OUT)]
    before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in kept}
    call_command("load_reference_data", verbosity=0)
    rows = ((m, [row for row in m._base_manager.all() if row.pk not in before[m]]) for m in kept)
    _rows.extend((model, found) for model, found in rows if found)


@contextmanager
def kept_for_the_module(blocker):
    """Rows made inside stand for all tests of a module and are rolled back after it, also when making them failed:
    an open transaction would spoil every later test of the process."""
    with blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
