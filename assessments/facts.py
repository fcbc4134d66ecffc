"""What do the records say of the studios in one year [A2]? A constant number of queries for any number of them.

Only what the office verified counts [P4], and only days and records of the year [P5].
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, DateField, F, Q, Value, When
from django.db.models.fields.json import KT

from assessments.models import FindingStatus, InspectionLine, InspectionStatus, LineVerdict
from assessments.scoring import Inspected, Record, YearFacts
from park.models import SkillLevel
from workshops import presence
from workshops.charges.term import end_of_months
from workshops.models import (
    Bill,
    BillStatus,
    CheckIn,
    Leave,
    LeaveStatus,
    LedgerRecord,
    ParkClosure,
    Residency,
    ResidencyStatus,
    Trainee,
)


@dataclass(frozen=True)
class Stay:
    """The days of the year on which a studio was in the park, both inclusive."""

    residency: Residency
    since: date
    until: date

    def is_partial(self, months: int) -> bool:
        """Shorter than so many months: counted, and not graded [S16]."""
        return end_of_months(self.since, months) > self.until


def residencies_in(year: int):
    """Whoever was in the park on a day of the year, the earlier stay first; agreements that never began are none."""
    first, last = _whole(year)
    rows = Residency.objects.filter(term_starts_on__lte=last).exclude(
        status=ResidencyStatus.PENDING_AGREEMENT
    )
    began = Q(ended_on__gte=first) & Q(ended_on__gte=F("term_starts_on"))
    return rows.filter(Q(ended_on=None) | began).select_related("studio").order_by("term_starts_on", "pk")


def stays_of(year: int, rows: Iterable[Residency]) -> list[Stay]:
    """By the name of the studio; of two stays of one studio the later counts. `rows`: see `residencies_in`."""
    first, last = _whole(year)
    found = {
        row.studio_id: Stay(row, max(first, row.term_starts_on), min(last, row.ended_on or last))
        for row in rows
    }
    return sorted(found.values(), key=lambda stay: (stay.residency.studio.name, stay.residency.pk))


def stays_in(year: int, studios=None) -> list[Stay]:
    """Who was in the park in the year, in one query; of these studios only where some are named."""
    rows = residencies_in(year)
    return stays_of(year, rows if studios is None else rows.filter(studio__in=studios))


def facts_of(year: int, stays: Iterable[Stay], rules, today: date) -> dict[int, YearFacts]:
    """studio id → its year as it stands on `today`, in three queries. `rules` are the settings of the year by key."""
    stays = list(stays)
    keys = [stay.residency.studio_id for stay in stays]
    if not keys:
        return {}
    records, inspected, figures = (
        _records(year, keys),
        _inspected(year, keys),
        _figures(year, keys, rules, today),
    )
    return {stay.residency.studio_id: _year(year, stay, records, inspected, figures, today) for stay in stays}


def _year(year, stay, records, inspected, figures, today) -> YearFacts:
    key = stay.residency.studio_id
    return YearFacts(
        year,
        months=_months(year, stay, figures.days[key], figures.closed | figures.away[key], today),
        records=tuple(records.get(key, ())),
        logs=figures.numbers.get((key, "log"), 0),
        certified=figures.numbers.get((key, "certified"), 0),
        checked_in=key in figures.checked_in,
        unpaid_bills=figures.numbers.get((key, "unpaid"), 0),
        inspected=inspected.get(key, {}),
    )


def _whole(year) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


# ── ledgers ─────────────────────────────────────────────────────────────────────────────────────
_COLUMNS = (
    "studio_id", "key", "serial", "kind", "title", "happened_on", "counts_from", "counts_until", "category", "level",
    "partner", "certificate_no", "amount_fen", "outcome_on", "row_count", "file_count",
)  # fmt: skip


def _records(year, keys) -> dict[int, list[Record]]:
    """All but the work log, of which only the number matters."""
    rows = LedgerRecord.objects.verified().of_year(year).filter(studio__in=keys).exclude(kind="log")
    rows = rows.order_by().values_list(*_COLUMNS, KT("data__patent_type"), KT("data__state"))
    found: dict[int, list[Record]] = {}
    for (studio, key, serial, kind, title, on, starts, ends, category, level, partner, certificate, amount,
         outcome_on, people, files, subtype, state) in rows:  # fmt: skip
        record = Record(
            kind=kind,
            starts=starts,
            ends=ends,
            category=category,
            level=level,
            title=title,
            number=f"TZ-{serial:04}",
            key=str(key),
            partner=partner,
            certificate_no=certificate,
            amount_fen=amount or 0,
            outcome_on=outcome_on,
            rostered=people,
            files=files,
            signed_on=on,
            subtype=subtype or "",
            state=state or "",
        )
        found.setdefault(studio, []).append(record)
    return found


# ── days and numbers ────────────────────────────────────────────────────────────────────────────
@dataclass
class Figures:
    """Of all studios at once."""

    days: dict[int, set[date]]  # studio → days on which somebody who counts was there
    away: dict[int, set[date]]  # studio → days of approved leave
    closed: set[date] = field(default_factory=set)  # days on which the park was closed
    checked_in: set[int] = field(default_factory=set)  # studios with any entry in the register of attendance
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)  # (studio, which) → how many


def _figures(year, keys, rules, today) -> Figures:
    """One query for all of it: rows (which, studio, first day, last day, number)."""
    first, last = _whole(year)
    parts = [
        _check_ins(keys, first, last, rules),
        _counts(
            "log", LedgerRecord.objects.verified().of_year(year).filter(studio__in=keys, kind="log"), first
        ),
        _counts("certified", _certified(year, keys, rules), first, Count("person_key", distinct=True)),
        _counts("unpaid", _unpaid(keys, first, last, today), first, studio="residency__studio"),
    ]
    if rules["attendance_excuses"]:
        leave = Leave.objects.filter(studio__in=keys, status=LeaveStatus.APPROVED)
        closures = ParkClosure.objects.annotate(of=Value(0))
        parts += [_spans("away", leave, first, last, "studio"), _spans("closed", closures, first, last, "of")]
    found = Figures({key: set() for key in keys}, {key: set() for key in keys})
    for which, studio, starts, ends, number in parts[0].union(*parts[1:], all=True):
        if which == "day":
            found.checked_in.add(studio)
            if number:
                found.days[studio].add(starts)
        elif which == "away":
            found.away[studio] |= presence.days_between([(starts, ends)])
        elif which == "closed":
            found.closed |= presence.days_between([(starts, ends)])
        else:
            found.numbers[studio, which] = number
    return found


def _check_ins(keys, first, last, rules):
    """Every entry proves that the register is kept; a day counts by whom the park has decided on [S1]."""
    counts = Value(1)
    if rules["attendance_subject"] != "members":
        counts = Case(When(person__is_leader=True, then=Value(1)), default=Value(0))
    rows = CheckIn.objects.standing().filter(studio__in=keys, day__range=(first, last)).order_by()
    return rows.annotate(which=Value("day"), number=counts).values_list(
        "which", "studio", "day", F("day"), "number"
    )


def _spans(which, rows, first, last, studio):
    rows = rows.filter(starts_on__lte=last, ends_on__gte=first).order_by()
    rows = rows.annotate(which=Value(which), number=Value(0))
    return rows.values_list("which", studio, "starts_on", "ends_on", "number")


def _counts(which, rows, day, number=None, studio="studio"):
    rows = rows.order_by().values(studio).annotate(number=number or Count("pk"))
    rows = rows.annotate(which=Value(which), day=Value(day, DateField()))
    return rows.values_list("which", studio, "day", F("day"), "number")


def _certified(year, keys, rules):
    """People with a certificate that counts, dated in the year [S11]."""
    rows = Trainee.objects.certified_in(year, rules["b1_certificates"]).filter(studio__in=keys)
    if rules["b1_min_level"] != "any":
        ladder = SkillLevel.LADDER
        rows = rows.filter(level__in=ladder[ladder.index(rules["b1_min_level"]) :])
    return rows


def _unpaid(keys, first, last, today):
    """Bills that fell due in the year and are not paid: the account of fees is not complete [A2.10][5.3]."""
    rows = Bill.objects.filter(residency__studio__in=keys, status=BillStatus.ISSUED)
    return rows.filter(pay_by__range=(first, last), pay_by__lt=today)


def _months(year, stay, days, excused, today) -> tuple[presence.MonthRecord, ...]:
    """The months of the stay that are over, and the running one once its days are reached: until then it could only
    be held against the studio [S2][S2b]."""
    found, by_month = [], {}
    for day in days:
        by_month.setdefault(day.month, set()).add(day)
    for number in range(stay.since.month, stay.until.month + 1):
        month = date(year, number, 1)
        if month > today:
            break
        there = by_month.get(number, ())
        record = presence.month_record(month, there, stay.since, stay.until, excused)
        is_over = min(presence.month_of(month)[1], stay.until) < today
        if is_over or record.present >= record.quota:
            found.append(record)
    return tuple(found)


# ── inspections ─────────────────────────────────────────────────────────────────────────────────
def _inspected(year, keys) -> dict[int, dict[str, Inspected]]:
    """The newest confirmed word of an inspection on each item; of several lines on one item all have to be met. What
    was put right since counts as met."""
    rows = InspectionLine.objects.filter(
        inspection__residency__studio__in=keys,
        inspection__inspect_on__range=_whole(year),
        inspection__status__in=[InspectionStatus.CLOSING, InspectionStatus.CLOSED],
        verdict__in=[LineVerdict.MET, LineVerdict.NOT_MET],
        clause__startswith="A2.",
    )
    rows = rows.order_by("inspection__inspect_on", "inspection_id", "pk").values_list(
        "inspection__residency__studio",
        "clause",
        "verdict",
        "finding__status",
        "inspection__inspect_on",
        "inspection__plan__title",
        "inspection__key",
    )
    found: dict[int, dict[str, Inspected]] = {}
    for studio, clause, verdict, finding, on, title, key in rows:
        met = verdict == LineVerdict.MET or finding == FindingStatus.CLOSED
        known = found.setdefault(studio, {})
        before = known.get(clause)
        if before and before.key == str(key):
            met = met and before.met
        known[clause] = Inspected(met, on, f"{on.month}月{on.day}日“{title}”", str(key))
    return found
