"""What do the records say of the studios in one year [A2]? A constant number of queries for any number of them.

Only what the office verified counts [P4], and only days and records of the year [P5].
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
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


def stays_in(year: int, studios=None) -> list[Stay]:
    """Who was in the park in the year, by the name of the studio; of two stays of one studio the later counts."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Residency.objects.filter(term_starts_on__lte=last).exclude(
        status=ResidencyStatus.PENDING_AGREEMENT
    )
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=first)).select_related("studio")
    if studios is not None:
        rows = rows.filter(studio__in=studios)
    found = {}
    for row in rows.order_by("term_starts_on", "pk"):
        found[row.studio_id] = Stay(row, max(first, row.term_starts_on), min(last, row.ended_on or last))
    return sorted(found.values(), key=lambda stay: (stay.residency.studio.name, stay.residency.pk))


def facts_of(year: int, stays: Iterable[Stay], rules, today: date) -> dict[int, YearFacts]:
    """studio id → its year as it stands on `today`. `rules` are the settings of the year by key."""
    stays = list(stays)
    keys = [stay.residency.studio_id for stay in stays]
    records, months = _records(year, keys), _months(year, stays, rules, today)
    logs, certified, unpaid = _logs(year, keys), _certified(year, keys, rules), _unpaid(year, keys, today)
    checked, inspected = _checked_in(year, keys), _inspected(year, keys)
    return {
        key: YearFacts(
            year,
            months=months[key],
            records=tuple(records.get(key, ())),
            logs=logs.get(key, 0),
            certified=certified.get(key, 0),
            checked_in=key in checked,
            unpaid_bills=unpaid.get(key, 0),
            inspected=inspected.get(key, {}),
        )
        for key in keys
    }


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


def _logs(year, keys) -> dict[int, int]:
    rows = LedgerRecord.objects.verified().of_year(year).filter(studio__in=keys, kind="log")
    return dict(rows.order_by().values_list("studio").annotate(n=Count("pk")))


def _certified(year, keys, rules) -> dict[int, int]:
    """Different people with a certificate that counts, dated in the year [S11]."""
    rows = Trainee.objects.certified_in(year, rules["b1_certificates"]).filter(studio__in=keys)
    if rules["b1_min_level"] != "any":
        ladder = SkillLevel.LADDER
        rows = rows.filter(level__in=ladder[ladder.index(rules["b1_min_level"]) :])
    return dict(rows.order_by().values_list("studio").annotate(n=Count("person_key", distinct=True)))


# ── being there ─────────────────────────────────────────────────────────────────────────────────
def _months(year, stays, rules, today) -> dict[int, tuple[presence.MonthRecord, ...]]:
    """The months of each stay that are over, and the running one once its days are reached: until then it could only
    be held against the studio [S2][S2b]."""
    first, last = _whole(year)
    keys = [stay.residency.studio_id for stay in stays]
    rows = CheckIn.objects.standing().filter(studio__in=keys, day__range=(first, last))
    if rules["attendance_subject"] != "members":
        rows = rows.filter(person__is_leader=True)
    days: dict[int, set] = {key: set() for key in keys}
    for studio, day in rows.order_by().values_list("studio", "day"):
        days[studio].add(day)
    excused = _excused(first, last, keys) if rules["attendance_excuses"] else {key: set() for key in keys}
    found = {}
    for stay in stays:
        key, months = stay.residency.studio_id, []
        for number in range(stay.since.month, stay.until.month + 1):
            month = date(year, number, 1)
            if month > today:
                break
            record = presence.month_record(month, days[key], stay.since, stay.until, excused[key])
            if presence.month_of(month)[1] < today or record.present >= record.quota:
                months.append(record)
        found[key] = tuple(months)
    return found


def _excused(first, last, keys) -> dict[int, set[date]]:
    closed = ParkClosure.objects.filter(starts_on__lte=last, ends_on__gte=first)
    shut = presence.days_between(list(closed.values_list("starts_on", "ends_on")))
    found = {key: set(shut) for key in keys}
    away = Leave.objects.filter(
        studio__in=keys, status=LeaveStatus.APPROVED, starts_on__lte=last, ends_on__gte=first
    )
    for studio, start, end in away.values_list("studio", "starts_on", "ends_on"):
        found[studio] |= presence.days_between([(start, end)])
    return found


def _checked_in(year, keys) -> set[int]:
    rows = CheckIn.objects.standing().filter(studio__in=keys, day__range=_whole(year))
    return set(rows.order_by().values_list("studio", flat=True).distinct())


# ── the rest ────────────────────────────────────────────────────────────────────────────────────
def _unpaid(year, keys, today) -> dict[int, int]:
    """Bills that fell due in the year and are not paid: the account of fees is not complete [A2.10][5.3]."""
    rows = Bill.objects.filter(residency__studio__in=keys, status=BillStatus.ISSUED)
    rows = rows.filter(pay_by__range=_whole(year), pay_by__lt=today)
    return dict(rows.order_by().values_list("residency__studio").annotate(n=Count("pk")))


def _inspected(year, keys) -> dict[int, dict[str, Inspected]]:
    """The newest confirmed word of an inspection on each item; what was put right since counts as met."""
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
        text = f"{on.month}月{on.day}日“{title}”"
        found.setdefault(studio, {})[clause] = Inspected(met, on, text, str(key))
    return found
