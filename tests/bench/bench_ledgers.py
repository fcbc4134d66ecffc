"""What do the ledger pages of a studio with 5,000 records and 500 trainees cost beside a bare Django page?

    python tests/bench/bench_ledgers.py [sqlite|postgresql]

The bare page is `bare` below: the same records with search, filter, order by Django's own Paginator and a template
without layout, behind the same middleware. Times are of whole requests in this process, medians of rounds that go
through all pages in turn. Targets: every page at most 12 queries and at most 2 times the bare page. Beside the studio
stand others, so that the office's list has 60,000 records.
"""

import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

RECORDS, TRAINEES, OTHERS = 5_000, 500, 11
ROUNDS, LIMIT, MOST_QUERIES = 9, 2.0, 12
BARE = """<!doctype html><title>Records</title>
<form><input name="q" value="{{ request.GET.q }}"><button>Search</button></form>
<table>{% for row in page %}<tr>
<td><a href="{{ row.get_absolute_url }}">TZ-{{ row.serial }}</a></td><td>{{ row.happened_on|date }}</td>
<td>{{ row.kind }}</td><td>{{ row.title }}</td><td>{{ row.partner }} {{ row.person }}</td><td>{{ row.quantity }}</td>
<td>{{ row.amount_fen }}</td><td>{{ row.file_count }}</td><td>{{ row.get_status_display }}</td>
</tr>{% endfor %}</table>
<p>{{ page.paginator.count }} rows, page {{ page.number }} of {{ page.paginator.num_pages }}</p>
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">next</a>{% endif %}
"""


def bare(request, key):
    """What one writes in ten minutes."""
    from django.core.paginator import Paginator
    from django.db.models import Q
    from django.http import HttpResponse

    from workshops.models import LedgerRecord

    rows = LedgerRecord.objects.filter(studio__key=key).exclude(status="voided")
    if q := request.GET.get("q"):
        rows = rows.filter(Q(title__contains=q) | Q(partner__contains=q) | Q(person__contains=q))
    rows = rows.order_by("-happened_on", "-pk")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return HttpResponse(_bare_template().render({"page": page, "request": request}, request))


def _bare_template(kept=[]):  # noqa: B006
    from django.template import engines

    if not kept:
        kept.append(engines["django"].from_string(BARE))
    return kept[0]


