"""What do a dossier of 30 cases and the statistics of 10,000 cost?

    python tests/bench/bench_dossier.py [sqlite|postgresql]

The dossier is made by its job as a worker runs it: 30 filed and reviewed cases with attachments of a megabyte each.
Measured are its time with papers still to print and with papers that are printed already, and the peak of memory.
Targets: the zip of printed papers in 30 s, and no more memory for 30 cases than 1.3 times that for 3. The statistics are whole requests for 10,000 cases with a full trail, cached nowhere. Targets: 3 s, and as
many queries as for 100 cases.
"""

import io
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

FEW, MANY = 3, 30
SECONDS, GROWTH, STATISTICS_SECONDS = 30, 1.3, 3
ROUNDS = 5
CASES = 10_000
ROAD = (
    ("submit", "draft", "submitted"), ("pass_review", "submitted", "site_visit"),
    ("pass_visit", "site_visit", "deliberation"), ("open_ballot", "deliberation", "ballot"),
    ("carry", "ballot", "candidate"), ("list", "candidate", "listed"), ("approve", "listed", "approved"),
    ("put_on_notice", "approved", "on_notice"), ("admit", "on_notice", "admitted"),
)  # fmt: skip


# ── the dossier ─────────────────────────────────────────────────────────────────────────────────
def large_picture():
    """A photo of about a megabyte, as a phone takes it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=80)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), content_type="image/jpeg")


def cases(officer, n):
    """So many cases that passed the review, each with one large picture more."""
    from django.db import transaction

    from applications.actions import filling
    from applications.workflow import ADMISSION
    from park import attachments
    from tests.applications import filled, road
    from tests.factories import UserFactory

    made, picture = [], attachments.check(large_picture())
    for _ in range(n):
        owner = UserFactory(roles=["applicant"])
        with transaction.atomic():
            application = filled.draft(by=owner, typed=filled.typed_for(next(road._serial)))
            filling.add_file(application, "conditions", "3.1.1a", picture, by=owner)
            filled.recommend(application, by=owner)
            application = ADMISSION.perform(application, "submit", by=owner, data=filled.CONSENTS)
            filled.reviewed(application, by=officer)
            made.append(ADMISSION.perform(application, "pass_review", by=officer, data={"opinion": "同意。"}))
    return made


def peak_mb() -> float:
    """The largest resident memory since `forget_peak`; the kernel keeps it (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def forget_peak():
    Path("/proc/self/clear_refs").write_text("5")


def made(cases_, officer, form) -> tuple[float, object]:
    from applications.actions import archiving
    from park.models import Job

    forget_peak()
    start = time.perf_counter()
    job = archiving.start_dossiers([case.key for case in cases_], form, by=officer)  # the task runs at once
    spent = time.perf_counter() - start
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.done) == ("done", len(cases_)), job.failure
    return spent, job


def measure_dossier(officer) -> list[str]:
    found, faults = cases(officer, MANY), []
    few, job = made(found[:FEW], officer, "zip")
    memory_few = peak_mb()
    print(f"zip of {FEW} cases, papers still to print: {few:.1f} s, peak {memory_few:.0f} MB")
    first, job = made(found, officer, "zip")
    memory_many = peak_mb()
    print(f"zip of {MANY} cases, most papers still to print: {first:.1f} s, peak {memory_many:.0f} MB")
    spent, job = made(found, officer, "zip")
    print(
        f"zip of {MANY} cases, papers printed: {spent:.1f} s, {job.size / 1024**2:.0f} MB, peak {peak_mb():.0f} MB"
    )
    volume, job = made(found, officer, "pdf")
    print(f"{MANY} volumes to print: {volume:.1f} s, {job.size / 1024**2:.0f} MB, peak {peak_mb():.0f} MB")
    faults += [f"zip takes {spent:.1f} s"] * (spent > SECONDS)
    faults += [f"memory grows {memory_many / memory_few:.2f} times"] * (memory_many > GROWTH * memory_few)
    return faults


# ── the statistics ──────────────────────────────────────────────────────────────────────────────
def fill(n):
    """So many cases of three years, each with the entries of the road it went."""
    from django.utils import timezone

    from applications.models import Application
    from park.models import AuditEntry, AuditHead, District
    from tests.factories import UserFactory

    dice, now = random.Random(20150104), timezone.now()
    applicant, districts = UserFactory(), list(District.objects.all())
    head, _ = AuditHead.objects.get_or_create(pk=1)
    serial = head.sequence
    rows, far = [], {}
    for i in range(n):
        steps = dice.randint(1, len(ROAD))
        number = f"SB-{2020 + i % 3}-{serial + 10_000 + i}"
        far[number] = steps
        rows.append(
            Application(
                number=number,
                status=ROAD[steps - 1][2],
                applicant=applicant,
                occupation=f"职业{dice.randint(1, 40)}",
                district=dice.choice(districts),
                submitted_at=now - timedelta(days=dice.randint(200, 1200)),
            )
        )
    Application.objects.bulk_create(rows, 1000)
    entries = []
    found = Application.objects.filter(applicant=applicant).values_list("pk", "number", "submitted_at")
    for pk, number, at in found:
        for verb, before, after in ROAD[: far[number]]:
            serial += 1
            entries.append(
                AuditEntry(
                    sequence=serial, at=at, by_name="x", verb=verb, subject_model="applications.application",
                    subject_id=str(pk), before=before, after=after, clause="3.2.2", previous_hash="x",
                    hash=f"{serial:064}",
                )
            )  # fmt: skip
            at += timedelta(days=dice.randint(0, 25))
    AuditEntry.objects.bulk_create(entries, 1000)
    AuditHead.objects.filter(pk=1).update(sequence=serial)
    return len(entries)


def measure_statistics(connection, officer) -> list[str]:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    queries, times, faults = {}, {}, []
    for size, more in ((100, 100), (CASES, CASES - 100)):
        entries = fill(more)
        for address in ("", "?year=2025", "export/"):
            client.get(f"/applications/statistics/{address}")
            for _ in range(ROUNDS):
                count, start = [0], time.perf_counter()

                def counting(execute, *args, count=count):
                    count[0] += 1
                    return execute(*args)

                with connection.execute_wrapper(counting):
                    response = client.get(f"/applications/statistics/{address}")
                times.setdefault((size, address), []).append(time.perf_counter() - start)
                queries[size, address] = count[0]
                assert response.status_code == 200
        print(f"{size:,} cases, {entries:,} new entries of the trail:")
        for address in ("", "?year=2025", "export/"):
            ms = scratch.milliseconds(times[size, address])
            print(f"  {address or 'all':12} {ms:7.0f} ms, {queries[size, address]} queries")
            faults += [f"statistics {address}: {ms:.0f} ms"] * (ms > STATISTICS_SECONDS * 1000)
    for address in ("", "?year=2025"):
        if queries[CASES, address] > queries[100, address] + 1:  # the session's own half-minute write
            faults.append(f"statistics {address}: queries grow")
    return faults


def measure(name: str) -> int:
    with scratch.django_on(name) as folder, scratch.database(folder, "dossier") as connection:
        from tests.factories import UserFactory

        print(f"\n{name}")
        officer = UserFactory(roles=["office"])
        faults = measure_dossier(officer) + measure_statistics(connection, officer)
        print("\n".join(f"ABOVE THE LIMIT {fault}" for fault in faults) or "all within the limits")
        return bool(faults)


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
