"""How long does it take to project the cards of 500 studios, and how many queries [A2]?

    python tests/bench/bench_projection.py [sqlite|postgresql]

Each studio has a year of 40 records of every kind, 120 work logs, 120 check-ins, 60 trainees with certificates, a bill
and an inspection. Measured are the pass (facts and points of 500 × 18 items), the renewal that stores them, the page of
all studios and the page of one. Limits: the renewal under 5 s, the pass with as many queries as for 50 studios, pages at
most 12 queries.
"""

import random
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import scratch

STUDIOS, RECORDS, LOGS, CHECK_INS, TRAINEES = 500, 40, 120, 120, 60
FEW = 50
ROUNDS, LIMIT, MOST_QUERIES = 5, 5.0, 12
YEAR = 2025  # over, so that twelve months count
TODAY = date(2026, 1, 15)


def fill():
    """500 studios in the park; returns the first of them, its person and an officer."""
    from django.db import connection
    from django.utils import timezone

    from assessments.models import Inspection, InspectionItem, InspectionLine, InspectionPlan
    from tests.factories import UserFactory
    from tests.workshops.factories import ResidencyFactory, StudioFactory
    from tests.workshops.ledgers import VALUES
    from workshops.kinds import KINDS
    from workshops.models import Bill, CheckIn, LedgerRecord, Trainee, person_key

    dice, now = random.Random(20151008), timezone.now()
    own, office = UserFactory(roles=["applicant"]), UserFactory(roles=["office"])
    codes = [code for code in KINDS if code not in ("log", "training")]
    first, verified = date(YEAR, 1, 1), {"status": "verified", "verified_at": now, "verified_by": office}
    submitted = {"status": "submitted", "submitted_at": now, "submitted_by": own}
    items = list(InspectionItem.objects.filter(clause__startswith="A2."))
    plan = InspectionPlan.objects.create(title="检查", starts_on=first, ends_on=first, planned_by=office)
    records, check_ins, bills, inspections = [], [], [], []

    def record(studio, serial, code, day):
        kind, values = KINDS[code], dict(VALUES[code])
        if code == "achievement":
            values["certificate_no"] = f"ZL{studio.pk}-{serial}"
        end = date(YEAR, 12, 31) if kind.until_required else None
        return LedgerRecord(
            studio=studio, kind=code, serial=serial, title=f"{kind.title}第{serial}次", happened_on=day, until_on=end,
            data=kind.dump(values), created_by=own, **submitted, **kind.columns(values, day, end),
        )  # fmt: skip

    for n in range(STUDIOS):
        studio = StudioFactory(people=[own] if n == 0 else [])
        residency = ResidencyFactory(
            active=True, studio=studio, term_starts_on=date(2024, 3, 1), term_ends_on=date(2028, 2, 28)
        )
        days = [first + timedelta(days=k) for k in sorted(dice.sample(range(365), CHECK_INS))]
        leader = studio.persons.get()
        check_ins += [
            CheckIn(studio=studio, person=leader, day=day, means="phone", entered_by=own) for day in days
        ]
        kinds = ["training"] * 2 + [codes[k % len(codes)] for k in range(RECORDS - 2)] + ["log"] * LOGS
        records += [record(studio, serial, code, dice.choice(days)) for serial, code in enumerate(kinds, 1)]
        due = date(YEAR, 6, 30)
        bills.append(
            Bill(
                residency=residency,
                period=due.replace(day=1),
                status="issued" if n % 5 else "paid",
                amount_fen=1000,
                paid_fen=0 if n % 5 else 1000,
                drafted_by=office,
                number=f"ZD-{n:05}",
                issued_on=first,
                pay_by=due,
            )
        )
        inspections.append(
            Inspection(
                plan=plan,
                residency=residency,
                inspect_on=due,
                status="closed",
                recorded_at=now,
                recorded_by=office,
                confirmed_at=now,
                confirmed_by=office,
                confirmation="online",
            )
        )
    LedgerRecord.objects.bulk_create(records, batch_size=500)
    CheckIn.objects.bulk_create(check_ins, batch_size=1000)
    Bill.objects.bulk_create(bills)
    Inspection.objects.bulk_create(inspections)
    InspectionLine.objects.bulk_create(
        InspectionLine(inspection=row, item=item, clause=item.clause, text=item.label, order=item.order, verdict="met")
        for row in Inspection.objects.all()
        for item in items
    )  # fmt: skip
    Trainee.objects.bulk_create(
        (
            Trainee(
                record=training,
                studio_id=training.studio_id,
                name=name,
                certificate_kind="skill_level",
                level="L4",
                certificate_no=number,
                certified_on=training.happened_on,
                person_key=person_key(name, "", number),
            )
            for training in LedgerRecord.objects.filter(kind="training").iterator()
            for n in range(TRAINEES // 2)
            for name, number in [(f"王{chr(0x4E00 + n)}", f"JN{training.pk}-{n}")]
        ),
        batch_size=1000,
    )
    LedgerRecord.objects.update(**verified)
    if connection.vendor == "postgresql":  # what its autovacuum does in the minutes after
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return studio_and_people(own, office)


def studio_and_people(own, office):
    return own.studios.get(), own, office


class Counted:
    """Seconds and queries of what happens inside."""

    def __init__(self, connection):
        self.connection, self.queries = connection, 0

    def __enter__(self):
        self._wrapper = self.connection.execute_wrapper(self._count)
        self._wrapper.__enter__()
        self._start, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *exc):
        self.seconds, self.cpu = time.perf_counter() - self._start, time.process_time() - self._cpu
        self._wrapper.__exit__(*exc)

    def _count(self, execute, *args):
        self.queries += 1
        return execute(*args)