def fill():
    """Studios with a year of records of every kind; returns one of them, its person, an officer, a training."""
    from django.db import connection
    from django.utils import timezone

    from tests.factories import UserFactory
    from tests.workshops.factories import ResidencyFactory, StudioFactory
    from tests.workshops.ledgers import VALUES
    from workshops.kinds import KINDS
    from workshops.models import LedgerRecord, Trainee, person_key

    dice, now = random.Random(20151008), timezone.now()
    own, office = UserFactory(roles=["applicant"]), UserFactory(roles=["office"])
    year, codes = timezone.localdate().year, list(KINDS)
    studios = [StudioFactory(people=[own] if n == 0 else []) for n in range(OTHERS + 1)]
    for studio in studios:
        ResidencyFactory(active=True, studio=studio)
        rows = []
        for n in range(RECORDS):
            kind = KINDS["log" if n % 2 else codes[n // 2 % len(codes)]]
            day = date(year, 1, 1) + timedelta(days=dice.randrange(330))
            end = date(year, 12, 31) if kind.until_required else None
            status = dice.choices(["verified", "submitted", "draft", "returned"], [80, 12, 6, 2])[0]
            marks = {"submitted_at": now, "submitted_by": own} if status != "draft" else {}
            marks |= {"verified_at": now, "verified_by": office} if status == "verified" else {}
            marks |= {"returned_why": "请补充"} if status == "returned" else {}
            values = VALUES[kind.code]
            rows.append(
                LedgerRecord(
                    studio=studio, kind=kind.code, serial=n + 1, status=status, title=f"{kind.title}第{n}次", happened_on=day,
                    until_on=end, data=kind.dump(values), created_by=own, **marks, **kind.columns(values, day, end),
                )
            )  # fmt: skip
        LedgerRecord.objects.bulk_create(rows, batch_size=500)
    studio = studios[0]
    names = [f"王{chr(0x4E00 + n)}" for n in range(TRAINEES)]
    training = LedgerRecord.objects.filter(studio=studio, kind="training").exclude(status="verified").first()
    Trainee.objects.bulk_create(
        Trainee(
            record=training, studio=studio, name=name, certificate_kind="skill_level", certificate_no=f"JN{n:08}",
            certified_on=training.happened_on, level="L4", person_key=person_key(name, "", f"JN{n:08}"),
        )
        for n, name in enumerate(names)
    )  # fmt: skip
    LedgerRecord.objects.filter(pk=training.pk).update(row_count=TRAINEES)
    if connection.vendor == "postgresql":  # what its autovacuum does in the minutes after
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return studio, own, office, training


def measure(name: str) -> int:
    with scratch.django_on(name) as folder, scratch.database(folder, "ledgers") as connection:
        from django.conf import settings
        from django.db import connections
        from django.test import Client

        settings.ROOT_URLCONF = "tests.bench.bench_ledgers_urls"
        connections["default"] = connection
        studio, own, office, training = fill()
        clients = {}
        for who, person in (("own", own), ("office", office)):
            clients[who] = Client(headers={"host": "localhost"})
            clients[who].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        base = f"/studios/{studio.key}/ledgers"
        cases = {
            "bare page": ("own", f"/bare/{studio.key}/"),
            "year at a glance": ("own", f"{base}/"),
            "all, newest": ("own", f"{base}/all/"),
            "all, page 40": ("own", f"{base}/all/?page=40"),
            "all, by amount": ("own", f"{base}/all/?sort=amount"),
            "all, submitted": ("own", f"{base}/all/?status=submitted"),
            "kind: log": ("own", f"{base}/log/"),
            "kind: benefit, search": ("own", f"{base}/benefit/?q=机械厂"),
            "one record": ("own", training.get_absolute_url()),
            "new record": ("own", f"{base}/benefit/new/?copy=last"),
            "roster of a training": ("own", f"/studios/ledger/{training.key}/roster/"),
            "trainees of the year": ("own", f"{base}/trainees/"),
            "office: to verify": ("office", "/studios/ledgers/"),
            "office: verified, newest": ("office", "/studios/ledgers/?status=verified&sort=newest"),
            "office: one kind": ("office", "/studios/ledgers/?kind=benefit"),
        }
        times, queries = {}, {}

        def seconds(who, address):
            start = time.perf_counter()
            answer = clients[who].get(address)
            spent = time.perf_counter() - start
            assert answer.status_code == 200, (address, answer.status_code)
            return spent

        for i in range(ROUNDS + 1):
            for case, (who, address) in cases.items():
                if i == 0:  # warm-up, and the queries
                    seconds(who, address)
                    count = [0]

                    def counting(execute, *args, count=count):
                        count[0] += 1
                        return execute(*args)

                    with connection.execute_wrapper(counting):
                        seconds(who, address)
                    queries[case] = count[0]
                else:
                    times.setdefault(case, []).append(seconds(who, address))
        return report(name, times, queries)


def report(name, times, queries) -> int:
    ms = {case: scratch.milliseconds(spent) for case, spent in times.items()}
    print(
        f"\n{name}: a studio with {RECORDS:,} records and {TRAINEES} trainees, medians of {ROUNDS} requests"
    )
    faults = []
    for case, spent in ms.items():
        beside = spent / ms["bare page"]
        print(f"{case:26}│{spent:8.1f} ms│{beside:6.2f} │{queries[case]:4} queries")
        faults += [f"{case}: {beside:.2f} times the bare page"] * (beside > LIMIT)
        faults += [f"{case}: {queries[case]} queries"] * (queries[case] > MOST_QUERIES)
    print("\n".join(f"ABOVE THE LIMIT {fault}" for fault in faults) or "all within the limits")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
