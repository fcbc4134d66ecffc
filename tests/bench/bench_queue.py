"""What does the office's queue cost beside a bare Django page, and does it grow with the number of applications?

    python tests/bench/bench_queue.py [sqlite|postgresql]

The bare page is `bare` below: the same rows, columns, search, filters and order by Django's own Paginator and a
template without layout, behind the same middleware. Times are of whole requests in this process, medians of
rounds that go through all pages and sizes in turn, so that a busy machine slows all alike. Targets: with 10,000
applications at most 1.5 times the bare page and 10 queries; 100,000 at most 1.5 times 1,000.
"""

import contextlib
import hashlib
import random
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 15
LIMIT, MOST_QUERIES = 1.5, 10
CASES = {
    "default: due first": "",
    "sort: newest": "sort=newest",
    "sort: oldest": "sort=oldest",
    "sort: leader": "sort=leader",
    "status: in review": "status=submitted",
    "status: passed": "status=site_visit",
    "status passed, newest": "status=site_visit&sort=newest",
    "officer: mine": "officer=me",
    "officer: nobody": "officer=none",
    "officer: mine, newest": "officer=me&sort=newest",
    "district": "district=321102",
    "district, by leader": "district=321102&sort=leader",
    "batch": "batch=1",
    "overdue": "overdue=on",
    "page 10": "page=10",
    "search: number": "q=SB-2020-0005",
    "search: start of numbers": "q=SB-2020-00",
    "search: name, 1 case": "q=欧阳青松",
    "search: common name": "q=陈昇",
    "search: craft, 1 in 14": "q=竹编",
    "search: nothing found": "q=查无此人",
}
# A search inside words reads every row (see docs/benchmarks.md), so it grows; and where fewer than 50 rows are
# found there is no page of 50 rows to be compared with: our layout alone then weighs more than the bare page.
MAY_GROW = {case for case in CASES if case.startswith("search: ") and "number" not in case}
FEW_ROWS = {"search: number", "search: name, 1 case", "search: nothing found"}
CRAFTS = ["茶艺", "花卉园艺", "竹编", "钣金", "焊接", "数控车", "香醋酿造", "玉雕", "电工", "模具", "刺绣", "糕点", "木雕", "汽车维修"]  # fmt: skip
# Shares of the statuses in an office that has worked for years: most cases are closed or have moved on.
STATUSES = {
    "draft": 10, "submitted": 6, "correction": 3, "site_visit": 60, "rejected": 13, "withdrawn": 8,
}  # fmt: skip
BARE = """<!doctype html><title>Applications</title>
<form><input name="q" value="{{ request.GET.q }}"><button>Search</button></form>
<table>{% for row in page %}<tr>
<td><input type="checkbox" name="case" value="{{ row.key }}"></td>
<td><a href="{{ row.get_absolute_url }}">{{ row.number|default:"" }}</a></td>
<td>{{ row.studio_name }}<br>{{ row.leader_name }} {{ row.unit_name }}</td><td>{{ row.occupation }}</td>
<td>{{ row.district }}</td><td>{{ row.get_status_display }}</td><td>{{ row.officer }}</td>
<td>{{ row.submitted_at|date }}</td><td>{{ row.due_on|date }}</td>
</tr>{% endfor %}</table>
<p>{{ page.paginator.count }} rows, page {{ page.number }} of {{ page.paginator.num_pages }}</p>
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">next</a>{% endif %}
"""


# ── the bare page ───────────────────────────────────────────────────────────────────────────────
def bare(request):
    """What one writes in ten minutes: filter, order_by, Paginator, a table."""
    from django.core.paginator import Paginator
    from django.db.models import Q
    from django.http import HttpResponse
    from django.utils import timezone

    from applications.models import Application

    asked = request.GET
    rows = Application.objects.exclude(status="draft").select_related("district", "officer")
    if q := asked.get("q"):
        rows = rows.filter(
            Q(number__contains=q)
            | Q(leader_name__contains=q)
            | Q(studio_name__contains=q)
            | Q(unit_name__contains=q)
            | Q(occupation__contains=q)
        )
    if asked.get("status"):
        rows = rows.filter(status=asked["status"])
    if asked.get("officer"):
        rows = rows.filter(officer=request.user if asked["officer"] == "me" else None)
    if asked.get("district"):
        rows = rows.filter(district__code=asked["district"])
    if asked.get("batch"):
        rows = rows.filter(batch=asked["batch"])
    if asked.get("overdue"):
        rows = rows.filter(due_on__lt=timezone.localdate())
    orders = {"newest": "-submitted_at", "oldest": "submitted_at", "leader": "leader_sort_key"}
    rows = rows.order_by(
        orders.get(asked.get("sort"), "due_on"), "-pk" if asked.get("sort") == "newest" else "pk"
    )
    page = Paginator(rows, 50).get_page(asked.get("page"))
    return HttpResponse(_bare_template().render({"page": page, "request": request}, request))


