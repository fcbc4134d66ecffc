"""What is each residency billed for a month, and the bills are drawn up [5.3][4.1].

`plan` only looks; `draft_bills` plans again under the lock of the residencies and writes. What lacks a reading or a
price is named and not billed; it can be billed later for the same month, for each kind is billed once.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from park import audit, documents
from park.models.document import hold_numbers
from park.workflow import Conflict, Refused, Workflow
from workshops.charges.fee import (
    Price,
    Span,
    common,
    metered_amount,
    month_of,
    monthly_amount,
    price_on,
    priced,
    rent_days,
)
from workshops.charges.meter import Read, Used, to_bill
from workshops.models import (
    Bill,
    BillLine,
    Charge,
    FeeKind,
    FeeRate,
    Meter,
    Occupancy,
    OneOffCharge,
    Reading,
    Residency,
    ResidencyStatus,
    Studio,
)
from workshops.papers.bill import NUMBERS
from workshops.permissions.fee import bills_studio, keeps_fees


@dataclass
class BillPlan:
    """What one residency would be billed, and what cannot be billed yet."""

    residency: Residency
    lines: dict = field(default_factory=dict)  # FeeKind -> [BillLine, not saved]
    waived_days: int = 0
    missing: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    has_bill: bool = False
    is_own: bool = False  # of whoever asks: somebody else draws it up

    def fen_of(self, kind) -> int:
        return sum(line.amount_fen for line in self.lines.get(kind, []))

    @property
    def total_fen(self) -> int:
        return sum(self.fen_of(kind) for kind in self.lines)

    @property
    def is_due(self) -> bool:
        return self.total_fen > 0 and not self.is_own

    @property
    def charges(self) -> list:
        return [
            {"kind": kind.label, "fen": self.fen_of(kind), "lines": rows} for kind, rows in self.lines.items()
        ]


def plan(period: date, *, by, residencies=None) -> list[BillPlan]:
    """Every residency that was in the park in that month, or is charged something once, by name of its studio; in a
    fixed number of queries."""
    month = month_of(period)
    rows = Residency.objects.filter(term_starts_on__lte=month.last)
    owing = OneOffCharge.objects.unbilled().filter(residency=OuterRef("pk"), period=month.first)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=month.first) | Exists(owing))
    rows = rows.exclude(status=ResidencyStatus.PENDING_AGREEMENT)
    if residencies is not None:
        rows = rows.filter(pk__in=residencies)
    rows = rows.annotate(is_own=Exists(Studio.objects.of(by).filter(pk=OuterRef("studio"))))
    known = _Known(month, list(rows.select_related("studio").order_by("studio__name", "pk")))
    return [known.plan_of(residency) for residency in known.residencies]


def fingerprint(planned: BillPlan) -> str:
    """What was shown of one residency, so that what is written is the same."""
    lines = [
        [kind, line.rate_id, line.one_off_id, line.first, line.last, line.quantity, line.amount_fen]
        for kind, rows in planned.lines.items()
        for line in rows
    ]
    return documents.hash_of([planned.residency.pk, planned.waived_days, lines])


class _Known:
    """Everything a run rests on, read once."""

    def __init__(self, month: Span, residencies):
        self.month, self.residencies = month, residencies
        keys = [r.pk for r in residencies]
        held = Occupancy.objects.filter(residency__in=keys, since__lte=month.last)
        held = held.filter(Q(until=None) | Q(until__gte=month.first))
        self.rooms = defaultdict(list)
        self.left = defaultdict(list)  # when a room was handed back, by whomever
        of_rooms = Occupancy.objects.filter(room__in=held.order_by().values("room")).select_related("room")
        for row in of_rooms.annotate(is_held=Exists(held.filter(pk=OuterRef("pk")))).order_by("since", "pk"):
            if row.is_held:
                self.rooms[row.residency_id].append(row)
            if row.until:
                self.left[row.room_id].append(row.until)
        rooms = {row.room_id for rows in self.rooms.values() for row in rows}
        self.meters = defaultdict(list)
        for meter in (
            Meter.objects.in_use(month.first, month.last).filter(room__in=rooms).order_by("kind", "pk")
        ):
            self.meters[meter.room_id].append(meter)
        meters = [meter.pk for rows in self.meters.values() for meter in rows]
        self.readings = defaultdict(list)
        self.unusual = set()
        for row in Reading.objects.filter(meter__in=meters, read_on__lte=month.last):
            self.readings[row.meter_id].append(Read(row.read_on, row.value, row.pk))
            if row.is_unusual:
                self.unusual.add(row.pk)
        lines = BillLine.objects.filter(meter__in=meters, charge__is_void=False)
        self.billed = defaultdict(list)
        for meter, first, last in lines.values_list("meter", "start__read_on", "end__read_on"):
            self.billed[meter].append((first, last))
        self.charged = defaultdict(set)
        charges = Charge.objects.filter(residency__in=keys, period=month.first, is_void=False)
        for residency, kind in charges.values_list("residency", "kind"):
            self.charged[residency].add(kind)
        self.one_offs = defaultdict(list)
        for row in OneOffCharge.objects.unbilled().filter(residency__in=keys, period=month.first):
            self.one_offs[row.residency_id].append(row)
        self.prices, self.rates = defaultdict(list), {}
        for rate in FeeRate.objects.filter(valid_from__lte=month.last):
            self.rates[rate.pk] = rate
            price = Price(rate.pk, rate.unit_fen, rate.valid_from, rate.valid_until)
            self.prices[FeeKind(rate.kind)].append(price)

    def plan_of(self, residency) -> BillPlan:
        self.out = out = BillPlan(residency, is_own=residency.is_own)
        done = self.charged[residency.pk]
        out.has_bill = bool(done)
        term = common(
            self.month, (residency.term_starts_on, residency.term_ends_on), (None, residency.ended_on)
        )
        if residency.rent_free_from and term:
            waiver = Span(residency.rent_free_from, residency.rent_free_until)
            out.waived_days = rent_days(term, waiver).waived_days
        else:
            waiver = None
        if FeeKind.RENT in done:
            out.waived_days = 0  # said on the bill that has the rent
        for room in self.rooms[residency.pk]:
            stay = term and common(term, (room.since, room.until))
            for meter in self.meters[room.room_id]:
                if meter.kind not in done:
                    self._metered(room, meter)
            if stay and FeeKind.PROPERTY not in done:
                self._by_days(FeeKind.PROPERTY, [stay], room.room)
            if stay and FeeKind.RENT not in done:
                self._by_days(FeeKind.RENT, rent_days(stay, waiver).billed, room.room)
        if term and self.prices[FeeKind.OTHER] and FeeKind.OTHER not in done:
            self._by_days(FeeKind.OTHER, [term], None)
        if FeeKind.OTHER not in done:
            for row in reversed(self.one_offs[residency.pk]):
                self._once(row)
        if term and not self.rooms[residency.pk]:
            out.missing.append("没有登记房间，物业、水电和租金没有计费")
        if residency.term_ends_on < self.month.last and residency.ended_on is None:
            out.notes.append(f"协议期{residency.term_ends_on:%Y-%m-%d}届满，之后的天数没有计费")
        return out

    def _metered(self, held, meter):
        left = [day for day in self.left[held.room_id] if day <= held.since]
        since = max(held.since, meter.installed_on)
        until = min((day for day in (held.until, meter.removed_on) if day), default=None)
        found = to_bill(
            self.readings[meter.pk], self.month,
            since=since, until=until, left_before=max(left, default=None), billed=self.billed[meter.pk],
        )  # fmt: skip
        if not isinstance(found, Used):
            if found:
                self.out.missing.append(f"{held.room} {meter}：{found}")
            return
        kind = FeeKind(meter.kind)
        price = price_on(self.prices[kind], found.end.day)
        if price is None:
            self.out.missing.append(f"没有{found.end.day:%Y-%m-%d}执行的{kind.label}标准")
            return
        if found.start.day < held.since:
            self.out.notes.append(f"{held.room} {meter}的起数抄于{found.start.day:%Y-%m-%d}，早于交付日期")
        if found.end.key in self.unusual:
            self.out.notes.append(f"{held.room} {meter}用量异常，请核对读数")
        quantity = found.quantity * meter.factor
        self._add(
            kind, price, metered_amount(quantity, price.fen),
            room=held.room, meter=meter, start_id=found.start.key, end_id=found.end.key,
            start_value=found.start.value, end_value=found.end.value,
            first=found.start.day, last=found.end.day, quantity=quantity,
        )  # fmt: skip

    def _by_days(self, kind, spans, room):
        quantity = room.area if room else 1
        for span in spans:
            parts, unpriced = priced(span, self.prices[kind])
            for days, price in parts:
                fen = monthly_amount(quantity, price.fen, days)
                self._add(kind, price, fen, room=room, first=days.first, last=days.last, quantity=quantity)
            if unpriced:
                self.out.missing.append(f"有 {unpriced} 天没有{kind.label}标准")

    def _once(self, row):
        line = BillLine(one_off=row, first=row.day, last=row.day, quantity=1, amount_fen=row.amount_fen)
        self.out.lines.setdefault(FeeKind.OTHER, []).append(line)

    def _add(self, kind, price, fen, **values):
        line = BillLine(rate=self.rates[price.key], amount_fen=fen, **values)
        self.out.lines.setdefault(kind, []).append(line)


@transaction.atomic
def draft_bills(period: date, shown: dict, *, by, issue=False) -> list[Bill]:
    """Bills of some residencies for a month, issued at once where asked. `shown`: key of the residency -> fingerprint
    of what the person saw. Raises Conflict where it came out differently meanwhile, Refused without anything to bill."""
    if not keeps_fees(by):
        raise Refused("只有管理办公室和镇江技师学院可以出账。")
    period = month_of(period).first
    if period > timezone.localdate():
        raise Refused("账期还没有开始，不能出账。")
    if not shown:
        raise Refused("请至少选择一个工作室。")
    locked = Residency.objects.select_for_update(no_key=True).filter(pk__in=shown).order_by("pk")
    keys = list(locked.values_list("pk", flat=True))
    plans = [p for p in plan(period, by=by, residencies=keys) if p.is_due]
    if any(fingerprint(p) != shown[p.residency.pk] for p in plans) or len(plans) != len(shown):
        raise Conflict("读数、标准或账单在此期间有变化，还没有出账，请核对新的结果。")
    if issue:
        hold_numbers([NUMBERS], timezone.localdate().year)
    bills = [_draft(p, period, by) for p in plans if bills_studio(by, p.residency.studio)]
    if issue:
        flow = Workflow.of(bills[0])
        bills = [flow.perform(bill, "issue_bill", by=by) for bill in bills]
    return bills


def _draft(planned: BillPlan, period, by) -> Bill:
    bill = Bill.objects.create(
        residency=planned.residency,
        period=period,
        amount_fen=planned.total_fen,
        waived_days=planned.waived_days,
        drafted_by=by,
    )
    for kind, lines in planned.lines.items():
        charge = Charge.objects.create(
            bill=bill, residency=planned.residency, period=period, kind=kind, amount_fen=planned.fen_of(kind)
        )
        for line in lines:
            line.charge = charge
        BillLine.objects.bulk_create(lines)
    audit.record("draft_bill", bill, by=by, after=f"{planned.total_fen} 分", clause="5.3")
    return bill
