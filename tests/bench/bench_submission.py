"""Does the person who submits wait for the PDF? Time of the POST against the time its papers take to print.

    python tests/bench/bench_submission.py [sqlite|postgresql]

Complete applications are submitted through the page, in turn with the queue in the database (production: a worker
prints) and printed within the request (what waiting would cost). Target: submitting costs less than half of the
printing alone, and leaves both papers pending.
"""

import contextlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

ROUNDS = 10
LIMIT = 0.5
BACKENDS = {
    "queued": "django_tasks_db.DatabaseBackend",
    "waiting": "django_tasks.backends.immediate.ImmediateBackend",
}


def measure(name: str) -> int:
    with scratch.django_on(name) as folder, scratch.database(folder, "submission"):
        from django.test import override_settings

        from park import documents
        from park.models import Document

        times = {"queued": [], "waiting": [], "annex1": [], "receipt": []}
        pending = set()
        for i in range(ROUNDS + 1):  # the first round warms up: fonts, templates
            for kind, backend in BACKENDS.items():
                with override_settings(TASKS={"default": {"BACKEND": backend, "QUEUES": ["default"]}}):
                    client, address, posted = prepare(2 * i + (kind == "queued"))
                    start = time.perf_counter()
                    response = client.post(address, posted)
                    spent = time.perf_counter() - start
                    assert response.status_code == 302, response.status_code
                    if i:
                        times[kind].append(spent)
                if kind == "queued":
                    papers = Document.objects.filter(kind__in=["annex1", "receipt"], is_draft=False).order_by(
                        "-pk"
                    )[:2]
                    pending |= {(paper.kind, paper.state) for paper in papers}
                    for paper in papers:
                        start = time.perf_counter()
                        documents.render_document(paper)
                        if i:
                            times[paper.kind].append(time.perf_counter() - start)
    ms = {what: scratch.milliseconds(spent) for what, spent in times.items()}
    printing = ms["annex1"] + ms["receipt"]
    print(f"\n{name}: medians of {ROUNDS} submissions in ms")
    print(
        f"POST, papers queued         {ms['queued']:7.0f}   leaves {', '.join(' '.join(p) for p in sorted(pending))}"
    )
    print(f"POST, printing in it        {ms['waiting']:7.0f}")
    print(
        f"printing Annex 1            {ms['annex1']:7.0f}\nprinting the receipt        {ms['receipt']:7.0f}"
    )
    print(f"POST queued / printing both {ms['queued'] / printing:7.2f}   (limit {LIMIT})")
    return not (ms["queued"] <= LIMIT * printing and {state for _, state in pending} == {"pending"})


def prepare(i: int):
    """A complete, stamped application of another leader: its applicant's client, the address, what is posted."""
    from django.test import Client
    from django.urls import reverse

    from park import formkeys, validators
    from tests.applications import filled
    from tests.factories import PrivacyNoticeFactory, UserFactory

    PrivacyNoticeFactory()
    first = f"32110219750101{i:03}"
    number = first + validators.resident_check_digit(first)
    leader = filled.TYPED["leader"] | {"leader_id_number": number, "leader_gender": ""}
    applicant = UserFactory(roles=["applicant"])
    with contextlib.redirect_stdout(None):
        application = filled.draft(by=applicant, typed=filled.TYPED | {"leader": leader})
        filled.recommend(application, by=applicant)
    client = Client(headers={"host": "localhost"})
    client.force_login(applicant, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("applications:step", args=[application.key, "submit"])
    client.get(address)
    return client, address, dict.fromkeys(filled.CONSENTS, "on") | {formkeys.FIELD: formkeys.new_key()}


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
