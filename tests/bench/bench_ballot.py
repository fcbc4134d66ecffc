"""What do the panel's live page and a vote cost beside a bare Django view in the same run?

    python tests/bench/bench_ballot.py [sqlite|postgresql]

A panel of nine votes on case after case. Bare are two login-required views behind the same middleware: one reads a
row and answers a line, the other writes a row in a transaction and redirects. Times are of whole requests in this
process, medians, all pages in turn. Limit: 2 times the bare view of the same kind.
"""

import sys
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

CASES, VOTERS, LIMIT = 6, 9, 2.0


def bare_read(request):
    from django.http import HttpResponse

    from applications.models import PanelSession

    return HttpResponse(f"<p>{PanelSession.objects.first().title}</p>")


def bare_write(request):
    from django.db import transaction
    from django.shortcuts import redirect

    from park.models import FormKey

    with transaction.atomic():
        FormKey.objects.create(key=request.POST["form_key"], user=request.user)
    return redirect("/home/")


def panel():
    """Office, session and cases, nothing yet voted on."""
    from applications.models import Status
    from tests.applications import road
    from tests.factories import UserFactory

    office = UserFactory(roles=["office"])
    experts = [road.expert(n) for n in range(VOTERS)]
    session = road.session(by=office, experts=experts)
    items = [
        road.agenda_item(session, road.place(road.filed(), Status.DELIBERATION), by=office)
        for _ in range(CASES)
    ]
    return office, session, items


def signed_in(user):
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def measure(name: str) -> int:
    with scratch.django_on(name) as folder, scratch.database(folder, "ballot") as connection:
        from django.conf import settings

        from applications.actions import balloting
        from applications.models import PanelSession

        settings.ROOT_URLCONF = "tests.bench.bench_ballot_urls"
        settings.TASKS = {
            "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default"]}
        }
        office, session, items = panel()
        seats = list(session.seats.select_related("expert__user").order_by("pk"))
        screen = signed_in(office)
        phones = {seat: signed_in(seat.expert.user) for seat in seats}
        base = f"/applications/panels/{session.key}"
        times, queries = {}, {}

        def run(kind, client, method, address, data=None):
            count = [0]

            def counting(execute, *args):
                count[0] += 1
                return execute(*args)

            start = time.perf_counter()
            with connection.execute_wrapper(counting):
                answer = getattr(client, method)(address, data)
            times.setdefault(kind, []).append(time.perf_counter() - start)
            queries[kind] = max(queries.get(kind, 0), count[0])
            assert answer.status_code in (200, 302), (kind, answer.status_code)

        for item in items:
            PanelSession.objects.filter(pk=session.pk).update(current_item=item)
            item.refresh_from_db()
            round_ = balloting.open_round_for(item, by=seats[0].expert.user)
            for n, phone in enumerate(phones.values()):
                run("bare read", screen, "get", "/bare/read/")
                run("screen, every 3 s", screen, "get", f"{base}/live/now/")
                run("phone, every 3 s", phone, "get", f"{base}/seat/now/")
                run("phone, whole page", phone, "get", f"{base}/seat/")
                run("bare write", phone, "post", "/bare/write/", {"form_key": str(uuid4())})
                vote = {"round": str(round_.key), "choice": "aon"[n % 3], "form_key": str(uuid4())}
                run("vote", phone, "post", f"{base}/seat/vote/", vote)
            balloting.close_round(round_, by=seats[0].expert.user)
            if item is items[0]:
                times.clear()  # warm-up
        return report(name, times, queries)


def report(name, times, queries) -> int:
    ms = {kind: scratch.milliseconds(spent) for kind, spent in times.items()}
    print(f"\n{name}: medians of {len(times['vote'])} requests in ms, {VOTERS} voters")
    faults = []
    for kind, spent in ms.items():
        bare = ms["bare write" if kind in ("vote", "bare write") else "bare read"]
        print(f"{kind:20}{spent:8.1f}{spent / bare:8.2f} times bare{queries[kind]:5} queries")
        if spent > LIMIT * bare and kind != "phone, whole page":
            faults.append(f"{kind}: {spent / bare:.2f} times the bare view")
    print("\n".join(f"ABOVE THE LIMIT {fault}" for fault in faults) or "all within the limits")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
