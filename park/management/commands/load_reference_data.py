"""Load what every installation starts with: roles, settings of the park, code lists, the calendar, rubrics."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import tablib
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from park import actions, rules

APPS = ("park", "workshops", "applications", "assessments")  # a list may point into those of a lower app


class Command(BaseCommand):
    help = (
        "Load the reference data of every app (data/*.csv through its Resource), the roles and the settings. "
        "Safe to repeat: adds what is missing, leaves what the office has changed, deletes nothing. "
        "--update also brings existing rows back to the shipped text."
    )

    def add_arguments(self, parser):
        parser.add_argument("--update", action="store_true", help="also overwrite rows that exist already")

    @transaction.atomic
    def handle(self, *args, update, verbosity, **options):
        actions.ensure_roles()
        written = rules.ensure_rules()
        self._say(verbosity, "rules", written, 0, len(rules.REGISTRY) - written)
        for label in APPS:
            for source, resource_class in reference_data(label):
                name = source if isinstance(source, str) else source.__name__
                dataset = read_csv(label, source) if isinstance(source, str) else source()
                result = resource_class().import_data(dataset, only_new=not update, use_transactions=False)
                if fault := first_fault(result):
                    raise CommandError(f"{label}/data/{name}: {fault}")
                totals = result.totals
                self._say(verbosity, f"{label}/{name}", totals["new"], totals["update"], totals["skip"])

    def _say(self, verbosity, name, new, updated, skipped):
        if verbosity > 1 or (verbosity and (new or updated)):
            self.stdout.write(f"{name}: {new} new, {updated} updated, {skipped} unchanged")


def reference_data(label) -> list:
    """(file or function, Resource) pairs of one app; a CSV that no Resource claims is an error, not a secret."""
    claimed = []
    if find_spec(f"{label}.resources"):
        claimed = getattr(import_module(f"{label}.resources"), "REFERENCE_DATA", [])
    files = {path.name for path in data_dir(label).glob("*.csv")}
    if unclaimed := files - {source for source, _ in claimed if isinstance(source, str)}:
        raise CommandError(f"{label}/data: no Resource in REFERENCE_DATA for {', '.join(sorted(unclaimed))}")
    return claimed


def data_dir(label) -> Path:
    return Path(apps.get_app_config(label).path) / "data"


def read_csv(label, name) -> tablib.Dataset:
    return tablib.Dataset().load((data_dir(label) / name).read_text(encoding="utf-8"), format="csv")


def first_fault(result) -> str:
    for row in result.invalid_rows:
        return f"row {row.number}: {row.error}"
    for number, errors in result.row_errors():
        return f"row {number}: {errors[0].error!r}"
    return str(result.base_errors[0].error) if result.base_errors else ""
