"""A year of a studio as rows, without the procedures that lead there: what the facts of a year are read from."""

from datetime import date, timedelta

from django.utils import timezone

from assessments.models import (
    Finding,
    FindingStatus,
    Inspection,
    InspectionItem,
    InspectionLine,
    InspectionPlan,
)
from tests.factories import UserFactory
from tests.workshops.factories import ResidencyFactory, StudioFactory
from tests.workshops.ledgers import VALUES
from workshops.kinds import KINDS
from workshops.models import Bill, CheckIn, Leave, LedgerRecord, ParkClosure, Trainee, person_key

YEAR = 2025  # over, whatever today is
AFTER = date(2026, 2, 1)


def day(text: str) -> date:
    """`5-3` in the year of these tests, or a whole date."""
    parts = [int(part) for part in text.split("-")]
    return date(*parts) if len(parts) == 3 else date(YEAR, *parts)


def stay(since="2024-1-1", until=None, *, status="active", studio=None, **of_studio):
    """A residency; with `until` it is over."""
    first = day(since)
    return ResidencyFactory(
        active=True,
        studio=studio or StudioFactory(**of_studio),
        status="ended" if until else status,
        term_starts_on=first,
        term_ends_on=first + timedelta(days=1500),
        ended_on=day(until) if until else None,
    )


class Writer:
    """Writes records of one residency's studio as `by` would have."""

    def __init__(self, residency, by=None):
        self.residency, self.studio, self.by = residency, residency.studio, by or UserFactory()
        self.leader = self.studio.persons.filter(is_leader=True).first()

    def ledger(self, kind, on="5-3", until=None, *, status="verified", files=0, rows=0, people=(), **values):
        """One record with what its kind needs, in any status; `people` are those of its roster, see `trainee`."""
        kind, starts, ends = KINDS[kind], day(on), day(until) if until else None
        now = timezone.now()
        marks = {"submitted_at": now, "submitted_by": self.by} if status != "draft" else {}
        verified = {"status": status, "verified_at": now, "verified_by": self.by}
        marks |= {"returned_why": "请补充"} if status == "returned" else {}
        values = VALUES[kind.code] | values
        serial = self.studio.ledger.count() + 1
        row = LedgerRecord.objects.create(
            studio=self.studio, kind=kind.code, serial=serial, title=f"{kind.title}{serial}", happened_on=starts,
            until_on=ends, data=kind.dump(values), created_by=self.by, file_count=files, row_count=rows or len(people),
            status="submitted" if status == "verified" else status, **marks, **kind.columns(values, starts, ends),
        )  # fmt: skip
        for person in people:
            self.trainee(row, *person)
        if status == "verified":  # nothing joins a roster afterwards
            LedgerRecord.objects.filter(pk=row.pk).update(**verified)
            row.refresh_from_db()
        return row

    def trainee(self, record, name, number="", on="5-3", kind="skill_level", level="L4"):
        certificate = {}
        if number:
            certificate = {"certificate_kind": kind, "certificate_no": number, "certified_on": day(on)}
        return Trainee.objects.create(
            record=record, studio=self.studio, name=name, level=level, person_key=person_key(name, "", number),
            **certificate,
        )  # fmt: skip

    def present(self, *days, person=None, voided=False):
        """Check-ins; a number is that many days from the first of a month: `("3", 10)`."""
        mark = {"voided_at": timezone.now(), "voided_by": self.by, "void_reason": "误签"} if voided else {}
        for given in days:
            first, n = given if isinstance(given, tuple) else (given, 1)
            first = day(first if "-" in first else f"{first}-1")
            CheckIn.objects.bulk_create(
                CheckIn(
                    studio=self.studio, person=person or self.leader, day=first + timedelta(days=k), means="phone",
                    entered_by=self.by, **mark,
                )
                for k in range(n)
            )  # fmt: skip

    def present_all_year(self, n=10):
        self.present(*[(f"{month}", n) for month in range(1, 13)])

    def leave(self, since, until, status="approved"):
        return Leave.objects.create(
            studio=self.studio, person=self.leader, starts_on=day(since), ends_on=day(until), status=status
        )

    def bill(self, pay_by, status="issued"):
        due, number = day(pay_by), f"ZD-{Bill.objects.count():05}"
        told = {"number": number, "issued_on": due - timedelta(days=20), "pay_by": due}
        paid = 1000 if status == "paid" else 0
        gone = {"cancelled_on": due, "cancelled_why": "重开"} if status == "cancelled" else {}
        return Bill.objects.create(
            residency=self.residency, period=due.replace(day=1), status=status, amount_fen=1000, paid_fen=paid,
            drafted_by=self.by, **({} if status == "draft" else told), **gone,
        )  # fmt: skip

    def inspected(self, on, *lines, status="closed", finding="open"):
        """An inspection with lines (clause, verdict); what is not met gets a finding in this status."""
        found, now = day(on), timezone.now()
        plan = InspectionPlan.objects.create(
            title=f"{found.month}月检查", starts_on=found, ends_on=found, planned_by=self.by
        )
        marks = {}
        if status not in ("planned", "cancelled"):
            marks |= {"recorded_at": now, "recorded_by": self.by}
        if status in ("closing", "closed"):
            marks |= {"confirmed_at": now, "confirmed_by": self.by, "confirmation": "online"}
        row = Inspection.objects.create(
            plan=plan, residency=self.residency, inspect_on=found, status="planned", **marks
        )
        for n, (clause, verdict) in enumerate(lines):
            item, _ = InspectionItem.objects.get_or_create(
                code=f"filled{n}", defaults={"label": "项目", "clause": clause, "edition": "本园", "order": n}
            )
            line = InspectionLine.objects.create(
                inspection=row, item=item, clause=clause, text="项目", order=n, verdict=verdict
            )
            if verdict == "not_met" and status in ("closing", "closed"):
                answered = {"answered_at": now, "answered_by": self.by} if finding != "open" else {}
                checked = (
                    {"rechecked_at": now, "rechecked_by": self.by} if finding == FindingStatus.CLOSED else {}
                )
                Finding.objects.create(
                    inspection=row, line=line, number=n, clause=clause, problem="问题", severity="minor", fix_by=found,
                    status=finding, **answered, **checked,
                )  # fmt: skip
        Inspection.objects.filter(pk=row.pk).update(status=status)
        return row


def close_park(since, until, by):
    return ParkClosure.objects.create(starts_on=day(since), ends_on=day(until), reason="检修", entered_by=by)