def _bare_template(kept=[]):  # noqa: B006
    from django.template import engines

    if not kept:
        kept.append(engines["django"].from_string(BARE))
    return kept[0]


# ── the rows ────────────────────────────────────────────────────────────────────────────────────
def fill(size: int):
    """So many applications of twenty years, and the people around them. Returns an officer."""
    from django.db import connection
    from django.utils import timezone

    from applications.models import Application, Batch
    from park.models import District, User
    from tests.factories import UserFactory

    dice = random.Random(20150104)
    officers = [
        UserFactory(roles=["office"], real_name=name) for name in ("赵明", "钱慧", "孙立", "李婧", "周凯")
    ]
    User.objects.bulk_create(User(username=f"studio{i}", real_name="王镕") for i in range(100))
    applicants = list(User.objects.filter(username__startswith="studio"))
    districts, today, now = list(District.objects.all()), timezone.localdate(), timezone.now()
    batches = [
        Batch.objects.create(
            name=f"第{i + 1}批",
            opens_on=today - timedelta(90 * (i + 1)),
            closes_on=today - timedelta(90 * i + 1),
        )
        for i in range(4)
    ]
    statuses = dice.choices(list(STATUSES), list(STATUSES.values()), k=size)

    per_year, drawn = size / 20, Counter()

    def number_of(i):
        year = 2007 + int(i / per_year)
        drawn[year] += 1
        return f"SB-{year}-{drawn[year]:04}"

    def row(i, status):
        filed = (
            None if status == "draft" else now - timedelta(minutes=5) * (size - i) * (2_000_000 / size / 5)
        )
        surname, key = dice.choice(
            [("陈", "chen"), ("王", "wang"), ("周", "zhou"), ("姚", "yao"), ("於", "yu")]
        )
        given, given_key = dice.choice(
            [("镕喆", "rong zhe"), ("昇", "sheng"), ("堃", "kun"), ("玥", "yue"), ("志强", "zhi qiang")]
        )
        leader, craft = surname + given, dice.choice(CRAFTS)
        if i == size // 2:
            leader, status, filed = "欧阳青松", "site_visit", filed or now
        on_clock = status in ("submitted", "correction")
        return Application(
            number=number_of(i) if filed else None,
            status=status,
            status_since=filed or now,
            due_on=today + timedelta(dice.randint(-30, 20))
            if on_clock
            else None,  # a full page overdue at 1,000
            batch=dice.choice(batches) if i % 2 == 0 else None,
            applicant=applicants[i % 100],
            studio_name=f"{leader}{craft}技能大师工作室",
            leader_name=leader,
            leader_sort_key=f"{key} {given_key}",
            leader_id_index=hashlib.sha256(b"%d" % i).hexdigest(),
            occupation=craft,
            unit_name=f"镇江{dice.choice(['船舶设备', '恒顺', '光学眼镜', '园林', '机电'])}第{i % 300}有限公司",
            district=dice.choice(districts),
            officer=dice.choice(officers) if filed and dice.random() < 0.97 else None,
            submitted_at=filed,
        )

    rows = (row(i, status) for i, status in enumerate(statuses))
    while batch := [r for _, r in zip(range(2000), rows, strict=False)]:
        Application.objects.bulk_create(batch)
    if (
        connection.vendor == "postgresql"
    ):  # what its autovacuum does in the minutes after; SQLite does nothing
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return officers[0]