def measure(name: str) -> int:
    with scratch.django_on(name) as folder, scratch.database(folder, "projection") as connection:
        from django.db import connections
        from django.test import Client

        from assessments.actions.projection import renew
        from assessments.facts import stays_in
        from assessments.models import Projection
        from assessments.projecting import basis_of, project

        connections["default"] = connection
        studio, own, office = fill()

        def one_pass(studios=None):
            with Counted(connection) as spent:
                cards = project(basis_of(YEAR), stays_in(YEAR, studios), TODAY)
            return spent, len(cards)

        def renewal():
            with Counted(connection) as spent:
                renew(YEAR, TODAY)
            return spent, Projection.objects.filter(year=YEAR).count()

        def page(person, address):
            browser = Client(headers={"host": "localhost"})
            browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

            def ask():
                with Counted(connection) as spent:
                    answer = browser.get(address)
                assert answer.status_code == 200, answer.status_code
                return spent, 1

            return ask

        few = [stay.residency.studio_id for stay in stays_in(YEAR)[:FEW]]
        cases = {
            f"pass over {FEW} studios": lambda: one_pass(few),
            f"pass over {STUDIOS} studios": one_pass,
            "renewal, stored": renewal,
            "page of all studios": page(office, f"/assessments/projections/?year={YEAR}"),
            "page of one studio": page(own, f"/assessments/studios/{studio.key}/projection/?year={YEAR}"),
        }
        found = {case: [] for case in cases}
        for i in range(ROUNDS + 1):
            for case, work in cases.items():
                spent = work()
                if i:  # the first is for warming up
                    found[case].append(spent)
        return report(name, found)


def report(name, found) -> int:
    print(f"\n{name}: {STUDIOS} studios, medians of {ROUNDS}")
    faults, queries = [], {}
    for case, rows in found.items():
        seconds = statistics.median(spent.seconds for spent, _ in rows)
        cpu = statistics.median(spent.cpu for spent, _ in rows)
        queries[case] = rows[0][0].queries
        print(f"{case:26}│{seconds:7.2f} s│{cpu:7.2f} s processor│{queries[case]:4} queries│{rows[0][1]:4}")
        faults += [f"{case}: {seconds:.1f} s"] * (seconds > LIMIT)
        faults += [f"{case}: {queries[case]} queries"] * (
            case.startswith("page") and queries[case] > MOST_QUERIES
        )
    passes = {queries[case] for case in queries if case.startswith("pass")}
    faults += ["the pass asks more for more studios"] * (len(passes) > 1)
    print("\n".join(f"ABOVE THE LIMIT {fault}" for fault in faults) or "all within the limits")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(measure(scratch.chosen()) if scratch.chosen() else scratch.each_database(__file__))
