"""What do the panel's live page and a vote cost beside a bare Django view in the same run?

    python tests/bench/bench_ballot.py [sqlite|postgresql]

A panel of nine votes on case after case. Bare are plain login-required views behind the same middleware: one reads a
row and answers a line (beside it the parts that are drawn every three seconds), one shows the rows of the expert's page
without layout or forms, one marks the roll and adds a slip in a transaction and redirects: a ballot without secrecy,
locks, trail or one-time key. Times are of whole requests in this process, medians, all pages in turn. Limit: 2 times
the bare view of the same kind.
"""

import sys
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

CASES, VOTERS, LIMIT = 6, 9, 2.0
BESIDE = {
    "screen, every 3 s": "bare read",
    "phone, every 3 s": "bare read",
    "phone, whole page": "bare page",
    "vote": "bare vote",
}


def bare_read(request):
    from django.http import HttpResponse

    from applications.models import PanelSession

    return HttpResponse(f"<p>{PanelSession.objects.first().title}</p>")


PLAIN = """<h1>{{ session.title }}</h1><p>{{ case.studio_name }} {{ case.leader_name }} {{ case.occupation }}</p>
{% for seat in seats %}<p>{{ seat.expert.name }} {{ seat.signed_in_at }}</p>{% endfor %}
{% for mark in roll %}<p>{{ mark.seat_id }} {{ mark.has_voted }}</p>{% endfor %}
{% for item in agenda %}<p>{{ item.order }} {{ item.application.studio_name }}</p>{% endfor %}
<p>{{ case_item.opinion }}</p><p>{{ note.text }}</p>"""


def bare_page(request, key):
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404
    from django.template import engines

    from applications.models import AgendaItem, ExpertNote, PanelSession, RollMark, Seat

    session = get_object_or_404(PanelSession.objects.select_related("current_item__application"), key=key)
    seat = get_object_or_404(Seat, session=session, expert__user=request.user)
    item = session.current_item
    context = {
        "session": session,
        "case_item": item,
        "case": item.application,
        "seats": Seat.objects.filter(session=session).select_related("expert"),
        "roll": RollMark.objects.filter(round__item=item),
        "agenda": AgendaItem.objects.filter(session=session).select_related("application").order_by("order"),
        "note": ExpertNote.objects.filter(item=item, seat=seat).first(),
    }
    return HttpResponse(engines["django"].from_string(PLAIN).render(context))


def bare_vote(request, key):
    from django.db import transaction
    from django.shortcuts import get_object_or_404, redirect

    from applications.models import BallotRound, RollMark, Seat, Slip

    seat = get_object_or_404(
        Seat.objects.select_related("expert"), session__key=key, expert__user=request.user
    )
    rounds = BallotRound.objects.select_related("item__session").filter(closed_at=None)
    round_ = get_object_or_404(rounds, key=request.POST["round"], item__session=seat.session_id)
    with transaction.atomic():
        assert RollMark.objects.filter(round=round_, seat=seat, has_voted=False).update(has_voted=True)
        slip = Slip(row_key=uuid4(), round=round_)
        slip.choice = request.POST["choice"]
        slip.save(force_insert=True)
    return redirect("/home/")


def panel():
    """Office, and two sessions of the same experts with as many cases, nothing yet voted on: one for the bare view."""
    from applications.models import Status
    from tests.applications import road
    from tests.factories import UserFactory

    office = UserFactory(roles=["office"])
    experts = [road.expert(n) for n in range(VOTERS)]
    sessions = [road.session(by=office, experts=experts) for _ in range(2)]
    items = [
        [
            road.agenda_item(session, road.place(road.filed(), Status.DELIBERATION), by=office)
            for _ in range(CASES)
        ]
        for session in sessions
    ]
    return office, sessions, items


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
        office, (session, other), (items, others) = panel()
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

        def opened(of_session, item):
            PanelSession.objects.filter(pk=of_session.pk).update(current_item=item)
            item.refresh_from_db()
            return balloting.open_round_for(item, by=seats[0].expert.user)

        for item, twin in zip(items, others, strict=True):
            round_, plain = opened(session, item), opened(other, twin)
            for n, phone in enumerate(phones.values()):
                run("bare read", screen, "get", "/bare/read/")
                run("screen, every 3 s", screen, "get", f"{base}/live/now/")
                run("phone, every 3 s", phone, "get", f"{base}/seat/now/")
                run("phone, whole page", phone, "get", f"{base}/seat/")
                run("bare page", phone, "get", f"/bare/page/{session.key}/")
                vote = {"choice": "aon"[n % 3], "form_key": str(uuid4())}
                run("bare vote", phone, "post", f"/bare/vote/{other.key}/", vote | {"round": str(plain.key)})
                vote["round"] = str(round_.key)
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
        bare = ms[BESIDE.get(kind, kind)]
        print(f"{kind:20}{spent:8.1f}{spent / bare:8.2f} times bare{queries[kind]:5} queries")
        if spent > LIMIT * bare:
            faults.append(f"{kind}: {spent / bare:.2f} times the bare view")
    print("\n".join(f"ABOVE THE LIMIT {fault}" for fault in faults) or "all within the limits")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