# ── the measure ─────────────────────────────────────────────────────────────────────────────────
class Site:
    """One database of one size, with an officer signed in."""

    def __init__(self, connection, size):
        from django.test import Client

        self.connection, self.size = connection, size
        self.select()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(fill(size), backend="django.contrib.auth.backends.ModelBackend")

    def select(self):
        """Make this one the database, with its own corner of the cache."""
        from django.core.cache import caches
        from django.db import connections

        connections["default"] = self.connection
        caches["default"].key_prefix = str(self.size)

    def seconds(self, address) -> float:
        start = time.perf_counter()
        response = self.client.get(address)
        spent = time.perf_counter() - start
        assert response.status_code == 200, response.status_code
        return spent

    def queries(self, address) -> int:
        count = [0]

        def counting(execute, *args):
            count[0] += 1
            return execute(*args)

        with self.connection.execute_wrapper(counting):
            self.seconds(address)
        return count[0]


def measure(name: str) -> int:
    with scratch.django_on(name) as folder, contextlib.ExitStack() as stack:
        from django.conf import settings
        from django.core.cache import cache

        settings.ROOT_URLCONF = "tests.bench.bench_queue_urls"
        sites = {
            size: Site(stack.enter_context(scratch.database(folder, f"queue_{size}")), size) for size in SIZES
        }
        times, queries = {}, {}
        addresses = {
            case: (f"/applications/queue/?{query}", f"/bare/?{query}") for case, query in CASES.items()
        }
        for i in range(ROUNDS + 1):
            for case, pages in addresses.items():
                for size, site in sites.items():
                    site.select()
                    for kind, address in zip(("ours", "bare"), pages, strict=True):
                        if i == 0:  # warm-up: compiled templates, cached counts, pages of the database
                            site.seconds(address)
                            queries[case, kind, size] = site.queries(address)
                        spent = site.seconds(address)
                        if i:
                            times.setdefault((case, kind, size), []).append(spent)
        cold = {}
        for size, site in sites.items():
            site.select()
            for _ in range(ROUNDS):
                cache.clear()
                cold.setdefault(size, []).append(site.seconds("/applications/queue/"))
            cache.clear()
            queries["cold", size] = site.queries("/applications/queue/")
        return report(name, times, queries, cold)


def report(name, times, queries, cold) -> int:
    ms = {key: scratch.milliseconds(spent) for key, spent in times.items()}
    print(f"\n{name}: medians of {ROUNDS} requests in ms")
    print(
        f"{'page':26}│{'ours':^21}│{'bare':^21}│{'ours/bare':>10}│{'100k/1k':^14}│ queries\n"
        f"{'':26}│{'1k':>7}{'10k':>7}{'100k':>7}│{'1k':>7}{'10k':>7}{'100k':>7}│{'at 10k':>10}│{'ours':>7}{'bare':>7}│"
    )
    faults = []
    for case in CASES:
        ours, bares = ([ms[case, kind, size] for size in SIZES] for kind in ("ours", "bare"))
        beside, growth = ours[1] / bares[1], ours[2] / ours[0]
        most = max(queries[case, "ours", size] for size in SIZES)
        print(
            f"{_wide(case, 26)}│{''.join(f'{t:7.1f}' for t in ours)}│{''.join(f'{t:7.1f}' for t in bares)}│"
            f"{beside:10.2f}│{growth:7.2f}{bares[2] / bares[0]:7.2f}│ {most}"
        )
        faults += [f"{case}: {beside:.2f} times the bare page"] * (beside > LIMIT and case not in FEW_ROWS)
        faults += [f"{case}: grows {growth:.2f} times"] * (growth > LIMIT and case not in MAY_GROW)
        faults += [f"{case}: {most} queries"] * (most > MOST_QUERIES)
    once = max(queries["cold", size] for size in SIZES)
    cost = ", ".join(f"{size:,}: {scratch.milliseconds(t):.1f} ms" for size, t in cold.items())
    print(f"default, with an empty cache (once in 30 s): {cost}; {once} queries")
    faults += [f"empty cache: {once} queries"] * (once > MOST_QUERIES)
    print("\n".join(f"ABOVE THE LIMIT {fault}" for fault in faults) or "all within the limits")
    return bool(faults)


def _wide(text, width):
    return text + " " * (width - len(text) - sum(ord(c) > 0x2E80 for c in text))


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
