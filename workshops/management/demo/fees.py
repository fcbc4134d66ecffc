"""What do the studios of the demo owe and pay over twelve months [5.3][4.1]?"""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from workshops.actions import billing, charging, metering, paying, rating, reminding
from workshops.management.demo.stage import Stage
from workshops.models import Bill, FeeKind, Meter, Occupancy
from workshops.workflow import BILL

PRICES = {  # fen per unit
    FeeKind.WATER: ("315", "镇发改价〔演示〕12号"),
    FeeKind.ELECTRICITY: ("52.83", "苏发改工价发〔演示〕40号"),
    FeeKind.PROPERTY: ("150", "园管〔演示〕3号"),
    FeeKind.RENT: ("2000", "园管〔演示〕3号"),
}
DEBTS = {  # who leaves the bill of which month unpaid, issued how many days ago (None: as always)
    ("studio7", 2): 25,
    ("studio8", 4): 70,
    ("studio4", 7): None,
}


class Fees:
    """Prices, meters of the occupied rooms, a reading on every 25th, bills on the third of the next month."""

    def __init__(self, stage: Stage):
        self.stage, self.by = stage, stage.people["logistics"]
        self.factors = {row["room"]: Decimal(row["factor"]) for row in stage.residents}
        self.values = {}

    def tell(self) -> list:
        months = [self._month(back) for back in range(12, 0, -1)]
        special = (self._late(account, back, days) for (account, back), days in DEBTS.items() if days)
        mistakes = [self._cancelled(), self._reversed()]
        return [
            self._prices(),
            self._dearer(),
            self._meters(),
            *months,
            *special,
            *mistakes,
            self._replaced(),
            *self._once(),
            self._reminders(),
        ]

    def _prices(self):
        first = self.stage.month(14)
        yield self.stage.at(first - timedelta(days=10), 9)
        for kind, (fen, number) in PRICES.items():
            rating.set_rate(
                kind=kind, unit_fen=Decimal(fen), valid_from=first, document_no=number, by=self.by
            )

    def _dearer(self):
        first = self.stage.month(5)
        yield self.stage.at(first - timedelta(days=6), 9)
        rating.set_rate(
            kind=FeeKind.ELECTRICITY,
            unit_fen=Decimal("54.03"),
            valid_from=first,
            document_no="苏发改工价发〔演示〕77号",
            note="年中调整",
            by=self.by,
        )

    # ── meters and readings ─────────────────────────────────────────────────────────────────────
    def _meters(self):
        """All rooms got meters when the park began to bill; a room taken later has its own from that day."""
        day = self.stage.month(13).replace(day=25)
        yield self.stage.at(day, 8)
        for held in Occupancy.objects.filter(until=None).select_related("room").order_by("room__number"):
            self._hang(held.room, day)

    def _hang(self, room, day, suffix="A"):
        for kind, value in (("water", 120), ("electricity", 1500)):
            factor = self.factors.get(room.number, Decimal(1)) if kind == "electricity" else Decimal(1)
            meter = metering.add_meter(
                room=room,
                kind=kind,
                number=f"{'S' if kind == 'water' else 'D'}{room.number}{suffix}",
                factor=factor,
                installed_on=day,
                value=Decimal(value),
                by=self.by,
            )
            self.values[meter.pk] = Decimal(value)

    def _month(self, back):
        stage, first = self.stage, self.stage.month(back)
        day = first.replace(day=25)
        yield stage.at(day, 16)
        self._read(day, back)
        issue = stage.month(back - 1).replace(day=3)
        yield stage.at(issue, 9, 20)
        self._bill(first, issue=back > 1, back=back)
        if back == 1:
            return
        yield stage.at(issue + timedelta(days=9), 14)
        self._pay(first, back)

    def _read(self, day: date, back):
        held = Occupancy.objects.filter(until=None, since__lt=day).exclude(
            residency__status="pending_agreement"
        )
        known = set(Meter.objects.values_list("room", flat=True))
        for row in held.exclude(room__in=known).select_related("room"):
            self._hang(row.room, row.since)
        entries = []
        rooms = held.values("room")
        for meter in (
            Meter.objects.filter(removed_on=None, room__in=rooms).select_related("room").order_by("pk")
        ):
            used = (
                self.stage.lot.randrange(6, 19)
                if meter.kind == "water"
                else self.stage.lot.randrange(180, 420)
            )
            used = Decimal(used) / (meter.factor if meter.factor > 1 else 1)
            if back == 3 and meter.number == "D201A":
                used *= 6  # flagged as unusual
            if back == 2 and meter.number == "S205A":
                continue  # nobody read it
            value = self.values[meter.pk] = (self.values[meter.pk] + used).quantize(Decimal("0.01"))
            entries.append(metering.Entry(meter.number, meter, day, value))
        metering.record_readings(entries, by=self.by)

    def _replaced(self):
        """The water meter of 202 stood still and was replaced."""
        day = self.stage.month(6).replace(day=10)
        yield self.stage.at(day, 10)
        old = Meter.objects.select_related("room").get(number="S202A")
        metering.remove_meter(old, removed_on=day, value=self.values[old.pk] + 4, by=self.by)
        new = metering.add_meter(
            room=old.room,
            kind="water",
            number="S202B",
            factor=Decimal(1),
            installed_on=day,
            value=Decimal("0.60"),
            by=self.by,
            note="旧表停走，更换",
        )
        self.values[new.pk] = Decimal("0.60")

    # ── charged once ────────────────────────────────────────────────────────────────────────────
    def _once(self) -> list:
        stage = self.stage
        return [
            self._charge("studio1", stage.month(3).replace(day=12), 3000, "补配 201 室门钥匙一把"),
            self._charge("studio2", stage.ago(4), 18500, "赔偿损坏的公用投影幕布"),
            self._charge("studio3", stage.ago(9), 5000, "补办门禁卡两张", withdrawn="门禁卡已找到，不再补办"),
        ]

    def _charge(self, account, day, fen, reason, withdrawn=""):
        yield self.stage.at(day, 11, 20)
        residency = charging.billed_residency(self.stage.studio(account))
        row = charging.record_one_off(residency, day=day, amount_fen=fen, reason=reason, by=self.by)
        if withdrawn:
            yield self.stage.at(day + timedelta(days=1), 9)
            charging.withdraw_one_off(row, reason=withdrawn, by=self.by)

    # ── bills and payments ──────────────────────────────────────────────────────────────────────
    def _account(self, residency) -> str:
        return residency.studio.people.values_list("username", flat=True).first()

    def _bill(self, period, *, issue, back=0, only=""):
        plans = [p for p in billing.plan(period, by=self.by) if p.is_due]
        if only:
            plans = [p for p in plans if self._account(p.residency) == only]
        else:
            plans = [p for p in plans if not DEBTS.get((self._account(p.residency), back))]
        shown = {p.residency.pk: billing.fingerprint(p) for p in plans}
        return billing.draft_bills(period, shown, by=self.by, issue=issue) if shown else []

    def _late(self, account, back, days):
        yield self.stage.at(self.stage.ago(days), 9, 40)
        self._bill(self.stage.month(back), issue=True, only=account)

    def _pay(self, period, back):
        due = Bill.objects.filter(period=period, status="issued").select_related("residency__studio")
        for number, bill in enumerate(due.order_by("pk")):
            if (self._account(bill.residency), back) in DEBTS:
                continue
            self._receive(bill, number)

    def _receive(self, bill, number):
        paying.pay_bills(
            [bill],
            amount_fen=bill.left_fen,
            method=("transfer", "transfer", "scan", "cash")[number % 4],
            paid_on=self._day(),
            receipt_no=f"演示{bill.period:%y%m}{bill.pk:04}",
            by=self.by,
        )

    def _day(self):
        return timezone.localdate()

    def _cancelled(self):
        """Issued with a wrong reading in mind, cancelled and drawn up again."""
        issue = self.stage.month(2).replace(day=3)
        yield self.stage.at(issue + timedelta(days=2), 9)
        bill = Bill.objects.get(period=self.stage.month(3), residency__studio=self.stage.studio("studio2"))
        reason = "水表换表后的起数录错，已更正重出"
        BILL.perform(bill, "cancel_bill", by=self.by, data={"reason": reason}, note=reason)
        yield self.stage.at(issue + timedelta(days=3), 9)
        self._bill(self.stage.month(3), issue=True, only="studio2")

    def _reversed(self):
        """A receipt was entered on the wrong bill, taken back and entered again."""
        day = self.stage.month(4).replace(day=16)
        yield self.stage.at(day, 9)
        bill = Bill.objects.get(period=self.stage.month(5), residency__studio=self.stage.studio("studio3"))
        paying.reverse_payment(bill.payments.get(), reason="票据号登记有误，冲正后重新登记", by=self.by)
        yield self.stage.at(day, 9, 30)
        bill.refresh_from_db()
        self._receive(bill, 0)

    def _reminders(self):
        """What the chore of the morning sends."""
        yield self.stage.at(self.stage.today, 7)
        reminding.remind_of_bills()
