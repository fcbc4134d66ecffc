"""Two who confirm the same check at once, and two who bring the same new row: on PostgreSQL, with a control."""

import threading
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet

from park import jobs, sheets
from park.models import Job, Unit, UnitKind
from park.sheets import kinds, running
from park.workflow import Refused
from tests import sheets_samples as samples
from tests.factories import UserFactory
from tests.park.test_sheet_imports import HEAD, UnitImport

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def check(monkeypatch, transactional_db):
    """A check without faults, ready to be confirmed."""
    UnitKind.objects.create(code="10", label="企业", edition="x")
    monkeypatch.setattr(kinds, "KINDS", {})
    sheets.register(UnitImport())
    content = samples.xlsx([HEAD, ["镇江一厂", "", ""]])
    job = running.start(
        kinds.KINDS["units"], None, "", SimpleUploadedFile("x.xlsx", content), UserFactory(roles=["office"])
    )
    jobs.run(job.key)
    return Job.objects.get(pk=job.pk)


def at_once(act, times=2) -> list:
    results, start = [], threading.Barrier(times)

    def run():
        try:
            start.wait(10)
            results.append(act())
        except Refused as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def writings() -> int:
    return Job.objects.filter(kind=running.WRITE).count()


def meeting(monkeypatch):
    """Whoever has seen that nobody wrote yet waits a moment for the other one."""
    both, real = threading.Barrier(2), running.writing_of

    def writing_of(job):
        found = real(job)
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)
        return found

    monkeypatch.setattr(running, "writing_of", writing_of)


def test_one_check_is_confirmed_once(check, monkeypatch):
    meeting(monkeypatch)
    results = at_once(lambda: running.confirm(check, check.by))
    assert (len([r for r in results if isinstance(r, Job)]), writings()) == (1, 1)


def test_control_without_the_lock_it_is_confirmed_twice(check, monkeypatch):
    meeting(monkeypatch)
    real = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda self, **how: self if self.model is Job else real(self, **how)
    )
    at_once(lambda: running.confirm(check, check.by))
    assert writings() == 2


def test_one_writing_runs_once(check):
    job = running.confirm(check, check.by)
    at_once(lambda: jobs.run(job.key), times=4)
    assert (Unit.objects.count(), Job.objects.get(pk=job.pk).state) == (1, "done")
